package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Rules.decayedByL2;
import static dev.talweg.optimizer.catalog.Rules.only;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.transform.AddDifference;
import dev.talweg.optimizer.transform.AlignedMomentum;
import dev.talweg.optimizer.transform.Amos;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByRunningNorm;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.DivideByRms;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.PositiveNegativeMomentum;
import dev.talweg.optimizer.transform.ScaleByAdai;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAdasmooth;
import dev.talweg.optimizer.transform.ScaleByAvagrad;
import dev.talweg.optimizer.transform.ScaleByKate;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleBySign;
import dev.talweg.optimizer.transform.ScaleByStableAdam;
import dev.talweg.optimizer.transform.ScaleBySvag;
import dev.talweg.optimizer.transform.StretchByRunningNorm;
import dev.talweg.optimizer.transform.TurnToGradient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adaptive rules with the defaults of pytorch_optimizer, which alone has them. */
final class AdaptiveRules {
  private static final Parameter ROOT = Rules.EPSILON_ROOT.withDefault(1e-15);
  private static final Parameter MOMENTUM =
      Parameters.share("momentum", 0.9, "Share of the velocity that is kept.");
  private static final Parameter ALIGNMENT =
      Parameters.share("alignment-decay", 0.9, "Share of the running agreement that is kept.");

  static final Entry<Minimizer<?, ?>> ADANORM =
      decoupled(
          Rules.entry(
              "adanorm",
              "Adam whose mean is of gradients that are at least as long as they were on average",
              "Dubey, Singh and Chaudhuri, WACV (2023)",
              List.of(
                  Rules.BETA1,
                  Rules.BETA2.withDefault(0.99),
                  Rules.EPSILON,
                  ROOT,
                  Rules.BOUND,
                  Parameters.share(
                      "norm-decay", 0.95, "Share of a layer's running norm that is kept.")),
              s ->
                  scaled(
                      s,
                      divided(
                          s,
                          new StretchByRunningNorm(s.number("norm-decay"))
                              .then(mean(s.number("beta1")))))));

  static final Entry<Minimizer<?, ?>> ADAPNM =
      decoupled(
          Rules.rule(
              "adapnm",
              "Adam whose momentum has more of the gradients' noise: one positive, one negative",
              "Xie et al., ICML (2021)",
              List.of(
                  Rules.BETA1,
                  Rules.BETA2,
                  Parameters.upToOne("beta3", 1.0, "Weight of the negative momentum."),
                  Rules.EPSILON,
                  ROOT,
                  Rules.BOUND.withDefault("largest")),
              s ->
                  divided(
                      s,
                      only(new PositiveNegativeMomentum(s.number("beta1"), s.number("beta3"))))));

  static final Entry<Minimizer<?, ?>> ADASMOOTH =
      Rules.entry(
          "adasmooth",
          "RMSprop that remembers as long as its way is straight",
          "Lu, arXiv 2204.00825 (2022)",
          List.of(
              Parameters.share("beta1", 0.5, "Least share that is kept: on a straight way."),
              Parameters.share("beta2", 0.99, "Largest share that is kept: to and fro."),
              Parameters.aboveZero("epsilon", 1e-6, "Added inside of the root.")),
          s ->
              scaled(
                  s,
                  new ScaleByAdasmooth(s.number("beta1"), s.number("beta2"), s.number("epsilon"))));

  static final Entry<Minimizer<?, ?>> AVAGRAD =
      Rules.own(
          Rules.entry(
              "avagrad",
              "Adam by the root before this gradient, in units of the average entry",
              "Savarese et al., CVPR (2021)",
              List.of(
                  Rules.BETA1,
                  Rules.BETA2,
                  Parameters.aboveZero("epsilon", 0.1, "Added to the root mean square.")),
              s ->
                  scaled(
                      s,
                      new ScaleByAvagrad(
                          s.number("beta1"), s.number("beta2"), s.number("epsilon")))),
          Map.of("learning-rate", 0.1, "decay", "decoupled"));

  static final Entry<Minimizer<?, ?>> STABLE_ADAMW =
      Rules.whole(
          "stable-adamw",
          "AdamW whose step is shorter where a gradient surprises its mean square",
          "Wortsman et al., NeurIPS (2023)",
          List.of(
              Rules.BETA1,
              Rules.BETA2.withDefault(0.99),
              Rules.EPSILON,
              Rules.WEIGHT_DECAY.withDefault(1e-2),
              Parameters.choice(
                  "decay",
                  "within",
                  List.of("within", "l2"),
                  "Whether decay is shortened with the step, or added to the gradient.")),
          s -> {
            boolean within = s.text("decay").equals("within");
            ScaleByStableAdam scaling =
                new ScaleByStableAdam(
                    s.number("beta1"),
                    s.number("beta2"),
                    s.number("epsilon"),
                    within ? s.number("weight-decay") : 0);
            return decayedByL2(
                s, scaling.then(new ScaleByLearningRate(s.schedule("learning-rate"))));
          });

  static final Entry<Minimizer<?, ?>> GRAMS =
      decoupled(
          Rules.rule(
              "grams",
              "Adam's lengths in the gradient's own direction",
              "Cao, Li and Song, arXiv 2412.17107 (2024)",
              List.of(Rules.BETA1, Rules.BETA2, Rules.EPSILON.withDefault(1e-6)),
              s -> new TurnToGradient(only(adam(s)))));

  static final Entry<Minimizer<?, ?>> ADAI =
      Rules.entry(
          "adai",
          "gradient descent whose momentum differs by entry, and not its rate",
          "Xie et al., ICML (2022)",
          List.of(
              Parameters.share("beta1", 0.1, "What an entry of average size loses of its mean."),
              Rules.BETA2.withDefault(0.99),
              Parameters.upToOne(
                  "dampening", 1.0, "Power of what a mean lost, as the gradient's weight."),
              Parameters.number(
                  "epsilon",
                  1e-3,
                  "a number above 0 and below 1",
                  v -> v > 0 && v < 1,
                  "Least that is lost, and least average of the mean squares.")),
          s ->
              scaled(
                  s,
                  new ScaleByAdai(
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("dampening"),
                      s.number("epsilon"))));

  static final Entry<Minimizer<?, ?>> KATE =
      decoupled(
          Rules.rule(
              "kate",
              "Adagrad without its root: the scale of a feature does not matter",
              "Choudhury et al., NeurIPS (2024)",
              List.of(
                  Parameters.share("delta", 0.0, "Weight of the squares in the numerator."),
                  Parameters.aboveZero("epsilon", 1e-8, "Added to the sum of squares each step.")),
              s -> new ScaleByKate(s.number("delta"), s.number("epsilon"))));

  static final Entry<Minimizer<?, ?>> MSVAG =
      Rules.own(
          Rules.rule(
              "m-svag",
              "momentum that is damped, and never scaled, by the variance of its entries",
              "Balles and Hennig, ICML (2018)",
              List.of(Parameters.share("beta", 0.9, "Share of both running means that is kept.")),
              s -> new ScaleBySvag(s.number("beta"))),
          Map.of("learning-rate", 1e-2));

  static final Entry<Minimizer<?, ?>> AMOS =
      Rules.whole(
          "amos",
          "steps and decay that shrink by themselves, towards the size a layer should have",
          "Tian and Parikh, arXiv 2210.11693 (2022)",
          List.of(
              Parameters.share("beta", 0.999, "Share of a layer's mean square that is kept."),
              Parameters.share("momentum", 0.0, "Share of a running mean of steps."),
              Parameters.aboveZero("epsilon", 1e-18, "Added to the mean square."),
              Parameters.notNegative("c", 0.25, "How fast decay shrinks."),
              Parameters.notNegative("d", 0.25, "How fast steps shrink.")),
          s ->
              only(
                  new Amos(
                      s.schedule("learning-rate"),
                      s.number("beta"),
                      s.number("momentum"),
                      s.number("epsilon"),
                      s.number("c"),
                      s.number("d"))));

  static final Entry<Minimizer<?, ?>> ADAGC =
      Rules.own(
          Rules.entry(
              "adagc",
              "AdamW whose layers' gradients are cut by the norms that they had",
              "Wang et al., arXiv 2502.11034 (2025)",
              List.of(
                  Rules.BETA1,
                  Rules.BETA2,
                  Rules.EPSILON,
                  Parameters.aboveZero(
                      "limit", 1.0, "Of the norm of the whole gradient while norms begin."),
                  Parameters.aboveZero(
                      "relative-limit",
                      1.05,
                      "Of a layer's norm, as a multiple of its running one."),
                  Parameters.share(
                      "norm-decay", 0.98, "Share of a layer's running norm that is kept."),
                  Parameters.integer("warmup", 100, 0, "The first step that is cut by layers.")),
              s -> {
                ClipByRunningNorm clip =
                    new ClipByRunningNorm(
                        s.number("limit"),
                        s.number("relative-limit"),
                        s.number("norm-decay"),
                        s.integer("warmup"),
                        s.number("epsilon"));
                return Sentence.of(s, List.of(clip, adam(s)), List.of());
              }),
          Map.of("weight-decay", 0.1, "decay", "decoupled"));

  static final Entry<Minimizer<?, ?>> TAM =
      decoupled(
          Rules.entry(
              "tam",
              "momentum that gradients enter by how well they agree with it",
              "Malviya et al., arXiv 2412.18790 (2024)",
              List.of(
                  MOMENTUM,
                  ALIGNMENT,
                  Parameters.notNegative("epsilon", 1e-8, "Weight of what disagrees wholly.")),
              s -> scaled(s, aligned(s, s.number("momentum"), AlignedMomentum.Start.GRADIENT))));

  static final Entry<Minimizer<?, ?>> ADATAM =
      decoupled(
          Rules.entry(
              "adatam",
              "Adam whose momentum gradients enter by how well they agree with it",
              "Malviya et al., arXiv 2412.18790 (2024)",
              List.of(Rules.BETA1, Rules.BETA2, ALIGNMENT, Rules.EPSILON),
              s ->
                  scaled(
                      s,
                      new DivideByRms(
                          only(aligned(s, s.number("beta1"), AlignedMomentum.Start.ZERO)),
                          s.number("beta2"),
                          s.number("epsilon"),
                          0,
                          Epsilon.UNCORRECTED,
                          Bound.CURRENT))));

  static final Entry<Minimizer<?, ?>> MARS =
      Rules.own(
          Rules.entry(
              "mars",
              "AdamW or Lion of gradients with less variance, for matrices; AdamW for the rest",
              "Yuan et al., ICML (2025)",
              List.of(
                  Rules.BETA1.withDefault(0.95),
                  Rules.BETA2.withDefault(0.99),
                  Rules.EPSILON,
                  ROOT,
                  Rules.BOUND,
                  Parameters.notNegative("gamma", 0.025, "Strength of the variance reduction."),
                  Parameters.choice(
                      "form",
                      "adamw",
                      List.of("adamw", "lion"),
                      "Whether the mean is divided by the root mean square, or only its sign"
                          + " counts."),
                  Parameters.choice(
                      "vectors",
                      "adamw",
                      List.of("adamw", "alike"),
                      "Whether tensors of one row have plain AdamW, or the rule of matrices."),
                  Parameters.notNegative("adam-rate", 1.0, "Rate of vectors as a multiple."),
                  Parameters.share("adam-beta1", 0.9, "beta1 of vectors."),
                  Parameters.share("adam-beta2", 0.95, "beta2 of vectors."),
                  Parameters.notNegative("adam-weight-decay", 0.1, "weight-decay of vectors.")),
              AdaptiveRules::mars),
          Map.of("learning-rate", 3e-3, "decay", "decoupled"));

  private AdaptiveRules() {}

  private static Entry<Minimizer<?, ?>> decoupled(Entry<Minimizer<?, ?>> entry) {
    return entry.withDefault("decay", "decoupled");
  }

  private static Chain scaled(Settings s, GradientTransform<?> scaling) {
    return Sentence.of(s, List.of(scaling), List.of());
  }

  private static ScaleByAdam adam(Settings s) {
    return new ScaleByAdam(s.number("beta1"), s.number("beta2"), s.number("epsilon"));
  }

  private static Ema mean(double decay) {
    return new Ema(decay, Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL);
  }

  private static AlignedMomentum aligned(Settings s, double momentum, AlignedMomentum.Start start) {
    return new AlignedMomentum(momentum, s.number("alignment-decay"), s.number("epsilon"), start);
  }

  /** A mean over the root as the package has it, with ε before the correction. */
  private static DivideByRms divided(Settings s, Chain above) {
    return new DivideByRms(
        above,
        s.number("beta2"),
        s.number("epsilon"),
        s.number("epsilon-root"),
        Epsilon.HAT,
        s.choice("bound", Bound.class));
  }

  private static Chain mars(Settings s) {
    double beta1 = s.number("beta1");
    List<GradientTransform<?>> words = new ArrayList<>();
    words.add(
        new AddDifference(1, s.number("gamma") * beta1 / (1 - beta1), AddDifference.First.WHOLE));
    words.add(new ClipByTensor(1, ClipByTensor.Measure.NORM));
    if (s.text("form").equals("lion")) {
      words.add(mean(beta1));
      words.add(new ScaleBySign());
    } else {
      words.add(divided(s, only(mean(beta1))));
    }
    Chain corrected = Sentence.of(s, words, List.of());
    if (s.text("vectors").equals("alike")) {
      return corrected;
    }
    Map<String, Object> own = new LinkedHashMap<>(s.values());
    own.put("learning-rate", new Product(s.number("adam-rate"), s.schedule("learning-rate")));
    own.put("beta2", s.number("adam-beta2"));
    own.put("weight-decay", s.number("adam-weight-decay"));
    Settings plain = new Settings(own);
    Chain rest = scaled(plain, divided(plain, only(mean(s.number("adam-beta1")))));
    return only(new ByTensor(new ByTensor.Matrices(), corrected, rest));
  }
}
