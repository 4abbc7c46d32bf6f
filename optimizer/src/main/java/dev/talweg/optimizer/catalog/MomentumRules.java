package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.WholeRules.decayed;
import static dev.talweg.optimizer.catalog.WholeRules.only;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AcceleratedSgd;
import dev.talweg.optimizer.transform.AdaptiveDescent;
import dev.talweg.optimizer.transform.AggregatedMomentum;
import dev.talweg.optimizer.transform.Centralize;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.Normalize;
import dev.talweg.optimizer.transform.ProjectToTangent;
import dev.talweg.optimizer.transform.ProportionalIntegralDerivative;
import dev.talweg.optimizer.transform.QuasiHyperbolicMomentum;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByAgreement;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.SwitchToSgd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Kin of momentum: several velocities, velocities projected, and ways from Adam to descent. */
final class MomentumRules {
  private static final Parameter MOMENTUM =
      Parameters.share("momentum", 0.9, "Share μ of the velocity that is kept.");

  static final Entry<Minimizer<?, ?>> AGGMO =
      Rules.rule(
          "aggmo",
          "momentum of several velocities, which damp each other",
          "Lucas, Sun, Zemel and Grosse, ICLR (2019)",
          List.of(
              Parameters.shares(
                  "decays", List.of(0.0, 0.9, 0.99), "Shares of the velocities that are kept.")),
          s -> new AggregatedMomentum(s.numbers("decays")));

  static final Entry<Minimizer<?, ?>> QHM =
      Rules.rule(
          "qhm",
          "a mean of the gradient and of its running mean",
          "Ma and Yarats, ICLR (2019)",
          List.of(
              Parameters.share("momentum", 0.999, "Share β of the running mean that is kept."),
              Parameters.upToOne("nu", 0.7, "Share ν of the running mean in a step.")),
          s -> new QuasiHyperbolicMomentum(s.number("momentum"), s.number("nu")));

  static final Entry<Minimizer<?, ?>> PID =
      Rules.rule(
          "pid",
          "momentum with a term of the gradient's change, as of a controller",
          "An et al., CVPR (2018)",
          List.of(
              MOMENTUM,
              Parameters.upToOne(
                  "dampening", 0.0, "Share of the gradient that does not enter the sum."),
              Parameters.notNegative("integral", 5.0, "Weight of the sum."),
              Parameters.notNegative("derivative", 10.0, "Weight of the running mean change.")),
          s ->
              new ProportionalIntegralDerivative(
                  s.number("momentum"),
                  s.number("dampening"),
                  s.number("integral"),
                  s.number("derivative")));

  static final Entry<Minimizer<?, ?>> ACC_SGD =
      Rules.whole(
          "acc-sgd",
          "gradient descent of long and short steps, accelerated also by batches",
          "Kidambi, Netrapalli, Jain and Kakade, ICLR (2018)",
          List.of(
              Parameters.aboveZero("long-step", 1000.0, "κ: a long step in short ones."),
              Parameters.aboveZero(
                  "advantage", 10.0, "ξ of statistics: at most the root of long-step."),
              Parameters.number(
                  "constant", 0.7, "a number in (0, 1)", v -> v > 0 && v < 1, "c of the paper."),
              WEIGHT_DECAY),
          s ->
              decayed(
                  s,
                  new AcceleratedSgd(
                      s.schedule("learning-rate"),
                      s.number("long-step"),
                      s.number("advantage"),
                      s.number("constant"))));

  private static final Parameter DELTA =
      Parameters.aboveZero(
          "delta", 0.1, "Cosine of gradient and parameters that counts as 0, times √n.");
  private static final Parameter DECAY_SHARE =
      Parameters.upToOne(
          "decay-share", 0.1, "Decay of projected matrices, as a share of the others'.");
  private static final Parameter DECAY =
      Parameters.choice(
          "decay",
          "decoupled",
          List.of("decoupled", "independent"),
          "Whether parameters shrink by λ times the rate, or by λ alone.");

  static final Entry<Minimizer<?, ?>> SGDP =
      Rules.whole(
          "sgdp",
          "momentum that does not lengthen matrices whose scale the loss does not see",
          "Heo et al., ICLR (2021)",
          List.of(
              MOMENTUM,
              Parameters.flag("nesterov", false, "Look ahead along the velocity."),
              DELTA,
              Parameters.aboveZero("epsilon", 1e-8, "Keeps norms from 0."),
              WEIGHT_DECAY,
              DECAY_SHARE,
              DECAY),
          s -> {
            double mu = s.number("momentum");
            return projected(s, new Momentum(mu, Rules.form(s)), 1 / (1 - mu));
          });

  static final Entry<Minimizer<?, ?>> ADAMP =
      Rules.whole(
          "adamp",
          "Adam that does not lengthen matrices whose scale the loss does not see",
          "Heo et al., ICLR (2021)",
          List.of(
              Rules.BETA1,
              Rules.BETA2,
              Rules.EPSILON,
              Rules.EPSILON_FORM,
              Parameters.flag("nesterov", false, "Look ahead along the mean, as TensorFlow."),
              DELTA,
              WEIGHT_DECAY,
              DECAY_SHARE,
              DECAY),
          s ->
              projected(
                  s,
                  new ScaleByAdam(
                      s.number("beta1"),
                      s.number("beta2"),
                      s.number("epsilon"),
                      0,
                      s.choice("epsilon-form", Epsilon.class),
                      s.flag("nesterov")
                          ? ScaleByAdam.Mean.NESTEROV_ONE_CORRECTION
                          : ScaleByAdam.Mean.PLAIN),
                  1));

  static final Entry<Minimizer<?, ?>> SWATS =
      Rules.whole(
          "swats",
          "Adam, until it finds the rate of gradient descent, which then goes on",
          "Keskar and Socher, arXiv 1712.07628 (2017)",
          List.of(
              Rules.BETA1,
              Rules.BETA2,
              Parameters.aboveZero("epsilon", 1e-9, "Added to the root mean square."),
              Rules.EPSILON_ROOT,
              Parameters.notNegative(
                  "tolerance", 1e-9, "Difference of a rate and its mean that ends Adam."),
              Parameters.notNegative(
                  "relative-tolerance", 0.0, "The same as a share of the rate, added to it."),
              WEIGHT_DECAY),
          s -> {
            double beta1 = s.number("beta1");
            double beta2 = s.number("beta2");
            ScaleByAdam adam =
                new ScaleByAdam(
                    beta1,
                    beta2,
                    s.number("epsilon"),
                    s.number("epsilon-root"),
                    Epsilon.HAT,
                    ScaleByAdam.Mean.PLAIN);
            return decayed(
                s,
                new SwitchToSgd(
                    adam.then(new ScaleByLearningRate(s.schedule("learning-rate"))),
                    beta1,
                    beta2,
                    s.number("tolerance"),
                    s.number("relative-tolerance")));
          });

  static final Entry<Minimizer<?, ?>> RANGER = ranger();

  static final Entry<Minimizer<?, ?>> ADGD =
      Rules.fixed(
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

  static final Entry<Minimizer<?, ?>> NORMALIZED =
      Rules.entry(
              "normalized-gd",
              "gradient descent by steps of one length",
              "Nesterov, Matekon 29 (1984); Hazan, Levy and Shalev-Shwartz, NeurIPS (2015)",
              List.of(Parameters.notNegative("epsilon", 1e-6, "Added to the gradient's norm.")),
              s -> Sentence.of(s, List.of(new Normalize(s.number("epsilon"))), List.of()))
          .in(OPTAX, Map.of());

  private static final Parameter FADING =
      Parameters.schedule(
          "sign-decay",
          1.0,
          v -> v >= 0,
          "a number of at least 0, or a schedule",
          "Factor of the agreement, such as a schedule that falls to 0.");
  private static final Parameter MEAN =
      Parameters.share("beta", 0.9, "Share of the running mean that is kept.");

  static final Entry<Minimizer<?, ?>> ADD_SIGN =
      Rules.rule(
              "add-sign",
              "steps that are longer where the gradient agrees with its mean",
              "Bello, Zoph, Vasudevan and Le, ICML (2017)",
              List.of(
                  MEAN,
                  Parameters.notNegative("alpha", 1.0, "Added to the agreement, 1 or −1."),
                  FADING),
              s -> agreement(s, "alpha", ScaleByAgreement.Form.ADD))
          .in(TENSORFLOW, Map.of());

  static final Entry<Minimizer<?, ?>> POWER_SIGN =
      Rules.rule(
              "power-sign",
              "steps that are e times longer where the gradient agrees with its mean",
              "Bello, Zoph, Vasudevan and Le, ICML (2017)",
              List.of(
                  MEAN,
                  Parameters.notNegative("log-base", 1.0, "Logarithm of the factor e."),
                  FADING),
              s -> agreement(s, "log-base", ScaleByAgreement.Form.POWER))
          .in(TENSORFLOW, Map.of());

  private MomentumRules() {}

  private static ScaleByAgreement agreement(
      Settings s, String strength, ScaleByAgreement.Form form) {
    return new ScaleByAgreement(
        s.number("beta"), s.number(strength), s.schedule("sign-decay"), form);
  }

  private static Chain projected(Settings s, GradientTransform<?> scaling, double decays) {
    Schedule rate = s.schedule("learning-rate");
    Constant decay = new Constant(decays * s.number("weight-decay"));
    return only(
        new ProjectToTangent(
            scaling.then(new ScaleByLearningRate(rate)),
            s.number("delta"),
            s.number("epsilon"),
            s.text("decay").equals("independent") ? decay : new Product(List.of(decay, rate)),
            s.number("decay-share")));
  }

  private static Entry<Minimizer<?, ?>> ranger() {
    List<Parameter> parameters =
        new ArrayList<>(
            Rules.rectified(
                Parameters.choice(
                    "early",
                    "momentum",
                    List.of("momentum", "still", "uphill"),
                    "Before that: plain momentum, no step, or, as pytorch_optimizer's rate is"
                        + " negative there, momentum uphill.")));
    parameters.add(
        Parameters.flag("centralize", true, "Rows of a matrix's gradient lose their means."));
    Entry<Minimizer<?, ?>> entry =
        Rules.entry(
            "ranger",
            "centralized RAdam with Lookahead",
            "Wright and Demeure, arXiv 2106.13731 (2021), whose predecessor it is",
            parameters,
            s -> {
              Chain radam = Sentence.of(s, List.of(Rules.rectifiedAdam(s)), List.of());
              return s.flag("centralize") ? new Centralize().then(radam) : radam;
            });
    return Rules.own(
        entry, Map.of("beta1", 0.95, "epsilon", 1e-5, "decay", "decoupled", "lookahead", 6L));
  }
}
