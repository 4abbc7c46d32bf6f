package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.MATLAB;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Like.SKLEARN;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;

import dev.talweg.optimizer.minimizer.Backtracking;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Estimate;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdabelief;
import dev.talweg.optimizer.transform.ScaleByAdadelta;
import dev.talweg.optimizer.transform.ScaleByAdagrad;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAdamax;
import dev.talweg.optimizer.transform.ScaleByAdan;
import dev.talweg.optimizer.transform.ScaleByAmsgrad;
import dev.talweg.optimizer.transform.ScaleByLion;
import dev.talweg.optimizer.transform.ScaleByNadam;
import dev.talweg.optimizer.transform.ScaleByRectifiedAdam;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScaleBySign;
import dev.talweg.optimizer.transform.ScaleByYogi;
import dev.talweg.optimizer.transform.TruncateByLasso;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first-order rules: what a rule is made of, its parameters, and by library the defaults and
 * conventions that differ. A convention is a parameter like any other, so what {@code like} chose
 * stands in {@code run.json} and can be written alone.
 */
final class Rules {
  static final Parameter BETA1 =
      Parameters.share("beta1", 0.9, "Share of the running mean that is kept.");
  static final Parameter BETA2 =
      Parameters.share("beta2", 0.999, "Share of the running mean square that is kept.");
  static final Parameter EPSILON =
      Parameters.aboveZero(
          "epsilon", 1e-8, "Added to the root mean square, in units of the gradient.");
  static final Parameter EPSILON_FORM =
      Parameters.choice(
          "epsilon-form",
          "corrected",
          List.of("corrected", "hat", "uncorrected"),
          "Whether epsilon is added after the bias correction or before it (Kingma and Ba's ε̂), or"
              + " nothing is corrected (MATLAB's documentation).");
  private static final Parameter MEAN =
      Parameters.choice(
          "mean",
          "plain",
          List.of("plain", "nesterov", "nesterov-one-correction"),
          "What stands above the root: the mean, or Nesterov's as in optax or in TensorFlow.");

  static final Parameter LOOKING =
      Parameters.choice(
          "mean",
          "plain",
          List.of("plain", "nesterov"),
          "What stands above the root: the mean, or Nesterov's as in optax.");

  static final Parameter EPSILON_ROOT =
      Parameters.notNegative("epsilon-root", 0.0, "Added inside of the root.");
  static final Parameter BOUND =
      Parameters.choice(
          "bound",
          "current",
          List.of("current", "largest"),
          "Whether the largest mean square so far divides, as in AMSGrad.");
  static final Parameter WEIGHT_DECAY =
      Parameters.notNegative("weight-decay", 0.0, "Pull λ of all parameters to 0.");

  static final Map<String, Object> DECOUPLED = Map.of("decay", "decoupled");

  /** Of rules whose steps are sums of gradients. */
  static final String TRUNCATED_L1 = "truncated-l1";

  static final List<Entry<Minimizer<?, ?>>> ENTRIES =
      List.of(
          velocity(
              "sgd",
              "stochastic gradient descent: x − η g, with momentum where it is asked for",
              "Robbins and Monro, Annals of Mathematical Statistics 22 (1951)",
              0),
          velocity(
              "momentum",
              "gradient descent with a velocity: v ← μ v + g, x − η v",
              "Polyak, USSR Computational Mathematics 4 (1964); Nesterov's form as in PyTorch",
              0.9),
          adam("adam", "steps scaled by running moments of each gradient entry", 0.0, "l2")
              .in(PYTORCH, Map.of())
              .in(KERAS, Map.of("epsilon", 1e-7, "epsilon-form", "hat", "decay", "decoupled"))
              .in(TENSORFLOW, Map.of("epsilon-form", "hat"))
              .in(OPTAX, Map.of("decay", "decoupled"))
              .in(SKLEARN, Map.of("epsilon-form", "hat"))
              .in(MATLAB, Map.of()),
          adam("adamw", "Adam with decay that does not pass through the moments", 1e-2, "decoupled")
              .in(PYTORCH, Map.of())
              .in(KERAS, Map.of("epsilon", 1e-7, "epsilon-form", "hat", "weight-decay", 4e-3))
              .in(OPTAX, Map.of("weight-decay", 1e-4)),
          rule(
                  "amsgrad",
                  "Adam whose root mean square never falls",
                  "Reddi, Kale and Kumar, ICLR (2018)",
                  List.of(
                      BETA1,
                      BETA2,
                      EPSILON,
                      EPSILON_FORM,
                      Parameters.choice(
                          "maximum",
                          "raw",
                          List.of("raw", "corrected", "never-corrected"),
                          "Whether the maximum is of raw squares, corrected after, of corrected"
                              + " ones, or of raw ones for good."),
                      Parameters.choice(
                          "mean-correction",
                          "corrected",
                          List.of("corrected", "none"),
                          "Whether the mean is bias-corrected.")),
                  s ->
                      new ScaleByAmsgrad(
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.choice("epsilon-form", Epsilon.class),
                          s.choice("maximum", ScaleByAmsgrad.Maximum.class),
                          s.choice("mean-correction", ScaleByAmsgrad.MeanCorrection.class)))
              .in(PYTORCH, Map.of())
              .in(KERAS, Map.of("epsilon", 1e-7, "epsilon-form", "hat", "decay", "decoupled"))
              .in(TENSORFLOW, Map.of("epsilon-form", "hat"))
              .in(OPTAX, Map.of("maximum", "corrected")),
          rule(
                  "nadam",
                  "Adam that looks ahead, with a schedule of its momentum",
                  "Dozat, ICLR workshop (2016)",
                  List.of(
                      BETA1,
                      BETA2,
                      EPSILON,
                      Parameters.choice(
                          "momentum-schedule",
                          "dozat",
                          List.of("dozat", "none"),
                          "β₁(1 − 0.96^{tψ}/2) with ψ = momentum-decay, or β₁ as in optax."),
                      Parameters.notNegative(
                          "momentum-decay", 4e-3, "Decay ψ of the momentum's schedule.")),
                  s ->
                      s.text("momentum-schedule").equals("dozat")
                          ? new ScaleByNadam(
                              s.number("beta1"),
                              s.number("beta2"),
                              s.number("epsilon"),
                              s.number("momentum-decay"))
                          : new ScaleByAdam(
                              s.number("beta1"),
                              s.number("beta2"),
                              s.number("epsilon"),
                              0,
                              Epsilon.CORRECTED,
                              ScaleByAdam.Mean.NESTEROV))
              .in(PYTORCH, Map.of("learning-rate", 2e-3))
              .in(KERAS, Map.of("epsilon", 1e-7, "momentum-decay", 1.0, "decay", "decoupled"))
              .in(OPTAX, Map.of("momentum-schedule", "none", "decay", "decoupled")),
          rule(
                  "radam",
                  "Adam that waits until its variance is tractable",
                  "Liu et al., ICLR (2020)",
                  rectified(
                      Parameters.choice(
                          "early",
                          "momentum",
                          List.of("momentum", "still"),
                          "Before that: plain momentum, or no step.")),
                  Rules::rectifiedAdam)
              .in(PYTORCH, Map.of())
              .in(OPTAX, Map.of("epsilon-form", "corrected")),
          rule(
                  "adamax",
                  "Adam in the infinity norm",
                  "Kingma and Ba, ICLR (2015), section 7.1",
                  List.of(
                      BETA1,
                      BETA2,
                      EPSILON,
                      Parameters.choice(
                          "floor",
                          "in-maximum",
                          List.of("in-maximum", "in-denominator"),
                          "Where epsilon stands.")),
                  s ->
                      new ScaleByAdamax(
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.choice("floor", ScaleByAdamax.Floor.class)))
              .in(PYTORCH, Map.of("learning-rate", 2e-3))
              .in(KERAS, Map.of("epsilon", 1e-7, "floor", "in-denominator", "decay", "decoupled"))
              .in(TENSORFLOW, Map.of("floor", "in-denominator"))
              .in(OPTAX, DECOUPLED),
          rms(),
          rule(
                  "adagrad",
                  "steps scaled by the root of all squares so far",
                  "Duchi, Hazan and Singer, JMLR 12 (2011)",
                  List.of(
                      Parameters.notNegative(
                          "initial-accumulator", 0.0, "The sum of squares before the first step."),
                      Parameters.notNegative("epsilon", 1e-10, "Keeps the root from 0."),
                      Parameters.choice(
                          "epsilon-form",
                          "uncorrected",
                          List.of("uncorrected", "inside"),
                          "Whether epsilon is added to the root or inside of it.")),
                  s ->
                      new ScaleByAdagrad(
                          s.number("initial-accumulator"),
                          s.number("epsilon"),
                          s.choice("epsilon-form", Epsilon.class)))
              .in(PYTORCH, Map.of("learning-rate", 1e-2))
              .in(
                  KERAS,
                  Map.of(
                      "initial-accumulator",
                      0.1,
                      "epsilon",
                      1e-7,
                      "epsilon-form",
                      "inside",
                      "decay",
                      "decoupled"))
              .in(TENSORFLOW, Map.of("initial-accumulator", 0.1, "epsilon", 0.0))
              .in(
                  OPTAX,
                  Map.of("initial-accumulator", 0.1, "epsilon", 1e-7, "epsilon-form", "inside")),
          rule(
                  "adadelta",
                  "steps in units of the steps before",
                  "Zeiler, arXiv 1212.5701 (2012)",
                  List.of(
                      Parameters.share("decay-rate", 0.9, "Share of both averages that is kept."),
                      Parameters.aboveZero("epsilon", 1e-6, "Sets the size of the first steps.")),
                  s -> new ScaleByAdadelta(s.number("decay-rate"), s.number("epsilon")))
              .in(PYTORCH, Map.of("learning-rate", 1.0))
              .in(KERAS, Map.of("decay-rate", 0.95, "epsilon", 1e-7, "decay", "decoupled"))
              .in(TENSORFLOW, Map.of("decay-rate", 0.95, "epsilon", 1e-8))
              .in(OPTAX, Map.of("learning-rate", 1.0)),
          rule(
                  "lion",
                  "the sign of an interpolated momentum",
                  "Chen et al., NeurIPS (2023)",
                  List.of(
                      Parameters.share("beta1", 0.9, "Share of the momentum in the sign."),
                      Parameters.share("beta2", 0.99, "Share of the momentum that is kept.")),
                  s -> new ScaleByLion(s.number("beta1"), s.number("beta2")))
              .in(KERAS, DECOUPLED)
              .in(OPTAX, Map.of("weight-decay", 1e-3, "decay", "decoupled")),
          rule(
                  "sign-sgd",
                  "the sign of the gradient, or of its momentum (Signum, Tiger)",
                  "Bernstein et al., ICML (2018)",
                  List.of(Parameters.share("momentum", 0.0, "Share of the velocity that is kept.")),
                  s ->
                      s.number("momentum") == 0
                          ? new ScaleBySign()
                          : new Momentum(s.number("momentum"), Momentum.Form.HEAVY_BALL)
                              .then(new ScaleBySign()))
              .in(OPTAX, Map.of()),
          rule(
                  "adabelief",
                  "Adam with the variance around the mean",
                  "Zhuang et al., NeurIPS (2020)",
                  List.of(
                      BETA1,
                      BETA2,
                      Parameters.aboveZero(
                          "epsilon", 1e-16, "Added to the root, in units of the gradient."),
                      Parameters.notNegative(
                          "epsilon-root", 1e-16, "Added to the variance at every step."),
                      LOOKING,
                      Parameters.choice(
                          "bound",
                          "current",
                          List.of("current", "largest"),
                          "Whether the largest variance so far divides, as in AMSGrad."),
                      Parameters.choice(
                          "start",
                          "at-once",
                          List.of("at-once", "rectified"),
                          "Whether adaptive steps wait until their variance is tractable.")),
                  s ->
                      new ScaleByAdabelief(
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.number("epsilon-root"),
                          s.choice("mean", ScaleByAdam.Mean.class),
                          s.choice("bound", Bound.class),
                          s.choice("start", ScaleByAdabelief.Start.class)))
              .in(OPTAX, Map.of()),
          rule(
                  "yogi",
                  "Adam whose mean square moves by bounded steps",
                  "Zaheer et al., NeurIPS (2018)",
                  List.of(
                      BETA1,
                      BETA2,
                      Parameters.aboveZero(
                          "epsilon", 1e-3, "Added to the root, in units of the gradient."),
                      Parameters.notNegative(
                          "initial-accumulator", 1e-6, "The mean square before the first step."),
                      Parameters.notNegative(
                          "initial-mean", 0.0, "The mean before the first step.")),
                  s ->
                      new ScaleByYogi(
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("epsilon"),
                          s.number("initial-accumulator"),
                          s.number("initial-mean")))
              .in(OPTAX, Map.of("initial-mean", 1e-6)),
          rule(
                  "adan",
                  "Adam with the difference of gradients as a third moment",
                  "Xie et al., arXiv 2208.06677 (2022)",
                  List.of(
                      Parameters.share("beta1", 0.98, "Share of the mean that is kept."),
                      Parameters.share("beta2", 0.92, "Share of the mean difference."),
                      Parameters.share("beta3", 0.99, "Share of the mean square."),
                      EPSILON,
                      EPSILON_ROOT,
                      Parameters.choice(
                          "difference",
                          "paper",
                          List.of("paper", "optax"),
                          "The weight of the difference: beta2, or 1 − beta2 as in optax."),
                      Parameters.choice(
                          "first-gradient",
                          "used",
                          List.of("used", "kept"),
                          "Whether moments begin with it, or it is only kept for the first"
                              + " difference (adan-pytorch).")),
                  s ->
                      new ScaleByAdan(
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("beta3"),
                          s.number("epsilon"),
                          s.number("epsilon-root"),
                          s.choice("difference", ScaleByAdan.Difference.class),
                          s.choice("first-gradient", ScaleByAdan.First.class)))
              .in(OPTAX, Map.of("epsilon-root", 1e-8, "difference", "optax", "decay", "decoupled")),
          MomentumRules.AGGMO,
          MomentumRules.QHM,
          MomentumRules.PID,
          MomentumRules.ACC_SGD,
          MomentumRules.NORMALIZED,
          MomentumRules.ADD_SIGN,
          MomentumRules.POWER_SIGN,
          MomentumRules.SGDP,
          MomentumRules.ADAMP,
          MomentumRules.SWATS,
          MomentumRules.RANGER,
          MomentumRules.ADGD,
          ProximalRules.SGD,
          ProximalRules.ADAGRAD,
          ProximalRules.DUAL_AVERAGING,
          MomentRules.ADOPT,
          MomentRules.ADEMAMIX,
          MomentRules.SIMPLIFIED_ADEMAMIX,
          MomentRules.ACPROP,
          MomentRules.OPTIMISTIC_SGD,
          MomentRules.OPTIMISTIC_ADAM,
          MomentRules.LAPROP,
          MomentRules.DIFFGRAD,
          MomentRules.ADABOUND,
          MomentRules.ADAMOD,
          MomentRules.PADAM,
          MomentRules.QHADAM,
          MomentRules.MADGRAD,
          MomentRules.SM3,
          MomentRules.FROMAGE,
          WholeRules.SVRG,
          LayerRules.LAMB,
          LayerRules.LARS,
          LayerRules.NOVOGRAD,
          LayerRules.ADAFACTOR,
          LayerRules.MUON,
          MatrixRules.CAME,
          MatrixRules.SHAMPOO,
          MatrixRules.SCALABLE_SHAMPOO,
          MatrixRules.SOAP,
          MatrixRules.GALORE,
          WholeRules.FTRL,
          WholeRules.RPROP,
          WholeRules.ASGD,
          WholeRules.SCHEDULE_FREE_SGD,
          WholeRules.SCHEDULE_FREE_ADAMW,
          WholeRules.SCHEDULE_FREE_RADAM,
          WholeRules.PRODIGY,
          WholeRules.DADAPT_ADAM,
          DistanceRules.SGD,
          DistanceRules.ADAGRAD,
          DistanceRules.LION,
          DistanceRules.ADAN,
          AdaptiveRules.ADANORM,
          AdaptiveRules.ADAPNM,
          AdaptiveRules.ADASMOOTH,
          AdaptiveRules.AVAGRAD,
          AdaptiveRules.STABLE_ADAMW,
          AdaptiveRules.GRAMS,
          AdaptiveRules.ADAI,
          AdaptiveRules.KATE,
          AdaptiveRules.MSVAG,
          AdaptiveRules.AMOS,
          AdaptiveRules.ADAGC,
          AdaptiveRules.TAM,
          AdaptiveRules.ADATAM,
          AdaptiveRules.MARS,
          DistanceRules.DOG,
          DistanceRules.DOWG,
          DistanceRules.COCOB,
          DistanceRules.MOMO,
          DistanceRules.MOMO_ADAM,
          CurvatureRules.SOPHIA,
          WholeRules.POLYAK,
          WholeRules.HYPERGRADIENT,
          WholeRules.BARZILAI_BORWEIN,
          WholeRules.ARMIJO);

  private Rules() {}

  /** Whether its steps are sums of gradients, at a rate: rules with a choice of velocity alone. */
  static boolean isOfGradients(Entry<?> rule) {
    return rule.parameters().stream().anyMatch(p -> p.name().equals("dampening"));
  }

  private static Entry<Minimizer<?, ?>> velocity(
      String name, String summary, String reference, double momentum) {
    List<Parameter> parameters =
        List.of(
            Parameters.shareOrSchedule(
                "momentum", momentum, "Share μ of the velocity that is kept."),
            Parameters.upToOne(
                "dampening", 0.0, "Share of the gradient that does not enter the velocity."),
            Parameters.flag("nesterov", false, "Look ahead along the velocity: x − η (g + μ v)."),
            Parameters.choice(
                "velocity",
                "of-gradients",
                List.of("of-gradients", "of-steps"),
                "Whether the rate is applied after the velocity (PyTorch) or before it (Keras);"
                    + " they differ where the rate changes."),
            Parameters.notNegative(
                TRUNCATED_L1,
                0.0,
                "Pull λ₁ of parameters to exactly 0 that every one pays once, whatever the noise"
                    + " (Tsuruoka, Tsujii and Ananiadou 2009)."));
    Entry<Minimizer<?, ?>> entry =
        entry(
            name,
            summary,
            reference,
            lazy(parameters),
            s -> {
              List<GradientTransform<?>> before = new ArrayList<>();
              List<GradientTransform<?>> after = new ArrayList<>();
              Schedule share = s.schedule("momentum");
              if (!share.equals(new Constant(0))) {
                Momentum velocity = new Momentum(share, s.number("dampening"), form(s));
                (s.text("velocity").equals("of-steps") ? after : before).add(velocity);
              }
              Chain rule = Sentence.of(s, before, after);
              double l1 = s.number(TRUNCATED_L1);
              return l1 > 0
                  ? rule.then(new TruncateByLasso(new Product(l1, s.schedule("learning-rate"))))
                  : rule;
            });
    return entry
        .in(PYTORCH, Map.of())
        .in(KERAS, Map.of("learning-rate", 1e-2, "velocity", "of-steps", "decay", "decoupled"))
        .in(TENSORFLOW, Map.of())
        .in(OPTAX, Map.of())
        .in(SKLEARN, Map.of("velocity", "of-steps"))
        .in(MATLAB, Map.of("learning-rate", 1e-2, "velocity", "of-steps"));
  }

  private static Entry<Minimizer<?, ?>> adam(
      String name, String summary, double decay, String convention) {
    Entry<Minimizer<?, ?>> entry =
        rule(
            name,
            summary,
            decay == 0 ? "Kingma and Ba, ICLR (2015)" : "Loshchilov and Hutter, ICLR (2019)",
            List.of(
                BETA1,
                BETA2,
                EPSILON,
                EPSILON_FORM,
                Parameters.notNegative(
                    "epsilon-root", 0.0, "Added inside of the root, in squared units."),
                MEAN),
            s ->
                new ScaleByAdam(
                    s.number("beta1"),
                    s.number("beta2"),
                    s.number("epsilon"),
                    s.number("epsilon-root"),
                    s.choice("epsilon-form", Epsilon.class),
                    s.choice("mean", ScaleByAdam.Mean.class)));
    return own(entry, Map.of("weight-decay", decay, "decay", convention));
  }

  /** Of a velocity. */
  static Momentum.Form form(Settings s) {
    return s.flag("nesterov") ? Momentum.Form.NESTEROV : Momentum.Form.HEAVY_BALL;
  }

  /** Parameters of RAdam, with what it does before its variance is tractable. */
  static List<Parameter> rectified(Parameter early) {
    return List.of(
        BETA1,
        BETA2,
        EPSILON,
        Parameters.choice(
            "epsilon-form",
            "hat",
            List.of("corrected", "hat"),
            "Whether epsilon is added after the bias correction or before it."),
        Parameters.number(
            "threshold",
            5.0,
            "a number of at least 4",
            value -> value >= 4,
            "Length of the average from which on steps are adaptive."),
        early,
        LOOKING);
  }

  static ScaleByRectifiedAdam rectifiedAdam(Settings s) {
    return new ScaleByRectifiedAdam(
        s.number("beta1"),
        s.number("beta2"),
        s.number("epsilon"),
        s.choice("epsilon-form", Epsilon.class),
        s.number("threshold"),
        s.choice("early", ScaleByRectifiedAdam.Early.class),
        s.choice("mean", ScaleByAdam.Mean.class));
  }

  /** With other defaults than the common ones. */
  static Entry<Minimizer<?, ?>> own(Entry<Minimizer<?, ?>> entry, Map<String, Object> defaults) {
    List<Parameter> parameters =
        entry.parameters().stream()
            .map(p -> defaults.containsKey(p.name()) ? p.withDefault(defaults.get(p.name())) : p)
            .toList();
    return new Entry<>(
        entry.name(), entry.summary(), entry.reference(), parameters, entry.factory());
  }

  private static Entry<Minimizer<?, ?>> rms() {
    List<Parameter> parameters =
        List.of(
            Parameters.share("decay-rate", 0.99, "Share ρ of the mean square that is kept."),
            Parameters.aboveZero("epsilon", 1e-8, "Keeps the root from 0."),
            Parameters.choice(
                "epsilon-form",
                "uncorrected",
                List.of("uncorrected", "inside", "corrected", "inside-corrected"),
                "Whether epsilon is added to the root or inside of it, and whether the mean square"
                    + " is bias-corrected."),
            Parameters.notNegative(
                "initial-accumulator", 0.0, "The mean square before the first step."),
            Parameters.flag("centered", false, "Subtract the squared mean: a variance."),
            Parameters.share("momentum", 0.0, "Share of the velocity that is kept."),
            Parameters.flag("nesterov", false, "Look ahead along the velocity."),
            Parameters.choice(
                "velocity",
                "of-gradients",
                List.of("of-gradients", "of-steps"),
                "Whether the rate is applied after the velocity (PyTorch) or before it (all"
                    + " others)."));
    return entry(
            "rmsprop",
            "steps scaled by the root of a running mean square",
            "Tieleman and Hinton, Coursera (2012); Graves, arXiv 1308.0850 (2013)",
            lazy(parameters),
            s -> {
              List<GradientTransform<?>> before = new ArrayList<>();
              List<GradientTransform<?>> after = new ArrayList<>();
              before.add(
                  new ScaleByRms(
                      s.number("decay-rate"),
                      s.number("epsilon"),
                      s.choice("epsilon-form", ScaleByRms.Form.class),
                      s.number("initial-accumulator"),
                      s.flag("centered") ? ScaleByRms.Centre.MEAN : ScaleByRms.Centre.NONE));
              if (s.number("momentum") > 0) {
                Momentum velocity = new Momentum(s.number("momentum"), form(s));
                (s.text("velocity").equals("of-steps") ? after : before).add(velocity);
              }
              return Sentence.of(s, before, after);
            })
        .in(PYTORCH, Map.of("learning-rate", 1e-2))
        .in(
            KERAS,
            Map.of(
                "decay-rate", 0.9,
                "epsilon", 1e-7,
                "epsilon-form", "inside",
                "velocity", "of-steps",
                "decay", "decoupled"))
        .in(
            TENSORFLOW,
            Map.of(
                "decay-rate", 0.9,
                "epsilon", 1e-10,
                "epsilon-form", "inside",
                "initial-accumulator", 1.0,
                "velocity", "of-steps"))
        .in(OPTAX, Map.of("decay-rate", 0.9, "epsilon-form", "inside", "velocity", "of-steps"))
        .in(MATLAB, Map.of("decay-rate", 0.9));
  }

  /** A rule that scales the gradient before the rate. */
  static Entry<Minimizer<?, ?>> rule(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, GradientTransform<?>> scaling) {
    return entry(
        name,
        summary,
        reference,
        lazy(parameters),
        s -> Sentence.of(s, List.of(scaling.apply(s)), List.of()));
  }

  /** Of a rule of single entries. */
  static List<Parameter> lazy(List<Parameter> parameters) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.add(Sentence.LAZY);
    return all;
  }

  /** A rule with decay in one of the conventions. */
  static Entry<Minimizer<?, ?>> entry(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.addAll(Sentence.DECAYS);
    return whole(name, summary, reference, all, chain);
  }

  /** A rule whose rate is a number. */
  static Entry<Minimizer<?, ?>> fixed(
      String name,
      String summary,
      String reference,
      double rate,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    Entry<Minimizer<?, ?>> entry = whole(name, summary, reference, parameters, chain);
    List<Parameter> all = new ArrayList<>(entry.parameters());
    all.set(0, Sentence.fixedRate(rate));
    return new Entry<>(name, summary, reference, List.copyOf(all), entry.factory());
  }

  /** A rule that has its own decay, or none. */
  static Entry<Minimizer<?, ?>> whole(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.add(0, Sentence.LEARNING_RATE);
    if (Groups.decays(parameters)) {
      all.add(Groups.DECAY_OF);
    }
    all.addAll(Sentence.COMMON);
    return new Entry<>(
        name,
        summary,
        reference,
        List.copyOf(all),
        s -> descent(s, chain, Estimate.OF_BATCHES, null));
  }

  /** A rule with groups and all that stands around it. */
  static Descent descent(
      Settings settings,
      Function<Settings, Chain> rule,
      Estimate estimate,
      @Nullable Backtracking search) {
    Plateau plateau =
        settings.values().get(Sentence.LEARNING_RATE.name()) instanceof Plateau given
            ? given
            : null;
    Chain chain = Groups.of(settings, each -> Sentence.lazily(each, rule));
    return new Descent(Sentence.around(settings, chain), plateau, estimate, search);
  }
}
