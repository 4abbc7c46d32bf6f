package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Losses, activations and softmax at extreme arguments: {@code losses.json}. */
final class LossValues {
  /** Beyond this exponent Talweg's exponential links go on as a parabola, from below. */
  private static final double CONTINUED = 100;

  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "sigmoid", "sigmoid",
          "tanh", "tanh",
          "relu", "relu",
          "silu", "silu",
          "gelu_exact", "gelu",
          "gelu_tanh", "gelu-tanh",
          "elu", "elu",
          "selu", "selu");

  private LossValues() {}

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally) {
    for (Object each : Json.list(file.get("losses"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      String id = golden.get("loss") + "" + golden.get("params") + " y=" + golden.get("y");
      tally.run("loss/" + golden.get("loss"), id, "", () -> loss(golden));
    }
    for (Object each : Json.list(file.get("units"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      String name = String.valueOf(golden.get("function"));
      tally.run("unit/" + name, name, "", () -> unit(name, golden));
    }
    for (Object each : Json.list(file.get("links"))) {
      tally.not("link " + Json.map(each).get("link"), "no function of a probability");
    }
    for (Object each : Json.list(file.get("softmax"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      tally.run("softmax", "softmax " + golden.get("logits"), "", () -> softmax(golden));
    }
  }

  private static Found loss(Map<String, @Nullable Object> golden) {
    double[] parameters =
        Json.map(golden.get("params")).values().stream().mapToDouble(Json::number).toArray();
    PointwiseLoss loss =
        GoldenLosses.named(
            String.valueOf(golden.get("loss")), parameters.length == 1 ? parameters[0] : 0);
    double y = GoldenLosses.label(loss, Json.number(golden.get("y")));
    if (loss.classifies() && y != 0 && y != 1) {
      throw new NotCovered("labels are classes here, no shares of them");
    }
    Found found = Found.NONE;
    for (Object row : Json.list(golden.get("rows"))) {
      found = found.and(row(loss, y, Json.list(row)));
    }
    return found;
  }

  private static Found row(PointwiseLoss loss, double y, List<?> row) {
    double z = Json.number(row.get(0));
    double expected = Json.number(row.get(1));
    double[] slope = {z};
    double[] curvature = new double[1];
    double value = loss.differentiateTwice(slope, new double[] {y}, null, 1, curvature);
    if (exponent(loss, y, z) > CONTINUED) {
      boolean below = value <= expected && Double.isFinite(value);
      return below ? Found.NONE : new Found(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    // terms that may cancel, each within 4 units of the last place; (2 − p) z is rounded, which the
    // exponential makes |z| times larger
    double terms = 1 + Math.abs(y) * (1 + Math.abs(z)) + Math.abs(z);
    double amplified = loss instanceof TweedieLoss ? 1 + Math.abs(z) : 1;
    double error = 8 * amplified * Math.ulp(terms + expected);
    Found found = between(new double[] {expected}, value, error);
    found = found.and(between(sides(row.get(2)), slope[0], error));
    if (loss instanceof HingeLoss && Math.abs(z) < Math.ulp(1.0)) {
      return found; // 1 − z is 1, where the second derivative jumps
    }
    // below e⁻⁷⁰⁸ exponentials are 0
    double[] second = sides(row.get(3));
    double curved = Math.max(8 * amplified * Math.ulp(second[0]), 1e-307);
    return found.and(between(second, curvature[0], curved));
  }

  /** The largest argument of an exponential. */
  private static double exponent(PointwiseLoss loss, double y, double z) {
    if (loss instanceof TweedieLoss tweedie) {
      return Math.max((2 - tweedie.power()) * z, y > 0 ? (1 - tweedie.power()) * z : 0);
    }
    return loss instanceof PoissonLoss ? z : loss instanceof GammaLoss ? -z : 0;
  }

  /** One number, or those on both sides of a jump. */
  private static double[] sides(Object cell) {
    double[] sides =
        cell instanceof List<?> ? Json.numbers(cell) : new double[] {Json.number(cell)};
    Arrays.sort(sides);
    return sides;
  }

  private static Found between(double[] sides, double measured, double error) {
    double nearest = Math.max(sides[0], Math.min(sides[sides.length - 1], measured));
    double difference = Math.abs(nearest - measured);
    if (difference == 0) {
      return Found.NONE;
    }
    return new Found(difference / error, difference / Math.max(Math.abs(nearest), error / 0x1p-50));
  }

  private static Found unit(String name, Map<String, @Nullable Object> golden) {
    String ours = ACTIVATIONS.get(name);
    if (ours == null) {
      throw new NotCovered("no activation " + name);
    }
    Activation activation = Activations.named(ours);
    Found found = Found.NONE;
    for (Object each : Json.list(golden.get("rows"))) {
      List<?> row = Json.list(each);
      double[] z = {Json.number(row.get(0))};
      double[] y = new double[1];
      double[] slope = {1};
      activation.apply(z, y, 1);
      activation.differentiate(z, y, slope, 1);
      // of some rounded operations on numbers up to 1 or |z|
      double error = 32 * Math.ulp(1 + Math.abs(z[0]));
      found =
          found
              .and(between(sides(row.get(1)), y[0], error))
              .and(between(sides(row.get(2)), slope[0], 32 * Math.ulp(1.0) * (1 + bounded(z[0]))));
    }
    return found;
  }

  /** Slopes have factors z e^{−z²/2} and the like, which are below 40 in what is not 0. */
  private static double bounded(double z) {
    return Math.min(Math.abs(z), 40);
  }

  private static Found softmax(Map<String, @Nullable Object> golden) {
    double[] logits = Json.numbers(golden.get("logits"));
    double[] values = Json.numbers(golden.get("nll_of_class"));
    double[][] slopes = Json.rows(golden.get("gradient_of_nll_of_class"));
    SoftmaxLoss loss = new SoftmaxLoss(logits.length);
    double[] shares = logits.clone();
    loss.probabilities(shares, 1);
    // margins are subtracted from the largest: their ulp, and some operations
    double rounding = 8 * Math.ulp(1 + Arrays.stream(logits).map(Math::abs).max().orElse(0));
    Found found = Found.of(Json.numbers(golden.get("softmax")), shares, 1e-13, 1e-290);
    for (int k = 0; k < logits.length; k++) {
      double[] margins = logits.clone();
      double value = loss.differentiate(margins, new double[] {k}, null, 1);
      found = found.and(between(new double[] {values[k]}, value, rounding));
      found = found.and(Found.of(slopes[k], margins, 1e-13, 1));
    }
    return found;
  }
}
