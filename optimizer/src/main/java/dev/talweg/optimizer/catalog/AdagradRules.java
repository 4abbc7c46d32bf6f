package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.MATLAB;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;
import static dev.talweg.optimizer.catalog.Rules.entry;
import static dev.talweg.optimizer.catalog.Rules.form;
import static dev.talweg.optimizer.catalog.Rules.lazy;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.rule;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdadelta;
import dev.talweg.optimizer.transform.ScaleByAdagrad;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScaleBySm3;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Adagrad and its kin: steps divided by roots of squares, of the gradient itself. */
final class AdagradRules {
  static final Entry<Minimizer<?, ?>> RMSPROP = rms();

  static final Entry<Minimizer<?, ?>> ADAGRAD =
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
          .in(OPTAX, Map.of("initial-accumulator", 0.1, "epsilon", 1e-7, "epsilon-form", "inside"));

  static final Entry<Minimizer<?, ?>> ADADELTA =
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
          .in(OPTAX, Map.of("learning-rate", 1.0));

  static final Entry<Minimizer<?, ?>> SM3 =
      own(
              entry(
                  "sm3",
                  "Adagrad whose sums are of rows and columns: little memory for large embeddings",
                  "Anil, Gupta, Koren and Singer, NeurIPS (2019)",
                  List.of(
                      Parameters.share("momentum", 0.9, "Share of a running mean of steps."),
                      Parameters.share("beta", 0.0, "Share of squares that is kept; 0 sums up."),
                      Parameters.notNegative("epsilon", 1e-8, "Added inside of the root.")),
                  s -> {
                    List<GradientTransform<?>> words = new ArrayList<>();
                    words.add(new ScaleBySm3(s.number("beta"), s.number("epsilon")));
                    if (s.number("momentum") > 0) {
                      words.add(
                          new Ema(
                              s.number("momentum"), Ema.Correction.NONE, Momentum.Form.HEAVY_BALL));
                    }
                    return Sentence.of(s, words, List.of());
                  }),
              Map.of("learning-rate", 0.1))
          .in(OPTAX, Map.of());

  private AdagradRules() {}

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
}
