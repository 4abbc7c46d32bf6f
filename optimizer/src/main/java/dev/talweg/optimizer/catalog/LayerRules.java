package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Rules.BETA1;
import static dev.talweg.optimizer.catalog.Rules.BETA2;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_ROOT;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.Rules.entry;
import static dev.talweg.optimizer.catalog.Rules.form;
import static dev.talweg.optimizer.catalog.Rules.only;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.whole;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.BiasCorrection;
import dev.talweg.optimizer.schedule.InverseRoot;
import dev.talweg.optimizer.schedule.Least;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.DecayWeights;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.Orthogonalize;
import dev.talweg.optimizer.transform.RotateByLearningRate;
import dev.talweg.optimizer.transform.Scale;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByFactoredRms;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByParameterRms;
import dev.talweg.optimizer.transform.ScaleByTensorNorm;
import dev.talweg.optimizer.transform.ScaleByTrustRatio;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules that measure layers. */
final class LayerRules {
  static final Entry<Minimizer<?, ?>> LAMB =
      whole(
              "lamb",
              "Adam whose step is, per layer, in proportion to its parameters",
              "You et al., ICLR (2020)",
              List.of(
                  BETA1,
                  BETA2,
                  Parameters.aboveZero(
                      "epsilon", 1e-6, "Added to the root, in units of the gradient."),
                  EPSILON_ROOT,
                  Parameters.notNegative("least-norm", 0.0, "Norms count at least as this."),
                  Parameters.aboveZero(
                      "most-norm", 1e300, "The parameters' norm counts at most as this."),
                  Parameters.notNegative("ratio-epsilon", 0.0, "Added to the step's norm."),
                  Parameters.choice(
                      "correction",
                      "of-moments",
                      List.of("of-moments", "of-rate"),
                      "Whether moments are bias-corrected, or the rate by the mean's correction"
                          + " alone (pytorch_optimizer)."),
                  averaging("mean"),
                  WEIGHT_DECAY,
                  decay("in-ratio", "first")),
              LayerRules::lamb)
          .in(KERAS, Map.of("epsilon", 1e-7, "decay", "first"))
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> LARS =
      entry(
              "lars",
              "momentum whose step is, per layer, in proportion to its parameters",
              "You, Gitman and Ginsburg, arXiv 1708.03888 (2017)",
              List.of(
                  Parameters.aboveZero(
                      "trust-coefficient", 1e-3, "Length of a step as a share of the parameters."),
                  Parameters.notNegative("epsilon", 0.0, "Added to the norm of the gradient."),
                  Parameters.share("momentum", 0.9, "Share of the velocity that is kept."),
                  Parameters.flag("nesterov", false, "Look ahead along the velocity."),
                  Parameters.choice(
                      "ratio",
                      "of-sum",
                      List.of("of-sum", "paper"),
                      "Whether parameters are divided by ‖g + λ x‖ or by ‖g‖ + λ‖x‖; the paper's"
                          + " decay is within the ratio."),
                  Parameters.choice(
                      "velocity",
                      "of-steps",
                      List.of("of-steps", "of-gradients"),
                      "Whether the rate is applied before the velocity or after it."),
                  Parameters.choice(
                      "vectors",
                      "scaled",
                      List.of("scaled", "plain"),
                      "Whether tensors of one row have a ratio and a decay.")),
              LayerRules::lars)
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> NOVOGRAD =
      whole(
              "novograd",
              "momentum of gradients that are normalized per layer",
              "Ginsburg et al., arXiv 1905.11286 (2019)",
              List.of(
                  Parameters.share("beta1", 0.9, "Share of the velocity that is kept."),
                  Parameters.share("beta2", 0.25, "Share of the layers' squared norms."),
                  Parameters.aboveZero("epsilon", 1e-6, "Added to the norm."),
                  averaging("sum"),
                  WEIGHT_DECAY),
              s -> {
                List<GradientTransform<?>> words = new ArrayList<>();
                words.add(new ScaleByTensorNorm(s.number("beta2"), s.number("epsilon")));
                if (s.number("weight-decay") > 0) {
                  words.add(new AddDecayedWeights(s.number("weight-decay")));
                }
                double beta1 = s.number("beta1");
                double dampening = s.text("averaging").equals("mean") ? beta1 : 0;
                words.add(new Momentum(beta1, dampening, Momentum.Form.HEAVY_BALL));
                words.add(new ScaleByLearningRate(s.schedule("learning-rate")));
                return Chain.of(words);
              })
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> ADAFACTOR =
      whole(
              "adafactor",
              "RMSprop with a mean square in rows and columns, and steps relative to parameters",
              "Shazeer and Stern, ICML (2018)",
              List.of(
                  Parameters.aboveZero(
                      "decay-power", 0.8, "Power c of the share 1 − t^−c that is kept."),
                  Parameters.aboveZero("epsilon", 0x1p-52, "Keeps the mean square from 0."),
                  Parameters.choice(
                      "epsilon-form",
                      "floor-of-product",
                      List.of("added-to-squares", "floor-of-product"),
                      "Whether epsilon is added to squares, or its square is a floor."),
                  Parameters.aboveZero(
                      "parameter-scale", 1e-3, "Least root mean square of parameters."),
                  Parameters.flag("relative", true, "Steps in proportion to the parameters' size."),
                  Parameters.notNegative(
                      "clip-rms",
                      1.0,
                      "Largest root mean square of a layer's scaled gradient; 0 is off."),
                  Parameters.flag("inverse-root", true, "The rate is at most 1/√t at step t."),
                  Parameters.integer(
                      "least-side", 1, 1, "Smaller side of a matrix that is factored."),
                  Parameters.share("momentum", 0.0, "Share of a running mean of steps."),
                  WEIGHT_DECAY,
                  decay("decoupled", "first", "independent")),
              LayerRules::adafactor)
          .in(PYTORCH, Map.of("learning-rate", 1e-2))
          .in(KERAS, Map.of("epsilon", 1e-30, "epsilon-form", "added-to-squares", "decay", "first"))
          .in(
              OPTAX,
              Map.of(
                  "epsilon",
                  1e-30,
                  "epsilon-form",
                  "added-to-squares",
                  "inverse-root",
                  false,
                  "least-side",
                  128L,
                  "decay",
                  "independent"));

  static final Entry<Minimizer<?, ?>> MUON =
      whole(
              "muon",
              "orthogonalized momentum for matrices, AdamW for the rest",
              "Jordan et al. (2024), kellerjordan.github.io/posts/muon",
              List.of(
                  Parameters.share("momentum", 0.95, "Share of the momentum that is kept."),
                  Parameters.flag("nesterov", true, "Look ahead along the momentum."),
                  Parameters.choice(
                      "velocity",
                      "mean",
                      List.of("mean", "sum", "corrected"),
                      "A running mean (PyTorch), a sum (Keras), or a bias-corrected mean (optax)."),
                  Parameters.integer("iterations", 5, 1, "Of Newton and Schulz."),
                  Parameters.number("a", 3.4445, "a number", v -> true, "Of the iteration."),
                  Parameters.number("b", -4.7750, "a number", v -> true, "Of the iteration."),
                  Parameters.number("c", 2.0315, "a number", v -> true, "Of the iteration."),
                  Parameters.choice(
                      "divisor",
                      "floor",
                      List.of("floor", "sum"),
                      "How epsilon keeps the norm from 0."),
                  Parameters.aboveZero("epsilon", 1e-7, "Keeps the norm from 0."),
                  Parameters.choice(
                      "factor",
                      "rows-to-columns",
                      List.of("none", "rows-to-columns", "columns-to-rows", "unclamped", "rms"),
                      "By which a step grows with the matrix's shape."),
                  Parameters.aboveZero("rms-rate", 0.2, "Of the factor rms."),
                  Parameters.flag("dual-norm", false, "Steps in proportion to the gradient."),
                  Parameters.notNegative("weight-decay", 0.1, "Decoupled, of matrices."),
                  Parameters.notNegative(
                      "adam-rate", 1.0, "Adam's rate as a multiple; 0 leaves the rest as it is."),
                  Parameters.aboveZero("adam-epsilon", 1e-8, "Adam's epsilon."),
                  Parameters.choice(
                      "adam-epsilon-form",
                      "corrected",
                      List.of("corrected", "hat"),
                      "Where Adam's epsilon stands."),
                  Parameters.flag("adam-nesterov", false, "Whether Adam looks ahead."),
                  Parameters.notNegative("adam-weight-decay", 0.0, "Decoupled, of the rest.")),
              LayerRules::muon)
          .in(PYTORCH, Map.of())
          .in(
              KERAS,
              Map.of(
                  "velocity", "sum",
                  "divisor", "sum",
                  "factor", "rms",
                  "weight-decay", 4e-3,
                  "adam-epsilon", 1e-7,
                  "adam-epsilon-form", "hat",
                  "adam-weight-decay", 4e-3))
          .in(
              OPTAX,
              Map.of(
                  "velocity",
                  "corrected",
                  "divisor",
                  "sum",
                  "epsilon",
                  1e-8,
                  "factor",
                  "columns-to-rows",
                  "weight-decay",
                  0.0,
                  "adam-nesterov",
                  true));

  static final Entry<Minimizer<?, ?>> FROMAGE =
      own(
              whole(
                  "fromage",
                  "steps that turn a layer's parameters by one angle",
                  "Bernstein et al., NeurIPS (2020)",
                  List.of(
                      Parameters.notNegative("least-norm", 1e-6, "Norms count at least as this."),
                      Parameters.aboveZero(
                          "most-growth",
                          1e300,
                          "Largest norm of a layer, in multiples of its first one.")),
                  s ->
                      new ScaleByTrustRatio(1, 0, s.number("least-norm"))
                          .then(
                              new RotateByLearningRate(
                                  s.schedule("learning-rate"), s.number("most-growth")))),
              Map.of("learning-rate", 1e-2))
          .in(OPTAX, Map.of());

  private LayerRules() {}

  private static Parameter decay(String... conventions) {
    return Parameters.choice(
        "decay",
        conventions[0],
        List.of(conventions),
        "Whether decay is inside of the trust ratio (in-ratio), shrinks parameters by the rate"
            + " (decoupled), does so before the rule sees them (first), or without the rate"
            + " (independent).");
  }

  private static Parameter averaging(String byDefault) {
    return Parameters.choice(
        "averaging",
        byDefault,
        List.of("sum", "mean"),
        "Whether the velocity sums gradients up, or is their running mean.");
  }

  private static Momentum velocity(Settings s) {
    return new Momentum(s.number("momentum"), form(s));
  }

  private static Chain lamb(Settings s) {
    boolean ofMoments = s.text("correction").equals("of-moments");
    List<GradientTransform<?>> words = new ArrayList<>();
    words.add(
        new ScaleByAdam(
            s.number("beta1"),
            s.number("beta2"),
            s.number("epsilon"),
            s.number("epsilon-root"),
            ofMoments ? Epsilon.CORRECTED : Epsilon.UNCORRECTED,
            ScaleByAdam.Mean.PLAIN));
    if (s.text("averaging").equals("sum")) {
      words.add(new Scale(1 / (1 - s.number("beta1"))));
    }
    if (s.text("decay").equals("in-ratio") && s.number("weight-decay") > 0) {
      words.add(new AddDecayedWeights(s.number("weight-decay")));
    }
    words.add(
        new ScaleByTrustRatio(
            1, s.number("ratio-epsilon"), s.number("least-norm"), s.number("most-norm"), 0));
    Schedule rate = s.schedule("learning-rate");
    return ofMoments
        ? Sentence.of(s, words, List.of())
        : Sentence.of(
            s,
            new Product(List.of(rate, new BiasCorrection(s.number("beta1"), -1))),
            words,
            List.of());
  }

  private static Chain lars(Settings s) {
    Schedule decay = s.schedule("weight-decay");
    boolean paper = s.text("ratio").equals("paper");
    double within = paper ? decay.at(0) : 0;
    GradientTransform<?> ratio =
        new ScaleByTrustRatio(
            s.number("trust-coefficient"),
            s.number("epsilon"),
            0,
            Double.POSITIVE_INFINITY,
            within);
    if (s.text("vectors").equals("plain")) {
      Chain plain = Chain.of(List.of());
      ratio = new ByTensor(new ByTensor.Matrices(), only(ratio), plain);
    }
    boolean ofSteps = s.text("velocity").equals("of-steps");
    List<GradientTransform<?>> before = ofSteps ? List.of(ratio) : List.of(ratio, velocity(s));
    List<GradientTransform<?>> after = ofSteps ? List.of(velocity(s)) : List.of();
    Map<String, Object> without = new LinkedHashMap<>(s.values());
    if (paper) {
      without.put("weight-decay", 0.0);
    }
    return Sentence.of(new Settings(without), before, after);
  }

  private static Chain adafactor(Settings s) {
    List<GradientTransform<?>> before = new ArrayList<>();
    before.add(
        new ScaleByFactoredRms(
            s.number("decay-power"),
            s.number("epsilon"),
            s.choice("epsilon-form", ScaleByFactoredRms.Floor.class),
            Math.toIntExact(s.integer("least-side"))));
    if (s.number("clip-rms") > 0) {
      before.add(new ClipByTensor(s.number("clip-rms"), ClipByTensor.Measure.ROOT_MEAN_SQUARE));
    }
    if (s.flag("relative")) {
      before.add(new ScaleByParameterRms(s.number("parameter-scale")));
    }
    List<GradientTransform<?>> after = new ArrayList<>();
    if (s.number("momentum") > 0) {
      after.add(new Ema(s.number("momentum"), Ema.Correction.NONE, Momentum.Form.HEAVY_BALL));
    }
    Schedule rate = s.schedule("learning-rate");
    Schedule bounded = s.flag("inverse-root") ? new Least(rate, new InverseRoot(1, 1)) : rate;
    return Sentence.of(s, bounded, before, after);
  }

  private static Chain muon(Settings s) {
    Momentum.Form form = form(s);
    GradientTransform<?> momentum =
        switch (s.text("velocity")) {
          case "sum" -> new Momentum(s.number("momentum"), form);
          case "corrected" -> new Ema(s.number("momentum"), Ema.Correction.BIAS, form);
          default -> new Ema(s.number("momentum"), Ema.Correction.NONE, form);
        };
    Schedule rate = s.schedule("learning-rate");
    Chain matrices =
        Chain.of(
            List.of(
                momentum,
                new Orthogonalize(
                    Math.toIntExact(s.integer("iterations")),
                    s.number("a"),
                    s.number("b"),
                    s.number("c"),
                    s.choice("divisor", Orthogonalize.Divisor.class),
                    s.number("epsilon"),
                    s.choice("factor", Orthogonalize.Factor.class),
                    s.number("rms-rate"),
                    s.flag("dual-norm")
                        ? Orthogonalize.Length.DUAL_NORM
                        : Orthogonalize.Length.ONE),
                new AddDecayedWeights(s.number("weight-decay")),
                new ScaleByLearningRate(rate)));
    Chain rest =
        Chain.of(
            List.of(
                new ScaleByAdam(
                    0.9,
                    0.999,
                    s.number("adam-epsilon"),
                    0,
                    s.choice("adam-epsilon-form", Epsilon.class),
                    s.flag("adam-nesterov") ? ScaleByAdam.Mean.NESTEROV : ScaleByAdam.Mean.PLAIN),
                new ScaleByLearningRate(new Product(s.number("adam-rate"), rate)),
                new DecayWeights(new Product(s.number("adam-weight-decay"), rate))));
    return only(new ByTensor(new ByTensor.Matrices(), matrices, rest));
  }
}
