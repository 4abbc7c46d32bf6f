package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.CauchitLoss;
import dev.talweg.optimizer.loss.CloglogLoss;
import dev.talweg.optimizer.loss.ExponentialLoss;
import dev.talweg.optimizer.loss.FocalLoss;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.LoglogLoss;
import dev.talweg.optimizer.loss.NegativeBinomialLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.ProbitLoss;
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
      Map.ofEntries(
          Map.entry("sigmoid", "sigmoid"),
          Map.entry("tanh", "tanh"),
          Map.entry("relu", "relu"),
          Map.entry("silu", "silu"),
          Map.entry("gelu_exact", "gelu"),
          Map.entry("gelu_tanh", "gelu-tanh"),
          Map.entry("elu", "elu"),
          Map.entry("selu", "selu"),
          Map.entry("softplus", "softplus"),
          Map.entry("log_sigmoid", "log-sigmoid"),
          Map.entry("identity", "identity"));

  /** Losses by their link. */
  private static final Map<String, PointwiseLoss> LINKS =
      Map.of(
          "logit", new LogisticLoss(),
          "probit", new ProbitLoss(),
          "cloglog", new CloglogLoss(),
          "loglog", new LoglogLoss(),
          "cauchit", new CauchitLoss(),
          "log", new PoissonLoss());

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
      Map<String, @Nullable Object> golden = Json.map(each);
      String name = "link " + golden.get("link");
      tally.run(name, name, "", () -> link(golden));
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
    // terms that may cancel, each within 4 units of the last place
    double terms = 1 + Math.abs(y) * (1 + Math.abs(z)) + Math.abs(z);
    double amplified = amplified(loss, y, z);
    double error = 8 * amplified * Math.ulp(terms + expected);
    Found found = between(new double[] {expected}, value, error);
    found = found.and(between(sides(row.get(2)), slope[0], error));
    if (loss instanceof HingeLoss && Math.abs(z) < Math.ulp(1.0)) {
      return found; // 1 − z is 1, where the second derivative jumps
    }
    // below e⁻⁷⁰⁸ exponentials are 0
    double[] second = sides(row.get(3));
    double curved = amplified * Math.max(8 * Math.ulp(second[0]), 1e-307);
    return found.and(between(second, curvature[0], curved));
  }

  /** How many times larger a rounding within a formula comes out of it. */
  private static double amplified(PointwiseLoss loss, double y, double z) {
    double size = Math.abs(z);
    if (loss instanceof TweedieLoss) {
      return 1 + size; // (2 − p) z is rounded, before the exponential
    }
    if (loss instanceof CloglogLoss) {
      return 1 + Math.exp(Math.min(z, 7)); // so is eᶻ; e⁷ is where exp(−eᶻ) is 0
    }
    if (loss instanceof ProbitLoss) {
      double m = (2 * y - 1) * z;
      return m > 0 ? 1 + m * m : m > -1 ? 4 : 1; // so is m²/2; and Φ(m) is 1/2 less a number
    }
    if (loss instanceof NegativeBinomialLoss negative) { // factors of what is 0 below e⁻⁷⁰⁸
      return (1 + negative.alpha() * y) * Math.max(1, 1 / (negative.alpha() * negative.alpha()));
    }
    return loss instanceof FocalLoss ? 1 + 4 * size : 1; // γ² p log p and terms of 1 are subtracted
  }

  /** The largest argument of an exponential. */
  private static double exponent(PointwiseLoss loss, double y, double z) {
    if (loss instanceof TweedieLoss tweedie) {
      return Math.max((2 - tweedie.power()) * z, y > 0 ? (1 - tweedie.power()) * z : 0);
    }
    if (loss instanceof ExponentialLoss) {
      return (1 - 2 * y) * z;
    }
    boolean rate = loss instanceof PoissonLoss || (loss instanceof CloglogLoss && y == 0);
    return rate ? z : loss instanceof GammaLoss ? -z : 0;
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

  /**
   * The margin that a loss begins at is the link of the mean label. Nearer to 0 than 1e-12, or as
   * near to 1 where it is a probability, it only has to be finite.
   */
  private static Found link(Map<String, @Nullable Object> golden) {
    PointwiseLoss loss = LINKS.get(String.valueOf(golden.get("link")));
    if (loss == null) {
      throw new NotCovered("the link of no loss");
    }
    Found found = Found.NONE;
    for (Object each : Json.list(golden.get("rows"))) {
      double[] row = Json.numbers(each);
      double margin = loss.prior(row[0]);
      boolean inside = row[0] > 1e-12 && (row[0] < 1 - 1e-12 || !loss.classifies());
      // a rounding of the mean within some logarithms
      double error = 8 * Math.ulp(1 + Math.abs(row[1]));
      found =
          found.and(
              inside
                  ? between(new double[] {row[1]}, margin, error)
                  : Found.of(1, Double.isFinite(margin) ? 1 : 0, 0.5, 1));
    }
    return found;
  }

  /** What is predicted at a margin, and how it changes: of a class −ℓ′ p, as ℓ = −log p. */
  private static Found inverse(PointwiseLoss loss, Map<String, @Nullable Object> golden) {
    Found found = Found.NONE;
    for (Object each : Json.list(golden.get("rows"))) {
      double[] row = Json.numbers(each);
      double z = row[0];
      double mean = loss.predict(z);
      if (z > 709 && !loss.classifies()) { // where ours is e⁷⁰⁹
        found = found.and(Found.of(1, mean <= row[1] && Double.isFinite(mean) ? 1 : 0, 0.5, 1));
        continue;
      }
      double[] slope = {z};
      loss.differentiate(slope, new double[] {1}, null, 1);
      double derivative = loss.classifies() ? -slope[0] * mean : mean;
      // a rounding within an exponential, of z²/2 or of eᶻ; Φ is 1/2 less a number
      boolean probit = loss instanceof ProbitLoss;
      double v =
          loss instanceof CloglogLoss
              ? z
              : loss instanceof LoglogLoss ? -z : Double.NEGATIVE_INFINITY;
      double amplified = 1 + (probit ? z * z : Math.exp(Math.min(v, 7)));
      double least = probit && z > -5 ? 8 * Math.ulp(1.0) : 1e-307;
      found =
          found
              .and(near(row[1], mean, amplified, least))
              .and(near(row[2], derivative, amplified, least));
    }
    return found;
  }

  private static Found near(double expected, double measured, double amplified, double least) {
    double error = Math.max(8 * amplified * Math.ulp(expected), least);
    return between(new double[] {expected}, measured, error);
  }

  private static Found unit(String name, Map<String, @Nullable Object> golden) {
    PointwiseLoss linked = LINKS.get(name.equals("exp") ? "log" : name.replace("_inverse", ""));
    if (linked != null) {
      return inverse(linked, golden);
    }
    String ours = ACTIVATIONS.get(name);
    if (ours == null) {
      throw new NotCovered("the inverse of no loss's link, and no activation of a net");
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
