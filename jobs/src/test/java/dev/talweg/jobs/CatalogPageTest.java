package dev.talweg.jobs;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.Metrics;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code docs/catalog.md} says what the catalog has. */
class CatalogPageTest {

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
    section(page, "Losses", Catalog.losses());
    section(page, "Losses of many classes", Catalog.classLosses());
    section(page, "Optimizers", Catalog.optimizers());
    section(page, "Schedules of the learning rate", Catalog.schedules());
    page.append("\n## Metrics\n\n| name | what | labels | better |\n|---|---|---|---|\n");
    for (Metric metric : Metrics.all()) {
      String labels = metric.labels().name().toLowerCase(Locale.ROOT);
      boolean smaller = metric.sense() == Metric.Sense.SMALLER_IS_BETTER;
      row(page, "`" + metric.name() + "`", metric.summary(), labels, smaller ? "lower" : "higher");
    }
    GeneratedPage.assertIs("docs/catalog.md", page.toString());
  }

  private static <T> void section(StringBuilder page, String title, List<Entry<T>> entries) {
    page.append("\n## ")
        .append(title)
        .append("\n\n| name | what | equation or paper |\n|---|---|---|\n");
    for (Entry<T> entry : entries) {
      row(page, "`" + entry.name() + "`", entry.summary(), entry.reference());
    }
    page.append("\n| parameter | default | allowed | meaning |\n|---|---|---|---|\n");
    for (Entry<T> entry : entries) {
      for (Parameter parameter : entry.parameters()) {
        Object byDefault = parameter.byDefault();
        row(
            page,
            "`" + entry.name() + "." + parameter.name() + "`",
            byDefault == null
                ? parameter.kind() == Parameter.Kind.CLIP ? "off" : "required"
                : "`" + byDefault + "`",
            parameter.allowed(),
            parameter.meaning());
      }
    }
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ")
        .append(
            String.join(" | ", List.of(cells))
                .replace("|r|", "\\|r\\|")
                .replace("δ|r|", "δ\\|r\\|"))
        .append(" |\n");
  }
}
