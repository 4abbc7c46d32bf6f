package dev.talweg.jobs.config;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.FeatureSpec;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.catalog.SliceGroup;
import dev.talweg.optimizer.minimizer.LocalDescent;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.Wire;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.ClipAdaptively;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.ClipByQuantile;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.ClipByValue;
import dev.talweg.optimizer.transform.GradientTransform;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a run is asked to do, resolved: every default is filled in, every value is in range. {@link
 * ConfigReader} makes it, {@link #toYaml} writes it so that it is read again as the same.
 *
 * @param batch rows of one step over the whole cluster, null for all of them
 * @param epochs passes over the training rows, null without batches
 * @param local what a round of local steps is, null where a step is one of the whole cluster
 * @param warmStart the output directory of an earlier run
 * @param fresh slices of a model that are drawn anew where it begins at an earlier one
 * @param partitions null means from the data's size
 * @param wire as what gradients travel
 * @param reference the output directory of an earlier run to compare with
 * @param promote what a model must reach to be published, null for all of them
 * @param evaluation metrics on demand
 */
public record RunConfig(
    String name,
    long seed,
    DataSpec data,
    FeatureSpec features,
    ModelChoice model,
    Penalty penalty,
    OptimizerChoice optimizer,
    @Nullable Long batch,
    @Nullable Long epochs,
    long localSteps,
    @Nullable Local local,
    Stopping stopping,
    @Nullable String warmStart,
    List<String> fresh,
    Checkpoints checkpoint,
    @Nullable Long partitions,
    Wire wire,
    @Nullable String reference,
    @Nullable Promotion promote,
    Evaluation evaluation,
    String output) {

  /** The name that stands for the newest finished run of a directory. */
  public static final String LATEST = "latest";

  /**
   * The model and its loss.
   *
   * @param parameters of the loss, by name
   */
  public record ModelChoice(
      String kind, String loss, Intercept intercept, Map<String, Object> parameters) {
    public Settings settings() {
      return OptimizerChoice.made(parameters, 0);
    }

    /** The slices that stay zero, as a glob; none where there is an intercept. */
    List<String> absent() {
      return intercept == Intercept.FREE ? List.of() : List.of("intercept*");
    }
  }

  /**
   * Mean loss + l1 ‖w‖₁ + l2/2 ‖w‖², intercept exempt.
   *
   * @param factors of both l1 and l2, by the name or glob of columns or features
   * @param bounds of weights, by the same; later ones override
   */
  public record Penalty(
      double l2,
      double l1,
      Standardize standardize,
      Map<String, Double> factors,
      Map<String, Range> bounds) {
    public Penalty {
      Schema.L2.require(l2);
      Schema.L1.require(l1);
      factors = Collections.unmodifiableMap(new LinkedHashMap<>(factors));
      bounds = Collections.unmodifiableMap(new LinkedHashMap<>(bounds));
    }

    /** The same for all features, without bounds. */
    public Penalty(double l2, double l1, Standardize standardize) {
      this(l2, l1, standardize, Map.of(), Map.of());
    }
  }

  /** What a weight must be within; an infinite end is none. */
  public record Range(double lower, double upper) {}

  /** Which features are penalized on their standardized scale; data is never rewritten. */
  public enum Standardize {
    ALL,
    NUMERIC,
    NONE
  }

  /**
   * The optimizer and its parameters, every one of them: numbers, texts, {@link Nested} things and
   * null for one that is switched off.
   *
   * @param like whose defaults and conventions
   */
  public record OptimizerChoice(String kind, Map<String, Object> parameters, String like) {
    /** PyTorch divides by the norm plus this when it clips; others by the norm. */
    private static final double PYTORCH_SLACK = 1e-6;

    public Settings settings() {
      return made(parameters, like.equals("pytorch") ? PYTORCH_SLACK : 0);
    }

    /** A number among the parameters; 0 where there is no such parameter. */
    public double number(String name) {
      return parameters.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    /** A list of texts among the parameters; none where there is no such parameter. */
    public List<String> texts(String name) {
      return parameters.get(name) instanceof List<?> list
          ? list.stream().map(String.class::cast).toList()
          : List.of();
    }

    /** Whether it leaves what has no gradient where it is. */
    public boolean isLazy() {
      return Boolean.TRUE.equals(parameters.get("lazy"));
    }

    private static Settings made(Map<String, Object> parameters, double clipSlack) {
      Map<String, Object> made = new LinkedHashMap<>();
      parameters.forEach((name, value) -> made.put(name, made(value, clipSlack)));
      return new Settings(made);
    }

    private static Object made(Object value, double clipSlack) {
      if (value instanceof List<?> list) {
        return list.stream().map(each -> made(each, clipSlack)).toList();
      }
      if (value instanceof Group group) {
        return group.made();
      }
      return value instanceof Nested nested
          ? nested.made()
          : value instanceof Clip clip ? clip.made(clipSlack) : value;
    }
  }

  /**
   * Steps within each partition between two reductions.
   *
   * @param average by what the ways of partitions are
   * @param memory what a partition remembers of the rule when a round begins
   * @param singleEpochs epochs of single steps before the first round of many
   * @param outer the rule that takes the averaged way as its gradient
   */
  public record Local(
      LocalRound.Weighting average,
      LocalDescent.Memory memory,
      long singleEpochs,
      OptimizerChoice outer) {
    public Local {
      Schema.SINGLE_EPOCHS.require(singleEpochs);
    }
  }

  /**
   * Slices of the parameters with settings of their own.
   *
   * @param slices names or globs
   * @param rateFactor of the rule's learning rate
   * @param parameters of the rule that differ
   */
  public record Group(List<String> slices, double rateFactor, Map<String, Object> parameters) {
    SliceGroup made() {
      return new SliceGroup(slices, rateFactor, OptimizerChoice.made(parameters, 0).values());
    }
  }

  /** A named thing within a parameter, such as a schedule. */
  public record Nested(String kind, Map<String, Object> parameters) {
    Schedule made() {
      return Vocabulary.schedule(kind).factory().apply(OptimizerChoice.made(parameters, 0));
    }
  }

  /**
   * Gradients that are larger are cut to a limit.
   *
   * @param kind one of {@link #KINDS}
   */
  public record Clip(String kind, double limit) {
    static final List<String> KINDS =
        List.of(
            "global-norm",
            "sum-norm",
            "maximum-norm",
            "layer-norm",
            "layer-rms",
            "value",
            "adaptive",
            "quantile");
    private static final double FLOOR = 1e-3;
    private static final int WINDOW = 1000;

    GradientTransform<?> made(double slack) {
      return switch (kind) {
        case "global-norm" -> new ClipByGlobalNorm(limit, slack);
        case "sum-norm" -> new ClipByGlobalNorm(limit, slack, ClipByGlobalNorm.Norm.SUM);
        case "maximum-norm" -> new ClipByGlobalNorm(limit, slack, ClipByGlobalNorm.Norm.MAXIMUM);
        case "layer-norm" -> new ClipByTensor(limit, ClipByTensor.Measure.NORM);
        case "layer-rms" -> new ClipByTensor(limit, ClipByTensor.Measure.ROOT_MEAN_SQUARE);
        case "value" -> new ClipByValue(limit);
        case "adaptive" -> new ClipAdaptively(limit, FLOOR);
        default -> new ClipByQuantile(limit, WINDOW);
      };
    }
  }

  /** What ends a run; a null rule is off. */
  public record Stopping(
      @Nullable Double gap,
      @Nullable Long maxIterations,
      @Nullable Double gradient,
      @Nullable Patience patience,
      @Nullable Duration time) {}

  /**
   * Ends a run when a metric has not improved for so many evaluations.
   *
   * @param metric of the validation rows, or {@link #OBJECTIVE}
   * @param tolerance what counts as better is better by more than this
   */
  public record Patience(String metric, long rounds, double tolerance) {
    /** The mean objective of the steps of an epoch, of training rows. */
    public static final String OBJECTIVE = "objective";

    public Patience {
      Schema.PATIENCE_ROUNDS.require(rounds);
      Schema.PATIENCE_TOLERANCE.require(tolerance);
    }

    /** Whether validation rows are needed. */
    public boolean validates() {
      return !metric.equals(OBJECTIVE);
    }
  }

  /**
   * The metrics that are computed on demand.
   *
   * @param query the key that says which query a row is of; null where there is none
   * @param item the key that says which item it is; null where there is none
   */
  public record Evaluation(List<String> metrics, @Nullable String query, @Nullable String item) {}

  /** By how much a metric may be worse than the reference's, in its own unit. */
  public record Promotion(String metric, double tolerance) {
    public Promotion {
      Schema.PROMOTE_TOLERANCE.require(tolerance);
    }
  }

  /**
   * Steps between two checkpoints, the share of the time that they may take, and how many are kept.
   */
  public record Checkpoints(long every, double share, long keep) {
    public Checkpoints {
      Schema.CHECKPOINT_EVERY.require(every);
      Schema.CHECKPOINT_SHARE.require(share);
      Schema.CHECKPOINT_KEEP.require(keep);
    }
  }

  /** The slices that no rule moves, as names and globs: frozen ones, and what the model has not. */
  public List<String> frozen() {
    return Stream.concat(optimizer.texts("freeze").stream(), model.absent().stream()).toList();
  }

  /** All keys in the order of the documentation, with plain values; secrets are masked. */
  public Map<String, Object> toMap() {
    return ConfigWriter.map(this);
  }

  /** The same as YAML, which is read again as the same configuration (but for secrets). */
  public String toYaml() {
    return ConfigWriter.yaml(toMap());
  }

  /** SHA-256 of what decides the model: all but name, output, checkpoint and comparisons. */
  public String fingerprint() {
    return ConfigWriter.fingerprint(toMap());
  }

  /** Whether the fingerprint depends on a key. */
  public static boolean decidesTheModel(String path) {
    return ConfigWriter.decidesTheModel(path);
  }

  /** Another place for the output; a name that was derived from it stays. */
  public RunConfig withOutput(String elsewhere) {
    return new RunConfig(
        name,
        seed,
        data,
        features,
        model,
        penalty,
        optimizer,
        batch,
        epochs,
        localSteps,
        local,
        stopping,
        warmStart,
        fresh,
        checkpoint,
        partitions,
        wire,
        reference,
        promote,
        evaluation,
        elsewhere);
  }

  /** The same with steps of the whole cluster, whose learning rates are these. */
  public RunConfig withRates(Schedule rates) {
    Map<String, Object> parameters = new LinkedHashMap<>(optimizer.parameters());
    parameters.put("learning-rate", rates);
    return new RunConfig(
        name,
        seed,
        data,
        features,
        model,
        penalty,
        new OptimizerChoice(optimizer.kind(), parameters, optimizer.like()),
        batch,
        epochs,
        1,
        null,
        stopping,
        warmStart,
        fresh,
        checkpoint,
        partitions,
        wire,
        null,
        null,
        new Evaluation(List.of(), null, null),
        output);
  }

  /** The paths a run reads, for messages. */
  public List<String> sources() {
    return data.table() == null ? data.train() : List.of(data.table());
  }
}
