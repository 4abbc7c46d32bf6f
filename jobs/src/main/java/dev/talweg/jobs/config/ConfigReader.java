package dev.talweg.jobs.config;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.FeatureSpec;
import dev.talweg.datasets.RowRange;
import dev.talweg.datasets.SplitSpec;
import dev.talweg.jobs.config.RunConfig.Checkpoints;
import dev.talweg.jobs.config.RunConfig.Evaluation;
import dev.talweg.jobs.config.RunConfig.Local;
import dev.talweg.jobs.config.RunConfig.ModelChoice;
import dev.talweg.jobs.config.RunConfig.OptimizerChoice;
import dev.talweg.jobs.config.RunConfig.Patience;
import dev.talweg.jobs.config.RunConfig.Penalty;
import dev.talweg.jobs.config.RunConfig.Promotion;
import dev.talweg.jobs.config.RunConfig.Range;
import dev.talweg.jobs.config.RunConfig.Standardize;
import dev.talweg.jobs.config.RunConfig.Stopping;
import dev.talweg.jobs.config.Value.Block;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.minimizer.LocalDescent;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration strictly: an unknown key, a wrong type, a value out of range, a
 * contradiction are problems, and all of them are told at once.
 *
 * <p>Three steps: text to {@link Value}s, values to the keys they belong to ({@link Written}), keys
 * to a {@link RunConfig}. Checks that concern two keys are {@link Contradictions}.
 */
public final class ConfigReader {
  /** Optimizers for l1; the first has bounds too. */
  static final List<String> PROXIMAL = List.of("proximal-quasi-newton", "owl-qn");

  static final String BINARY = "logistic";
  private static final long EPOCHS = 10;

  /** What nets are trained with where the configuration does not say. */
  private static final String RULE_OF_NETS = "adam";

  static final long BATCH_OF_NETS = 128;

  /** The rule of rounds where the configuration does not say. */
  private static final String OUTER = "sgd";

  private static final double GAP = 1e-4;
  private static final long ITERATIONS = 100;
  private static final long EVERY = 5;
  private static final long EVERY_OF_BATCHES = 100;
  private static final double SHARE_OF_CHECKPOINTS = 0.05;

  private final Problems problems;
  private final Written written;
  private final Contradictions contradictions;

  private ConfigReader(Written written, Problems problems) {
    this.written = written;
    this.problems = problems;
    this.contradictions = new Contradictions(written, problems);
  }

  /**
   * Reads a configuration.
   *
   * @param source the file's name, for messages
   * @param sets {@code path=YAML}, each replacing a value of the text, and {@code name=text} for
   *     each {@code ${name}} in it
   * @throws ConfigException with every problem
   */
  public static RunConfig read(String source, String yaml, List<String> sets) {
    Problems problems = new Problems();
    return read(Origin.whole(source), YamlTree.ofFile(source, yaml, problems), sets, problems);
  }

  /**
   * Reads a configuration that a program made: its lines are of no use to anyone.
   *
   * @param source what problems are said to be of
   * @throws ConfigException with every problem
   */
  public static RunConfig read(String source, String yaml) {
    Problems problems = new Problems();
    Optional<Value> value = YamlTree.ofOption(source, yaml, problems);
    return read(Origin.whole(source), value, List.of(), problems);
  }

  private static RunConfig read(
      Origin whole, Optional<Value> value, List<String> sets, Problems problems) {
    if (value.isEmpty() || value.get().isNull()) {
      if (problems.isEmpty()) {
        problems.add(
            whole, "", "the file is empty; the least is data.train, data.label, model and output");
      }
      problems.throwIfAny();
    }
    if (!(value.orElseThrow() instanceof Block block)) {
      problems.add(
          value.get().origin(),
          "",
          "found " + value.get().found() + ", keys such as data: and model: are allowed");
      problems.throwIfAny();
      throw new IllegalStateException("problems were thrown");
    }
    Variables variables = new Variables(block, sets, Written.children(""), problems);
    Block replaced = new Overrides(problems).apply(block, variables.others());
    Written written = new Written(whole, variables.filled(replaced), problems);
    return new ConfigReader(written, problems).resolve();
  }

  private RunConfig resolve() {
    String output = written.value(Schema.OUTPUT);
    String name = written.value(Schema.NAME);
    Long seed = written.value(Schema.SEED);
    DataSpec data = data();
    ModelChoice model = model();
    FeatureSpec features = features(model);
    Double l2 = written.value(Schema.L2);
    Double l1 = written.value(Schema.L1);
    Standardize standardize = written.value(Schema.STANDARDIZE);
    Map<String, Double> factors = written.value(Schema.FACTORS);
    Map<String, Range> bounds = written.value(Schema.BOUNDS);
    boolean smooth = (l1 == null || l1 == 0) && (bounds == null || bounds.isEmpty());
    boolean net = model != null && Vocabulary.isNet(model.kind());
    OptimizerChoice optimizer =
        optimizer(net ? ruleOfNets() : smooth ? written.value(Schema.OPTIMIZER) : proximal());
    boolean whole = optimizer != null && Vocabulary.needsAllRows(optimizer.kind());
    Long batch = written.value(Schema.BATCH, net && !whole ? BATCH_OF_NETS : null);
    Long epochs = written.value(Schema.EPOCHS, batch == null ? null : EPOCHS);
    Long localSteps = written.value(Schema.LOCAL_STEPS);
    Local local = local(localSteps, batch);
    boolean proves = optimizer != null && Vocabulary.needsMargins(optimizer.kind());
    Stopping stopping = stopping(batch, proves ? GAP : null);
    String warmStart = written.value(Schema.WARM_START);
    List<String> fresh = written.value(Schema.FRESH);
    Promotion promote = promotion();
    String reference = reference(output, warmStart, promote);
    Long every = written.value(Schema.CHECKPOINT_EVERY, batch == null ? EVERY : EVERY_OF_BATCHES);
    boolean paced = batch != null && !written.has(Schema.CHECKPOINT_EVERY);
    Double share = written.value(Schema.CHECKPOINT_SHARE, paced ? SHARE_OF_CHECKPOINTS : 1);
    Long keep = written.value(Schema.CHECKPOINT_KEEP);
    Long partitions = written.value(Schema.PARTITIONS);
    Wire wire = written.value(Schema.WIRE);
    List<String> asked = written.value(Schema.EVALUATION_METRICS);
    String query = written.value(Schema.EVALUATION_QUERY);
    String item = written.value(Schema.EVALUATION_ITEM);
    contradictions.between(data, optimizer, batch, stopping, net);
    written.requires(Schema.FRESH, Schema.WARM_START);
    if (optimizer != null) {
      contradictions.plateaus(data, optimizer, local, stopping);
      contradictions.fullGradients(optimizer, model, batch);
      contradictions.localSteps(optimizer, localSteps);
      if (problems.count() == 0) {
        contradictions.clippedExamples(optimizer, model, batch, local);
      }
      contradictions.untouched(optimizer, l2);
    }
    if (model != null && optimizer != null) {
      if (fresh != null && problems.count() == 0) {
        contradictions.known(Vocabulary.slices(model), fresh, Schema.FRESH.path());
      }
      contradictions.slices(model, "optimizer", optimizer);
      if (local != null) {
        contradictions.slices(model, "local.outer", local.outer());
      }
    }
    if (data != null) {
      contradictions.heldOut(data, Schema.EVALUATION_QUERY, query);
      contradictions.heldOut(data, Schema.EVALUATION_ITEM, item);
    }
    written.requires(Schema.EVALUATION_ITEM, Schema.EVALUATION_QUERY);
    if (promote != null && data != null) {
      contradictions.comparable(data, reference);
    }
    if (model != null && net) {
      contradictions.nets(data, model, batch, l1, bounds);
    } else if (optimizer != null) {
      contradictions.kinks(optimizer.kind(), l1, bounds);
    }
    if (model != null && !net && Vocabulary.isOfClasses(model.loss())) {
      contradictions.classes(data);
    }
    problems.throwIfAny();
    if (!Vocabulary.isOfClasses(present(model).loss())) { // parameters are known to be right now
      contradictions.kinksOfLoss(present(optimizer).kind(), present(model));
    }
    contradictions.proof(
        present(optimizer).kind(), present(model), batch, present(l2), present(factors));
    problems.throwIfAny();
    String directory = present(output);
    RunConfig config =
        new RunConfig(
            name == null ? lastPart(directory) : name,
            present(seed),
            present(data),
            features,
            present(model),
            new Penalty(
                present(l2), present(l1), present(standardize), present(factors), present(bounds)),
            present(optimizer),
            batch,
            epochs,
            present(localSteps),
            local,
            stopping,
            warmStart,
            present(fresh),
            new Checkpoints(present(every), present(share), present(keep)),
            partitions,
            present(wire),
            reference,
            promote,
            new Evaluation(present(asked), query, item),
            directory);
    // whatever the number of rows
    for (RunLength.Misfit misfit : RunLength.misfits(config, RowRange.UNKNOWN)) {
      String block = misfit.path().startsWith("local.outer.") ? "local.outer" : "optimizer";
      problems.add(written.origin(block), misfit.path(), misfit.message());
    }
    problems.throwIfAny();
    return config;
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value, "missing values are problems");
  }

  private static String lastPart(String path) {
    String trimmed = path.replaceFirst("/+$", "");
    String last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
    return last.isBlank() ? "run" : last;
  }

  private @Nullable DataSpec data() {
    List<String> train = written.value(Schema.TRAIN);
    String table = written.value(Schema.TABLE);
    String format = written.value(Schema.FORMAT);
    Map<String, String> options = written.value(Schema.OPTIONS);
    String label = written.value(Schema.LABEL);
    String positive = written.value(Schema.POSITIVE);
    String weight = written.value(Schema.WEIGHT);
    List<String> keys = written.value(Schema.KEYS);
    List<String> ignore = written.value(Schema.IGNORE);
    String where = written.value(Schema.WHERE);
    SplitSpec validation = split(Schema.VALIDATION);
    SplitSpec test = split(Schema.TEST);
    DataSpec.BadRows badRows = written.value(Schema.BAD_ROWS);
    Double maxBadRows = written.value(Schema.MAX_BAD_ROWS);
    DataSpec.Offset offset = offset();
    if (!written.has("data.train") && !written.has("data.table")) {
      written.problem(
          "data.train",
          "missing; write the path of the training rows, such as data: {train: data/credit.parquet}");
    } else if (train != null && train.isEmpty()) {
      written.problem("data.train", "found an empty list, at least one path is needed");
    } else if (train != null && table != null) {
      written.problem("data.table", "written beside data.train; only one of them is allowed");
    }
    if (options == null
        || label == null
        || keys == null
        || ignore == null
        || badRows == null
        || maxBadRows == null) {
      return null; // each of them is a problem already
    }
    return new DataSpec(
        train == null ? List.of() : train,
        table,
        format,
        options,
        new DataSpec.Label(label, positive),
        weight,
        keys,
        ignore,
        where,
        validation,
        test,
        badRows,
        maxBadRows,
        offset);
  }

  private DataSpec.@Nullable Offset offset() {
    String offset = written.value(Schema.OFFSET);
    String exposure = written.value(Schema.EXPOSURE);
    if (offset != null && exposure != null) {
      written.problem("data.exposure", "written beside data.offset; only one of them is allowed");
    }
    if (exposure != null) {
      return new DataSpec.Offset(exposure, DataSpec.Offset.Form.EXPOSURE);
    }
    return offset == null ? null : new DataSpec.Offset(offset, DataSpec.Offset.Form.OFFSET);
  }

  private SplitSpec split(Schema.Split keys) {
    Double fraction = written.value(keys.fraction());
    List<String> by = written.value(keys.by());
    List<String> paths = written.value(keys.files());
    String table = written.value(keys.table());
    String column = written.value(keys.column());
    String from = written.value(keys.from());
    String until = written.value(keys.until());
    List<String> kinds = new ArrayList<>();
    for (Key<?> kind : List.of(keys.fraction(), keys.files(), keys.table(), keys.column())) {
      if (written.has(kind)) {
        kinds.add(kind.path().substring(keys.path().length() + 1));
      }
    }
    if (kinds.size() > 1) {
      problems.add(
          written.origin(keys.path() + "." + kinds.get(1)),
          keys.path(),
          "found "
              + String.join(" and ", kinds)
              + ", only one of fraction, path, table and column is allowed");
      return new SplitSpec.None();
    }
    String kind = kinds.isEmpty() ? "" : kinds.get(0);
    written.requires(keys.by(), keys.fraction());
    written.requires(keys.from(), keys.column());
    written.requires(keys.until(), keys.column());
    if (kind.equals("column") && !written.has(keys.from())) {
      problems.add(
          written.origin(keys.column().path()),
          keys.path(),
          "column needs from: the range's first value, such as from: 2026-10-01");
    }
    if (fraction != null) {
      return new SplitSpec.Fraction(fraction, by == null ? List.of() : by);
    }
    if (paths != null) {
      return new SplitSpec.Path(paths);
    }
    if (table != null) {
      return new SplitSpec.Table(table);
    }
    return column != null && from != null
        ? new SplitSpec.Range(column, from, until)
        : new SplitSpec.None();
  }

  private FeatureSpec features(@Nullable ModelChoice model) {
    FeatureSpec spec =
        new FeatureSpec(
            orEmpty(written.value(Schema.NUMERIC)),
            orEmpty(written.value(Schema.CATEGORICAL)),
            orEmpty(written.value(Schema.CROSSES)),
            written.value(Schema.VECTOR),
            orEmpty(written.value(Schema.MISSING)));
    return model == null || problems.count() > 0
        ? spec
        : Vocabulary.sequence(model).map(spec::with).orElse(spec);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private @Nullable ModelChoice model() {
    String kind = written.value(Schema.MODEL);
    String asked = written.value(Schema.LOSS);
    Boolean intercept = written.value(Schema.INTERCEPT);
    if (kind == null) {
      return null;
    }
    ModelEntry model = Vocabulary.model(kind);
    if (asked != null && !model.losses().contains(asked)) {
      written.problem(
          "model.loss",
          "found " + asked + ", a " + kind + " model allows " + String.join(", ", model.losses()));
      return null;
    }
    boolean two = written.has(Schema.POSITIVE) && model.losses().contains(BINARY);
    String loss = asked == null ? two ? BINARY : model.losses().get(0) : asked;
    Entry<?> entry = Vocabulary.loss(loss, model.parameters());
    String of = model.parameters().isEmpty() ? "loss " + loss : kind + " with loss " + loss;
    Intercept beside = Intercept.of(!Boolean.FALSE.equals(intercept));
    return new ModelChoice(kind, loss, beside, parameters("model", of, entry));
  }

  /** The optimizer written, or the one for l1 and bounds. */
  private @Nullable String proximal() {
    String kind = written.value(Schema.OPTIMIZER);
    return "auto".equals(kind) ? PROXIMAL.get(0) : kind;
  }

  private @Nullable OptimizerChoice optimizer(@Nullable String kind) {
    String like = written.value(Schema.LIKE);
    if (kind == null || like == null) {
      return null;
    }
    Entry<?> entry = Vocabulary.optimizer(kind);
    Optional<? extends Entry<?>> as = entry.like(Like.of(like));
    if (as.isEmpty()) {
      String libraries =
          String.join(", ", entry.libraries().keySet().stream().sorted().map(Like::text).toList());
      written.problem(
          "optimizer.like",
          "found "
              + like
              + ", which says nothing about "
              + kind
              + (libraries.isEmpty()
                  ? "; " + Vocabulary.plain(kind, Like.of(like)) + "remove it"
                  : "; " + libraries + " do, or remove it"));
      return null;
    }
    return rule("optimizer", kind, as.get(), like);
  }

  /** With parameters that are allowed one by one, and together. */
  private OptimizerChoice rule(String path, String kind, Entry<?> entry, String like) {
    int before = problems.count();
    OptimizerChoice choice = new OptimizerChoice(kind, parameters(path, kind, entry), like);
    if (problems.count() == before) {
      try {
        var unused = entry.factory().apply(choice.settings());
      } catch (IllegalArgumentException e) {
        written.problem(path, String.valueOf(e.getMessage()));
      }
    }
    return choice;
  }

  /** What a round is, where it is more than a step. */
  private @Nullable Local local(@Nullable Long steps, @Nullable Long batch) {
    LocalRound.Weighting average = written.value(Schema.LOCAL_AVERAGE, LocalRound.Weighting.COUNTS);
    LocalDescent.Memory memory = written.value(Schema.LOCAL_MEMORY, LocalDescent.Memory.AVERAGED);
    Long single = written.value(Schema.SINGLE_EPOCHS, 0L);
    String outer = written.value(Schema.LOCAL_OUTER, OUTER);
    if (steps == null || steps == 1) {
      written
          .below("local")
          .findFirst()
          .ifPresent(path -> written.problem(path, "is allowed only beside local-steps above 1"));
      return null;
    }
    if (batch == null) {
      written.problem(
          "local-steps",
          "found "
              + steps
              + ", which is of batches; write batch: 8192, the rows of a step over the"
              + " whole cluster, beside it");
    }
    if (average == null || memory == null || single == null || outer == null) {
      return null; // each of them is a problem already
    }
    Entry<?> rule = Vocabulary.outer(outer);
    return new Local(average, memory, single, rule("local.outer", outer, rule, Like.NONE.text()));
  }

  private Map<String, Object> parameters(String path, String of, Entry<?> entry) {
    return new Parameters(problems, Written.children(path))
        .read(path, of, entry, written.extras(path), written.origin(path));
  }

  private Stopping stopping(@Nullable Long batch, @Nullable Double gap) {
    String metric = written.value(Schema.PATIENCE_METRIC);
    Long rounds = written.value(Schema.PATIENCE_ROUNDS);
    Double tolerance = written.value(Schema.PATIENCE_TOLERANCE);
    boolean hasMetric = written.has(Schema.PATIENCE_METRIC);
    boolean hasRounds = written.has(Schema.PATIENCE_ROUNDS);
    if (hasMetric != hasRounds || (written.has(Schema.PATIENCE_TOLERANCE) && !hasMetric)) {
      String missing = hasMetric ? "rounds: 3" : "metric: log-loss";
      written.problem(
          "stopping.patience", "needs both metric and rounds; write " + missing + " beside it");
    }
    return new Stopping(
        written.value(Schema.GAP, gap),
        written.value(Schema.MAX_ITERATIONS, batch == null ? ITERATIONS : null),
        written.value(Schema.GRADIENT),
        metric == null || rounds == null
            ? null
            : new Patience(metric, rounds, tolerance == null ? 0 : tolerance),
        written.value(Schema.TIME));
  }

  private @Nullable Promotion promotion() {
    String metric = written.value(Schema.PROMOTE_METRIC);
    Double tolerance = written.value(Schema.PROMOTE_TOLERANCE);
    boolean hasMetric = written.has(Schema.PROMOTE_METRIC);
    if (hasMetric != written.has(Schema.PROMOTE_TOLERANCE)) {
      String missing = hasMetric ? "tolerance: 0.005" : "metric: auc-roc";
      written.problem(
          "promote", "needs both metric and tolerance; write " + missing + " beside it");
    }
    return metric == null || tolerance == null ? null : new Promotion(metric, tolerance);
  }

  /** The run written; else the one that optimizing begins at; else the newest beside the output. */
  private @Nullable String reference(
      @Nullable String output, @Nullable String warmStart, @Nullable Promotion promote) {
    String otherwise = warmStart;
    if (warmStart == null && promote != null && output != null) {
      String trimmed = output.replaceFirst("/+$", "");
      otherwise = trimmed.substring(0, trimmed.lastIndexOf('/') + 1) + RunConfig.LATEST;
    }
    return written.value(Schema.REFERENCE, otherwise);
  }

  private @Nullable String ruleOfNets() {
    String kind = written.value(Schema.OPTIMIZER);
    return "auto".equals(kind) ? RULE_OF_NETS : kind;
  }
}
