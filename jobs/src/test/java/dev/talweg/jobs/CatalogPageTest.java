package dev.talweg.jobs;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Family;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.metric.ItemMetrics;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.MetricOnDemand;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.QueryMetrics;
import dev.talweg.optimizer.metric.RowMetrics;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/catalog.md} says what the catalog has, README its names. */
class CatalogPageTest {
  /** A parameter that more entries have is listed once. */
  private static final int MANY = 10;

  @Test
  void thePageIsTheCatalog() throws IOException {
    StringBuilder page = new StringBuilder("# What a configuration can name\n\n");
    page.append(
        "Written from `Catalog` and `Metrics` by `CatalogPageTest`; `talweg list` shows the");
    page.append(" same.\n");
    page.append("\n## Models\n\n| name | what | losses | reference |\n|---|---|---|---|\n");
    for (ModelEntry model : Catalog.models()) {
      String losses = String.join(", ", model.losses());
      row(page, "`" + model.name() + "`", model.summary(), losses, model.reference());
    }
    page.append("\n| parameter | default | allowed | meaning |\n|---|---|---|---|\n");
    for (ModelEntry model : Catalog.models()) {
      for (Parameter parameter : model.parameters()) {
        parameter(page, model.name() + "." + parameter.name(), parameter);
      }
    }
    section(page, "Losses", Catalog.losses());
    section(page, "Losses of many classes", Catalog.classLosses());
    optimizers(page);
    libraries(page);
    section(page, "Schedules of the learning rate", Catalog.schedules());
    page.append("\n## Metrics\n\n| name | what | labels | better |\n|---|---|---|---|\n");
    for (Metric metric : Metrics.all()) {
      String labels = metric.labels().name().toLowerCase(Locale.ROOT);
      boolean smaller = metric.sense() == Metric.Sense.SMALLER_IS_BETTER;
      row(page, "`" + metric.name() + "`", metric.summary(), labels, smaller ? "lower" : "higher");
    }
    page.append("\nA run measures these of its splits, in one pass. Others need an order of rows");
    page.append(" and are computed where they are asked for: `evaluation.metrics` in a");
    page.append(" configuration, `talweg evaluate --metrics NAME,…`, with `evaluation.query` or");
    page.append(
        " `--query` those within queries, and with `evaluation.item` or `--item` beside it");
    page.append(" those of items.\n");
    onDemand(page, "On demand", RowMetrics.all());
    onDemand(page, "On demand, within queries", QueryMetrics.all());
    onDemand(page, "On demand, of the items in queries", ItemMetrics.all());
    GeneratedPage.assertIs("docs/catalog.md", page.toString());
  }

  @Test
  void theReadmeHasTheNames() throws IOException {
    StringBuilder names = new StringBuilder("Models: ");
    names.append(names(Catalog.models().stream().map(ModelEntry::name).toList()));
    long rules = Catalog.optimizers().stream().filter(e -> !Catalog.needsAllRows(e.name())).count();
    names.append(".\n\n| family | ").append(Catalog.optimizers().size());
    names.append(" optimizers, ").append(rules).append(" of them first-order rules |\n");
    names.append("|---|---|\n");
    for (Family family : Catalog.families()) {
      row(names, family.name(), names(family.optimizers().stream().map(Entry::name).toList()));
    }
    GeneratedPage.assertHas(
        "README.md", "<!-- names: CatalogPageTest -->", "<!-- end of names -->", names + "\n");
  }

  private static String names(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }

  private static void optimizers(StringBuilder page) {
    page.append("\n## Optimizers\n\n| to begin with | for |\n|---|---|\n");
    Catalog.firstChoices().forEach((name, when) -> row(page, "`" + name + "`", when));
    entries(page, List.of(Catalog.automatic()));
    for (Family family : Catalog.families()) {
      page.append("\n### ").append(family.name()).append("\n\n").append(family.when());
      page.append('\n');
      entries(page, family.optimizers());
    }
    page.append("\n### Parameters of optimizers\n");
    parameters(page, Catalog.optimizers());
  }

  private static <M> void onDemand(
      StringBuilder page, String title, List<MetricOnDemand<M>> metrics) {
    page.append("\n### ").append(title);
    page.append("\n\n| name | what | labels | better | needs |\n|---|---|---|---|---|\n");
    for (MetricOnDemand<M> metric : metrics) {
      String labels =
          metric.labels().stream()
              .sorted()
              .map(kind -> kind.name().toLowerCase(Locale.ROOT))
              .collect(Collectors.joining(", "));
      row(
          page,
          "`" + metric.form() + "`",
          metric.summary(),
          labels,
          metric.sense() == Metric.Sense.SMALLER_IS_BETTER ? "lower" : "higher",
          metric.needs());
    }
  }

  private static void section(StringBuilder page, String title, List<? extends Entry<?>> entries) {
    page.append("\n## ").append(title).append('\n');
    entries(page, entries);
    parameters(page, entries);
  }

  private static void entries(StringBuilder page, List<? extends Entry<?>> entries) {
    page.append("\n| name | what | equation or paper |\n|---|---|---|\n");
    for (Entry<?> entry : entries) {
      row(page, "`" + entry.name() + "`", entry.summary(), entry.reference());
    }
  }

  private static void parameters(StringBuilder page, List<? extends Entry<?>> entries) {
    if (entries.stream().allMatch(entry -> entry.parameters().isEmpty())) {
      return;
    }
    page.append("\n| parameter | default | allowed | meaning |\n|---|---|---|---|\n");
    Set<Parameter> shared = new LinkedHashSet<>();
    for (Entry<?> entry : entries) {
      for (Parameter parameter : entry.parameters()) {
        boolean common =
            entries.stream().filter(e -> e.parameters().contains(parameter)).count() > MANY;
        if (common) {
          shared.add(parameter);
        } else {
          parameter(page, entry.name() + "." + parameter.name(), parameter);
        }
      }
    }
    for (Parameter parameter : shared) {
      parameter(page, "*." + parameter.name(), parameter);
    }
  }

  private static void parameter(StringBuilder page, String name, Parameter parameter) {
    Object byDefault = parameter.byDefault();
    row(
        page,
        "`" + name + "`",
        byDefault == null
            ? parameter.kind() == Parameter.Kind.CLIP ? "off" : "required"
            : "`" + byDefault + "`",
        parameter.allowed(),
        parameter.meaning());
  }

  /** What each library has of a rule, and where it differs. */
  private static void libraries(StringBuilder page) {
    page.append(
        "\n`*` stands for every first-order rule. `like` takes these defaults instead:\n\n");
    page.append("| rule | like | defaults |\n|---|---|---|\n");
    for (Entry<?> entry : Catalog.optimizers()) {
      entry
          .libraries()
          .forEach(
              (library, defaults) ->
                  row(
                      page,
                      "`" + entry.name() + "`",
                      library.text(),
                      defaults.isEmpty()
                          ? "the same"
                          : new TreeMap<>(defaults)
                              .entrySet().stream()
                                  .map(e -> "`" + e.getKey() + ": " + e.getValue() + "`")
                                  .collect(Collectors.joining(", "))));
    }
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ")
        .append(String.join(" | ", List.of(cells).stream().map(CatalogPageTest::cell).toList()));
    page.append(" |\n");
  }

  /** A bar would end the cell. */
  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
