package dev.talweg.jobs;

import dev.talweg.datasets.Describe;
import dev.talweg.datasets.Describe.Column;
import dev.talweg.datasets.Describe.Description;
import dev.talweg.jobs.console.Console;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "describe",
    mixinStandardHelpOptions = true,
    description =
        "Tells what a data set holds: schema, counts, missing values, the label's balance; and"
            + " suggests a configuration.",
    footer = {
      "",
      "The configuration goes to standard output, all else to standard error.",
      "Example: talweg describe --data credit.parquet --label default > credit.yaml"
    })
final class DescribeCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private DataOptions data = new DataOptions();

  @Option(names = "--label", paramLabel = "COLUMN", description = "else it is guessed")
  private @Nullable String label;

  DescribeCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    Description found = Describe.of(session.spark(), data.paths, data.format, data.options, label);
    console.say(
        String.format(
            Locale.ROOT,
            "%s: %s, %,d rows, %,d columns, %,d bytes",
            String.join(", ", data.paths),
            found.format(),
            found.rows(),
            found.columns().size(),
            found.bytes()));
    console.say(table(found.columns()));
    if (found.label() != null) {
      StringBuilder classes = new StringBuilder();
      found
          .classes()
          .forEach(
              value ->
                  classes.append(
                      String.format(
                          Locale.ROOT,
                          "%s %s (%.1f %%)",
                          classes.isEmpty() ? ":" : ",",
                          value.value(),
                          100.0 * value.rows() / found.rows())));
      console.say("label " + found.label() + classes);
    }
    found.notes().forEach(console::say);
    console.say("");
    console.print(found.configuration().stripTrailing());
    return Main.DONE;
  }

  private static String table(List<Column> columns) {
    int name = "column".length();
    int type = "type".length();
    for (Column column : columns) {
      name = Math.max(name, Math.min(30, column.name().length()));
      type = Math.max(type, Math.min(20, column.type().length()));
    }
    String format = "%-" + name + "s  %-" + type + "s  %-11s  %9s  %9s  %10s  %10s  %10s  %s%n";
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            format,
            "column",
            "type",
            "use",
            "missing",
            "distinct",
            "minimum",
            "mean",
            "maximum",
            "frequent"));
    for (Column column : columns) {
      text.append(
          String.format(
              Locale.ROOT,
              format,
              cut(column.name(), 30),
              cut(column.type(), 20),
              column.use(),
              column.missing(),
              column.distinct() < 0 ? "" : column.distinct(),
              number(column.minimum()),
              number(column.mean()),
              number(column.maximum()),
              cut(String.join(", ", column.frequent()), 60)));
    }
    return text.toString().stripTrailing();
  }

  private static String number(@Nullable Double value) {
    if (value == null) {
      return "";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e9;
    return whole ? Long.toString(value.longValue()) : String.format(Locale.ROOT, "%.5g", value);
  }

  private static String cut(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 1) + "…";
  }
}
