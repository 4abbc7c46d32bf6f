package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.catalog.Parameter.Kind;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.QuantileLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Cosine;
import dev.talweg.optimizer.schedule.Exponential;
import dev.talweg.optimizer.schedule.Linear;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.schedule.Schedules;
import dev.talweg.optimizer.schedule.StepDecay;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.Momentum;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Every name a configuration can ask for, with its parameters: the one line besides the one file.
 * Defaults are written here and nowhere else.
 */
public final class Catalog {
  private static final Parameter LEARNING_RATE =
      new Parameter(
          "learning-rate",
          Kind.SCHEDULE,
          1e-3,
          "a number above 0, or a schedule",
          value -> value instanceof Schedule || above(0, value),
          "Length of a step, in units of parameters per gradient; a number or a schedule.");

  private static final Parameter CLIP =
      new Parameter(
          "clip",
          Kind.CLIP,
          null,
          "{global-norm: NUMBER} with a number above 0",
          value -> value instanceof ClipByGlobalNorm || above(0, value),
          "Gradients whose Euclidean norm is larger are scaled down to it; off unless written.");

  private static final List<Entry<Minimizer<?, ?>>> OPTIMIZERS =
      List.of(
          new Entry<>(
              "lbfgs",
              "limited-memory BFGS, preconditioned, with an exact intercept; full batch",
              "Nocedal, Mathematics of Computation 35 (1980); preconditioner: docs/architecture.md",
              List.of(
                  integer("memory", 10, 1, "Curvature pairs kept."),
                  integer(
                      "refresh",
                      5,
                      1,
                      "Steps between two evaluations from the parameters alone; checkpoints are"
                          + " taken there.")),
              settings ->
                  new Lbfgs(
                      Math.toIntExact(settings.integer("memory")),
                      Math.toIntExact(settings.integer("refresh")))),
          new Entry<>(
              "sgd",
              "stochastic gradient descent: x − η g",
              "Robbins and Monro, Annals of Mathematical Statistics 22 (1951)",
              List.of(LEARNING_RATE, CLIP),
              settings -> descent(settings, Optimizers.sgd(settings.schedule("learning-rate")))),
          new Entry<>(
              "momentum",
              "gradient descent with a velocity: v ← μ v + g, x − η v",
              "Polyak, USSR Computational Mathematics 4 (1964); Nesterov's form as in PyTorch",
              List.of(
                  LEARNING_RATE,
                  share("momentum", 0.9, "Share μ of the velocity that is kept."),
                  new Parameter(
                      "nesterov",
                      Kind.FLAG,
                      false,
                      "true or false",
                      value -> value instanceof Boolean,
                      "Look ahead along the velocity: x − η (g + μ v)."),
                  CLIP),
              settings ->
                  descent(
                      settings,
                      Optimizers.momentum(
                          settings.schedule("learning-rate"),
                          settings.number("momentum"),
                          settings.flag("nesterov")
                              ? Momentum.Form.NESTEROV
                              : Momentum.Form.HEAVY_BALL))),
          new Entry<>(
              "adam",
              "steps scaled by running moments of each gradient entry",
              "Kingma and Ba, ICLR (2015)",
              List.of(
                  LEARNING_RATE,
                  share("beta1", 0.9, "Share of the running mean that is kept."),
                  share("beta2", 0.999, "Share of the running mean square that is kept."),
                  number(
                      "epsilon",
                      1e-8,
                      "a number above 0",
                      value -> value > 0,
                      "Added to the root mean square, in units of the gradient."),
                  CLIP),
              settings ->
                  descent(
                      settings,
                      Optimizers.adam(
                          settings.schedule("learning-rate"),
                          settings.number("beta1"),
                          settings.number("beta2"),
                          settings.number("epsilon")))));

  private static final List<Entry<Schedule>> SCHEDULES =
      List.of(
          new Entry<>(
              "constant",
              "the same rate at every step",
              "r(t) = value",
              List.of(rate("value", null, "The rate.")),
              settings -> new Constant(settings.number("value"))),
          new Entry<>(
              "step",
              "a decay in stairs",
              "r(t) = start · factor^⌊t/every⌋",
              List.of(
                  rate("start", null, "Rate of the first step."),
                  factor(0.1),
                  integer("every", null, 1, "Steps between two decays.")),
              settings ->
                  new StepDecay(
                      settings.number("start"),
                      settings.number("factor"),
                      settings.integer("every"))),
          new Entry<>(
              "exponential",
              "a smooth decay",
              "r(t) = start · factor^(t/every)",
              List.of(
                  rate("start", null, "Rate of the first step."),
                  factor(null),
                  integer("every", 1, 1, "Steps in which the rate falls by the factor.")),
              settings ->
                  new Exponential(
                      settings.number("start"),
                      settings.number("factor"),
                      settings.integer("every"))),
          new Entry<>(
              "linear",
              "a straight line, then constant",
              "r(t) = start + (end − start) min(t, steps)/steps",
              List.of(
                  rate("start", null, "Rate of the first step."),
                  rate("end", 0.0, "Rate after the last."),
                  integer("steps", null, 1, "Steps from start to end.")),
              settings ->
                  new Linear(
                      settings.number("start"), settings.number("end"), settings.integer("steps"))),
          new Entry<>(
              "cosine",
              "half a cosine down, then constant",
              "r(t) = end + (start − end)(1 + cos(π t/steps))/2; Loshchilov and Hutter, ICLR (2017)",
              List.of(
                  rate("start", null, "Rate of the first step."),
                  rate("end", 0.0, "Rate after the last."),
                  integer("steps", null, 1, "Steps from start to end.")),
              settings ->
                  new Cosine(
                      settings.number("start"), settings.number("end"), settings.integer("steps"))),
          new Entry<>(
              "warmup-cosine",
              "linear from 0 to the peak, then half a cosine down",
              "linear for t < warmup, then cosine to step `steps`; optax",
              List.of(
                  rate("peak", null, "The largest rate."),
                  integer("warmup", null, 0, "Steps up to the peak."),
                  integer("steps", null, 1, "Steps in all, the warm-up included."),
                  rate("end", 0.0, "Rate after the last.")),
              settings ->
                  Schedules.warmupCosine(
                      settings.integer("warmup"),
                      settings.integer("steps"),
                      settings.number("peak"),
                      settings.number("end"))));

  private static final List<Entry<PointwiseLoss>> LOSSES =
      List.of(
          new Entry<>(
              "logistic",
              "negative log likelihood of a class, given its log-odds",
              "log(1 + eᶻ) − y z",
              List.of(),
              settings -> new LogisticLoss()),
          new Entry<>(
              "squared-hinge",
              "squared violation of the margin 1, as in a support vector machine",
              "max(0, 1 − (2y − 1) z)²",
              List.of(),
              settings -> new SquaredHingeLoss()),
          new Entry<>(
              "squared", "least squares", "(z − y)²/2", List.of(), settings -> new SquaredLoss()),
          new Entry<>(
              "huber",
              "least squares with a bounded pull of outliers",
              "r²/2 for |r| ≤ δ, else δ|r| − δ²/2; Huber, Annals of Mathematical Statistics 35"
                  + " (1964)",
              List.of(
                  number(
                      "delta",
                      1.35,
                      "a number above 0",
                      value -> value > 0,
                      "Residual δ where the loss becomes linear, in units of the label.")),
              settings -> new HuberLoss(settings.number("delta"))),
          new Entry<>(
              "poisson",
              "negative log likelihood of a count, given the logarithm of its mean",
              "eᶻ − y z; McCullagh and Nelder, Generalized Linear Models (1989)",
              List.of(),
              settings -> new PoissonLoss()),
          new Entry<>(
              "gamma",
              "negative log likelihood of an amount above 0, given the logarithm of its mean",
              "y e⁻ᶻ + z; McCullagh and Nelder, Generalized Linear Models (1989)",
              List.of(),
              settings -> new GammaLoss()),
          new Entry<>(
              "tweedie",
              "quasi-likelihood of an amount that may be 0, given the logarithm of its mean",
              "e^((2−p) z)/(2 − p) + y e^((1−p) z)/(p − 1); Jørgensen, Journal of the Royal"
                  + " Statistical Society B 49 (1987)",
              List.of(
                  number(
                      "power",
                      1.5,
                      "a number above 1 and below 2",
                      value -> value > 1 && value < 2,
                      "Power p of the mean that the variance is proportional to.")),
              settings -> new TweedieLoss(settings.number("power"))),
          new Entry<>(
              "quantile",
              "pinball loss, whose minimizer is a quantile of the label",
              "max(q r, (q − 1) r), r = y − z; Koenker and Bassett, Econometrica 46 (1978)",
              List.of(
                  number(
                      "quantile",
                      0.5,
                      "a number above 0 and below 1",
                      value -> value > 0 && value < 1,
                      "The share q of labels that shall lie below the prediction."),
                  smoothing(
                      "units of the label; the loss falls by at most max(q, 1 − q)²/2 of it")),
              settings ->
                  new QuantileLoss(settings.number("quantile"), settings.number("smoothing"))),
          new Entry<>(
              "hinge",
              "violation of the margin 1, as in a support vector machine",
              "max(0, 1 − (2y − 1) z); Cortes and Vapnik, Machine Learning 20 (1995)",
              List.of(smoothing("units of the margin; the loss falls by at most half of it")),
              settings -> new HingeLoss(settings.number("smoothing"))));

  private static final List<Entry<IntFunction<SoftmaxLoss>>> CLASS_LOSSES =
      List.of(
          new Entry<>(
              SoftmaxLoss.NAME,
              "negative log likelihood of a class, given a margin for each",
              "log Σ_k exp(z_k) − z_y",
              List.of(),
              settings -> SoftmaxLoss::new));

  private static final List<ModelEntry> MODELS =
      List.of(
          new ModelEntry(
              "logistic",
              "the probability of a class, linear up to its log-odds",
              "Cox, Journal of the Royal Statistical Society B 20 (1958)",
              List.of("logistic", "squared-hinge")),
          new ModelEntry(
              "linear",
              "a number, linear in the features",
              "Legendre (1805)",
              List.of("squared", "huber")),
          new ModelEntry(
              "poisson",
              "a mean count, linear up to its logarithm",
              "Nelder and Wedderburn, Journal of the Royal Statistical Society A 135 (1972)",
              List.of("poisson")),
          new ModelEntry(
              "gamma",
              "a mean amount above 0, linear up to its logarithm",
              "Nelder and Wedderburn, Journal of the Royal Statistical Society A 135 (1972)",
              List.of("gamma")),
          new ModelEntry(
              "tweedie",
              "a mean amount that may be 0, linear up to its logarithm",
              "Jørgensen, Journal of the Royal Statistical Society B 49 (1987)",
              List.of("tweedie")),
          new ModelEntry(
              "quantile",
              "a quantile of a number, linear in the features",
              "Koenker and Bassett, Econometrica 46 (1978)",
              List.of("quantile")),
          new ModelEntry(
              "svm",
              "a class by the sign of a margin, linear in the features",
              "Cortes and Vapnik, Machine Learning 20 (1995)",
              List.of("hinge", "squared-hinge")),
          new ModelEntry(
              "multinomial",
              "the probabilities of many classes, linear up to their log-odds",
              "McFadden, Frontiers in Econometrics (1974)",
              List.of(SoftmaxLoss.NAME)));

  private Catalog() {}

  /** Minimizers: {@link Lbfgs} for linear objectives, {@link Descent} for batches. */
  public static List<Entry<Minimizer<?, ?>>> optimizers() {
    return OPTIMIZERS;
  }

  /** Rates as functions of the step. */
  public static List<Entry<Schedule>> schedules() {
    return SCHEDULES;
  }

  /** Losses, under the names that {@link PointwiseLoss#name} gives. */
  public static List<Entry<PointwiseLoss>> losses() {
    return LOSSES;
  }

  /** Losses with a margin for each class, as functions of the number of classes. */
  public static List<Entry<IntFunction<SoftmaxLoss>>> classLosses() {
    return CLASS_LOSSES;
  }

  /** Kinds of model. */
  public static List<ModelEntry> models() {
    return MODELS;
  }

  private static Descent descent(Settings settings, Chain chain) {
    Object clip = settings.values().get("clip");
    if (clip == null) {
      return new Descent(chain);
    }
    ClipByGlobalNorm first =
        clip instanceof ClipByGlobalNorm made
            ? made
            : new ClipByGlobalNorm(((Number) clip).doubleValue());
    return new Descent(first.then(chain));
  }

  private static Parameter number(
      String name,
      @Nullable Double byDefault,
      String allowed,
      DoublePredicate accepts,
      String meaning) {
    return new Parameter(
        name,
        Kind.NUMBER,
        byDefault,
        allowed,
        value ->
            value instanceof Number number
                && Double.isFinite(number.doubleValue())
                && accepts.test(number.doubleValue()),
        meaning);
  }

  private static Parameter smoothing(String units) {
    return number(
        "smoothing",
        0.0,
        "a number of at least 0",
        value -> value >= 0,
        "Width over which each kink is rounded, in " + units + ". 0 is the exact loss.");
  }

  private static Parameter rate(String name, @Nullable Double byDefault, String meaning) {
    return number(name, byDefault, "a number of at least 0", value -> value >= 0, meaning);
  }

  private static Parameter share(String name, double byDefault, String meaning) {
    return number(
        name,
        byDefault,
        "a number of at least 0 and below 1",
        value -> value >= 0 && value < 1,
        meaning);
  }

  private static Parameter factor(@Nullable Double byDefault) {
    return number(
        "factor",
        byDefault,
        "a number above 0 and at most 1",
        value -> value > 0 && value <= 1,
        "What the rate is multiplied by.");
  }

  private static Parameter integer(
      String name, @Nullable Integer byDefault, long least, String meaning) {
    return new Parameter(
        name,
        Kind.INTEGER,
        byDefault == null ? null : (Object) byDefault.longValue(),
        "a whole number of at least " + least,
        value ->
            value instanceof Number number
                && number.longValue() == number.doubleValue()
                && number.longValue() >= least
                && number.longValue() <= Integer.MAX_VALUE,
        meaning);
  }

  private static boolean above(double bound, Object value) {
    return value instanceof Number number
        && number.doubleValue() > bound
        && number.doubleValue() < Double.POSITIVE_INFINITY;
  }
}
