package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.loss.DualLoss;
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
import dev.talweg.optimizer.minimizer.CholeskyNewton;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.NewtonCg;
import dev.talweg.optimizer.minimizer.OnlineStart;
import dev.talweg.optimizer.minimizer.Owlqn;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Cosine;
import dev.talweg.optimizer.schedule.Exponential;
import dev.talweg.optimizer.schedule.Linear;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.schedule.Schedules;
import dev.talweg.optimizer.schedule.StepDecay;
import java.util.List;
import java.util.function.DoublePredicate;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every name a configuration can ask for, with its parameters: the one line besides the one file.
 * Defaults are written here and nowhere else.
 */
public final class Catalog {
  static final Parameter MEMORY = integer("memory", 10, 1, "Curvature pairs kept.");

  private static final Parameter REFRESH =
      integer(
          "refresh",
          5,
          1,
          "Steps between two evaluations from the parameters alone; checkpoints are taken there.");

  private static final Parameter BLOCK =
      integer(
          "block",
          LinearProblem.EXACT_CURVATURE,
          0,
          "Features of the preconditioner's dense block: all where there are no more, else the most"
              + " frequent, from a sample of the rows; 0 for a diagonal.");

  private static final Parameter BLOCK_AFTER =
      integer(
          "block-after",
          0,
          0,
          "Steps before the block takes the place of the diagonal, which costs nothing at the"
              + " start; a block of all features is there from the start.");

  private static final Entry<Automatic> AUTOMATIC =
      new Entry<>(
          "auto",
          "one of those below, by rows, features and penalty; the log and run.json say which, why",
          "docs/decisions/0008",
          List.of(),
          settings -> new Automatic());

  private static final List<Entry<Minimizer<?, ?>>> LINEAR =
      List.of(
          new Entry<>(
              "lbfgs",
              "limited-memory BFGS, preconditioned, with an exact intercept; full batch",
              "Nocedal, Mathematics of Computation 35 (1980); preconditioner: docs/architecture.md",
              List.of(MEMORY, REFRESH, BLOCK, BLOCK_AFTER),
              Catalog::lbfgs),
          LibraryLbfgs.ENTRY,
          new Entry<>(
              "online-lbfgs",
              "one adaptive online pass within each partition, then lbfgs; full batch",
              "Agarwal et al., JMLR 15 (2014); docs/decisions/0031",
              List.of(
                  number(
                      "online-rate",
                      0.05,
                      "a number above 0",
                      value -> value > 0,
                      "Rate of the pass, of weights that belong to features of at most 1."),
                  MEMORY,
                  REFRESH,
                  BLOCK,
                  BLOCK_AFTER),
              settings -> new OnlineStart(lbfgs(settings), settings.number("online-rate"))),
          new Entry<>(
              "newton-cholesky",
              "Newton's method for few features: the exact Hessian at every step; full batch",
              "Nocedal and Wright, Numerical Optimization (2006), 3.3 and 6.1",
              List.of(
                  integer(
                      "most-features",
                      CholeskyNewton.MOST,
                      1,
                      "A run with more features ends with an error: each step holds a matrix of"
                          + " them."),
                  REFRESH),
              settings ->
                  new CholeskyNewton(
                      Math.toIntExact(settings.integer("most-features")),
                      Math.toIntExact(settings.integer("refresh")))),
          new Entry<>(
              "newton-cg",
              "Newton's method by preconditioned conjugate gradients, truncated; full batch",
              "Eisenstat and Walker, SIAM Journal on Scientific Computing 17 (1996)",
              List.of(
                  integer("inner", 50, 1, "Products with the Hessian of one step, at most."),
                  integer(
                      "refresh",
                      1,
                      1,
                      "Steps between two evaluations from the parameters alone; until then the"
                          + " driver keeps every direction."),
                  BLOCK),
              settings ->
                  new NewtonCg(
                      Math.toIntExact(settings.integer("inner")),
                      Math.toIntExact(settings.integer("refresh")),
                      Math.toIntExact(settings.integer("block")))),
          new Entry<>(
              "proximal-quasi-newton",
              "quasi-Newton with the penalty as it is, for l1, elastic net and bounds; full batch",
              "Lee, Sun and Saunders, SIAM Journal on Optimization 24 (2014); newGLMNET: Yuan, Ho"
                  + " and Lin, JMLR 13 (2012)",
              List.of(MEMORY, REFRESH),
              settings ->
                  new ProximalQuasiNewton(
                      Math.toIntExact(settings.integer("memory")),
                      Math.toIntExact(settings.integer("refresh")))),
          new Entry<>(
              "cocoa",
              "local dual ascent, CoCoA+: exact hinge and quantile, ridge alone; full batch",
              "Ma et al., ICML (2015); Smith et al., JMLR 18:230 (2018); docs/decisions/0015",
              List.of(
                  integer("local-passes", 5, 1, "Passes over a partition's own rows in a round."),
                  number(
                      "sigma",
                      0.0,
                      "a number of at least 0",
                      value -> value >= 0,
                      "How often a partition counts its own steps (σ'), so that adding up is safe;"
                          + " 0 stands for the number of partitions.")),
              settings ->
                  new Cocoa(
                      Math.toIntExact(settings.integer("local-passes")), settings.number("sigma"))),
          new Entry<>(
              "owl-qn",
              "orthant-wise L-BFGS for l1, as Breeze and spark.ml have it; full batch",
              "Andrew and Gao, ICML (2007)",
              List.of(MEMORY, REFRESH),
              settings ->
                  new Owlqn(
                      Math.toIntExact(settings.integer("memory")),
                      Math.toIntExact(settings.integer("refresh")))));

  private static final List<Entry<Minimizer<?, ?>>> OPTIMIZERS = withMore(LINEAR, Rules.ENTRIES);

  private static final List<Entry<Schedule>> SCHEDULES =
      withMore(
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
                          settings.number("start"),
                          settings.number("end"),
                          settings.integer("steps"))),
              new Entry<>(
                  "cosine",
                  "half a cosine down, then constant",
                  "r(t) = end + (start − end)(1 + cos(π t/steps))/2; Loshchilov and Hutter, ICLR (2017)",
                  List.of(
                      rate("start", null, "Rate of the first step."),
                      rate("end", 0.0, "Rate after the last."),
                      integer("steps", null, 1, "Steps from start to end."),
                      number(
                          "exponent",
                          1.0,
                          "a number above 0",
                          value -> value > 0,
                          "Power of the cosine, as in optax.")),
                  settings ->
                      new Cosine(
                          settings.number("start"),
                          settings.number("end"),
                          settings.integer("steps"),
                          settings.number("exponent"))),
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
                          settings.number("end")))),
          ScheduleEntries.ENTRIES);

  private static final List<Entry<PointwiseLoss>> PLAIN_LOSSES =
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
                  Parameters.smoothing(
                      "units of the label; the loss falls by at most max(q, 1 − q)²/2 of it")),
              settings ->
                  new QuantileLoss(settings.number("quantile"), settings.number("smoothing"))),
          new Entry<>(
              "hinge",
              "violation of the margin 1, as in a support vector machine",
              "max(0, 1 − (2y − 1) z); Cortes and Vapnik, Machine Learning 20 (1995)",
              List.of(
                  Parameters.smoothing(
                      "units of the margin; the loss falls by at most half of it")),
              settings -> new HingeLoss(settings.number("smoothing"))));

  private static final List<Entry<PointwiseLoss>> LOSSES =
      withMore(PLAIN_LOSSES, LossEntries.ENTRIES);

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
              List.of("logistic", "squared-hinge", "exponential", "focal")),
          new ModelEntry(
              "probit",
              "the probability of a class, linear up to its normal quantile",
              "Bliss, Science 79 (1934)",
              List.of("probit")),
          new ModelEntry(
              "cloglog",
              "the probability of at least one event, linear up to the logarithm of their rate",
              "Prentice and Gloeckler, Biometrics 34 (1978)",
              List.of("cloglog")),
          new ModelEntry(
              "linear",
              "a number, linear in the features",
              "Legendre (1805)",
              List.of(
                  "squared",
                  "huber",
                  "absolute",
                  "pseudo-huber",
                  "log-cosh",
                  "epsilon-insensitive",
                  "squared-epsilon-insensitive",
                  "cauchy")),
          new ModelEntry(
              "poisson",
              "a mean count, linear up to its logarithm",
              "Nelder and Wedderburn, Journal of the Royal Statistical Society A 135 (1972)",
              List.of("poisson")),
          new ModelEntry(
              "negative-binomial",
              "a mean count that varies more than Poisson's, linear up to its logarithm",
              "Hilbe, Negative Binomial Regression (2011)",
              List.of("negative-binomial")),
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
              List.of("hinge", "squared-hinge", "modified-huber", "perceptron")),
          new ModelEntry(
              "multinomial",
              "the probabilities of many classes, linear up to their log-odds",
              "McFadden, Frontiers in Econometrics (1974)",
              List.of(SoftmaxLoss.NAME)),
          Nets.ENTRY,
          Nets.OF_STEPS);

  private Catalog() {}

  private static Lbfgs lbfgs(Settings settings) {
    return new Lbfgs(
        Math.toIntExact(settings.integer("memory")),
        Math.toIntExact(settings.integer("refresh")),
        Math.toIntExact(settings.integer("block")),
        Math.toIntExact(settings.integer("block-after")));
  }

  /** Whether every step of this optimizer sees all rows, so that it has no batches. */
  public static boolean needsAllRows(String optimizer) {
    return optimizer.equals(AUTOMATIC.name())
        || LINEAR.stream().anyMatch(entry -> entry.name().equals(optimizer));
  }

  /** Whether it is for one margin a row, and not for one for each class. */
  public static boolean needsOneMargin(String optimizer) {
    return needsMargins(optimizer) && !List.of(AUTOMATIC.name(), "lbfgs").contains(optimizer);
  }

  /** Whether it is for models whose margins are linear in the parameters. */
  public static boolean needsMargins(String optimizer) {
    return needsAllRows(optimizer) && !needsFunction(optimizer);
  }

  /** Whether the loss of all rows has to be a function of the parameters, without chance. */
  public static boolean needsFunction(String optimizer) {
    return optimizer.equals(LibraryLbfgs.NAME);
  }

  /**
   * A first-order rule for rounds of local steps, whose gradient is what a round changed: the rate
   * of rules whose steps are sums of gradients is 1, which takes the change as it is, unless
   * another is asked for.
   */
  public static Entry<Minimizer<?, ?>> outer(String optimizer) {
    Entry<Minimizer<?, ?>> rule =
        OPTIMIZERS.stream().filter(e -> e.name().equals(optimizer)).findFirst().orElseThrow();
    return Rules.isOfGradients(rule) ? rule.withDefault(Sentence.LEARNING_RATE.name(), 1.0) : rule;
  }

  /**
   * Whether a loss is for rules of gradients alone: it is not convex, or has kinks that neither a
   * smoothing nor a dual passes.
   */
  public static boolean needsRule(PointwiseLoss loss) {
    return !loss.convex() || (loss.hasKinks() && !(loss instanceof DualLoss));
  }

  /** Whether a schedule follows the validation metric, and no clock. */
  public static boolean followsMetric(String schedule) {
    return schedule.equals(ScheduleEntries.PLATEAU);
  }

  /** Whether a rule takes full gradients beside those of batches, of a loss without chance. */
  public static boolean takesFullGradients(String optimizer) {
    return optimizer.equals(WholeRules.VARIANCE_REDUCED);
  }

  /** The norm that each row's own gradient is cut to; infinite where it is not. */
  public static double clipsExamples(Settings settings) {
    return settings.values().get(Sentence.CLIP_EXAMPLES.name()) instanceof Number most
            && most.doubleValue() > 0
        ? most.doubleValue()
        : Double.POSITIVE_INFINITY;
  }

  /** Whether a rule evaluates the batch of the whole cluster beside where it is. */
  public static boolean looksAround(String optimizer) {
    return List.of(WholeRules.BACKTRACKS, CurvatureRules.MEASURES).contains(optimizer);
  }

  /** The parameters of a rule that some slices may have of their own. */
  public static List<Parameter> ofGroups(Entry<?> rule) {
    return rule.parameters().stream()
        .filter(p -> !Sentence.COMMON.contains(p) && !p.equals(Groups.DECAY_OF))
        .toList();
  }

  /**
   * The slices that a model of this loss has, whatever the data.
   *
   * @param kind of {@link #models}
   * @param settings of model and loss
   */
  public static List<Slice> slices(String kind, String loss, Settings settings) {
    boolean ofClasses = CLASS_LOSSES.stream().anyMatch(entry -> entry.name().equals(loss));
    if (Nets.isNet(kind)) {
      return Nets.slices(kind, settings);
    }
    return ofClasses
        ? new SoftmaxModel(new SoftmaxLoss(2), 1).layout().slices()
        : new LinearModel(loss(loss, settings), 1).layout().slices();
  }

  /** The choice by size and penalty, under a name beside those of {@link #optimizers}. */
  public static Entry<Automatic> automatic() {
    return AUTOMATIC;
  }

  /**
   * Minimizers: {@link Lbfgs} for one margin a row or one for each class, {@link
   * dev.talweg.optimizer.minimizer.PlainLbfgs} for all rows of any model, {@link
   * dev.talweg.optimizer.minimizer.LinearMinimizer}s such as {@link ProximalQuasiNewton} and {@link
   * Owlqn} for linear objectives, {@link Rules} for batches too.
   */
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

  private static <T> List<Entry<T>> withMore(List<Entry<T>> plain, List<Entry<T>> more) {
    return Stream.concat(plain.stream(), more.stream()).toList();
  }

  private static Parameter number(
      String name,
      @Nullable Double byDefault,
      String allowed,
      DoublePredicate accepts,
      String meaning) {
    return Parameters.number(name, byDefault, allowed, accepts, meaning);
  }

  private static Parameter integer(
      String name, @Nullable Integer byDefault, long least, String meaning) {
    return Parameters.integer(name, byDefault, least, meaning);
  }

  /** The loss that configurations and saved models call so. */
  public static PointwiseLoss loss(String name, Settings settings) {
    return losses().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no loss " + name))
        .factory()
        .apply(settings);
  }

  private static Parameter rate(String name, @Nullable Double byDefault, String meaning) {
    return number(name, byDefault, "a number of at least 0", value -> value >= 0, meaning);
  }

  private static Parameter factor(@Nullable Double byDefault) {
    return number(
        "factor",
        byDefault,
        "a number above 0 and at most 1",
        value -> value > 0 && value <= 1,
        "What the rate is multiplied by.");
  }
}
