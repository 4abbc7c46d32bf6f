package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Rules.BETA1;
import static dev.talweg.optimizer.catalog.Rules.BETA2;
import static dev.talweg.optimizer.catalog.Rules.BOUND;
import static dev.talweg.optimizer.catalog.Rules.DECOUPLED;
import static dev.talweg.optimizer.catalog.Rules.EPSILON;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_IN_VARIANCE;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_OF_VARIANCE;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_ROOT;
import static dev.talweg.optimizer.catalog.Rules.LOOKING;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.Rules.decayedByL2;
import static dev.talweg.optimizer.catalog.Rules.entry;
import static dev.talweg.optimizer.catalog.Rules.form;
import static dev.talweg.optimizer.catalog.Rules.lazy;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.rule;
import static dev.talweg.optimizer.catalog.Rules.whole;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.HalfLife;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.schedule.WarmUp;
import dev.talweg.optimizer.transform.AddDifference;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Madgrad;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAcprop;
import dev.talweg.optimizer.transform.ScaleByAdabound;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAdamod;
import dev.talweg.optimizer.transform.ScaleByAdemamix;
import dev.talweg.optimizer.transform.ScaleByAdopt;
import dev.talweg.optimizer.transform.ScaleByDiffgrad;
import dev.talweg.optimizer.transform.ScaleByLaprop;
import dev.talweg.optimizer.transform.ScaleByPadam;
import dev.talweg.optimizer.transform.ScaleByQhadam;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScaleBySimplifiedAdemamix;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Kin of Adam whose moments differ: others, in another order, of other powers, or shared. */
final class MomentRules {
  static final Entry<Minimizer<?, ?>> ADOPT =
      scaling(
              "adopt",
              "Adam that divides by the mean square before, and converges for any beta2",
              "Taniguchi et al., NeurIPS (2024)",
              List.of(
                  BETA1,
                  Parameters.share("beta2", 0.9999, "Share of the mean square that is kept."),
                  Parameters.aboveZero("epsilon", 1e-6, "The root is at least this."),
                  Parameters.choice(
                      "limit",
                      "steps-before",
                      List.of("none", "steps-before", "steps"),
                      "Scaled entries are at most t^¼, where t counts the steps before this one, or"
                          + " this one too (pytorch_optimizer)."),
                  Parameters.flag("nesterov", false, "Look ahead along the mean.")),
              s ->
                  new ScaleByAdopt(
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("epsilon"),
                      s.choice("limit", ScaleByAdopt.Limit.class),
                      form(s)))
          .in(OPTAX, DECOUPLED);

  static final Entry<Minimizer<?, ?>> ADEMAMIX =
      rule(
              "ademamix",
              "Adam with a second mean that remembers tens of thousands of gradients",
              "Pagliardini, Ablin and Grangier, ICLR (2025)",
              List.of(
                  BETA1,
                  BETA2,
                  Parameters.share("beta3", 0.9999, "Share of the slow mean that is kept."),
                  Parameters.notNegative("alpha", 5.0, "Weight of the slow mean."),
                  Parameters.integer(
                      "warmup",
                      0,
                      0,
                      "Steps in which alpha grows from 0 and beta3 from beta1; 0 is off."),
                  EPSILON,
                  EPSILON_ROOT),
              MomentRules::ademamix)
          .in(OPTAX, DECOUPLED);

  static final Entry<Minimizer<?, ?>> SIMPLIFIED_ADEMAMIX =
      own(
              rule(
                  "simplified-ademamix",
                  "one long sum of gradients and the gradient itself, scaled as Adam's mean is",
                  "Morwani et al., arXiv 2502.02431 (2025)",
                  List.of(
                      Parameters.shareOrSchedule("beta1", 0.99, "Share of the sum that is kept."),
                      Parameters.share("beta2", 0.95, "Share of the mean square that is kept."),
                      Parameters.notNegative("alpha", 0.0, "Weight of the gradient."),
                      Parameters.choice(
                          "velocity",
                          "sum",
                          List.of("sum", "mean"),
                          "The sum of gradients, or their running mean (pytorch_optimizer)."),
                      Parameters.choice(
                          "correction",
                          "once",
                          List.of("once", "twice"),
                          "Whether the mean square's correction divides the step once more"
                              + " (pytorch_optimizer)."),
                      EPSILON,
                      EPSILON_ROOT),
                  s ->
                      new ScaleBySimplifiedAdemamix(
                          s.schedule("beta1"),
                          s.number("beta2"),
                          s.number("alpha"),
                          s.number("epsilon"),
                          s.number("epsilon-root"),
                          s.choice("velocity", ScaleBySimplifiedAdemamix.Velocity.class),
                          s.choice("correction", ScaleBySimplifiedAdemamix.Correction.class))),
              Map.of("learning-rate", 1e-4))
          .in(OPTAX, DECOUPLED);

  static final Entry<Minimizer<?, ?>> ACPROP =
      scaling(
              "acprop",
              "the gradient over the root of the variance before it",
              "Zhuang et al., NeurIPS (2021)",
              List.of(BETA1, BETA2, EPSILON_OF_VARIANCE, EPSILON_IN_VARIANCE),
              s ->
                  new ScaleByAcprop(
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("epsilon"),
                      s.number("epsilon-root")))
          .in(OPTAX, DECOUPLED);

  private static final Parameter ALPHA =
      Parameters.aboveZero("alpha", 1.0, "Weight of the gradient, or of its scaled mean.");
  private static final Parameter OPTIMISM =
      Parameters.notNegative("optimism", 1.0, "Weight of its last change, guessed to come again.");

  static final Entry<Minimizer<?, ?>> OPTIMISTIC_SGD =
      scaling(
              "optimistic-sgd",
              "gradient descent that guesses the gradient to change as it did last",
              "Popov, Mathematical Notes 28 (1980); Rakhlin and Sridharan, NeurIPS (2013)",
              List.of(ALPHA, OPTIMISM),
              MomentRules::optimistic)
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> OPTIMISTIC_ADAM =
      scaling(
              "optimistic-adam",
              "Adam that guesses its step to change as it did last",
              "Daskalakis et al., ICLR (2018)",
              List.of(ALPHA, OPTIMISM, BETA1, BETA2, EPSILON, EPSILON_ROOT, LOOKING),
              s ->
                  new ScaleByAdam(
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.number("epsilon-root"),
                          Epsilon.CORRECTED,
                          s.choice("mean", ScaleByAdam.Mean.class))
                      .then(optimistic(s)))
          .in(OPTAX, Map.of("mean", "nesterov"));

  static final Entry<Minimizer<?, ?>> LAPROP =
      own(
          rule(
              "laprop",
              "the mean of scaled gradients, where Adam scales their mean",
              "Ziyin, Wang and Ueda, arXiv 2002.04839 (2020)",
              List.of(
                  BETA1,
                  BETA2,
                  Parameters.aboveZero(
                      "epsilon", 1e-15, "Added to the root, in units of the gradient."),
                  EPSILON_ROOT,
                  Parameters.flag("centered", false, "Subtract the squared mean: a variance."),
                  Parameters.integer("centered-after", 10, 0, "The last step without a centre."),
                  BOUND),
              s ->
                  new ScaleByLaprop(
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.number("epsilon-root"),
                          s.flag("centered") ? ScaleByRms.Centre.MEAN : ScaleByRms.Centre.NONE,
                          s.integer("centered-after"),
                          s.choice("bound", Bound.class))
                      .then(
                          new Ema(
                              s.number("beta1"), Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL))),
          Map.of("learning-rate", 4e-4));

  static final Entry<Minimizer<?, ?>> DIFFGRAD =
      rule(
          "diffgrad",
          "Adam with a friction where the gradient does not change",
          "Dubey et al., IEEE TNNLS 31 (2020)",
          List.of(
              BETA1,
              Parameters.number(
                  "beta2",
                  0.999,
                  "a number above 0.6 and below 1",
                  v -> v > 0.6 && v < 1,
                  "Share of the running mean square that is kept."),
              EPSILON,
              EPSILON_ROOT,
              BOUND,
              Parameters.choice(
                  "start",
                  "at-once",
                  List.of("at-once", "momentum", "still"),
                  "Whether adaptive steps wait until their variance is tractable, as RAdam's, and"
                      + " what is before: plain momentum, or no step."),
              Parameters.number(
                  "threshold",
                  5.0,
                  "a number of at least 4",
                  v -> v >= 4,
                  "Length of the average from which on steps that wait are adaptive.")),
          s ->
              new ScaleByDiffgrad(
                  s.number("beta1"),
                  s.number("beta2"),
                  s.number("epsilon"),
                  s.number("epsilon-root"),
                  s.choice("bound", Bound.class),
                  s.choice("start", ScaleByDiffgrad.Start.class),
                  s.number("threshold")));

  static final Entry<Minimizer<?, ?>> ADABOUND =
      rule(
          "adabound",
          "Adam whose rates close on one rate: gradient descent in the end",
          "Luo et al., ICLR (2019)",
          List.of(
              BETA1,
              BETA2,
              EPSILON,
              EPSILON_ROOT,
              Parameters.aboveZero(
                  "last-rate", 100.0, "The rate of the end, in multiples of the learning rate."),
              Parameters.aboveZero("gamma", 1e-3, "How fast the bounds close."),
              BOUND),
          s ->
              new ScaleByAdabound(
                  s.number("beta1"),
                  s.number("beta2"),
                  s.number("epsilon"),
                  s.number("epsilon-root"),
                  s.number("last-rate"),
                  s.number("gamma"),
                  s.choice("bound", Bound.class)));

  static final Entry<Minimizer<?, ?>> ADAMOD =
      entry(
          "adamod",
          "Adam whose rates are at most their own running mean",
          "Ding, Ren, Luo and Sun, arXiv 1910.12249 (2019)",
          lazy(
              List.of(
                  BETA1,
                  Parameters.share("beta2", 0.99, "Share of the mean square that is kept."),
                  Parameters.share("beta3", 0.9999, "Share of the mean rate that is kept."),
                  EPSILON)),
          s ->
              Sentence.of(
                  s,
                  new Constant(1),
                  List.of(
                      new ScaleByAdamod(
                          s.schedule("learning-rate"),
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("beta3"),
                          s.number("epsilon"))),
                  List.of()));

  static final Entry<Minimizer<?, ?>> PADAM =
      own(
          rule(
              "padam",
              "partially adaptive: between gradient descent and Adam",
              "Chen et al., IJCAI (2020)",
              List.of(
                  BETA1,
                  BETA2,
                  EPSILON,
                  Parameters.number(
                      "partial",
                      0.25,
                      "a number above 0 and at most 1",
                      v -> v > 0 && v <= 1,
                      "Power of the mean square that divides; ½ is Adam's.")),
              s ->
                  new ScaleByPadam(
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("epsilon"),
                      s.number("partial"))),
          Map.of("learning-rate", 0.1));

  static final Entry<Minimizer<?, ?>> QHADAM =
      rule(
          "qhadam",
          "Adam whose moments are mixed with the gradient's own",
          "Ma and Yarats, ICLR (2019)",
          List.of(
              Parameters.shareOrSchedule("beta1", 0.9, "Share of the running mean that is kept."),
              Parameters.shareOrSchedule(
                  "beta2", 0.999, "Share of the running mean square that is kept."),
              Parameters.upToOne(
                  "nu1", 1.0, "Share of the mean above the root; the rest is the gradient's."),
              Parameters.upToOne(
                  "nu2",
                  1.0,
                  "Share of the mean square within the root; the rest is the gradient's."),
              EPSILON),
          s ->
              new ScaleByQhadam(
                  s.schedule("beta1"),
                  s.schedule("beta2"),
                  s.number("nu1"),
                  s.number("nu2"),
                  s.number("epsilon")));

  static final Entry<Minimizer<?, ?>> MADGRAD =
      own(
              whole(
                  "madgrad",
                  "dual averaging with the cube root of squares: good for sparse features",
                  "Defazio and Jelassi, JMLR 23 (2022)",
                  List.of(
                      Parameters.share("momentum", 0.9, "Share of the parameters that is kept."),
                      Parameters.notNegative("epsilon", 1e-6, "Added to the rate and to the root."),
                      WEIGHT_DECAY,
                      Parameters.choice(
                          "decay",
                          "l2",
                          List.of("l2", "decoupled"),
                          "Whether λ x is added to the gradient, or shrinks x beside the step.")),
                  s -> {
                    boolean l2 = s.text("decay").equals("l2");
                    Madgrad rule =
                        new Madgrad(
                            s.schedule("learning-rate"),
                            s.number("momentum"),
                            s.number("epsilon"),
                            l2 ? 0 : s.number("weight-decay"));
                    return decayedByL2(s, rule);
                  }),
              Map.of("learning-rate", 1e-2))
          .in(OPTAX, Map.of());

  private MomentRules() {}

  /** A rule that scales the gradient, and is of no use where only some entries have one. */
  private static Entry<Minimizer<?, ?>> scaling(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, GradientTransform<?>> scaling) {
    return entry(
        name,
        summary,
        reference,
        parameters,
        s -> Sentence.of(s, List.of(scaling.apply(s)), List.of()));
  }

  private static AddDifference optimistic(Settings s) {
    return new AddDifference(s.number("alpha"), s.number("optimism"), AddDifference.First.NONE);
  }

  private static ScaleByAdemamix ademamix(Settings s) {
    Schedule beta3 = new Constant(s.number("beta3"));
    Schedule alpha = new Constant(s.number("alpha"));
    long warmup = s.integer("warmup");
    return new ScaleByAdemamix(
        s.number("beta1"),
        s.number("beta2"),
        warmup == 0 ? beta3 : new HalfLife(s.number("beta1"), s.number("beta3"), warmup),
        warmup == 0 ? alpha : new WarmUp(alpha, warmup, 1),
        s.number("epsilon"),
        s.number("epsilon-root"));
  }
}
