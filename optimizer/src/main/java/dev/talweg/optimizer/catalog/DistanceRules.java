package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Rules.EPSILON;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.Rules.decayed;
import static dev.talweg.optimizer.catalog.Rules.decayedByL2;
import static dev.talweg.optimizer.catalog.Rules.only;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.whole;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.CoinBetting;
import dev.talweg.optimizer.transform.DAdaptAdagrad;
import dev.talweg.optimizer.transform.DAdaptAdam;
import dev.talweg.optimizer.transform.DAdaptAdan;
import dev.talweg.optimizer.transform.DAdaptLion;
import dev.talweg.optimizer.transform.DAdaptSgd;
import dev.talweg.optimizer.transform.Momo;
import dev.talweg.optimizer.transform.Prodigy;
import dev.talweg.optimizer.transform.ScaleByDistance;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Rules that find their own rate: as a distance to the solution (D-Adaptation, Prodigy, DoG, DoWG),
 * by betting, or by a lower bound of the loss.
 */
final class DistanceRules {
  private static final String D_ADAPTATION = "Defazio and Mishchenko, ICML (2023)";

  static final Parameter FIRST =
      Parameters.aboveZero("d0", 1e-6, "First estimate of the distance.");
  static final Parameter GROWTH =
      Parameters.number("growth-rate", 1e300, "a number above 1", v -> v > 1, "Largest growth.");
  private static final Parameter MOMENTUM =
      Parameters.share("momentum", 0.0, "Share of the parameters that is kept.");

  private static final String MOMENTUM_MODELS = "Schaipp et al., ICML (2024)";
  private static final Parameter MEANS =
      Parameters.share("beta1", 0.9, "Share of the running means that is kept.");

  private static final Parameter MINIMUM =
      Parameters.number("minimum", 0.0, "a number", v -> true, "f*, a lower bound of the loss.");
  private static final Parameter ESTIMATED =
      Parameters.flag(
          "estimate-minimum", false, "Raises the bound while training, where none is known.");
  private static final Parameter STILL =
      Parameters.notNegative(
          "still", 0.0, "Squared norm of the mean gradient up to which nothing moves.");
  private static final Parameter DECAY =
      Parameters.choice(
          "decay",
          "proximal",
          List.of("proximal", "beside", "decoupled"),
          "Whether parameters are divided by 1 + λ times the rate after the step (the paper) or"
              + " before it (beside, as in optax), or shrunk before it (decoupled).");

  /** It stops where a squared norm is an ulp of 1. */
  private static final Map<String, Object> OF_OPTAX = Map.of("decay", "beside", "still", 0x1p-52);

  static final Entry<Minimizer<?, ?>> PRODIGY =
      own(
          whole(
              "prodigy",
              "Adam that finds its own rate",
              "Mishchenko and Defazio, ICML (2024)",
              List.of(
                  Parameters.share("beta1", 0.9, "Share of the running mean."),
                  Parameters.share("beta2", 0.999, "Share of the running mean square."),
                  Parameters.number(
                      "beta3",
                      -1.0,
                      "a number below 1; below 0 is √beta2",
                      v -> v < 1,
                      "Share of the sums that estimate the distance."),
                  EPSILON,
                  FIRST,
                  Parameters.aboveZero("d-coef", 1.0, "Multiplies the estimate."),
                  GROWTH,
                  Parameters.flag("bias-correction", false, "Adam's bias correction."),
                  Parameters.flag("safeguard-warmup", false, "For schedules with a warm-up."),
                  Parameters.integer(
                      "stride", 1, 1, "Every so many entries of a slice estimate the distance."),
                  WEIGHT_DECAY,
                  decoupledOrL2()),
              s -> {
                boolean l2 = s.text("decay").equals("l2");
                double beta3 = s.number("beta3");
                Prodigy rule =
                    new Prodigy(
                        s.schedule("learning-rate"),
                        s.number("beta1"),
                        s.number("beta2"),
                        beta3 < 0 ? Math.sqrt(s.number("beta2")) : beta3,
                        s.number("epsilon"),
                        s.number("d0"),
                        s.number("d-coef"),
                        s.number("growth-rate"),
                        l2 ? 0 : s.number("weight-decay"),
                        correction(s),
                        s.flag("safeguard-warmup")
                            ? Prodigy.Warmup.SAFEGUARDED
                            : Prodigy.Warmup.PLAIN,
                        s.integer("stride"));
                return decayedByL2(s, rule);
              }),
          Map.of("learning-rate", 1.0));

  static final Entry<Minimizer<?, ?>> ADAM =
      own(
          whole(
              "dadapt-adam",
              "Adam that finds its own rate, by D-Adaptation",
              D_ADAPTATION,
              List.of(
                  Parameters.share("beta1", 0.9, "Share of the running mean."),
                  Parameters.share("beta2", 0.999, "Share of the running mean square."),
                  EPSILON,
                  FIRST,
                  GROWTH,
                  Parameters.flag("bias-correction", false, "Adam's bias correction."),
                  WEIGHT_DECAY,
                  decoupledOrL2()),
              s ->
                  decayedByL2(
                      s,
                      new DAdaptAdam(
                          s.schedule("learning-rate"),
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.number("d0"),
                          s.number("growth-rate"),
                          s.text("decay").equals("l2") ? 0 : s.number("weight-decay"),
                          correction(s)))),
          Map.of("learning-rate", 1.0));

  static final Entry<Minimizer<?, ?>> SGD =
      rule(
          "dadapt-sgd",
          "gradient descent that finds its own rate, by D-Adaptation",
          D_ADAPTATION,
          List.of(MOMENTUM, FIRST, GROWTH, WEIGHT_DECAY),
          s ->
              only(
                  new DAdaptSgd(
                      s.schedule("learning-rate"),
                      s.number("momentum"),
                      s.number("d0"),
                      s.number("growth-rate"),
                      s.number("weight-decay"))));

  static final Entry<Minimizer<?, ?>> ADAGRAD =
      rule(
          "dadapt-adagrad",
          "Adagrad that finds its own rate, by D-Adaptation",
          D_ADAPTATION,
          List.of(
              MOMENTUM,
              Parameters.notNegative("epsilon", 1e-6, "Added to the root."),
              FIRST,
              GROWTH,
              WEIGHT_DECAY),
          s ->
              decayed(
                  s,
                  new DAdaptAdagrad(
                      s.schedule("learning-rate"),
                      s.number("momentum"),
                      s.number("epsilon"),
                      s.number("d0"),
                      s.number("growth-rate"))));

  static final Entry<Minimizer<?, ?>> LION =
      rule(
          "dadapt-lion",
          "Lion that finds its own rate, by D-Adaptation",
          D_ADAPTATION,
          List.of(
              Parameters.share("beta1", 0.9, "Share of the momentum in the sign."),
              Parameters.share("beta2", 0.99, "Share of the momentum that is kept."),
              FIRST,
              WEIGHT_DECAY),
          s ->
              only(
                  new DAdaptLion(
                      s.schedule("learning-rate"),
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("d0"),
                      s.number("weight-decay"))));

  static final Entry<Minimizer<?, ?>> ADAN =
      rule(
          "dadapt-adan",
          "Adan that finds its own rate, by D-Adaptation",
          D_ADAPTATION,
          List.of(
              Parameters.share("beta1", 0.98, "Share of the mean that is kept."),
              Parameters.share("beta2", 0.92, "Share of the mean difference."),
              Parameters.share("beta3", 0.99, "Share of the mean square."),
              Parameters.aboveZero("epsilon", 1e-8, "Added to the root mean square."),
              FIRST,
              GROWTH,
              WEIGHT_DECAY.withDefault(0.02),
              Parameters.choice(
                  "decay",
                  "proximal",
                  List.of("proximal", "decoupled"),
                  "Whether decay divides parameters after the step, or shrinks them before.")),
          s ->
              only(
                  new DAdaptAdan(
                      s.schedule("learning-rate"),
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("beta3"),
                      s.number("epsilon"),
                      s.number("d0"),
                      s.number("growth-rate"),
                      s.number("weight-decay"),
                      s.choice("decay", DAdaptAdan.Decay.class))));

  static final Entry<Minimizer<?, ?>> DOG =
      rule(
              "dog",
              "gradient descent whose rate is the distance gone over the gradients seen",
              "Ivgi, Hinder and Carmon, ICML (2023)",
              List.of(
                  Parameters.aboveZero(
                      "first", 1e-6, "What the first step is made of, as beginning says."),
                  Parameters.choice(
                      "beginning",
                      "relative",
                      List.of("relative", "distance", "rate"),
                      "The first distance as a share of 1 + ‖x‖, the first distance, or the first"
                          + " rate."),
                  Parameters.choice(
                      "norms",
                      "all",
                      List.of("all", "slices"),
                      "Whether all parameters have one rate, or every slice its own (L-DoG)."),
                  Parameters.notNegative("epsilon", 1e-8, "Added to the sum of squares."),
                  WEIGHT_DECAY),
              s -> scaled(s, dog(s)))
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> DOWG =
      rule(
              "dowg",
              "DoG whose sum of gradients is weighted by distances, so that it follows them up",
              "Khaled, Mishchenko and Jin, NeurIPS (2023)",
              List.of(
                  Parameters.aboveZero("first", 1e-2, "First distance."),
                  Parameters.notNegative("epsilon", 1e-4, "Added to the root of the sum."),
                  WEIGHT_DECAY),
              s -> scaled(s, dowg(s)))
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> COCOB =
      rule(
              "cocob",
              "entries that bet on the signs of their gradients, without a rate",
              "Orabona and Tommasi, NeurIPS (2017)",
              List.of(
                  Parameters.notNegative("alpha", 100.0, "First bets are a share of 1/α at most."),
                  Parameters.aboveZero("epsilon", 1e-8, "Least of the largest gradient."),
                  WEIGHT_DECAY),
              s ->
                  decayed(
                      s,
                      new CoinBetting(
                          s.schedule("learning-rate"), s.number("alpha"), s.number("epsilon"))))
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> MOMO =
      rule(
              "momo",
              "momentum whose rate comes from a lower bound of the loss",
              MOMENTUM_MODELS,
              List.of(
                  MEANS,
                  Parameters.choice(
                      "means",
                      "from-first",
                      List.of("from-first", "from-zero"),
                      "Whether running means begin with the first batch, or with 0 and are"
                          + " corrected."),
                  MINIMUM,
                  ESTIMATED,
                  STILL,
                  WEIGHT_DECAY,
                  DECAY),
              s -> momo(s, s.choice("means", Momo.Means.class), null))
          .in(OPTAX, OF_OPTAX);

  static final Entry<Minimizer<?, ?>> MOMO_ADAM =
      own(
              rule(
                  "momo-adam",
                  "Adam whose rate comes from a lower bound of the loss",
                  MOMENTUM_MODELS,
                  List.of(
                      MEANS,
                      Parameters.share("beta2", 0.999, "Share of the mean square."),
                      Parameters.aboveZero("epsilon", 1e-8, "Added to the root."),
                      MINIMUM,
                      ESTIMATED,
                      STILL,
                      WEIGHT_DECAY,
                      DECAY),
                  s ->
                      momo(
                          s,
                          Momo.Means.FROM_ZERO,
                          new Momo.Metric(s.number("beta2"), s.number("epsilon")))),
              Map.of("learning-rate", 1e-2))
          .in(OPTAX, OF_OPTAX);

  private DistanceRules() {}

  private static Entry<Minimizer<?, ?>> rule(
      String name,
      String summary,
      String paper,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    return own(whole(name, summary, paper, parameters, chain), Map.of("learning-rate", 1.0));
  }

  private static ScaleByDistance dog(Settings s) {
    return new ScaleByDistance(
        ScaleByDistance.Weights.EQUAL,
        s.choice("norms", ScaleByDistance.Scope.class),
        s.choice("beginning", ScaleByDistance.Beginning.class),
        s.number("first"),
        s.number("epsilon"));
  }

  private static ScaleByDistance dowg(Settings s) {
    return new ScaleByDistance(
        ScaleByDistance.Weights.DISTANCES,
        ScaleByDistance.Scope.ALL,
        ScaleByDistance.Beginning.DISTANCE,
        s.number("first"),
        s.number("epsilon"));
  }

  private static Chain scaled(Settings s, ScaleByDistance scaling) {
    return decayed(s, scaling.then(new ScaleByLearningRate(s.schedule("learning-rate"))));
  }

  private static Chain momo(Settings s, Momo.Means means, Momo.@Nullable Metric metric) {
    return only(
        new Momo(
            s.schedule("learning-rate"),
            s.number("beta1"),
            means,
            metric,
            s.number("minimum"),
            s.flag("estimate-minimum") ? Momo.Source.ESTIMATED : Momo.Source.GIVEN,
            s.number("still"),
            s.number("weight-decay"),
            s.choice("decay", Momo.Decay.class)));
  }

  private static Parameter decoupledOrL2() {
    return Parameters.choice(
        "decay",
        "decoupled",
        List.of("decoupled", "l2"),
        "Whether decay shrinks parameters by λ times the rate, or is added to the gradient.");
  }

  private static Prodigy.Correction correction(Settings s) {
    return s.flag("bias-correction") ? Prodigy.Correction.BIAS : Prodigy.Correction.NONE;
  }
}
