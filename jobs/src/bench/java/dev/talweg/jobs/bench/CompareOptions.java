package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code scripts/bench compare} was asked for.
 *
 * @param iterations of each side, or null for as many as reach {@code target}
 */
record CompareOptions(
    List<String> data,
    String label,
    @Nullable String positive,
    @Nullable String vector,
    List<String> ignore,
    @Nullable String format,
    Map<String, String> options,
    @Nullable String where,
    double l1,
    double l2,
    double target,
    @Nullable Integer iterations,
    int rounds) {

  static final String HELP =
      """
      scripts/bench compare --data PATH --label COLUMN [OPTION…]

      Logistic regression by Talweg and by spark.ml on your file, by turns in one JVM: both times,
      their ratio, and both objectives by one neutral pass. The label has two values. A column of
      vectors is trained on as it is, and both sides minimize the same function; of raw columns
      each side makes its own features, and models are compared by log loss and AUC on the rows.

        --data PATH          a file, directory or glob; may be repeated
        --label COLUMN       what to predict
        --positive VALUE     the label that is 1, where labels are not 0 and 1
        --vector COLUMN      the column of vectors, where there are several
        --ignore COLUMN      a column that no side uses; may be repeated
        --format FORMAT      parquet, csv, orc, json or libsvm; default: by the extension
        --option KEY=VALUE   an option of Spark's reader, e.g. delimiter=;
        --where SQL          a condition that rows must fulfil
        --l2 NUMBER          penalty l2/2 ‖w‖²; default 1e-5
        --l1 NUMBER          penalty l1 ‖w‖₁; default 0
        --target NUMBER      the relative distance to the optimum that both reach; default 1e-4
        --iterations N       so many iterations of both instead
        --rounds N           rounds that count; default 5
        --memory SIZE        heap; default half of the machine's memory

      Example: scripts/bench compare --data datasets/samples/uci-default/UCI_Credit_Card.csv \\
                 --label default.payment.next.month --ignore ID --rounds 3
      """;

  /** The input is wrong; the message says what and what to do. */
  static final class WrongInput extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongInput(String message) {
      super(message);
    }
  }

  static CompareOptions parse(List<String> arguments) {
    Map<String, List<String>> given = new TreeMap<>();
    for (int k = 0; k < arguments.size(); k++) {
      String[] parts = arguments.get(k).split("=", 2);
      String name = parts[0];
      if (!name.startsWith("--") || !HELP.contains("  " + name + " ")) {
        throw new WrongInput(name + " is no option of compare; --help lists them");
      }
      if (parts.length < 2 && k + 1 == arguments.size()) {
        throw new WrongInput(name + " needs a value");
      }
      String value = parts.length == 2 ? parts[1] : arguments.get(++k);
      given.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }
    String iterations = one(given, "--iterations");
    return new CompareOptions(
        required(given, "--data"),
        label(given),
        one(given, "--positive"),
        one(given, "--vector"),
        given.getOrDefault("--ignore", List.of()),
        one(given, "--format"),
        pairs(given.getOrDefault("--option", List.of())),
        one(given, "--where"),
        number(given, "--l1", 0),
        number(given, "--l2", 1e-5),
        positive(given, "--target", 1e-4),
        iterations == null ? null : whole("--iterations", iterations),
        whole("--rounds", Objects.requireNonNullElse(one(given, "--rounds"), "5")));
  }

  private static List<String> required(Map<String, List<String>> given, String name) {
    List<String> values = given.get(name);
    if (values == null) {
      throw new WrongInput(name + " is needed; --help shows an example");
    }
    return values;
  }

  private static String label(Map<String, List<String>> given) {
    required(given, "--label");
    return Objects.requireNonNull(one(given, "--label"));
  }

  private static @Nullable String one(Map<String, List<String>> given, String name) {
    List<String> values = given.getOrDefault(name, List.of());
    if (values.size() > 1) {
      throw new WrongInput(name + " is given " + values.size() + " times; give it once");
    }
    return values.isEmpty() ? null : values.get(0);
  }

  private static Map<String, String> pairs(List<String> values) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String value : values) {
      String[] parts = value.split("=", 2);
      if (parts.length < 2) {
        throw new WrongInput("--option " + value + ": write KEY=VALUE, e.g. delimiter=;");
      }
      pairs.put(parts[0], parts[1]);
    }
    return pairs;
  }

  private static double number(Map<String, List<String>> given, String name, double standard) {
    String text = one(given, name);
    try {
      double value = text == null ? standard : Double.parseDouble(text);
      if (value >= 0 && value < Double.POSITIVE_INFINITY) {
        return value;
      }
    } catch (NumberFormatException e) {
      // said below, with what is wrong with other values
    }
    throw new WrongInput(name + " " + text + ": a number of at least 0 is allowed, e.g. 1e-5");
  }

  private static double positive(Map<String, List<String>> given, String name, double standard) {
    double value = number(given, name, standard);
    if (value == 0) {
      throw new WrongInput(name + " 0 is never reached; a number above 0 is allowed, e.g. 1e-4");
    }
    return value;
  }

  private static int whole(String name, String text) {
    if (!text.matches("[1-9][0-9]{0,5}")) {
      throw new WrongInput(name + " " + text + ": a whole number of at least 1 is allowed");
    }
    return Integer.parseInt(text);
  }
}
