package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.loss.DualLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
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
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.List;
import java.util.Map;
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

  private static final Parameter BLOCK_OF =
      Parameters.choice(
          "block-of",
          "all",
          List.of("all", "sample"),
          "Rows that a block of all features is of: all, which is exact and costs the products of"
              + " the pairs of features of every row, or a sample of them, which costs no pass.");

  private static final Entry<Automatic> AUTOMATIC =
      new Entry<>(
          "auto",
          "one of those below, by rows, their values, features and penalty; the log and run.json say which, why",
          "docs/decisions/0008",
          List.of(),
          settings -> new Automatic());

  private static final List<Entry<Minimizer<?, ?>>> LINEAR =
      List.of(
          new Entry<>(
              "lbfgs",
              "limited-memory BFGS, preconditioned, with an exact intercept; full batch",
              "Nocedal, Mathematics of Computation 35 (1980); preconditioner: docs/architecture.md",
              List.of(MEMORY, REFRESH, BLOCK, BLOCK_AFTER, BLOCK_OF),
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
                  BLOCK_AFTER,
                  BLOCK_OF),
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

  private static final List<Family> FAMILIES =
      Stream.concat(
              Stream.of(
                  new Family(
                      "All rows at every step",
                      "Linear models: they need no rate, and what is convex ends with a"
                          + " certificate; `auto` chooses among them.",
                      LINEAR)),
              Families.OF_RULES.stream())
          .toList();

  private static final List<Entry<Minimizer<?, ?>>> OPTIMIZERS =
      FAMILIES.stream().flatMap(family -> family.optimizers().stream()).toList();

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
              "loglog",
              "the probability of no event, linear up to minus the logarithm of their rate",
              "McCullagh and Nelder, Generalized Linear Models (1989)",
              List.of("loglog")),
          new ModelEntry(
              "cauchit",
              "the probability of a class of which some are wrong, linear up to its Cauchy quantile",
              "Koenker and Yoon, Journal of Econometrics 152 (2009)",
              List.of("cauchit")),
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

  static Lbfgs lbfgs(Settings settings) {
    return new Lbfgs(
        Math.toIntExact(settings.integer("memory")),
        Math.toIntExact(settings.integer("refresh")),
        Math.toIntExact(settings.integer("block")),
        Math.toIntExact(settings.integer("block-after")),
        settings.choice("block-of", RayObjective.BlockOf.class));
  }

  /** Whether every step of this optimizer sees all rows, so that it has no batches. */
  public static boolean needsAllRows(String optimizer) {
    return optimizer.equals(AUTOMATIC.name())
        || LINEAR.stream().anyMatch(entry -> entry.name().equals(optimizer));
  }

  /** Whether it is for one margin a row, and not for one for each class. */
  public static boolean needsOneMargin(String optimizer) {
    return needsMargins(optimizer)
        && !List.of(AUTOMATIC.name(), "lbfgs", "proximal-quasi-newton", "owl-qn")
            .contains(optimizer);
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
    return MomentumRules.isOfGradients(rule)
        ? rule.withDefault(Sentence.LEARNING_RATE.name(), 1.0)
        : rule;
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

  /** Whether a schedule is of all steps of a run, so that none may come after its end. */
  public static boolean spansTheRun(String schedule) {
    return ScheduleEntries.ONE_CYCLE.contains(schedule);
  }

  /** Whether a rule takes full gradients beside those of batches, of a loss without chance. */
  public static boolean takesFullGradients(String optimizer) {
    return optimizer.equals(MomentumRules.VARIANCE_REDUCED);
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
    return List.of(RateRules.BACKTRACKS, CurvatureRules.MEASURES).contains(optimizer);
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

  /** {@link #optimizers} by what they have in common. */
  public static List<Family> families() {
    return FAMILIES;
  }

  /** The few to begin with, by name: when to reach for each. */
  public static Map<String, String> firstChoices() {
    return Families.FIRST_CHOICES;
  }

  /**
   * Minimizers: {@link Lbfgs}, {@link ProximalQuasiNewton} and {@link Owlqn} for one margin a row
   * or one for each class, {@link dev.talweg.optimizer.minimizer.PlainLbfgs} for all rows of any
   * model, {@link dev.talweg.optimizer.minimizer.LinearMinimizer}s for one margin, {@link Families}
   * of rules for batches too.
   */
  public static List<Entry<Minimizer<?, ?>>> optimizers() {
    return OPTIMIZERS;
  }

  /** Rates as functions of the step. */
  public static List<Entry<Schedule>> schedules() {
    return ScheduleEntries.ENTRIES;
  }

  /** Losses, under the names that {@link PointwiseLoss#name} gives. */
  public static List<Entry<PointwiseLoss>> losses() {
    return LossEntries.ENTRIES;
  }

  /** Losses with a margin for each class, as functions of the number of classes. */
  public static List<Entry<IntFunction<SoftmaxLoss>>> classLosses() {
    return CLASS_LOSSES;
  }

  /** Kinds of model. */
  public static List<ModelEntry> models() {
    return MODELS;
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
}
