package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.net.Activated;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.BatchNorm;
import dev.talweg.optimizer.net.Dense;
import dev.talweg.optimizer.net.Dropout;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.LayerNorm;
import dev.talweg.optimizer.net.Pass;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.Momentum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Layers and small nets against PyTorch and Keras: {@code batchnorm_dropout.json} has layers
 * forward and backward, {@code nets_torch.json} whole nets after steps of SGD and Adam.
 */
class GoldenNetsTest {
  private static final Path HERE = Path.of("src/test/resources/goldens");
  private static final Draw TRAINING = new Draw(1, 0, 0);

  /** Of some tens of rounded operations on numbers near 1. */
  private static final double TOLERANCE = 1e-12;

  private static Map<String, @Nullable Object> file(String name) {
    Path given = Path.of(System.getProperty("talweg.goldens", HERE.toString())).resolve(name);
    try {
      return Json.object(Files.readString(Files.exists(given) ? given : HERE.resolve(name)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static final Map<String, @Nullable Object> LAYERS = file("batchnorm_dropout.json");
  private static final Map<String, @Nullable Object> DATA = Json.map(LAYERS.get("data"));

  private static void close(double[] expected, double[] found, int count, String what) {
    assertEquals(expected.length, count, what);
    for (int k = 0; k < count; k++) {
      double scale = Math.max(1, Math.abs(expected[k]));
      assertEquals(expected[k], found[k], TOLERANCE * scale, what + " at " + k);
    }
  }

  /** What one library has of one kind. */
  private static Stream<Map<String, @Nullable Object>> entries(String kind) {
    return Stream.of("torch", "keras")
        .flatMap(
            library ->
                Json.list(Json.map(LAYERS.get(library)).get(kind)).stream()
                    .map(Json::map)
                    .peek(entry -> entry.put("library", library)));
  }

  static Stream<Map<String, @Nullable Object>> batchNorms() {
    // PyTorch's momentum None is the mean over all batches so far, which is not here
    return entries("batch_norm")
        .filter(entry -> Json.map(entry.get("params")).get("momentum") != null);
  }

  @ParameterizedTest
  @MethodSource("batchNorms")
  void batchNormTrainsAndInfersAsTheLibrariesDo(Map<String, @Nullable Object> golden) {
    Map<String, @Nullable Object> named = Json.map(golden.get("params"));
    double momentum = Json.number(named.get("momentum"));
    BatchNorm.Form form =
        "keras".equals(golden.get("library"))
            ? new BatchNorm.Form(
                1 - momentum, Json.number(named.get("epsilon")), BatchNorm.Variance.BIASED)
            : new BatchNorm.Form(
                momentum, Json.number(named.get("eps")), BatchNorm.Variance.UNBIASED);
    double[] gamma = Json.numbers(DATA.get("bn_gamma"));
    int units = gamma.length;
    BatchNorm norm = new BatchNorm(units, form);
    double[] parameters = new double[norm.parameters()];
    norm.initialize(parameters, 0, Initializer.HE, 0);
    System.arraycopy(gamma, 0, parameters, 0, units);
    System.arraycopy(Json.numbers(DATA.get("bn_beta")), 0, parameters, units, units);
    double[] slopes = Json.flat(DATA.get("bn_upstream"));
    int rows = slopes.length / units;
    List<?> batches = Json.list(DATA.get("bn_x"));
    List<?> steps = Json.list(golden.get("training_steps"));
    for (int step = 0; step < steps.size(); step++) {
      Map<String, @Nullable Object> expected = Json.map(steps.get(step));
      double[] in = Json.flat(batches.get(step));
      double[] out = new double[in.length];
      double[] before = new double[in.length];
      double[] gradient = new double[parameters.length];
      norm.forward(new Pass(parameters, 0, in, rows, TRAINING, out));
      norm.backward(new Pass(parameters, 0, in, rows, TRAINING, out), slopes, gradient, before);
      close(Json.flat(expected.get("y")), out, out.length, "y");
      // a unit that varies by 0.01 about −2 has slopes near 100, in single digits of 1e-12
      closeTo(Json.flat(expected.get("dx")), before, 1e-10, "dx");
      close(Json.numbers(expected.get("dgamma")), gradient, units, "dgamma");
      close(
          Json.numbers(expected.get("dbeta")),
          Arrays.copyOfRange(gradient, units, 2 * units),
          units,
          "dbeta");
      norm.settle(parameters, 0, norm.moments(in, rows, null), parameters);
      double[] running = Arrays.copyOfRange(parameters, 2 * units, 4 * units);
      close(Json.numbers(expected.get("running_mean")), running, units, "running mean");
      double[] variances = Arrays.copyOfRange(running, units, 2 * units);
      close(Json.numbers(expected.get("running_var")), variances, units, "running variance");
    }
    double[] first = Json.flat(batches.get(0));
    double[] out = new double[first.length];
    norm.forward(new Pass(parameters, 0, first, rows, null, out));
    close(Json.flat(golden.get("inference_on_first_batch")), out, out.length, "inference");
  }

  private static void closeTo(double[] expected, double[] found, double tolerance, String what) {
    for (int k = 0; k < expected.length; k++) {
      double scale = Math.max(1, Math.abs(expected[k]));
      assertEquals(expected[k], found[k], tolerance * scale, what + " at " + k);
    }
  }

  @Test
  void layerNormIsThatOfPyTorch() {
    Map<String, @Nullable Object> golden = entries("layer_norm").findFirst().orElseThrow();
    double[] gamma = Json.numbers(DATA.get("bn_gamma"));
    int units = gamma.length;
    double[] parameters = Arrays.copyOf(gamma, 2 * units);
    System.arraycopy(Json.numbers(DATA.get("bn_beta")), 0, parameters, units, units);
    double[] in = Json.flat(Json.list(DATA.get("bn_x")).get(0));
    double[] slopes = Json.flat(DATA.get("bn_upstream"));
    double[] out = new double[in.length];
    double[] before = new double[in.length];
    LayerNorm norm = new LayerNorm(units, Json.number(golden.get("eps")));
    int rows = in.length / units;
    norm.forward(new Pass(parameters, 0, in, rows, TRAINING, out));
    norm.backward(
        new Pass(parameters, 0, in, rows, TRAINING, out),
        slopes,
        new double[parameters.length],
        before);
    close(Json.flat(golden.get("y")), out, out.length, "y");
    close(Json.flat(golden.get("dx")), before, before.length, "dx");
  }

  @Test
  void whatDropoutLeavesIsDividedAsInTheLibraries() {
    entries("dropout")
        .forEach(
            golden -> {
              Object p = golden.get("p") == null ? golden.get("rate") : golden.get("p");
              double[] expected = Json.numbers(golden.get("distinct_output_values_for_input_1"));
              double[] ones = new double[2000];
              Arrays.fill(ones, 1);
              double[] out = new double[ones.length];
              Dropout dropout = new Dropout(20, Json.number(p));
              dropout.forward(new Pass(ones, 0, ones, 100, TRAINING, out));
              double[] distinct = Arrays.stream(out).distinct().sorted().toArray();
              close(expected, distinct, distinct.length, "dropout");
            });
  }

  static Stream<Map<String, @Nullable Object>> perceptrons() {
    return entries("mlp");
  }

  /** z = act(x W1 + b1) W2 + b2, its loss and all derivatives, dropout by a given mask. */
  @ParameterizedTest
  @MethodSource("perceptrons")
  void layersGiveTheLossAndTheDerivativesOfTheLibraries(Map<String, @Nullable Object> golden) {
    String id = String.valueOf(golden.get("id"));
    String name = String.valueOf(golden.get("activation")).replace('_', '-');
    Activation activation = Activations.named(name.equals("gelu-exact") ? "gelu" : name);
    double[][] x = Json.rows(DATA.get("x"));
    double[] b1 = Json.numbers(DATA.get("b1"));
    double[] b2 = Json.numbers(DATA.get("b2"));
    int rows = x.length;
    Dense first = new Dense(x[0].length, b1.length);
    Dense second = new Dense(b1.length, b2.length);
    Activated between = new Activated(b1.length, activation);
    double[] p1 = joined(Json.flat(DATA.get("W1")), b1);
    double[] p2 = joined(Json.flat(DATA.get("W2")), b2);
    double[] in = Json.flat(DATA.get("x"));
    double[] mask = mask(golden, rows * b1.length);
    double[] products = new double[rows * b1.length];
    double[] hidden = new double[products.length];
    double[] z = new double[rows * b2.length];
    first.forward(new Pass(p1, 0, in, rows, null, products));
    between.forward(new Pass(p1, 0, products, rows, null, hidden));
    double[] kept = times(hidden, mask);
    second.forward(new Pass(p2, 0, kept, rows, null, z));
    // Keras has the constants of gelu in single precision: 3e-8 of its argument
    boolean single = "keras".equals(golden.get("library")) && name.startsWith("gelu");
    double tolerance = single ? 1e-7 : TOLERANCE;
    closeTo(Json.flat(golden.get("logits")), z, tolerance, id + " logits");

    double value = differentiate(String.valueOf(golden.get("head")), z, rows);
    assertEquals(Json.number(golden.get("loss")), value, tolerance, id + " loss");
    double[] g1 = new double[p1.length];
    double[] g2 = new double[p2.length];
    double[] afterHidden = new double[hidden.length];
    double[] afterProducts = new double[hidden.length];
    double[] dx = new double[in.length];
    second.backward(new Pass(p2, 0, kept, rows, null, z), z, g2, afterHidden);
    afterHidden = times(afterHidden, mask);
    between.backward(new Pass(p1, 0, products, rows, null, hidden), afterHidden, g1, afterProducts);
    first.backward(new Pass(p1, 0, in, rows, null, products), afterProducts, g1, dx);
    closeTo(Json.flat(golden.get("dx")), dx, tolerance, id + " dx");
    double[] d1 = joined(Json.flat(golden.get("dW1")), Json.numbers(golden.get("db1")));
    closeTo(d1, g1, tolerance, id + " d1");
    double[] d2 = joined(Json.flat(golden.get("dW2")), Json.numbers(golden.get("db2")));
    closeTo(d2, g2, tolerance, id + " d2");
  }

  private static double[] mask(Map<String, @Nullable Object> golden, int count) {
    double[] mask = Json.flat(DATA.get("mask"));
    double keep = Json.number(DATA.get("keep"));
    for (int k = 0; k < count; k++) {
      mask[k] = Boolean.TRUE.equals(golden.get("dropout_mask_used")) ? mask[k] / keep : 1;
    }
    return mask;
  }

  private static double[] times(double[] x, double[] y) {
    double[] product = new double[x.length];
    Arrays.setAll(product, k -> x[k] * y[k]);
    return product;
  }

  private static double[] joined(double[] first, double[] second) {
    double[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /** Mean loss; margins become its derivatives. */
  private static double differentiate(String head, double[] z, int rows) {
    int count = head.equals("softmax_ce") ? rows : z.length;
    double sum =
        head.equals("softmax_ce")
            ? new SoftmaxLoss(z.length / rows)
                .differentiate(z, Json.numbers(DATA.get("class3")), null, rows)
            : new LogisticLoss()
                .differentiate(z, Json.flat(DATA.get("multilabel")), null, z.length);
    for (int k = 0; k < z.length; k++) {
      z[k] /= count;
    }
    return sum / count;
  }

  private static final Map<String, @Nullable Object> NETS = file("nets_torch.json");

  static Stream<Map<String, @Nullable Object>> trained() {
    return Json.list(NETS.get("runs")).stream().map(Json::map);
  }

  @ParameterizedTest
  @MethodSource("trained")
  void netsTrainAndInferAsPyTorchsDo(Map<String, @Nullable Object> golden) {
    String id = golden.get("activation") + " " + golden.get("norm") + " " + golden.get("loss");
    double[][] x = Json.rows(NETS.get("x"));
    Map<String, @Nullable Object> header = Json.map(NETS.get("header"));
    List<Integer> hidden =
        Arrays.stream(Json.numbers(header.get("hidden"))).mapToObj(units -> (int) units).toList();
    Norm norm = Norm.valueOf(String.valueOf(golden.get("norm")).toUpperCase(java.util.Locale.ROOT));
    Activation activation = Activations.named(String.valueOf(golden.get("activation")));
    Perceptron net =
        new Perceptron(
            x[0].length,
            new Architecture(hidden, activation, norm, 0, Initializer.HE),
            head(String.valueOf(golden.get("loss"))));
    Block block = InTurn.block(x, labels(String.valueOf(golden.get("loss"))));
    InTurn batches = new InTurn(net, block, (int) Json.number(header.get("batch")));
    Descent descent =
        new Descent(
            "adam".equals(golden.get("rule"))
                ? Optimizers.adam(new Constant(0.01))
                : Optimizers.momentum(new Constant(0.05), 0.9, Momentum.Form.HEAVY_BALL));
    double[] values = Json.numbers(golden.get("values"));
    Descent.State state = descent.start(batches, Json.numbers(golden.get("start")));
    for (int step = 0; step < values.length; step++) {
      assertEquals(values[step], state.value(), TOLERANCE, id + " at " + step);
      state = descent.next(batches, state);
    }
    double[] end = Json.numbers(golden.get("end"));
    // before a batch norm a bias has a derivative of 0, of which rounding leaves 1e-17, and Adam
    // divides it by 1e-8 and takes steps of a hundredth: 12 of at most 1e-11
    closeTo(end, state.parameters(), golden.get("norm").equals("batch") ? 1e-9 : TOLERANCE, id);
    double[] margins = new double[x.length * net.margins()];
    net.predict(block, 0, x.length, end, margins);
    close(Json.numbers(golden.get("margins")), margins, margins.length, id + " inference");
    assertTrue(values.length > 10);
  }

  private static Head head(String loss) {
    return switch (loss) {
      case "softmax" -> new Head.OfClasses(new SoftmaxLoss(3), 0);
      case "logistic" -> new Head.OfMargin(new LogisticLoss(), 0);
      default -> new Head.OfMargin(new SquaredLoss(), 0);
    };
  }

  private static double[] labels(String loss) {
    double[] classes = Json.numbers(NETS.get("classes"));
    return switch (loss) {
      case "softmax" -> classes;
      case "logistic" -> Arrays.stream(classes).map(c -> c > 0 ? 1 : 0).toArray();
      default -> Json.numbers(NETS.get("targets"));
    };
  }
}
