package dev.talweg.jobs;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Family;
import dev.talweg.optimizer.metric.ItemMetrics;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.QueryMetrics;
import dev.talweg.optimizer.metric.RowMetrics;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists what a configuration can name.",
    footer = {"", "Example: talweg list optimizers"})
final class ListCommand implements Callable<Integer> {
  /** What can be listed. */
  enum Kind {
    OPTIMIZERS,
    LOSSES,
    MODELS,
    SCHEDULES,
    METRICS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Session session;

  @Parameters(paramLabel = "KIND", description = "optimizers, losses, models, schedules or metrics")
  private Kind kind = Kind.OPTIMIZERS;

  ListCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    switch (kind) {
      case OPTIMIZERS -> optimizers();
      case LOSSES -> {
        Catalog.losses().forEach(e -> line(e.name(), e.summary()));
        Catalog.classLosses().forEach(e -> line(e.name(), e.summary()));
      }
      case MODELS -> Catalog.models().forEach(e -> line(e.name(), e.summary()));
      case SCHEDULES -> Catalog.schedules().forEach(e -> line(e.name(), e.summary()));
      case METRICS -> {
        Metrics.all().forEach(e -> line(e.name(), e.summary()));
        RowMetrics.all().forEach(e -> line(e.form(), e.summary()));
        QueryMetrics.all().forEach(e -> line(e.form(), "within queries: " + e.summary()));
        ItemMetrics.all().forEach(e -> line(e.form(), "of items in queries: " + e.summary()));
      }
    }
    return Main.DONE;
  }

  private void optimizers() {
    print("To begin with:");
    Catalog.firstChoices().forEach(this::line);
    print("");
    line(Catalog.automatic().name(), Catalog.automatic().summary());
    for (Family family : Catalog.families()) {
      print("\n" + family.name() + ": " + family.when());
      family.optimizers().forEach(e -> line(e.name(), e.summary()));
    }
  }

  private void print(String text) {
    session.console().print(text);
  }

  private void line(String name, String summary) {
    print(String.format(Locale.ROOT, "%-20s %s", name, summary));
  }
}
