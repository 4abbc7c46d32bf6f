package dev.talweg.datasets;

import dev.talweg.datasets.Describe.Column;
import dev.talweg.datasets.Describe.LabelCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A configuration to begin with, as YAML with a word on what to look at. */
final class SuggestedConfiguration {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_./][A-Za-z0-9_./-]*");
  private static final Pattern WORDS_OF_YAML =
      Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

  private static final Pattern WHOLE = Pattern.compile("-?\\d+(\\.0)?");

  /** Whole numbers with more values than this are taken for amounts. */
  private static final long MOST_CLASSES = 50;

  private SuggestedConfiguration() {}

  static String of(
      List<String> paths,
      @Nullable String format,
      Map<String, String> options,
      List<Column> columns,
      Optional<Column> label,
      List<LabelCount> classes) {
    String model = model(label, classes);
    StringBuilder yaml = new StringBuilder();
    yaml.append("# Suggested by talweg describe. Look at label, keys and features, then:\n");
    yaml.append("#   talweg check FILE    talweg train FILE\n");
    yaml.append("data:\n");
    yaml.append("  train: ").append(paths.size() == 1 ? scalar(paths.get(0)) : list(paths));
    yaml.append('\n');
    if (format != null) {
      yaml.append("  format: ").append(format).append('\n');
    }
    if (!options.isEmpty()) {
      List<String> pairs = new ArrayList<>();
      options.forEach((key, value) -> pairs.add(scalar(key) + ": " + quoted(value)));
      yaml.append("  options: {").append(String.join(", ", pairs)).append("}\n");
    }
    yaml.append("  label: ").append(label.map(c -> label(c, classes)).orElse("CHANGE-ME"));
    yaml.append('\n');
    optional(yaml, "  keys: ", used(columns, "key"));
    optional(yaml, "  ignore: ", used(columns, "ignored"));
    yaml.append("  validation: {fraction: 0.2}\n");
    List<String> numeric = used(columns, "numeric");
    List<String> categorical = used(columns, "categorical");
    List<String> vectors = used(columns, "vector");
    if (numeric.size() + categorical.size() + vectors.size() > 0) {
      yaml.append("features:\n");
      optional(yaml, "  numeric: ", numeric);
      optional(yaml, "  categorical: ", categorical);
      if (!vectors.isEmpty()) {
        yaml.append("  vector: ").append(scalar(vectors.get(0))).append('\n');
      }
    }
    yaml.append("model: ").append(model).append('\n');
    yaml.append("penalty: {l2: 1e-4}\n");
    return yaml.append("output: runs/").append(name(paths.get(0))).append('\n').toString();
  }

  /** Texts are classes, and so are whole numbers of which there are few. */
  private static String model(Optional<Column> label, List<LabelCount> classes) {
    if (label.isEmpty() || classes.size() == 2) {
      return "logistic";
    }
    boolean text = label.get().type().startsWith("string");
    boolean whole =
        !classes.isEmpty() && classes.stream().allMatch(c -> WHOLE.matcher(c.value()).matches());
    long levels = label.get().distinct();
    return text || (whole && levels > 2 && levels <= MOST_CLASSES) ? "multinomial" : "linear";
  }

  /** A text label needs its positive class: the rarer one. */
  private static String label(Column label, List<LabelCount> classes) {
    boolean text = label.type().startsWith("string");
    return text && classes.size() == 2
        ? "{column: " + scalar(label.name()) + ", positive: " + quoted(classes.get(1).value()) + "}"
        : scalar(label.name());
  }

  private static List<String> used(List<Column> columns, String use) {
    return columns.stream().filter(c -> c.use().equals(use)).map(Column::name).toList();
  }

  private static void optional(StringBuilder yaml, String key, List<String> names) {
    if (!names.isEmpty()) {
      yaml.append(key).append(list(names)).append('\n');
    }
  }

  private static String list(List<String> texts) {
    return "["
        + String.join(", ", texts.stream().map(SuggestedConfiguration::scalar).toList())
        + "]";
  }

  private static String scalar(String text) {
    boolean plain = PLAIN.matcher(text).matches() && !WORDS_OF_YAML.matcher(text).matches();
    return plain ? text : quoted(text);
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** Of the run: the file's name without its extensions. */
  private static String name(String path) {
    String[] parts = path.replaceAll("/+$", "").split("/", -1);
    String last =
        parts[parts.length - 1].replaceAll("\\..*", "").replaceAll("[^A-Za-z0-9_-]+", "-");
    return last.isEmpty() || last.equals("-") ? "model" : last;
  }
}
