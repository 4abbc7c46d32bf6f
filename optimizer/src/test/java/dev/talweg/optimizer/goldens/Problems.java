package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.transform.Tensor;
import dev.talweg.optimizer.transform.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The problems of problems.json; its header says what each is. */
final class Problems {
  private static final String FILE = "problems.json";

  private final Map<String, @Nullable Object> json;

  Problems(Map<String, @Nullable Object> json) {
    this.json = json;
  }

  /**
   * Those of a golden file: of the problems.json beside it, else of the committed one if both are
   * of the same split of the configurations; a file of another split is of other numbers.
   */
  static Problems of(Map<String, @Nullable Object> file, Path directory) throws IOException {
    Path beside = directory.resolve(FILE);
    boolean isBeside = Files.exists(beside);
    Map<String, @Nullable Object> problems =
        Json.object(Files.readString(isBeside ? beside : GoldenFilesTest.HERE.resolve(FILE)));
    boolean isOfIt = isBeside || split(file).equals(split(problems));
    return new Problems(isOfIt ? Json.map(problems.get("problems")) : Map.of());
  }

  private static String split(Map<String, @Nullable Object> file) {
    return Objects.requireNonNullElse(Json.map(file.get("header")).get("split"), "shared")
        .toString();
  }

  /**
   * The fields of a problem.
   *
   * @throws NotCovered if there is none of that name
   */
  Map<String, @Nullable Object> fields(String name) {
    if (json.isEmpty()) {
      throw new NotCovered("its " + FILE + " is not beside it, and the committed one is no such");
    }
    if (!json.containsKey(name)) {
      throw new NotCovered("no problem of that name");
    }
    return Json.map(json.get(name));
  }

  /** A problem and where its runs start. */
  record Problem(BatchObjective objective, double[] start) {
    /** Whether gradients depend on the parameters. */
    boolean computed() {
      return !(objective instanceof Given);
    }
  }

  Problem named(String name) {
    Map<String, @Nullable Object> of = fields(name);
    return switch (name) {
      case "fixed" ->
          new Problem(
              new Given(
                  Tensors.flat(Json.numbers(of.get("x0")).length),
                  Json.rows(of.get("grads")),
                  Json.numbers(of.get("values"))),
              Json.numbers(of.get("x0")));
      case "rosenbrock" -> new Problem(new Rosenbrock(2), Json.numbers(of.get("x0")));
      case "logistic" ->
          new Problem(
              Logistic.all(
                  Json.rows(of.get("X")), Json.numbers(of.get("y")), Json.number(of.get("l2"))),
              Json.numbers(of.get("w0")));
      case "blocks" -> tensors(of, List.of("W", "b"));
      case "wide" -> tensors(of, List.of("W"));
      case "sparse" -> sparse(of);
      default -> throw new NotCovered("no problem of that name");
    };
  }

  private static Problem tensors(Map<String, @Nullable Object> of, List<String> names) {
    List<Tensor> tensors = new ArrayList<>();
    double[] start = new double[0];
    double[][] gradients = new double[Json.list(of.get("gradsW")).size()][0];
    for (String name : names) {
      List<?> begin = Json.list(of.get(name + "0"));
      int rows = begin.get(0) instanceof List<?> ? begin.size() : 1;
      double[] flat = Json.flat(begin);
      // of the two b is a bias, which MATLAB does not decay
      tensors.add(new Tensor(name, start.length, rows, flat.length / rows, !name.equals("b")));
      start = concatenated(start, flat);
      List<?> given = Json.list(of.get("grads" + name));
      for (int t = 0; t < gradients.length; t++) {
        gradients[t] = concatenated(gradients[t], Json.flat(given.get(t)));
      }
    }
    return new Problem(
        new Given(new Tensors(tensors), gradients, new double[gradients.length]), start);
  }

  /** The gradients of untouched rows are 0. */
  private static Problem sparse(Map<String, @Nullable Object> of) {
    double[][] begin = Json.rows(of.get("W0"));
    int columns = begin[0].length;
    double[][] rows = Json.rows(of.get("rows"));
    double[][] gradients = new double[rows.length][begin.length * columns];
    for (int t = 0; t < rows.length; t++) {
      double[] values = Json.flat(Json.list(of.get("values")).get(t));
      for (int k = 0; k < rows[t].length; k++) {
        System.arraycopy(values, k * columns, gradients[t], ((int) rows[t][k]) * columns, columns);
      }
    }
    Tensor table = new Tensor("W", 0, begin.length, columns);
    return new Problem(
        new Given(new Tensors(List.of(table)), gradients, new double[rows.length]),
        Json.flat(of.get("W0")));
  }

  private static double[] concatenated(double[] a, double[] b) {
    double[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }

  /** Gradients and values in their order, whatever the parameters are; the last goes on. */
  private record Given(Tensors tensors, double[][] gradients, double[] values)
      implements BatchObjective {
    @Override
    public int dimension() {
      return tensors.dimension();
    }

    @Override
    public long stepsPerEpoch() {
      return gradients.length;
    }

    @Override
    public Evaluation evaluate(double[] parameters, long step) {
      int at = (int) Math.min(step, gradients.length - 1);
      return new Evaluation(values[at], gradients[at].clone());
    }
  }

  /** Σ 100 (x_{i+1} − x_i²)² + (1 − x_i)². */
  record Rosenbrock(int dimension) implements BatchObjective {
    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double value = 0;
      double[] gradient = new double[dimension];
      for (int i = 0; i + 1 < dimension; i++) {
        double d = x[i + 1] - x[i] * x[i];
        double e = 1 - x[i];
        value += 100 * (d * d) + e * e;
        gradient[i] += -400 * x[i] * d - 2 * e;
        gradient[i + 1] += 200 * d;
      }
      return new Evaluation(value, gradient);
    }

    @Override
    public double[] curvature(double[] x, long step) {
      double[] diagonal = new double[dimension];
      for (int i = 0; i + 1 < dimension; i++) {
        diagonal[i] += 1200 * x[i] * x[i] - 400 * x[i + 1] + 2;
        diagonal[i + 1] += 200;
      }
      return diagonal;
    }
  }

  /** ½ Σ d_i (x_i − 1)². */
  record Quadratic(double[] curvatures) implements BatchObjective {
    @Override
    public int dimension() {
      return curvatures.length;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double value = 0;
      double[] gradient = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        gradient[i] = curvatures[i] * (x[i] - 1);
        value += curvatures[i] * ((x[i] - 1) * (x[i] - 1));
      }
      return new Evaluation(0.5 * value, gradient);
    }
  }

  /** Mean of log(1 + exp(−y x'w)) + l2/2 ‖w‖², of the first weights. */
  record Logistic(double[][] x, double[] y, double l2, int penalized) implements BatchObjective {
    static Logistic all(double[][] x, double[] y, double l2) {
      return new Logistic(x, y, l2, x[0].length);
    }

    @Override
    public int dimension() {
      return x[0].length;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] w, long step) {
      double[] gradient = new double[w.length];
      double value = 0;
      for (int i = 0; i < y.length; i++) {
        double margin = 0;
        for (int j = 0; j < w.length; j++) {
          margin += x[i][j] * w[j];
        }
        double z = -y[i] * margin;
        double e = StrictMath.exp(-Math.abs(z));
        double sigmoid = z >= 0 ? 1 / (1 + e) : e / (1 + e);
        value += Math.max(z, 0) + StrictMath.log1p(e);
        for (int j = 0; j < w.length; j++) {
          gradient[j] -= x[i][j] * y[i] * sigmoid;
        }
      }
      double square = 0;
      for (int j = 0; j < w.length; j++) {
        double of = j < penalized ? w[j] : 0;
        gradient[j] = gradient[j] / y.length + l2 * of;
        square += of * of;
      }
      return new Evaluation(value / y.length + 0.5 * l2 * square, gradient);
    }
  }
}
