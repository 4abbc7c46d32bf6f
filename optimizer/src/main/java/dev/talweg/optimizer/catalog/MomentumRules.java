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
import static dev.talweg.optimizer.catalog.Rules.EPSILON_ROOT;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.Rules.decayed;
import static dev.talweg.optimizer.catalog.Rules.descent;
import static dev.talweg.optimizer.catalog.Rules.entry;
import static dev.talweg.optimizer.catalog.Rules.form;
import static dev.talweg.optimizer.catalog.Rules.lazy;
import static dev.talweg.optimizer.catalog.Rules.only;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.rectified;
import static dev.talweg.optimizer.catalog.Rules.rule;
import static dev.talweg.optimizer.catalog.Rules.whole;

import dev.talweg.optimizer.minimizer.Estimate;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AcceleratedSgd;
import dev.talweg.optimizer.transform.AggregatedMomentum;
import dev.talweg.optimizer.transform.Average;
import dev.talweg.optimizer.transform.AverageTruncated;
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
import dev.talweg.optimizer.transform.ScaleByLion;
import dev.talweg.optimizer.transform.ScaleBySign;
import dev.talweg.optimizer.transform.SwitchToSgd;
import dev.talweg.optimizer.transform.TruncateByLasso;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Gradient descent with and without a velocity, signs, and ways from Adam to descent. */
final class MomentumRules {
  /** Of rules whose steps are sums of gradients. */
  static final String TRUNCATED_L1 = "truncated-l1";

  private static final String TRUNCATED_AVERAGE = "truncated-average";

  /** The name of the rule that takes full gradients beside those of batches. */
  static final String VARIANCE_REDUCED = "svrg";

  static final Entry<Minimizer<?, ?>> SGD =
      velocity(
          "sgd",
          "stochastic gradient descent: x − η g, with momentum where it is asked for",
          "Robbins and Monro, Annals of Mathematical Statistics 22 (1951)",
          0);

  static final Entry<Minimizer<?, ?>> MOMENTUM =
      velocity(
          "momentum",
          "gradient descent with a velocity: v ← μ v + g, x − η v",
          "Polyak, USSR Computational Mathematics 4 (1964); Nesterov's form as in PyTorch",
          0.9);

  static final Entry<Minimizer<?, ?>> LION =
      rule(
              "lion",
              "the sign of an interpolated momentum",
              "Chen et al., NeurIPS (2023)",
              List.of(
                  Parameters.share("beta1", 0.9, "Share of the momentum in the sign."),
                  Parameters.share("beta2", 0.99, "Share of the momentum that is kept.")),
              s -> new ScaleByLion(s.number("beta1"), s.number("beta2")))
          .in(KERAS, DECOUPLED)
          .in(OPTAX, Map.of("weight-decay", 1e-3, "decay", "decoupled"));

  static final Entry<Minimizer<?, ?>> SIGN_SGD =
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
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> SVRG = svrg();

  private static final Parameter KEPT =
      Parameters.share("momentum", 0.9, "Share μ of the velocity that is kept.");

  static final Entry<Minimizer<?, ?>> AGGMO =
      rule(
          "aggmo",
          "momentum of several velocities, which damp each other",
          "Lucas, Sun, Zemel and Grosse, ICLR (2019)",
          List.of(
              Parameters.shares(
                  "decays", List.of(0.0, 0.9, 0.99), "Shares of the velocities that are kept.")),
          s -> new AggregatedMomentum(s.numbers("decays")));

  static final Entry<Minimizer<?, ?>> QHM =
      rule(
          "qhm",
          "a mean of the gradient and of its running mean",
          "Ma and Yarats, ICLR (2019)",
          List.of(
              Parameters.share("momentum", 0.999, "Share β of the running mean that is kept."),
              Parameters.upToOne("nu", 0.7, "Share ν of the running mean in a step.")),
          s -> new QuasiHyperbolicMomentum(s.number("momentum"), s.number("nu")));

  static final Entry<Minimizer<?, ?>> PID =
      rule(
          "pid",
          "momentum with a term of the gradient's change, as of a controller",
          "An et al., CVPR (2018)",
          List.of(
              KEPT,
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
      whole(
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
      whole(
          "sgdp",
          "momentum that does not lengthen matrices whose scale the loss does not see",
          "Heo et al., ICLR (2021)",
          List.of(
              KEPT,
              Parameters.flag("nesterov", false, "Look ahead along the velocity."),
              DELTA,
              Parameters.aboveZero("epsilon", 1e-8, "Keeps norms from 0."),
              WEIGHT_DECAY,
              DECAY_SHARE,
              DECAY),
          s -> {
            double mu = s.number("momentum");
            return projected(s, new Momentum(mu, form(s)), 1 / (1 - mu));
          });

  static final Entry<Minimizer<?, ?>> ADAMP =
      whole(
          "adamp",
          "Adam that does not lengthen matrices whose scale the loss does not see",
          "Heo et al., ICLR (2021)",
          List.of(
              BETA1,
              BETA2,
              EPSILON,
              EPSILON_FORM,
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
      whole(
          "swats",
          "Adam, until it finds the rate of gradient descent, which then goes on",
          "Keskar and Socher, arXiv 1712.07628 (2017)",
          List.of(
              BETA1,
              BETA2,
              Parameters.aboveZero("epsilon", 1e-9, "Added to the root mean square."),
              EPSILON_ROOT,
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

  static final Entry<Minimizer<?, ?>> NORMALIZED =
      entry(
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
      rule(
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
      rule(
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
                    + " (Tsuruoka, Tsujii and Ananiadou 2009)."),
            Parameters.flag(
                TRUNCATED_AVERAGE,
                false,
                "The model is scikit-learn's average of such parameters, from average-from on: what"
                    + " is cut off counts as if it had been cut from the first step on; average:"
                    + " equal is the mean of where they were."));
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
              return rule.then(truncated(s));
            });
    return entry
        .in(PYTORCH, Map.of())
        .in(KERAS, Map.of("learning-rate", 1e-2, "velocity", "of-steps", "decay", "decoupled"))
        .in(TENSORFLOW, Map.of())
        .in(OPTAX, Map.of())
        .in(SKLEARN, Map.of("velocity", "of-steps"))
        .in(MATLAB, Map.of("learning-rate", 1e-2, "velocity", "of-steps"));
  }

  /** What l1 does after a step, where there is one, and the average that goes with it. */
  private static Chain truncated(Settings s) {
    double l1 = s.number(TRUNCATED_L1);
    Schedule rate = s.schedule("learning-rate");
    TruncateByLasso lasso = new TruncateByLasso(new Product(l1, rate));
    if (!s.flag(TRUNCATED_AVERAGE)) {
      return l1 > 0 ? only(lasso) : Chain.of(List.of());
    }
    long from = s.integer("average-from");
    Schedule shrinking = new Product(List.of(s.schedule("weight-decay"), rate));
    return only(
        l1 > 0
            ? new AverageTruncated(lasso, shrinking, from)
            : new Average(Average.Kind.EQUAL, 0, from, 0));
  }

  private static Entry<Minimizer<?, ?>> svrg() {
    Function<Settings, Chain> rule = s -> Sentence.of(s, List.of(), List.of());
    Entry<Minimizer<?, ?>> entry =
        entry(
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
    return entry.made(s -> descent(s, rule, new Estimate(s.integer("anchor")), null));
  }

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
            rectified(
                Parameters.choice(
                    "early",
                    "momentum",
                    List.of("momentum", "still", "uphill"),
                    "Before that: plain momentum, no step, or, as pytorch_optimizer's rate is"
                        + " negative there, momentum uphill.")));
    parameters.add(
        Parameters.flag("centralize", true, "Rows of a matrix's gradient lose their means."));
    Entry<Minimizer<?, ?>> entry =
        entry(
            "ranger",
            "centralized RAdam with Lookahead",
            "Wright and Demeure, arXiv 2106.13731 (2021), whose predecessor it is",
            parameters,
            s -> {
              Chain radam = Sentence.of(s, List.of(Rules.rectifiedAdam(s)), List.of());
              return s.flag("centralize") ? new Centralize().then(radam) : radam;
            });
    return own(
        entry, Map.of("beta1", 0.95, "epsilon", 1e-5, "decay", "decoupled", "lookahead", 6L));
  }
}
