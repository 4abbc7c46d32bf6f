package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.MATLAB;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Like.SKLEARN;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;
import static dev.talweg.optimizer.catalog.Rules.BETA1;
import static dev.talweg.optimizer.catalog.Rules.BETA2;
import static dev.talweg.optimizer.catalog.Rules.DECOUPLED;
import static dev.talweg.optimizer.catalog.Rules.EPSILON;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_FORM;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_IN_VARIANCE;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_OF_VARIANCE;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_ROOT;
import static dev.talweg.optimizer.catalog.Rules.LOOKING;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.rectified;
import static dev.talweg.optimizer.catalog.Rules.rule;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.ScaleByAdabelief;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAdamax;
import dev.talweg.optimizer.transform.ScaleByAdan;
import dev.talweg.optimizer.transform.ScaleByAmsgrad;
import dev.talweg.optimizer.transform.ScaleByNadam;
import dev.talweg.optimizer.transform.ScaleByYogi;
import java.util.List;
import java.util.Map;

/** Adam, and those of its kin that most libraries have. */
final class AdamRules {
  private static final Parameter MEAN =
      Parameters.choice(
          "mean",
          "plain",
          List.of("plain", "nesterov", "nesterov-one-correction"),
          "What stands above the root: the mean, or Nesterov's as in optax or in TensorFlow.");

  static final Entry<Minimizer<?, ?>> ADAM =
      adam("adam", "steps scaled by running moments of each gradient entry", 0.0, "l2")
          .in(PYTORCH, Map.of())
          .in(KERAS, Map.of("epsilon", 1e-7, "epsilon-form", "hat", "decay", "decoupled"))
          .in(TENSORFLOW, Map.of("epsilon-form", "hat"))
          .in(OPTAX, Map.of("decay", "decoupled"))
          .in(SKLEARN, Map.of("epsilon-form", "hat"))
          .in(MATLAB, Map.of());

  static final Entry<Minimizer<?, ?>> ADAMW =
      adam("adamw", "Adam with decay that does not pass through the moments", 1e-2, "decoupled")
          .in(PYTORCH, Map.of())
          .in(KERAS, Map.of("epsilon", 1e-7, "epsilon-form", "hat", "weight-decay", 4e-3))
          .in(OPTAX, Map.of("weight-decay", 1e-4));

  static final Entry<Minimizer<?, ?>> AMSGRAD =
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
          .in(OPTAX, Map.of("maximum", "corrected"));

  static final Entry<Minimizer<?, ?>> NADAM =
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
          .in(OPTAX, Map.of("momentum-schedule", "none", "decay", "decoupled"));

  static final Entry<Minimizer<?, ?>> RADAM =
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
          .in(OPTAX, Map.of("epsilon-form", "corrected"));

  static final Entry<Minimizer<?, ?>> ADAMAX =
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
          .in(OPTAX, DECOUPLED);

  static final Entry<Minimizer<?, ?>> ADABELIEF =
      rule(
              "adabelief",
              "Adam with the variance around the mean",
              "Zhuang et al., NeurIPS (2020)",
              List.of(
                  BETA1,
                  BETA2,
                  EPSILON_OF_VARIANCE,
                  EPSILON_IN_VARIANCE,
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
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> YOGI =
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
                  Parameters.notNegative("initial-mean", 0.0, "The mean before the first step.")),
              s ->
                  new ScaleByYogi(
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("epsilon"),
                      s.number("initial-accumulator"),
                      s.number("initial-mean")))
          .in(OPTAX, Map.of("initial-mean", 1e-6));

  static final Entry<Minimizer<?, ?>> ADAN =
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
          .in(OPTAX, Map.of("epsilon-root", 1e-8, "difference", "optax", "decay", "decoupled"));

  private AdamRules() {}

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
}
