package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Like.SKLEARN;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.Rules.descent;
import static dev.talweg.optimizer.catalog.Rules.fixed;
import static dev.talweg.optimizer.catalog.Rules.only;

import dev.talweg.optimizer.minimizer.Backtracking;
import dev.talweg.optimizer.minimizer.Estimate;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.AdaptiveDescent;
import dev.talweg.optimizer.transform.BarzilaiBorwein;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.HypergradientRate;
import dev.talweg.optimizer.transform.PolyakStep;
import dev.talweg.optimizer.transform.Rprop;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Rules whose rate follows from the loss, from its slope or from how gradients change. */
final class RateRules {
  static final Entry<Minimizer<?, ?>> POLYAK =
      fixed(
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
      fixed(
          "hypergradient",
          "gradient descent whose rate follows its own gradient",
          "Almeida et al. (1998); Baydin et al., ICLR (2018)",
          1e-3,
          List.of(
              Parameters.notNegative(
                  "rate-beta",
                  0.02,
                  "How fast the rate changes: a share a step, below 1, or times the product of two"
                      + " gradients."),
              Parameters.choice(
                  "form",
                  "multiplicative",
                  List.of("multiplicative", "additive"),
                  "Whether the rate is multiplied by the cosine of two gradients, or their product"
                      + " is added to it (the paper's SGD-HD).")),
          s ->
              only(
                  new HypergradientRate(
                      s.schedule("learning-rate").at(0),
                      s.number("rate-beta"),
                      s.choice("form", HypergradientRate.Form.class))));

  static final Entry<Minimizer<?, ?>> BARZILAI_BORWEIN =
      fixed(
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

  static final Entry<Minimizer<?, ?>> ADGD =
      fixed(
          "adgd",
          "gradient descent by the smoothness that it meets; full batch",
          "Malitsky and Mishchenko, ICML (2020)",
          1e-3,
          List.of(
              Parameters.notNegative(
                  "growth", 1.0, "How fast the rate may grow; the paper has 0.02 for batches."),
              Parameters.notNegative("ratio", 1.0, "Of two rates, before the first."),
              Parameters.aboveZero("divisor", 2.0, "Of the inverse of the smoothness."),
              Parameters.notNegative("epsilon", 0.0, "Added to a rate by smoothness."),
              WEIGHT_DECAY,
              Parameters.choice(
                  "change",
                  "norm-of-difference",
                  List.of("norm-of-difference", "difference-of-norms"),
                  "How far parameters and gradients went; the latter, in single precision, is"
                      + " pytorch_optimizer's ASGD.")),
          s ->
              only(
                  new AdaptiveDescent(
                      s.schedule("learning-rate").at(0),
                      s.number("growth"),
                      s.number("ratio"),
                      s.number("divisor"),
                      s.number("epsilon"),
                      s.number("weight-decay"),
                      s.choice("change", AdaptiveDescent.Change.class))));

  static final Entry<Minimizer<?, ?>> RPROP =
      fixed(
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

  /** The one whose steps are tried before they are taken. */
  static final String BACKTRACKS = "armijo";

  static final Entry<Minimizer<?, ?>> ARMIJO = armijo();

  private RateRules() {}

  private static Entry<Minimizer<?, ?>> armijo() {
    Function<Settings, Chain> rule =
        s -> only(new ScaleByLearningRate(new Constant(s.schedule("learning-rate").at(0))));
    Entry<Minimizer<?, ?>> entry =
        fixed(
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
                Parameters.integer("most-tried", 30, 1, "Steps tried, at most."),
                Parameters.choice(
                    "when-none",
                    "stay",
                    List.of("stay", "step"),
                    "Of steps that are all too long: none is taken, or the shortest (optax).")),
            rule);
    return entry.made(
        s ->
            descent(
                s,
                rule,
                Estimate.OF_BATCHES,
                new Backtracking(
                    s.number("decrease"),
                    s.number("shrink"),
                    s.number("growth"),
                    Math.toIntExact(s.integer("most-tried")),
                    s.choice("when-none", Backtracking.WhenNone.class))));
  }

  private static Parameter share(String name, double byDefault, String meaning) {
    return Parameters.number(name, byDefault, "a number in (0, 1)", v -> v > 0 && v < 1, meaning);
  }
}
