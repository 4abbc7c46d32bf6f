package dev.talweg.jobs.config;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.FeatureSpec;
import dev.talweg.datasets.SplitSpec;
import dev.talweg.jobs.config.Key.Presence;
import dev.talweg.jobs.config.RunConfig.Checkpoints;
import dev.talweg.jobs.config.RunConfig.Local;
import dev.talweg.jobs.config.RunConfig.ModelChoice;
import dev.talweg.jobs.config.RunConfig.Nested;
import dev.talweg.jobs.config.RunConfig.OptimizerChoice;
import dev.talweg.jobs.config.RunConfig.Patience;
import dev.talweg.jobs.config.RunConfig.Penalty;
import dev.talweg.jobs.config.RunConfig.Promotion;
import dev.talweg.jobs.config.RunConfig.Range;
import dev.talweg.jobs.config.RunConfig.Standardize;
import dev.talweg.jobs.config.RunConfig.Stopping;
import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Scalar;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.loss.DualLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.minimizer.LocalDescent;
import dev.talweg.optimizer.naming.Glob;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a configuration strictly: an unknown key, a wrong type, a value out of range, a
 * contradiction are problems, and all of them are told at once.
 *
 * <p>Three steps: text to {@link Value}s, values to the keys of {@link Schema} they belong to, keys
 * to a {@link RunConfig}. Checks that concern two keys are in {@link #contradictions}.
 */
public final class ConfigReader {
  /** The optimizer that climbs the dual. */
  private static final String DUAL = "cocoa";

  /** Optimizers for l1; the first has bounds too. */
  private static final List<String> PROXIMAL = List.of("proximal-quasi-newton", "owl-qn");

  private static final String BINARY = "logistic";
  private static final long EPOCHS = 10;

  /** What nets are trained with where the configuration does not say. */
  private static final String RULE_OF_NETS = "adam";

  private static final long BATCH_OF_NETS = 128;

  /** The rule of rounds where the configuration does not say. */
  private static final String OUTER = "sgd";

  private static final String RATE = "learning-rate";

  private static final long ITERATIONS = 100;
  private static final long EVERY = 5;
  private static final long EVERY_OF_BATCHES = 100;
  private static final double SHARE_OF_CHECKPOINTS = 0.05;

  private final Origin whole;
  private final Problems problems = new Problems();
  private final Map<String, Field> found = new LinkedHashMap<>();
  private final Map<String, Map<String, Field>> extras = new LinkedHashMap<>();

  private ConfigReader(String source) {
    this.whole = Origin.whole(source);
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
    return new ConfigReader(source).read(yaml, sets);
  }

  /**
   * Reads a configuration that a program made: its lines are of no use to anyone.
   *
   * @param source what problems are said to be of
   * @throws ConfigException with every problem
   */
  public static RunConfig read(String source, String yaml) {
    ConfigReader reader = new ConfigReader(source);
    Optional<Value> value = YamlTree.ofOption(source, yaml, reader.problems);
    return reader.read(value, List.of());
  }

  private RunConfig read(String yaml, List<String> sets) {
    return read(YamlTree.ofFile(whole.source(), yaml, problems), sets);
  }

  private RunConfig read(Optional<Value> value, List<String> sets) {
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
    Variables variables = new Variables(block, sets, children(""), problems);
    Block replaced = new Overrides(problems).apply(block, variables.others());
    assign(variables.filled(replaced), "");
    return resolve();
  }

  // --- values to keys -------------------------------------------------------------------------

  private void assign(Block block, String above) {
    block.fields().forEach((name, field) -> assign(name, field, above));
  }

  private void assign(String name, Field field, String above) {
    String path = above.isEmpty() ? name : above + "." + name;
    if (name.contains(".")) {
      problems.add(
          field.key(),
          above,
          "unknown key " + name + "; a dotted name is written as nested blocks");
    } else if (isKey(path)) {
      found.put(path, field);
    } else if (isBlock(path)) {
      assignBlock(path, field);
    } else if (Schema.OPEN_BLOCKS.contains(above)) {
      extras.computeIfAbsent(above, a -> new LinkedHashMap<>()).put(name, field);
    } else {
      problems.add(field.key(), path, "unknown key" + advice(name, above));
    }
  }

  private void assignBlock(String path, Field field) {
    Value value = field.value();
    String shorthand = Schema.SHORTHANDS.get(path);
    if (value instanceof Block inner) {
      assign(inner, path);
    } else if (shorthand != null) {
      found.put(path + "." + shorthand, field);
    } else if (!(value.isNull() && Schema.OPTIONAL_BLOCKS.contains(path))) {
      String allowed = String.join(", ", children(path));
      problems.add(
          value.origin(),
          path,
          "found " + value.found() + ", a block of " + allowed + " is allowed");
    }
  }

  private static boolean isKey(String path) {
    return Schema.ALL.stream().anyMatch(key -> key.path().equals(path));
  }

  private static boolean isBlock(String path) {
    return Schema.ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
  }

  /** The names allowed below a path. */
  private static List<String> children(String above) {
    String prefix = above.isEmpty() ? "" : above + ".";
    return Schema.ALL.stream()
        .map(Key::path)
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()).replaceFirst("\\..*", ""))
        .distinct()
        .toList();
  }

  /** What a misspelt or misplaced key was meant to be. */
  private static String advice(String name, String above) {
    List<String> siblings = children(above);
    Optional<String> near = NearestName.of(name, siblings);
    if (near.isPresent()) {
      return "; did you mean " + near.get() + "?";
    }
    List<String> elsewhere =
        Schema.ALL.stream()
            .map(Key::path)
            .filter(path -> path.endsWith("." + name) || path.startsWith(name + "."))
            .map(path -> path.startsWith(name + ".") ? name : path)
            .distinct()
            .toList();
    if (!elsewhere.isEmpty()) {
      return "; did you mean " + elsewhere.get(0) + "?";
    }
    return "; allowed here: " + String.join(", ", siblings);
  }

  // --- keys to a configuration ----------------------------------------------------------------

  private RunConfig resolve() {
    String output = value(Schema.OUTPUT);
    String name = value(Schema.NAME);
    Long seed = value(Schema.SEED);
    DataSpec data = data();
    ModelChoice model = model();
    FeatureSpec features = features(model);
    Double l2 = value(Schema.L2);
    Double l1 = value(Schema.L1);
    Standardize standardize = value(Schema.STANDARDIZE);
    Map<String, Double> factors = value(Schema.FACTORS);
    Map<String, Range> bounds = value(Schema.BOUNDS);
    boolean smooth = (l1 == null || l1 == 0) && (bounds == null || bounds.isEmpty());
    boolean net = model != null && Vocabulary.isNet(model.kind());
    OptimizerChoice optimizer =
        optimizer(net ? ruleOfNets() : smooth ? value(Schema.OPTIMIZER) : proximal());
    Long batch = value(Schema.BATCH, net ? BATCH_OF_NETS : null);
    Long epochs = value(Schema.EPOCHS, batch == null ? null : EPOCHS);
    Long localSteps = value(Schema.LOCAL_STEPS);
    Local local = local(localSteps, batch);
    Stopping stopping = stopping(batch);
    String warmStart = value(Schema.WARM_START);
    List<String> fresh = value(Schema.FRESH);
    Promotion promote = promotion();
    String reference = reference(output, warmStart, promote);
    Long every = value(Schema.CHECKPOINT_EVERY, batch == null ? EVERY : EVERY_OF_BATCHES);
    boolean paced = batch != null && !found.containsKey(Schema.CHECKPOINT_EVERY.path());
    Double share = value(Schema.CHECKPOINT_SHARE, paced ? SHARE_OF_CHECKPOINTS : 1);
    Long keep = value(Schema.CHECKPOINT_KEEP);
    Long partitions = value(Schema.PARTITIONS);
    Wire wire = value(Schema.WIRE);
    contradictions(data, optimizer, batch, stopping, net);
    requires(Schema.FRESH, Schema.WARM_START);
    if (optimizer != null) {
      plateaus(data, optimizer, local);
      fullGradients(optimizer, model, batch, localSteps);
      untouched(optimizer, l2);
    }
    if (model != null && optimizer != null) {
      if (fresh != null && problems.count() == 0) {
        known(Vocabulary.slices(model), fresh, Schema.FRESH.path());
      }
      slices(model, "optimizer", optimizer);
      if (local != null) {
        slices(model, "local.outer", local.outer());
      }
    }
    if (promote != null && data != null) {
      comparable(data, reference);
    }
    if (model != null && net) {
      nets(data, model, batch, l1, bounds);
    } else if (model != null && Vocabulary.isOfClasses(model.loss())) {
      classes(data, l1, bounds);
    } else if (optimizer != null) {
      kinks(optimizer.kind(), l1, bounds);
    }
    problems.throwIfAny();
    if (!Vocabulary.isOfClasses(present(model).loss())) { // parameters are known to be right now
      kinksOfLoss(present(optimizer).kind(), present(model));
      problems.throwIfAny();
    }
    String directory = present(output);
    return new RunConfig(
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
        directory);
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value, "missing values are problems");
  }

  private static String lastPart(String path) {
    String trimmed = path.replaceFirst("/+$", "");
    String last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
    return last.isBlank() ? "run" : last;
  }

  /** The value written, or the key's default. */
  private <T> @Nullable T value(Key<T> key) {
    T byDefault = null;
    if (key.byDefault() != null) {
      Value value =
          YamlTree.ofOption("default of " + key.path(), key.byDefault(), problems).orElseThrow();
      byDefault = key.form().read(value, key.path(), problems);
    }
    return value(key, byDefault);
  }

  private <T> @Nullable T value(Key<T> key, @Nullable T byDefault) {
    Field field = found.get(key.path());
    if (field == null) {
      if (key.presence() == Presence.REQUIRED) {
        problems.add(whole, key.path(), "missing; write " + key.form().allowed() + remedy(key));
      }
      return byDefault;
    }
    if (field.value().isNull() && key.presence() == Presence.NULLABLE) {
      return null;
    }
    return key.form().read(field.value(), key.path(), problems);
  }

  private static String remedy(Key<?> key) {
    return key.path().equals(Schema.OUTPUT.path())
        ? ", or give --output"
        : ", such as " + key.path() + ": " + key.form().valid().get(0);
  }

  private @Nullable DataSpec data() {
    List<String> train = value(Schema.TRAIN);
    String table = value(Schema.TABLE);
    String format = value(Schema.FORMAT);
    Map<String, String> options = value(Schema.OPTIONS);
    String label = value(Schema.LABEL);
    String positive = value(Schema.POSITIVE);
    String weight = value(Schema.WEIGHT);
    List<String> keys = value(Schema.KEYS);
    List<String> ignore = value(Schema.IGNORE);
    String where = value(Schema.WHERE);
    SplitSpec validation = split(Schema.VALIDATION);
    SplitSpec test = split(Schema.TEST);
    DataSpec.BadRows badRows = value(Schema.BAD_ROWS);
    Double maxBadRows = value(Schema.MAX_BAD_ROWS);
    DataSpec.Offset offset = offset();
    boolean written = found.containsKey("data.train") || found.containsKey("data.table");
    if (!written) {
      problems.add(
          whole,
          "data.train",
          "missing; write the path of the training rows, such as data: {train: data/credit.parquet}");
    } else if (train != null && train.isEmpty()) {
      problems.add(
          origin("data.train"), "data.train", "found an empty list, at least one path is needed");
    } else if (train != null && table != null) {
      problems.add(
          origin("data.table"),
          "data.table",
          "written beside data.train; only one of them is allowed");
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
    String offset = value(Schema.OFFSET);
    String exposure = value(Schema.EXPOSURE);
    if (offset != null && exposure != null) {
      problems.add(
          origin("data.exposure"),
          "data.exposure",
          "written beside data.offset; only one of them is allowed");
    }
    if (exposure != null) {
      return new DataSpec.Offset(exposure, DataSpec.Offset.Form.EXPOSURE);
    }
    return offset == null ? null : new DataSpec.Offset(offset, DataSpec.Offset.Form.OFFSET);
  }

  private SplitSpec split(Schema.Split keys) {
    Double fraction = value(keys.fraction());
    List<String> by = value(keys.by());
    List<String> paths = value(keys.files());
    String table = value(keys.table());
    String column = value(keys.column());
    String from = value(keys.from());
    String until = value(keys.until());
    List<String> kinds = new ArrayList<>();
    for (Key<?> kind : List.of(keys.fraction(), keys.files(), keys.table(), keys.column())) {
      if (found.containsKey(kind.path())) {
        kinds.add(kind.path().substring(keys.path().length() + 1));
      }
    }
    if (kinds.size() > 1) {
      problems.add(
          origin(keys.path() + "." + kinds.get(1)),
          keys.path(),
          "found "
              + String.join(" and ", kinds)
              + ", only one of fraction, path, table and column is allowed");
      return new SplitSpec.None();
    }
    String kind = kinds.isEmpty() ? "" : kinds.get(0);
    requires(keys.by(), keys.fraction());
    requires(keys.from(), keys.column());
    requires(keys.until(), keys.column());
    if (kind.equals("column") && !found.containsKey(keys.from().path())) {
      problems.add(
          origin(keys.column().path()),
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

  private void requires(Key<?> key, Key<?> other) {
    if (found.containsKey(key.path()) && !found.containsKey(other.path())) {
      problems.add(origin(key.path()), key.path(), "is allowed only beside " + other.path());
    }
  }

  private FeatureSpec features(@Nullable ModelChoice model) {
    FeatureSpec written =
        new FeatureSpec(
            orEmpty(value(Schema.NUMERIC)),
            orEmpty(value(Schema.CATEGORICAL)),
            orEmpty(value(Schema.CROSSES)),
            value(Schema.VECTOR),
            orEmpty(value(Schema.MISSING)));
    return model == null || problems.count() > 0
        ? written
        : Vocabulary.sequence(model).map(written::with).orElse(written);
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }

  private @Nullable ModelChoice model() {
    String kind = value(Schema.MODEL);
    String written = value(Schema.LOSS);
    if (kind == null) {
      return null;
    }
    ModelEntry model = Vocabulary.model(kind);
    if (written != null && !model.losses().contains(written)) {
      problems.add(
          origin("model.loss"),
          "model.loss",
          "found "
              + written
              + ", a "
              + kind
              + " model allows "
              + String.join(", ", model.losses()));
      return null;
    }
    boolean two = found.containsKey(Schema.POSITIVE.path()) && model.losses().contains(BINARY);
    String loss = written == null ? two ? BINARY : model.losses().get(0) : written;
    Entry<?> entry = Vocabulary.loss(loss, model.parameters());
    String of = model.parameters().isEmpty() ? "loss " + loss : kind + " with loss " + loss;
    return new ModelChoice(kind, loss, parameters("model", of, entry));
  }

  /** The optimizer written, or the one for l1 and bounds. */
  private @Nullable String proximal() {
    String written = value(Schema.OPTIMIZER);
    return "auto".equals(written) ? PROXIMAL.get(0) : written;
  }

  private @Nullable OptimizerChoice optimizer(@Nullable String kind) {
    String like = value(Schema.LIKE);
    if (kind == null || like == null) {
      return null;
    }
    Entry<?> entry = Vocabulary.optimizer(kind);
    Optional<? extends Entry<?>> as = entry.like(Like.of(like));
    if (as.isEmpty()) {
      String libraries =
          String.join(", ", entry.libraries().keySet().stream().sorted().map(Like::text).toList());
      problems.add(
          origin("optimizer.like"),
          "optimizer.like",
          "found "
              + like
              + ", which says nothing about "
              + kind
              + (libraries.isEmpty() ? "; remove it" : "; " + libraries + " do, or remove it"));
      return null;
    }
    return new OptimizerChoice(kind, parameters("optimizer", kind, as.get()), like);
  }

  /** What a round is, where it is more than a step. */
  private @Nullable Local local(@Nullable Long steps, @Nullable Long batch) {
    LocalRound.Weighting average = value(Schema.LOCAL_AVERAGE, LocalRound.Weighting.COUNTS);
    LocalDescent.Memory memory = value(Schema.LOCAL_MEMORY, LocalDescent.Memory.AVERAGED);
    Long single = value(Schema.SINGLE_EPOCHS, 0L);
    String outer = value(Schema.LOCAL_OUTER, OUTER);
    if (steps == null || steps == 1) {
      found.keySet().stream()
          .filter(path -> path.startsWith("local."))
          .findFirst()
          .or(
              () ->
                  extras.containsKey("local.outer") ? Optional.of("local.outer") : Optional.empty())
          .ifPresent(
              path ->
                  problems.add(origin(path), path, "is allowed only beside local-steps above 1"));
      return null;
    }
    if (batch == null) {
      problems.add(
          origin("local-steps"),
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
    return new Local(
        average,
        memory,
        single,
        new OptimizerChoice(outer, parameters("local.outer", outer, rule), Like.NONE.text()));
  }

  private Map<String, Object> parameters(String path, String of, Entry<?> entry) {
    Map<String, Field> written = extras.getOrDefault(path, Map.of());
    return new Parameters(problems, children(path)).read(path, of, entry, written, origin(path));
  }

  private Stopping stopping(@Nullable Long batch) {
    String metric = value(Schema.PATIENCE_METRIC);
    Long rounds = value(Schema.PATIENCE_ROUNDS);
    boolean hasMetric = found.containsKey(Schema.PATIENCE_METRIC.path());
    boolean hasRounds = found.containsKey(Schema.PATIENCE_ROUNDS.path());
    if (hasMetric != hasRounds) {
      String missing = hasMetric ? "rounds: 3" : "metric: log-loss";
      problems.add(
          origin("stopping.patience"),
          "stopping.patience",
          "needs both metric and rounds; write " + missing + " beside it");
    }
    return new Stopping(
        value(Schema.GAP),
        value(Schema.MAX_ITERATIONS, batch == null ? ITERATIONS : null),
        value(Schema.GRADIENT),
        metric == null || rounds == null ? null : new Patience(metric, rounds),
        value(Schema.TIME));
  }

  private @Nullable Promotion promotion() {
    String metric = value(Schema.PROMOTE_METRIC);
    Double tolerance = value(Schema.PROMOTE_TOLERANCE);
    boolean hasMetric = found.containsKey(Schema.PROMOTE_METRIC.path());
    if (hasMetric != found.containsKey(Schema.PROMOTE_TOLERANCE.path())) {
      String missing = hasMetric ? "tolerance: 0.005" : "metric: auc-roc";
      problems.add(
          origin("promote"),
          "promote",
          "needs both metric and tolerance; write " + missing + " beside it");
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
    return value(Schema.REFERENCE, otherwise);
  }

  /** What a comparison with an earlier run needs. */
  private void comparable(DataSpec data, @Nullable String reference) {
    if (data.validation() instanceof SplitSpec.None && data.test() instanceof SplitSpec.None) {
      problems.add(
          origin("promote"),
          "promote",
          "needs rows that neither model was trained on; write data: {test: {fraction: 0.2}}");
    }
    if (reference == null) {
      problems.add(
          origin("reference"),
          "reference",
          "found nothing, but promote compares with an earlier run; remove reference, or promote");
    }
  }

  /** What two keys say against each other. */
  private void contradictions(
      @Nullable DataSpec data,
      @Nullable OptimizerChoice optimizer,
      @Nullable Long batch,
      Stopping stopping,
      boolean net) {
    if (net && optimizer != null && Vocabulary.needsAllRows(optimizer.kind())) {
      problems.add(
          origin("optimizer.kind"),
          "optimizer.kind",
          "found "
              + optimizer.kind()
              + ", which needs margins that are linear in the parameters; choose adam, momentum or"
              + " sgd, or remove optimizer");
    } else if (batch != null && optimizer != null && Vocabulary.needsAllRows(optimizer.kind())) {
      problems.add(
          origin("batch"),
          "batch",
          "found "
              + batch
              + ", but "
              + optimizer.kind()
              + " needs all rows in every step; remove batch or choose optimizer: adam, momentum or sgd");
    }
    Field epochs = found.get("epochs");
    if (epochs != null && !epochs.value().isNull() && !net && !found.containsKey("batch")) {
      problems.add(
          origin("epochs"),
          "epochs",
          "is allowed only with batch; a run over all rows is bounded by stopping.max-iterations");
    }
    if (stopping.patience() != null
        && data != null
        && data.validation() instanceof SplitSpec.None) {
      problems.add(
          origin("stopping.patience"),
          "stopping.patience",
          "needs validation rows; write data: {validation: {fraction: 0.2}}");
    }
  }

  /** Where a rate may follow the validation metric. */
  private void plateaus(@Nullable DataSpec data, OptimizerChoice optimizer, @Nullable Local local) {
    Map<String, Object> others = new LinkedHashMap<>(optimizer.parameters());
    Object rate = others.remove(RATE);
    boolean follows = rate instanceof Nested nested && Vocabulary.followsMetric(nested.kind());
    if (follows && data != null && data.validation() instanceof SplitSpec.None) {
      problems.add(
          origin("optimizer"),
          "optimizer.learning-rate",
          "found plateau, which needs validation rows; write data: {validation: {fraction: 0.2}}");
    }
    boolean elsewhere =
        others.values().stream().anyMatch(ConfigReader::hasPlateau)
            || (rate instanceof Nested inner
                && inner.parameters().values().stream().anyMatch(ConfigReader::hasPlateau))
            || (local != null
                && local.outer().parameters().values().stream().anyMatch(ConfigReader::hasPlateau));
    if (elsewhere) {
      problems.add(
          origin("optimizer"),
          "optimizer",
          "found plateau within another schedule or parameter; it is allowed only as"
              + " optimizer.learning-rate itself");
    }
  }

  private static boolean hasPlateau(Object value) {
    if (value instanceof Nested nested) {
      return Vocabulary.followsMetric(nested.kind()) || hasPlateau(nested.parameters().values());
    }
    if (value instanceof RunConfig.Group group) {
      return hasPlateau(group.parameters().values());
    }
    return value instanceof Collection<?> all && all.stream().anyMatch(ConfigReader::hasPlateau);
  }

  /** What a rule with full gradients beside those of batches rules out. */
  private void fullGradients(
      OptimizerChoice optimizer,
      @Nullable ModelChoice model,
      @Nullable Long batch,
      @Nullable Long localSteps) {
    String kind = optimizer.kind();
    if (!Vocabulary.takesFullGradients(kind)) {
      return;
    }
    if (batch == null) {
      problems.add(
          origin("optimizer"),
          "optimizer.kind",
          "found " + kind + ", which is of batches; write batch: 64 beside it");
    }
    if (localSteps != null && localSteps > 1) {
      problems.add(
          origin("local-steps"),
          "local-steps",
          "found " + localSteps + ", but " + kind + " takes steps of the whole cluster; remove it");
    }
    boolean drops =
        model != null
            && model.parameters().get("dropout") instanceof Number share
            && share.doubleValue() > 0;
    if (drops || (model != null && Boolean.TRUE.equals(model.parameters().get("batch-norm")))) {
      problems.add(
          origin("optimizer"),
          "optimizer.kind",
          "found "
              + kind
              + ", but with dropout or batch-norm the loss of a row is no function of the parameters"
              + " alone; remove them, or choose adam");
    }
  }

  /** A lazy rule leaves what has no gradient, and a ridge gives everything one. */
  private void untouched(OptimizerChoice optimizer, @Nullable Double l2) {
    if (optimizer.isLazy() && l2 != null && l2 > 0) {
      problems.add(
          origin("penalty.l2"),
          "penalty.l2",
          "found "
              + l2
              + ", but optimizer.lazy leaves features that a batch has not, and a ridge pulls at"
              + " all of them; write penalty.l2: 0, and optimizer.weight-decay with decay:"
              + " decoupled, which is paid late");
    }
  }

  /** The names of slices that a rule's groups and what it freezes have. */
  private void slices(ModelChoice model, String path, OptimizerChoice rule) {
    if (problems.count() > 0) {
      return; // of what is wrong itself slices may not be known
    }
    List<String> names = Vocabulary.slices(model);
    List<String> frozen = rule.texts("freeze");
    known(names, frozen, path + ".freeze");
    if (!frozen.isEmpty() && names.stream().allMatch(name -> isOneOf(name, frozen))) {
      problems.add(origin(path), path + ".freeze", "leaves nothing to train; freeze fewer slices");
    }
    if (rule.parameters().get("groups") instanceof List<?> groups) {
      for (Object group : groups) {
        known(names, ((RunConfig.Group) group).slices(), path + ".groups");
      }
    }
  }

  private static boolean isOneOf(String slice, List<String> globs) {
    return globs.stream().anyMatch(glob -> new Glob(glob).matches(slice));
  }

  private void known(List<String> slices, List<String> globs, String path) {
    for (String text : globs) {
      Glob glob = new Glob(text);
      if (!Vocabulary.mayBeOfColumn(glob, slices) && slices.stream().noneMatch(glob::matches)) {
        String near = NearestName.hint(text, slices);
        problems.add(
            origin(path.substring(0, path.lastIndexOf('.'))),
            path,
            "found " + text + ", slices are " + String.join(", ", slices) + near);
      }
    }
  }

  private @Nullable String ruleOfNets() {
    String written = value(Schema.OPTIMIZER);
    return "auto".equals(written) ? RULE_OF_NETS : written;
  }

  /** What a net rules out. */
  private void nets(
      @Nullable DataSpec data,
      ModelChoice model,
      @Nullable Long batch,
      @Nullable Double l1,
      @Nullable Map<String, Range> bounds) {
    ridgeAlone(model.kind(), l1, bounds);
    if ("truncate".equals(model.parameters().get("longer"))
        && Long.valueOf(0).equals(model.parameters().get("channels"))) {
      problems.add(
          origin("model"),
          "model.longer",
          "found truncate, but without channels the longest row has all steps; write the numbers of"
              + " a step, such as channels: 1");
    }
    norms(model.parameters(), batch);
    if (Vocabulary.isOfClasses(model.loss())) {
      noOffset("loss " + model.loss(), data);
    }
    boolean smoothed =
        model.parameters().get("label-smoothing") instanceof Number number
            && number.doubleValue() > 0;
    if (smoothed && !Vocabulary.isOfClasses(model.loss()) && !model.loss().equals(BINARY)) {
      problems.add(
          origin("model"),
          "model.label-smoothing",
          "found "
              + model.parameters().get("label-smoothing")
              + ", but loss "
              + model.loss()
              + " has no classes; remove it, or choose loss: softmax or logistic");
    }
  }

  private void norms(Map<String, Object> parameters, @Nullable Long batch) {
    if (!Boolean.TRUE.equals(parameters.get("batch-norm"))) {
      return;
    }
    if (Boolean.TRUE.equals(parameters.get("layer-norm"))) {
      problems.add(
          origin("model"),
          "model.batch-norm",
          "is there beside layer-norm, and a layer has one norm; remove one of them");
    }
    if (batch != null && batch == 1) {
      problems.add(
          origin("batch"),
          "batch",
          "found 1, but batch-norm needs the variance of a batch; take at least 2, such as 128, or"
              + " layer-norm");
    }
    Long localSteps = value(Schema.LOCAL_STEPS);
    if (localSteps != null && localSteps > 1) {
      problems.add(
          origin("local-steps"),
          "local-steps",
          "found "
              + localSteps
              + ", and batch-norm takes its statistics over the batch of the whole cluster; take"
              + " layer-norm, or local-steps: 1");
    }
  }

  /** What a margin for each class rules out. */
  private void classes(
      @Nullable DataSpec data, @Nullable Double l1, @Nullable Map<String, Range> bounds) {
    String optimizer = value(Schema.OPTIMIZER);
    if (optimizer != null && Vocabulary.needsOneMargin(optimizer)) {
      problems.add(
          origin("optimizer.kind"),
          "optimizer.kind",
          "found "
              + optimizer
              + ", which is for one margin a row, and model: multinomial has one for each class;"
              + " remove optimizer, or choose lbfgs, adam, momentum or sgd");
    }
    ridgeAlone("multinomial", l1, bounds);
    noOffset("model: multinomial", data);
  }

  private void ridgeAlone(String model, @Nullable Double l1, @Nullable Map<String, Range> bounds) {
    String ridge = ", but model: " + model + " has the ridge penalty alone; remove ";
    if (l1 != null && l1 > 0) {
      problems.add(
          origin("penalty.l1"), "penalty.l1", "found " + l1 + ridge + "it, or write penalty.l2");
    }
    if (bounds != null && !bounds.isEmpty()) {
      problems.add(origin("penalty.bounds"), "penalty.bounds", "found bounds" + ridge + "them");
    }
  }

  /**
   * @param classifier what has a margin for each class
   */
  private void noOffset(String classifier, @Nullable DataSpec data) {
    if (data != null && data.offset() != null) {
      String key =
          data.offset().form() == DataSpec.Offset.Form.EXPOSURE ? "data.exposure" : "data.offset";
      problems.add(
          origin(key),
          key,
          "found "
              + data.offset().column()
              + ", but "
              + classifier
              + " has a margin for each class, and what is added to all of them changes nothing;"
              + " remove it");
    }
  }

  /** Which optimizers can pass the kinks of l1, and which bounds. */
  private void kinks(String kind, @Nullable Double l1, @Nullable Map<String, Range> bounds) {
    String proximal = "remove optimizer, proximal-quasi-newton is chosen then, or remove ";
    if (l1 != null && l1 > 0 && !PROXIMAL.contains(kind)) {
      problems.add(
          origin("penalty.l1"),
          "penalty.l1",
          "found " + l1 + ", but " + kind + " needs a smooth objective; " + proximal + "l1");
    }
    if (bounds != null && !bounds.isEmpty() && !kind.equals(PROXIMAL.get(0))) {
      problems.add(
          origin("penalty.bounds"),
          "penalty.bounds",
          "found bounds, but " + kind + " has none; " + proximal + "them");
    }
  }

  /** Which optimizers can pass the kinks of a loss, and which losses have a dual to climb. */
  private void kinksOfLoss(String kind, ModelChoice model) {
    PointwiseLoss loss = Catalog.loss(model.loss(), model.settings());
    if (loss.hasKinks() && !List.of(Catalog.automatic().name(), DUAL).contains(kind)) {
      problems.add(
          origin("model"),
          "model.smoothing",
          "found 0, but "
              + kind
              + " cannot pass the kinks of "
              + loss.name()
              + "; write optimizer: cocoa with a ridge alone, or a smoothing above 0");
    }
    if (kind.equals(DUAL) && !(loss instanceof DualLoss)) {
      problems.add(
          origin("optimizer"),
          "optimizer",
          "found cocoa, but the loss " + loss.name() + " has no dual step; write optimizer: auto");
    }
  }

  /** Where a key, or the first key of a block, is written. */
  private Origin origin(String path) {
    Field field = found.get(path);
    if (field != null) {
      return field.value() instanceof Scalar ? field.value().origin() : field.key();
    }
    for (Map.Entry<String, Field> entry : found.entrySet()) {
      if (entry.getKey().startsWith(path + ".")) {
        return entry.getValue().key();
      }
    }
    return whole;
  }
}
