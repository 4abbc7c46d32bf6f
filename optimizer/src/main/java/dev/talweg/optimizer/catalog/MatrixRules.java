package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Rules.only;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.DecayLast;
import dev.talweg.optimizer.transform.DecayWeights;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Graft;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.Project;
import dev.talweg.optimizer.transform.ReturnedMomentum;
import dev.talweg.optimizer.transform.ScaleByAdagrad;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByConfidence;
import dev.talweg.optimizer.transform.ScaleByFactoredRms;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScaleByShampoo;
import dev.talweg.optimizer.transform.ScaleBySign;
import dev.talweg.optimizer.transform.ScaleBySoap;
import dev.talweg.optimizer.transform.Until;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules that know what rows and columns of a matrix have to do with each other. */
final class MatrixRules {
  private static final Parameter EVERY =
      Parameters.integer(
          "every",
          10,
          1,
          "Steps between two factorizations, of some 30 n³ operations a side of n.");
  private static final Parameter MOST_SIDE =
      Parameters.integer("most-side", 1024, 1, "Longest side of a tensor that is preconditioned.");
  private static final Parameter MATRIX_EPSILON =
      Parameters.aboveZero(
          "matrix-epsilon", 1e-6, "What matrices begin with, times I; in squared units.");
  private static final Parameter FIRST =
      Parameters.choice(
          "first",
          "roots",
          List.of("roots", "identity", "zero"),
          "What stands for roots before step every: those of the first gradient, I, or 0, so that"
              + " nothing moves.");

  static final Entry<Minimizer<?, ?>> CAME =
      Rules.own(
          Rules.entry(
              "came",
              "Adafactor with momentum, divided by how far gradients are from it",
              "Luo et al., ACL (2023)",
              List.of(
                  Parameters.share("beta1", 0.9, "Share of the running mean that is kept."),
                  Parameters.number(
                      "beta2",
                      0.999,
                      "a number above 0 and below 1",
                      value -> value > 0 && value < 1,
                      "Share of the mean square."),
                  Parameters.share("beta3", 0.9999, "Share of the instability."),
                  Parameters.aboveZero("epsilon", 1e-30, "Added to squares."),
                  Parameters.aboveZero("instability-epsilon", 1e-16, "Added to the instability."),
                  Parameters.aboveZero(
                      "clip-rms", 1.0, "Largest root mean square of a layer's scaled gradient."),
                  Parameters.choice(
                      "bound",
                      "current",
                      List.of("current", "largest"),
                      "Whether gradients are divided by the root, or as in pytorch_optimizer by the"
                          + " root of the largest root so far.")),
              MatrixRules::came),
          Map.of("learning-rate", 2e-4, "decay", "decoupled"));

  static final Entry<Minimizer<?, ?>> SHAMPOO =
      Rules.entry(
          "shampoo",
          "gradients between inverse roots of what their rows and columns have in common",
          "Gupta, Koren and Singer, ICML (2018)",
          List.of(
              Parameters.share(
                  "momentum", 0.0, "Share of the last step that goes through the roots again."),
              MATRIX_EPSILON,
              EVERY,
              FIRST,
              MOST_SIDE),
          MatrixRules::shampoo);

  static final Entry<Minimizer<?, ?>> SCALABLE_SHAMPOO =
      Rules.whole(
          "scalable-shampoo",
          "Shampoo of blocks and running means, with the length of another rule's steps",
          "Anil et al., arXiv 2002.09018 (2020)",
          List.of(
              Parameters.share("beta1", 0.9, "Share of the velocity that is kept."),
              Parameters.share("beta2", 0.999, "Share of the matrices that is kept."),
              Parameters.flag("nesterov", true, "Look ahead along the velocity."),
              Parameters.choice(
                  "averaging",
                  "sum",
                  List.of("sum", "mean"),
                  "Whether the velocity sums steps up, or is their running mean."),
              Parameters.choice(
                  "velocity",
                  "of-gradients",
                  List.of("of-gradients", "of-steps"),
                  "Whether the rate is applied after the velocity or before it."),
              Parameters.choice(
                  "graft",
                  "sgd",
                  List.of("none", "sgd", "adagrad", "rmsprop", "sign"),
                  "Whose length a step has: its own, the gradient's, Adagrad's, RMSprop's, or that"
                      + " of signs. Its rule is also that of what is not preconditioned."),
              Parameters.aboveZero("graft-epsilon", 1e-10, "Added to the grafted rule's root."),
              Parameters.integer(
                  "graft-until", 24, 0, "Steps of the grafted rule alone at the start."),
              MATRIX_EPSILON,
              EVERY,
              Parameters.integer("measure-every", 1, 1, "Steps between two measured gradients."),
              FIRST,
              Parameters.integer("block-side", 512, 1, "Longest side of a matrix that is not cut."),
              MOST_SIDE.withDefault(8192L),
              Parameters.choice(
                  "small",
                  "preconditioned",
                  List.of("preconditioned", "plain"),
                  "What matrices of no more entries than a block has rows are."),
              Parameters.choice(
                  "sides",
                  "both",
                  List.of("both", "rows", "columns"),
                  "Which sides of a matrix are preconditioned."),
              Parameters.notNegative(
                  "root", 0.0, "p of the power −1/p; 0 is twice the number of sides."),
              Rules.WEIGHT_DECAY,
              Parameters.choice(
                  "decay",
                  "in-velocity",
                  List.of("in-velocity", "decoupled"),
                  "Whether decay is added to what enters the velocity, or shrinks parameters by"
                      + " the rate.")),
          MatrixRules::scalableShampoo);

  static final Entry<Minimizer<?, ?>> SOAP =
      Rules.own(
          Rules.whole(
              "soap",
              "Adam in the eigenbases of what rows and columns have in common",
              "Vyas et al., ICLR (2025)",
              List.of(
                  Parameters.share("beta1", 0.95, "Share of the running mean that is kept."),
                  Parameters.share("beta2", 0.95, "Share of the running mean square."),
                  Parameters.share("matrix-beta", 0.95, "Share of the matrices."),
                  Parameters.aboveZero("epsilon", 1e-8, "Added to the root mean square."),
                  EVERY,
                  MOST_SIDE,
                  Parameters.choice(
                      "vectors",
                      "plain",
                      List.of("plain", "rotated"),
                      "Whether vectors have Adam as they are, or in a basis."),
                  Parameters.choice(
                      "correction",
                      "bias",
                      List.of("bias", "none"),
                      "Whether running means are bias-corrected."),
                  Parameters.choice(
                      "length",
                      "adam",
                      List.of("adam", "one"),
                      "Whether steps are as long as Adam's, or have a root mean square of 1."),
                  Parameters.notNegative(
                      "weight-decay", 1e-2, "Pull λ of all parameters to 0, after the step.")),
              MatrixRules::soap),
          Map.of("learning-rate", 3e-3));

  static final Entry<Minimizer<?, ?>> GALORE =
      Rules.whole(
          "galore",
          "Adam of matrices in the few dimensions that gradients are largest in",
          "Zhao et al., ICML (2024)",
          List.of(
              Parameters.share("beta1", 0.9, "Share of the running mean that is kept."),
              Parameters.share("beta2", 0.999, "Share of the running mean square that is kept."),
              Parameters.aboveZero("epsilon", 1e-6, "Added to the uncorrected root mean square."),
              Parameters.integer("rank", 128, 0, "Dimensions that are left; 0 is all of them."),
              Parameters.integer("every", 200, 1, "Steps between two projections."),
              Parameters.aboveZero("scale", 0.25, "Of what comes back from few dimensions."),
              Parameters.choice(
                  "sides",
                  "shorter",
                  List.of("shorter", "longer", "rows", "columns", "both"),
                  "Which sides of a matrix become short."),
              Parameters.notNegative(
                  "weight-decay", 0.0, "Pull λ of all parameters to 0, after the step.")),
          MatrixRules::galore);

  private MatrixRules() {}

  private static Chain came(Settings s) {
    return Sentence.of(
        s,
        List.of(
            new ScaleByFactoredRms(
                s.number("beta2"),
                ScaleByFactoredRms.Kept.CONSTANT,
                s.number("epsilon"),
                ScaleByFactoredRms.Floor.ADDED_TO_SQUARES,
                1,
                s.choice("bound", Bound.class)),
            new ClipByTensor(s.number("clip-rms"), ClipByTensor.Measure.ROOT_MEAN_SQUARE),
            new ScaleByConfidence(
                s.number("beta1"), s.number("beta3"), s.number("instability-epsilon"))),
        List.of());
  }

  private static Chain shampoo(Settings s) {
    List<GradientTransform<?>> within = new ArrayList<>();
    Map<String, Object> without = new LinkedHashMap<>(s.values());
    Schedule decay = s.schedule("weight-decay");
    boolean decays = !decay.equals(new Constant(0));
    if (decays && s.text("decay").equals("l2")) { // what returns has been decayed
      within.add(new AddDecayedWeights(decay));
      without.put("weight-decay", 0.0);
    }
    ScaleByShampoo shampoo =
        new ScaleByShampoo(
            1,
            s.number("matrix-epsilon"),
            s.integer("every"),
            1,
            Integer.MAX_VALUE,
            0,
            ScaleByShampoo.Sides.BOTH,
            s.choice("first", ScaleByShampoo.First.class));
    ScaleByAdagrad adagrad = new ScaleByAdagrad(s.number("matrix-epsilon"), 0, Epsilon.UNCORRECTED);
    within.add(
        new ByTensor(
            new ByTensor.Sized(0, side(s), new ByTensor.All()), only(shampoo), only(adagrad)));
    Chain rule = Chain.of(within);
    double momentum = s.number("momentum");
    return Sentence.of(
        new Settings(without),
        momentum > 0 ? List.of(new ReturnedMomentum(momentum, rule)) : List.of(rule),
        List.of());
  }

  private static Chain scalableShampoo(Settings s) {
    int block = Math.toIntExact(s.integer("block-side"));
    ScaleByShampoo shampoo =
        new ScaleByShampoo(
            s.number("beta2"),
            s.number("matrix-epsilon"),
            s.integer("every"),
            s.integer("measure-every"),
            block,
            s.number("root"),
            s.choice("sides", ScaleByShampoo.Sides.class),
            s.choice("first", ScaleByShampoo.First.class));
    Chain other = grafted(s);
    Chain direction =
        s.text("graft").equals("none")
            ? only(shampoo)
            : only(new Graft(only(shampoo), other, 1e-16));
    ByTensor.Selection some =
        new ByTensor.Sized(
            s.text("small").equals("plain") ? block : 0, side(s), new ByTensor.Matrices());
    return only(
        new Until(
            s.integer("graft-until"),
            withVelocity(s, other),
            withVelocity(s, only(new ByTensor(some, direction, other)))));
  }

  /** What gives a step its length. */
  private static Chain grafted(Settings s) {
    double epsilon = s.number("graft-epsilon");
    return switch (s.text("graft")) {
      case "adagrad" -> only(new ScaleByAdagrad(0, epsilon, Epsilon.UNCORRECTED));
      case "rmsprop" ->
          only(
              new ScaleByRms(
                  s.number("beta2"),
                  epsilon,
                  ScaleByRms.Form.UNCORRECTED,
                  0,
                  ScaleByRms.Centre.NONE));
      case "sign" -> only(new ScaleBySign());
      default -> Chain.of(List.of());
    };
  }

  private static Chain withVelocity(Settings s, Chain scaling) {
    Momentum.Form form = Rules.form(s);
    GradientTransform<?> velocity =
        s.text("averaging").equals("mean")
            ? new Ema(s.number("beta1"), Ema.Correction.NONE, form)
            : new Momentum(s.number("beta1"), form);
    Schedule rate = s.schedule("learning-rate");
    double decay = s.number("weight-decay");
    boolean ofSteps = s.text("velocity").equals("of-steps");
    List<GradientTransform<?>> words = new ArrayList<>();
    words.add(scaling);
    if (ofSteps) {
      words.add(new ScaleByLearningRate(rate));
    }
    if (decay > 0 && s.text("decay").equals("in-velocity")) {
      words.add(ofSteps ? new DecayWeights(new Constant(decay)) : new AddDecayedWeights(decay));
    }
    words.add(velocity);
    if (!ofSteps) {
      words.add(new ScaleByLearningRate(rate));
    }
    if (decay > 0 && s.text("decay").equals("decoupled")) {
      words.add(new DecayWeights(new Product(decay, rate)));
    }
    return Chain.of(words);
  }

  private static Chain soap(Settings s) {
    ScaleBySoap soap =
        new ScaleBySoap(
            s.number("beta1"),
            s.number("beta2"),
            s.number("matrix-beta"),
            s.number("epsilon"),
            s.integer("every"),
            side(s),
            s.choice("vectors", ScaleBySoap.Vectors.class),
            s.choice("correction", ScaleBySoap.Correction.class),
            s.choice("length", ScaleBySoap.Length.class));
    Chain still = only(new ScaleByLearningRate(new Constant(0)));
    return only(new Until(1, still, decayedLast(s, soap))); // the first gradient is no step
  }

  private static Chain galore(Settings s) {
    Chain adam =
        only(
            new ScaleByAdam(
                s.number("beta1"),
                s.number("beta2"),
                s.number("epsilon"),
                0,
                Epsilon.HAT,
                ScaleByAdam.Mean.PLAIN));
    int rank = Math.toIntExact(s.integer("rank"));
    Chain rule =
        rank == 0
            ? adam
            : only(
                new Project(
                    rank,
                    s.integer("every"),
                    s.number("scale"),
                    s.choice("sides", Project.Sides.class),
                    adam));
    return decayedLast(s, rule);
  }

  /** The rate, and decay after the step. */
  private static Chain decayedLast(Settings s, GradientTransform<?> rule) {
    Schedule rate = s.schedule("learning-rate");
    Chain step = rule.then(new ScaleByLearningRate(rate));
    double decay = s.number("weight-decay");
    return decay > 0 ? step.then(new DecayLast(new Product(decay, rate))) : step;
  }

  private static int side(Settings s) {
    return Math.toIntExact(s.integer("most-side"));
  }
}
