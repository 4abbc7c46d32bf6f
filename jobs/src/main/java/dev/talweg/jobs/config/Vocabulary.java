package dev.talweg.jobs.config;

import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Parameter.Kind;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Lbfgs;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The names that a configuration can ask for, and their parameters. */
public record Vocabulary(
    List<Entry<?>> optimizers,
    List<Entry<?>> losses,
    List<Model> models,
    List<Entry<?>> schedules,
    List<Metric> metrics) {

  /**
   * A kind of model.
   *
   * @param losses that it can be trained with, its own first
   */
  public record Model(String name, String summary, String reference, List<String> losses) {}

  /**
   * A metric of held-out rows.
   *
   * @param better higher or lower
   * @param task binary or real labels
   */
  public record Metric(String name, String summary, String reference, String better, String task) {}

  public static Vocabulary builtIn() {
    return BUILT_IN;
  }

  public List<String> optimizerNames() {
    return optimizers.stream().<String>map(Entry::name).toList();
  }

  public List<String> lossNames() {
    return losses.stream().<String>map(Entry::name).toList();
  }

  public List<String> modelNames() {
    return models.stream().map(Model::name).toList();
  }

  public List<String> scheduleNames() {
    return schedules.stream().<String>map(Entry::name).toList();
  }

  public List<String> metricNames() {
    return metrics.stream().map(Metric::name).toList();
  }

  public Optional<Entry<?>> optimizer(String name) {
    return find(optimizers, name);
  }

  public Optional<Entry<?>> loss(String name) {
    return find(losses, name);
  }

  public Optional<Entry<?>> schedule(String name) {
    return find(schedules, name);
  }

  public Optional<Model> model(String name) {
    return models.stream().filter(m -> m.name().equals(name)).findFirst();
  }

  private static Optional<Entry<?>> find(List<Entry<?>> entries, String name) {
    for (Entry<?> entry : entries) {
      if (entry.name().equals(name)) {
        return Optional.of(entry);
      }
    }
    return Optional.empty();
  }

  // Stands in until dev.talweg.optimizer.catalog.Catalog is there.
  private static Parameter number(String name, @Nullable Object byDefault, String meaning) {
    return new Parameter(
        name,
        Kind.NUMBER,
        byDefault,
        "a number ≥ 0",
        x -> ((Number) x).doubleValue() >= 0,
        meaning);
  }

  private static Entry<Object> entry(String name, String summary, Parameter... parameters) {
    return new Entry<>(name, summary, "", List.of(parameters), s -> s);
  }

  private static final Parameter RATE =
      new Parameter(
          "learning-rate",
          Kind.SCHEDULE,
          1e-3,
          "a number > 0 or a schedule",
          x -> true,
          "Step size.");
  private static final Parameter CLIP =
      new Parameter("clip", Kind.CLIP, null, "{global-norm: 1.0}", x -> true, "Clipping.");

  private static List<Entry<?>> standInOptimizers() {
    return List.of(
        new Entry<>(
            "lbfgs",
            "limited-memory BFGS",
            "Nocedal 1980",
            List.of(
                new Parameter(
                    "memory",
                    Kind.INTEGER,
                    10L,
                    "a whole number ≥ 1",
                    x -> ((Number) x).longValue() >= 1,
                    "Curvature pairs kept.")),
            s -> new Lbfgs((int) s.integer("memory"), 5)),
        entry("sgd", "stochastic gradient descent", RATE, CLIP),
        entry("momentum", "heavy ball", RATE, number("momentum", 0.9, "Decay."), CLIP),
        entry("adam", "adaptive moments", RATE, number("beta1", 0.9, "Decay."), CLIP));
  }

  private static List<Entry<?>> standInSchedules() {
    return List.of(entry("constant", "constant", number("value", 1e-3, "The rate.")));
  }

  private static List<Entry<?>> standInLosses() {
    return List.of(
        new Entry<>("logistic", "log loss", "", List.of(), s -> new LogisticLoss()),
        new Entry<>("squared-hinge", "hinge", "", List.of(), s -> new SquaredHingeLoss()),
        new Entry<>("squared", "least squares", "", List.of(), s -> new SquaredLoss()),
        new Entry<>(
            "huber",
            "robust",
            "Huber 1964",
            List.of(
                new Parameter(
                    "delta",
                    Kind.NUMBER,
                    1.35,
                    "a number > 0",
                    x -> ((Number) x).doubleValue() > 0,
                    "Where it bends.")),
            s -> new HuberLoss(s.number("delta"))));
  }

  private static Vocabulary make() {
    return new Vocabulary(
        standInOptimizers(),
        standInLosses(),
        List.of(
            new Model(
                "logistic",
                "the probability of a class as a function that is linear up to its log-odds",
                "Cox 1958",
                List.of("logistic", "squared-hinge")),
            new Model(
                "linear",
                "a number as a linear function of the features",
                "Legendre 1805",
                List.of("squared", "huber"))),
        standInSchedules(),
        List.of(
            new Metric(
                "log-loss",
                "mean negative log likelihood of the class",
                "−mean(y log p + (1 − y) log(1 − p))",
                "lower",
                "binary"),
            new Metric(
                "auc-roc",
                "probability that a positive row is scored above a negative one",
                "Hanley & McNeil 1982",
                "higher",
                "binary"),
            new Metric(
                "auc-pr",
                "average precision over recall",
                "Davis & Goadrich 2006",
                "higher",
                "binary"),
            new Metric(
                "rmse",
                "root of the mean squared error, in units of the label",
                "√mean((ŷ − y)²)",
                "lower",
                "real")));
  }

  private static final Vocabulary BUILT_IN = make();
}
