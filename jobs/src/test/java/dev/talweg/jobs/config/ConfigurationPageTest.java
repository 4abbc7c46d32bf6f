package dev.talweg.jobs.config;

import dev.talweg.jobs.GeneratedPage;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} is the schema. */
class ConfigurationPageTest {

  @Test
  void thePageIsTheSchema() throws Exception {
    GeneratedPage.assertIs("docs/configuration.md", page());
  }

  static String page() {
    return """
        # Configuration

        Generated from the code (`dev.talweg.jobs.config.Schema`); a test keeps it so.

        A run is one YAML file. The least that is needed:

        ```yaml
        data:
          train: data/credit.parquet
          label: default
        model: logistic
        output: runs/credit
        ```

        Reading is strict: an unknown key, a key written twice, a wrong type, a value out of range and keys that
        contradict each other are problems, and all of them are printed at once with file, line, what was found,
        what is allowed and the nearest name. `talweg check CONFIG.yaml` prints the configuration with every
        default filled in. `--set path=value` replaces one value; `path` is the dotted name of the table and
        `value` is YAML. `null` switches off what is optional.

        `${date}` in a value is filled by `--set date=2026-11-24`, and `${date - 1d}` is the day before; `$${` is the
        text `${` itself: see [pipelines](pipelines.md).

        The optimizer's parameters stand beside `optimizer.kind`, the loss's beside `model.loss`; see
        [catalog](catalog.md). Values whose name tells a password, token, secret or key are never printed,
        and never written to `run.json` or the report.

        | key | allowed | default | meaning | example |
        |---|---|---|---|---|
        """
        + Schema.ALL.stream().map(ConfigurationPageTest::row).collect(Collectors.joining());
  }

  private static String row(Key<?> key) {
    return "| `"
        + key.path()
        + "` | "
        + key.form().allowed().replace("|", "\\|")
        + " | "
        + key.defaultText()
        + " | "
        + key.meaning()
        + " | `"
        + key.form().valid().get(0).replace("|", "\\|")
        + "` |\n";
  }
}
