package dev.talweg.optimizer.goldens;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One configuration of a library's rule, with its runs.
 *
 * @param library the id up to its slash
 * @param kind of the golden, for lines of a table: optimizer class, or what stands in brackets
 */
record Configuration(
    String id,
    String library,
    String kind,
    Map<String, @Nullable Object> params,
    Map<String, @Nullable Object> extras,
    Precision precision,
    List<Run> runs) {

  /** What the library computes in. */
  enum Precision {
    DOUBLE,
    /** A float32 inside: compare to 1e-6. */
    SINGLE,
    /** A bfloat16 inside: compare to 1e-2. */
    HALF
  }

  /**
   * One trajectory.
   *
   * @param points stored parameters, all tensors one after the other
   * @param at the step of each point, from 1
   * @param determined how many leading points rounding leaves determined
   */
  record Run(
      String problem,
      double rate,
      double[][] points,
      int[] at,
      double sensitivity,
      int determined) {

    /** The same of its first points. */
    Run upTo(int first) {
      return new Run(problem, rate, points, at, sensitivity, first);
    }
  }

  @Override
  public String toString() {
    return id;
  }

  static List<Configuration> read(Map<String, @Nullable Object> file) {
    List<Configuration> all = new ArrayList<>();
    for (Object each : Json.list(file.get("configurations"))) {
      all.add(of(Json.map(each)));
    }
    return all;
  }

  private static Configuration of(Map<String, @Nullable Object> json) {
    String id = String.valueOf(json.get("id"));
    List<Run> runs = new ArrayList<>();
    Json.map(json.get("runs")).forEach((problem, run) -> runs.add(run(problem, Json.map(run))));
    Map<String, @Nullable Object> extras = new LinkedHashMap<>(Json.map(json.get("extras")));
    int end = id.indexOf('(') < 0 ? id.length() : id.indexOf('(');
    String kind = id.substring(id.indexOf('/') + 1, end);
    if (kind.startsWith("chain[") || kind.contains("[sparse]")) {
      int bracket = id.indexOf(']');
      kind = id.substring(id.indexOf('/') + 1, bracket + 1);
    }
    return new Configuration(
        id,
        id.substring(0, id.indexOf('/')),
        kind.replace("[default-lr]", ""),
        Json.map(json.get("params")),
        extras,
        precision(id, extras, json.get("float32_inside")),
        runs);
  }

  /** What the file says, and what CORRECTIONS B2 says of constants that are Python floats. */
  private static Precision precision(
      String id, Map<String, @Nullable Object> extras, @Nullable Object single) {
    if (String.valueOf(extras.get("newton_schulz_dtype")).startsWith("bfloat16")) {
      return Precision.HALF;
    }
    boolean pythonFloats =
        id.startsWith("keras/Nadam[sparse]")
            || (id.startsWith("keras/Nadam(") && extras.containsKey("python_floats"))
            || (id.startsWith("tensorflow/FtrlOptimizer")
                && (id.contains("l2_shrinkage") || id.contains("initial")))
            || (id.startsWith("tensorflow/Adagrad") && id.contains("initial"));
    boolean flagged = single != null && !single.equals(false);
    return flagged || pythonFloats ? Precision.SINGLE : Precision.DOUBLE;
  }

  private static Run run(String problem, Map<String, @Nullable Object> json) {
    double[][] points;
    if (json.containsKey("x")) {
      points = Json.rows(json.get("x"));
    } else {
      double[][] w = Json.rows(json.get("W"));
      double[][] b = Json.rows(json.get("b"));
      points = new double[w.length][];
      for (int i = 0; i < w.length; i++) {
        points[i] = b.length == 0 ? w[i] : concatenated(w[i], b[i]);
      }
    }
    int[] at = new int[points.length];
    for (int i = 0; i < at.length; i++) {
      at[i] = problem.equals("fixed") ? i + 1 : 10 * (i + 1);
    }
    if (json.containsKey("at")) {
      at = Json.list(json.get("at")).stream().mapToInt(v -> (int) Json.number(v)).toArray();
    }
    Object rate = json.get("lr");
    Object determined = json.get("points_determined");
    return new Run(
        problem,
        rate == null ? Double.NaN : Json.number(rate),
        points,
        at,
        Json.number(json.get("sensitivity")),
        determined == null ? points.length : (int) Json.number(determined));
  }

  private static double[] concatenated(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
