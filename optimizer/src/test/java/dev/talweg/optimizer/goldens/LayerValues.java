package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.net.Activated;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.BatchNorm;
import dev.talweg.optimizer.net.Dense;
import dev.talweg.optimizer.net.Dropout;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.LayerNorm;
import dev.talweg.optimizer.net.Pass;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Layers forward and backward: {@code batchnorm_dropout.json}. */
final class LayerValues {
  private static final Draw TRAINING = new Draw(1, 0, 0);

  /** Of some tens of rounded operations on numbers near 1. */
  private static final double TOLERANCE = 1e-12;

  private final Map<String, @Nullable Object> data;
  private final String library;

  private LayerValues(Map<String, @Nullable Object> data, String library) {
    this.data = data;
    this.library = library;
  }

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally) {
    for (String library : file.keySet()) {
      if (library.equals("header") || library.equals("data")) {
        continue;
      }
      LayerValues values = new LayerValues(Json.map(file.get("data")), library);
      Json.map(file.get(library))
          .forEach(
              (kind, layers) -> {
                if (layers instanceof List<?> list) {
                  list.forEach(layer -> values.layer(kind, Json.map(layer), tally));
                }
              });
    }
  }

  private void layer(String kind, Map<String, @Nullable Object> golden, Tally tally) {
    Object id = golden.get("id");
    Object params = golden.getOrDefault("params", golden.getOrDefault("p", golden.get("rate")));
    String which = id == null ? (params == null ? "" : "(" + params + ")") : "/" + id;
    String name = library + "/" + kind + which;
    tally.run(
        library + "/" + kind,
        name,
        "",
        () ->
            switch (kind) {
              case "batch_norm" -> batchNorm(golden);
              case "layer_norm" -> layerNorm(golden);
              case "dropout" -> dropout(golden);
              case "mlp" -> perceptron(golden);
              default -> throw new NotCovered("no layer " + kind);
            });
  }

  private static Found close(double[] expected, double[] found) {
    return close(expected, found, TOLERANCE);
  }

  private static Found close(double[] expected, double[] found, double tolerance) {
    return Found.of(expected, found, tolerance, 1);
  }

  private static double[] first(double[] of, int count) {
    return Arrays.copyOf(of, count);
  }

  private Found batchNorm(Map<String, @Nullable Object> golden) {
    Map<String, @Nullable Object> named = Json.map(golden.get("params"));
    double momentum = named.get("momentum") == null ? 0 : Json.number(named.get("momentum"));
    BatchNorm.Form form =
        library.equals("keras")
            ? new BatchNorm.Form(
                1 - momentum, Json.number(named.get("epsilon")), BatchNorm.Variance.BIASED)
            : new BatchNorm.Form(
                momentum, Json.number(named.get("eps")), BatchNorm.Variance.UNBIASED);
    double[] gamma = Json.numbers(data.get("bn_gamma"));
    int units = gamma.length;
    BatchNorm norm = new BatchNorm(units, form);
    double[] parameters = new double[norm.parameters()];
    norm.initialize(parameters, 0, Initializer.HE, 0);
    System.arraycopy(gamma, 0, parameters, 0, units);
    System.arraycopy(Json.numbers(data.get("bn_beta")), 0, parameters, units, units);
    double[] slopes = Json.flat(data.get("bn_upstream"));
    int rows = slopes.length / units;
    List<?> batches = Json.list(data.get("bn_x"));
    List<?> steps = Json.list(golden.get("training_steps"));
    Found found = Found.NONE;
    for (int step = 0; step < steps.size(); step++) {
      Map<String, @Nullable Object> expected = Json.map(steps.get(step));
      double[] in = Json.flat(batches.get(step));
      double[] out = new double[in.length];
      double[] before = new double[in.length];
      double[] gradient = new double[parameters.length];
      norm.forward(new Pass(parameters, 0, in, rows, TRAINING, out));
      norm.backward(new Pass(parameters, 0, in, rows, TRAINING, out), slopes, gradient, before);
      norm.settle(parameters, 0, norm.moments(in, rows, null), parameters);
      double[] running = Arrays.copyOfRange(parameters, 2 * units, 4 * units);
      found =
          found
              .and(close(Json.flat(expected.get("y")), out))
              // a unit that varies by 0.01 about −2 has slopes near 100, in single digits of 1e-12
              .and(close(Json.flat(expected.get("dx")), before, 1e-10))
              .and(close(Json.numbers(expected.get("dgamma")), first(gradient, units)))
              .and(
                  close(
                      Json.numbers(expected.get("dbeta")),
                      Arrays.copyOfRange(gradient, units, 2 * units)))
              .and(close(Json.numbers(expected.get("running_mean")), first(running, units)))
              .and(
                  close(
                      Json.numbers(expected.get("running_var")),
                      Arrays.copyOfRange(running, units, 2 * units)));
    }
    double[] in = Json.flat(batches.get(0));
    double[] out = new double[in.length];
    norm.forward(new Pass(parameters, 0, in, rows, null, out));
    return found.and(close(Json.flat(golden.get("inference_on_first_batch")), out));
  }

  private Found layerNorm(Map<String, @Nullable Object> golden) {
    double[] gamma = Json.numbers(data.get("bn_gamma"));
    int units = gamma.length;
    double[] parameters = Arrays.copyOf(gamma, 2 * units);
    System.arraycopy(Json.numbers(data.get("bn_beta")), 0, parameters, units, units);
    double[] in = Json.flat(Json.list(data.get("bn_x")).get(0));
    double[] slopes = Json.flat(data.get("bn_upstream"));
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
    return close(Json.flat(golden.get("y")), out).and(close(Json.flat(golden.get("dx")), before));
  }

  /** What is left is divided by the share that is kept. */
  private static Found dropout(Map<String, @Nullable Object> golden) {
    Object p = golden.get("p") == null ? golden.get("rate") : golden.get("p");
    double[] ones = new double[2000];
    Arrays.fill(ones, 1);
    double[] out = new double[ones.length];
    new Dropout(20, Json.number(p)).forward(new Pass(ones, 0, ones, 100, TRAINING, out));
    double[] distinct = Arrays.stream(out).distinct().sorted().toArray();
    return close(Json.numbers(golden.get("distinct_output_values_for_input_1")), distinct);
  }

  /** z = act(x W1 + b1) W2 + b2, its loss and all derivatives, dropout by a given mask. */
  private Found perceptron(Map<String, @Nullable Object> golden) {
    String name = String.valueOf(golden.get("activation")).replace('_', '-');
    Activation activation = Activations.named(name.equals("gelu-exact") ? "gelu" : name);
    double[][] x = Json.rows(data.get("x"));
    double[] b1 = Json.numbers(data.get("b1"));
    double[] b2 = Json.numbers(data.get("b2"));
    int rows = x.length;
    Dense first = new Dense(x[0].length, b1.length);
    Dense second = new Dense(b1.length, b2.length);
    Activated between = new Activated(b1.length, activation);
    double[] p1 = joined(Json.flat(data.get("W1")), b1);
    double[] p2 = joined(Json.flat(data.get("W2")), b2);
    double[] in = Json.flat(data.get("x"));
    double[] mask = mask(golden, rows * b1.length);
    double[] products = new double[rows * b1.length];
    double[] hidden = new double[products.length];
    double[] z = new double[rows * b2.length];
    first.forward(new Pass(p1, 0, in, rows, null, products));
    between.forward(new Pass(p1, 0, products, rows, null, hidden));
    double[] kept = times(hidden, mask);
    second.forward(new Pass(p2, 0, kept, rows, null, z));
    // Keras has the constants of gelu in single precision: 3e-8 of its argument
    boolean single = library.equals("keras") && name.startsWith("gelu");
    double tolerance = single ? 1e-7 : TOLERANCE;
    Found found = close(Json.flat(golden.get("logits")), z, tolerance);
    if (single) {
      found = found.because("the library's constants of GELU are in single precision");
    }
    double value = differentiate(String.valueOf(golden.get("head")), z, rows);
    double[] g1 = new double[p1.length];
    double[] g2 = new double[p2.length];
    double[] afterHidden = new double[hidden.length];
    double[] afterProducts = new double[hidden.length];
    double[] dx = new double[in.length];
    second.backward(new Pass(p2, 0, kept, rows, null, z), z, g2, afterHidden);
    afterHidden = times(afterHidden, mask);
    between.backward(new Pass(p1, 0, products, rows, null, hidden), afterHidden, g1, afterProducts);
    first.backward(new Pass(p1, 0, in, rows, null, products), afterProducts, g1, dx);
    double[] d1 = joined(Json.flat(golden.get("dW1")), Json.numbers(golden.get("db1")));
    double[] d2 = joined(Json.flat(golden.get("dW2")), Json.numbers(golden.get("db2")));
    return found
        .and(Found.of(Json.number(golden.get("loss")), value, tolerance, 1))
        .and(close(Json.flat(golden.get("dx")), dx, tolerance))
        .and(close(d1, g1, tolerance))
        .and(close(d2, g2, tolerance));
  }

  private double[] mask(Map<String, @Nullable Object> golden, int count) {
    double[] mask = Json.flat(data.get("mask"));
    double keep = Json.number(data.get("keep"));
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
  private double differentiate(String head, double[] z, int rows) {
    int count = head.equals("softmax_ce") ? rows : z.length;
    double sum =
        head.equals("softmax_ce")
            ? new SoftmaxLoss(z.length / rows)
                .differentiate(z, Json.numbers(data.get("class3")), null, rows)
            : new LogisticLoss()
                .differentiate(z, Json.flat(data.get("multilabel")), null, z.length);
    for (int k = 0; k < z.length; k++) {
      z[k] /= count;
    }
    return sum / count;
  }
}
