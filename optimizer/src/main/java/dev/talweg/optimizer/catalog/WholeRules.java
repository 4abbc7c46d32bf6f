package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Like.SKLEARN;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_ROOT;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;

import dev.talweg.optimizer.minimizer.Backtracking;
import dev.talweg.optimizer.minimizer.Estimate;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.BiasCorrection;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Rectified;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.schedule.WarmUp;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.AveragedSgd;
import dev.talweg.optimizer.transform.BarzilaiBorwein;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.DAdaptAdam;
import dev.talweg.optimizer.transform.FollowTheRegularizedLeader;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.HypergradientRate;
import dev.talweg.optimizer.transform.PolyakStep;
import dev.talweg.optimizer.transform.Prodigy;
import dev.talweg.optimizer.transform.Rprop;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScheduleFree;
import dev.talweg.optimizer.transform.WhenTractable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The rules that are no scaling of a gradient before a rate. */
final class WholeRules {
  private static final Parameter EPSILON =
      Parameters.aboveZero("epsilon", 1e-8, "Added to the root mean square.");

  static final Entry<Minimizer<?, ?>> FTRL =
      Rules.whole(
              "ftrl",
              "follow the proximally regularized leader: exact zeros for sparse click models",
              "McMahan et al., KDD (2013)",
              List.of(
                  Parameters.notNegative("l1", 0.0, "λ₁: parameters below it are 0."),
                  Parameters.notNegative("l2", 0.0, "λ₂, half the paper's."),
                  Parameters.notNegative("l2-shrinkage", 0.0, "Decay in the gradient."),
                  Parameters.notNegative("beta", 0.0, "β of the paper's rate."),
                  Parameters.notNegative(
                      "initial-accumulator", 0.1, "The sum of squares before the first step."),
                  Parameters.number(
                      "rate-power", -0.5, "a number of at most 0", v -> v <= 0, "Power p."),
                  Parameters.choice(
                      "start",
                      "keep",
                      List.of("keep", "forget"),
                      "Whether the first step starts from the parameters, or from 0 (Keras)."),
                  Sentence.LAZY),
              s ->
                  only(
                      new FollowTheRegularizedLeader(
                          s.schedule("learning-rate"),
                          s.number("l1"),
                          s.number("l2"),
                          s.number("l2-shrinkage"),
                          s.number("beta"),
                          s.number("initial-accumulator"),
                          s.number("rate-power"),
                          s.choice("start", FollowTheRegularizedLeader.Start.class))))
          .in(KERAS, Map.of("start", "forget"))
          .in(TENSORFLOW, Map.of("start", "forget"));

  /** The name of the rule that takes full gradients beside those of batches. */
  static final String VARIANCE_REDUCED = "svrg";

  static final Entry<Minimizer<?, ?>> SVRG = svrg();

  static final Entry<Minimizer<?, ?>> RPROP =
      Rules.fixed(
              "rprop",
              "a step size for each entry that follows the sign of the gradient; full batch",
              "Riedmiller and Braun, ICNN (1993)",
              1e-2,
              List.of(
                  share("down", 0.5, "Shrinks."),
                  Parameters.number("up", 1.2, "a number above 1", v -> v > 1, "Grows."),
                  Parameters.notNegative("least-step", 1e-6, "Smallest step size."),
                  Parameters.aboveZero("largest-step", 50.0, "Largest step size."),
                  Parameters.choice(
                      "applied",
                      "at-once",
                      List.of("at-once", "later"),
                      "Whether a step is taken as it is known, or at the next call (optax).")),
              s ->
                  only(
                      new Rprop(
                          s.schedule("learning-rate").at(0),
                          s.number("down"),
                          s.number("up"),
                          s.number("least-step"),
                          s.number("largest-step"),
                          s.choice("applied", Rprop.Applied.class))))
          .in(PYTORCH, Map.of())
          .in(OPTAX, Map.of("applied", "later"));

  static final Entry<Minimizer<?, ?>> ASGD =
      Rules.own(
              Rules.whole(
                  "asgd",
                  "gradient descent whose average is the model",
                  "Polyak and Juditsky, SIAM J. Control and Optimization 30 (1992)",
                  List.of(
                      Parameters.notNegative("lambda", 1e-4, "Decay λ of rate and parameters."),
                      Parameters.notNegative("power", 0.75, "Power α of the rate."),
                      Parameters.notNegative("averages-from", 1e6, "Step t₀ of the first average."),
                      WEIGHT_DECAY),
                  s -> {
                    List<GradientTransform<?>> words = new ArrayList<>();
                    if (s.number("weight-decay") > 0) {
                      words.add(new AddDecayedWeights(s.number("weight-decay")));
                    }
                    words.add(
                        new AveragedSgd(
                            s.schedule("learning-rate"),
                            s.number("lambda"),
                            s.number("power"),
                            s.number("averages-from")));
                    return Chain.of(words);
                  }),
              Map.of("learning-rate", 1e-2))
          .in(PYTORCH, Map.of());

  private static final Parameter AVERAGE_SHARE =
      Parameters.share("beta", 0.9, "Share of the average in the point of gradients.");
  private static final Parameter WARMUP =
      Parameters.integer("warmup", 0, 0, "Steps in which the rate grows.");
  private static final Parameter WARMUP_FIRST =
      Parameters.integer("warmup-first", 1, 0, "1 if the first step already moves, else 0.");
  private static final Parameter STEP_POWER =
      Parameters.notNegative("step-power", 0.0, "Power r of the step in the average's weights.");
  private static final Parameter RATE_POWER =
      Parameters.notNegative("rate-power", 2.0, "Power of the rate in the average's weights.");
  private static final Parameter DECAY_AT =
      Parameters.choice(
          "decay",
          "at-point",
          List.of("at-point", "at-iterate", "recovered"),
          "What decays: the iterate by the point of gradients or by itself, or the average by the"
              + " point (Keras).");

  static final Entry<Minimizer<?, ?>> SCHEDULE_FREE_SGD =
      Rules.own(
              Rules.whole(
                  "schedule-free-sgd",
                  "gradient descent that needs no end of its schedule: an average is the model",
                  "Defazio et al., NeurIPS (2024)",
                  List.of(
                      AVERAGE_SHARE,
                      WARMUP,
                      WARMUP_FIRST,
                      STEP_POWER,
                      RATE_POWER,
                      WEIGHT_DECAY,
                      DECAY_AT),
                  s -> scheduleFree(s, List.of(), new Constant(1))),
              Map.of("learning-rate", 1.0))
          .in(OPTAX, Map.of("warmup-first", 0L));

  static final Entry<Minimizer<?, ?>> SCHEDULE_FREE_ADAMW =
      Rules.own(
              Rules.whole(
                  "schedule-free-adamw",
                  "AdamW that needs no end of its schedule: an average is the model",
                  "Defazio et al., NeurIPS (2024)",
                  List.of(
                      AVERAGE_SHARE,
                      Parameters.share("beta2", 0.999, "Share of the mean square that is kept."),
                      EPSILON,
                      EPSILON_ROOT,
                      Parameters.choice(
                          "correction",
                          "of-square",
                          List.of("of-square", "of-rate"),
                          "Whether the mean square is corrected, or the rate by its root, which"
                              + " weighs early steps less."),
                      WARMUP,
                      WARMUP_FIRST,
                      STEP_POWER,
                      RATE_POWER,
                      WEIGHT_DECAY,
                      DECAY_AT),
                  s -> {
                    boolean ofSquare = s.text("correction").equals("of-square");
                    double beta2 = s.number("beta2");
                    return scheduleFree(
                        s,
                        List.of(meanSquare(s, ofSquare)),
                        ofSquare ? new Constant(1) : new BiasCorrection(beta2, 0.5));
                  }),
              Map.of("learning-rate", 2.5e-3))
          .in(KERAS, Map.of("rate-power", 0.0, "decay", "recovered"))
          .in(OPTAX, Map.of("warmup-first", 0L));

  static final Entry<Minimizer<?, ?>> SCHEDULE_FREE_RADAM =
      Rules.own(
          Rules.whole(
              "schedule-free-radam",
              "schedule-free AdamW that needs no warm-up: its rate is rectified",
              "Defazio et al., NeurIPS (2024); Liu et al., ICLR (2020)",
              List.of(
                  AVERAGE_SHARE,
                  Parameters.number(
                      "beta2",
                      0.999,
                      "a number above 0.6 and below 1",
                      v -> v > 0.6 && v < 1,
                      "Share of the mean square that is kept."),
                  EPSILON,
                  EPSILON_ROOT,
                  Parameters.choice(
                      "early",
                      "still",
                      List.of("still", "descent"),
                      "Before the variance is tractable: no step, or plain gradient descent."),
                  WARMUP,
                  WARMUP_FIRST,
                  STEP_POWER,
                  RATE_POWER,
                  WEIGHT_DECAY,
                  DECAY_AT),
              s -> {
                double early = s.text("early").equals("still") ? 0 : 1;
                Rectified rectified = new Rectified(s.number("beta2"), early);
                Chain scaling = only(meanSquare(s, true));
                return scheduleFree(s, List.of(new WhenTractable(rectified, scaling)), rectified);
              }),
          Map.of("learning-rate", 2.5e-3));

  static final Entry<Minimizer<?, ?>> PRODIGY =
      Rules.own(
          Rules.whole(
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
                  DistanceRules.FIRST,
                  Parameters.aboveZero("d-coef", 1.0, "Multiplies the estimate."),
                  DistanceRules.GROWTH,
                  Parameters.flag("bias-correction", false, "Adam's bias correction."),
                  Parameters.flag("safeguard-warmup", false, "For schedules with a warm-up."),
                  Parameters.integer(
                      "stride", 1, 1, "Every so many entries of a slice estimate the distance."),
                  WEIGHT_DECAY,
                  decay()),
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

  static final Entry<Minimizer<?, ?>> DADAPT_ADAM =
      Rules.own(
          Rules.whole(
              "dadapt-adam",
              "Adam that finds its own rate, by D-Adaptation",
              "Defazio and Mishchenko, ICML (2023)",
              List.of(
                  Parameters.share("beta1", 0.9, "Share of the running mean."),
                  Parameters.share("beta2", 0.999, "Share of the running mean square."),
                  EPSILON,
                  DistanceRules.FIRST,
                  DistanceRules.GROWTH,
                  Parameters.flag("bias-correction", false, "Adam's bias correction."),
                  WEIGHT_DECAY,
                  decay()),
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

  static final Entry<Minimizer<?, ?>> POLYAK =
      Rules.fixed(
              "polyak",
              "the step that a known minimum gives: (f − f*)/‖g‖²",
              "Polyak (1987); Loizou et al., AISTATS (2021)",
              1.0,
              List.of(
                  Parameters.aboveZero("scaling", 1.0, "Multiplies the step."),
                  Parameters.number(
                      "minimum", 0.0, "a number", v -> true, "f*, or a lower bound of it."),
                  Parameters.notNegative("epsilon", 0.0, "Added to the squared norm."),
                  Parameters.choice(
                      "beneath",
                      "stay",
                      List.of("stay", "retreat"),
                      "Below the minimum: no step, or one uphill (optax' sps)."),
                  Parameters.choice(
                      "norm-of",
                      "all",
                      List.of("all", "weights"),
                      "Whose gradient is measured: with weights, not that of biases and intercepts"
                          + " (scikit-learn's passive-aggressive steps).")),
              s ->
                  only(
                      new PolyakStep(
                          s.schedule("learning-rate").at(0),
                          s.number("scaling"),
                          s.number("minimum"),
                          s.number("epsilon"),
                          s.choice("beneath", PolyakStep.Beneath.class),
                          s.choice("norm-of", PolyakStep.Measured.class))))
          .in(OPTAX, Map.of("beneath", "retreat"))
          .in(SKLEARN, Map.of("norm-of", "weights"));

  static final Entry<Minimizer<?, ?>> HYPERGRADIENT =
      Rules.fixed(
          "hypergradient",
          "gradient descent whose rate follows its own gradient",
          "Almeida et al. (1998); Baydin et al., ICLR (2018); in multiplicative form",
          1e-3,
          List.of(
              Parameters.share("rate-beta", 0.02, "How fast the rate changes, a share a step.")),
          s ->
              only(
                  new HypergradientRate(s.schedule("learning-rate").at(0), s.number("rate-beta"))));

  static final Entry<Minimizer<?, ?>> BARZILAI_BORWEIN =
      Rules.fixed(
          "barzilai-borwein",
          "gradient descent by the steps of secants; full batch",
          "Barzilai and Borwein, IMA Journal of Numerical Analysis 8 (1988)",
          1e-3,
          List.of(
              Parameters.choice(
                  "secant",
                  "alternating",
                  List.of("long", "short", "alternating"),
                  "sᵀs/sᵀy, sᵀy/yᵀy, or these by turns."),
              Parameters.aboveZero("least-step", 1e-10, "Smallest step size."),
              Parameters.aboveZero("largest-step", 1e10, "Largest step size.")),
          s ->
              only(
                  new BarzilaiBorwein(
                      s.schedule("learning-rate").at(0),
                      s.number("least-step"),
                      s.number("largest-step"),
                      s.choice("secant", BarzilaiBorwein.Form.class))));

  /** The one whose steps are tried before they are taken. */
  static final String BACKTRACKS = "armijo";

  static final Entry<Minimizer<?, ?>> ARMIJO = armijo();

  private WholeRules() {}

  private static Entry<Minimizer<?, ?>> armijo() {
    Function<Settings, Chain> rule =
        s -> only(new ScaleByLearningRate(new Constant(s.schedule("learning-rate").at(0))));
    Entry<Minimizer<?, ?>> entry =
        Rules.fixed(
            BACKTRACKS,
            "gradient descent whose steps are tried on their own batch until it decreases enough",
            "Armijo, Pacific Journal of Mathematics 16 (1966); Vaswani et al., NeurIPS (2019)",
            1.0,
            List.of(
                share("decrease", 0.1, "Of the decrease that the slope promises, to be reached."),
                share("shrink", 0.7, "A step that is too long is multiplied by it."),
                Parameters.number(
                    "growth",
                    2.0,
                    "a number of at least 1",
                    v -> v >= 1,
                    "How many times the last step the first one tried is."),
                Parameters.integer(
                    "most-tried", 30, 1, "Steps tried before this one is left out.")),
            rule);
    return entry.made(
        s ->
            Rules.descent(
                s,
                rule,
                Estimate.OF_BATCHES,
                new Backtracking(
                    s.number("decrease"),
                    s.number("shrink"),
                    s.number("growth"),
                    Math.toIntExact(s.integer("most-tried")))));
  }

  private static Parameter share(String name, double byDefault, String meaning) {
    return Parameters.number(name, byDefault, "a number in (0, 1)", v -> v > 0 && v < 1, meaning);
  }

  /** Decay of the gradient, where there is any, then the rule. */
  static Chain decayed(Settings s, GradientTransform<?> rule) {
    double decay = s.number("weight-decay");
    return decay > 0 ? new AddDecayedWeights(decay).then(rule) : only(rule);
  }

  /** The same of a rule that has other conventions of decay beside it. */
  static Chain decayedByL2(Settings s, GradientTransform<?> rule) {
    return s.text("decay").equals("l2") ? decayed(s, rule) : only(rule);
  }

  /** A chain of one word. */
  static Chain only(GradientTransform<?> rule) {
    return Chain.of(List.of(rule));
  }

  private static Parameter decay() {
    return Parameters.choice(
        "decay",
        "decoupled",
        List.of("decoupled", "l2"),
        "Whether decay shrinks parameters by λ times the rate, or is added to the gradient.");
  }

  private static Prodigy.Correction correction(Settings s) {
    return s.flag("bias-correction") ? Prodigy.Correction.BIAS : Prodigy.Correction.NONE;
  }

  private static ScaleByRms meanSquare(Settings s, boolean corrected) {
    return new ScaleByRms(
        s.number("beta2"),
        s.number("epsilon"),
        s.number("epsilon-root"),
        corrected ? ScaleByRms.Form.CORRECTED : ScaleByRms.Form.UNCORRECTED,
        0,
        ScaleByRms.Centre.NONE);
  }

  /**
   * Around a scaling.
   *
   * @param factor of the rate
   */
  private static Chain scheduleFree(
      Settings s, List<GradientTransform<?>> scaling, Schedule factor) {
    Schedule given = s.schedule("learning-rate");
    Schedule rate = factor.equals(new Constant(1)) ? given : new Product(List.of(given, factor));
    Schedule weighing = rate;
    long warmup = s.integer("warmup");
    if (warmup > 0) {
      weighing = new WarmUp(rate, warmup, 1);
      rate = new WarmUp(rate, warmup, Math.toIntExact(s.integer("warmup-first")));
    }
    List<GradientTransform<?>> words = new ArrayList<>(scaling);
    boolean recovered = s.text("decay").equals("recovered");
    double decay = s.number("weight-decay");
    if (decay > 0 && !recovered) {
      words.add(new AddDecayedWeights(decay));
    }
    words.add(new ScaleByLearningRate(rate));
    return only(
        new ScheduleFree(
            s.number("beta"),
            weighing,
            s.number("step-power"),
            s.number("rate-power"),
            s.text("decay").equals("at-iterate")
                ? ScheduleFree.Seen.ITERATE
                : ScheduleFree.Seen.POINT,
            decay > 0 && recovered ? new Product(decay, given) : new Constant(0),
            Chain.of(words)));
  }

  private static Entry<Minimizer<?, ?>> svrg() {
    Function<Settings, Chain> rule = s -> Sentence.of(s, List.of(), List.of());
    Entry<Minimizer<?, ?>> entry =
        Rules.entry(
            VARIANCE_REDUCED,
            "gradient descent by batches whose noise goes to 0: a full gradient each so many steps",
            "Johnson and Zhang, NeurIPS (2013)",
            List.of(
                Parameters.integer(
                    "anchor",
                    null,
                    1,
                    "Steps m between two full gradients, such as two epochs; it costs a pass, and"
                        + " other steps two batches.")),
            rule);
    return entry.made(s -> Rules.descent(s, rule, new Estimate(s.integer("anchor")), null));
  }
}
