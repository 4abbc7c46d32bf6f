package dev.talweg.jobs.config;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.DataSpec.BadRows;
import dev.talweg.datasets.FeatureSpec.Categorical;
import dev.talweg.datasets.FeatureSpec.Numeric;
import dev.talweg.datasets.NumericTransform;
import dev.talweg.datasets.SplitSpec;
import dev.talweg.jobs.config.RunConfig.Local;
import dev.talweg.jobs.config.RunConfig.Patience;
import dev.talweg.jobs.config.RunConfig.Promotion;
import dev.talweg.jobs.config.RunConfig.Range;
import dev.talweg.jobs.config.RunConfig.Standardize;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.minimizer.LocalDescent;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.Wire;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Every key of a configuration, in the order of the documentation. */
final class Schema {
  private static final List<String> FORMATS = List.of("parquet", "csv", "libsvm", "orc", "json");

  /** {@code label: default} is short for {@code label: {column: default}}. */
  static final Map<String, String> SHORTHANDS =
      Map.of(
          "data.label",
          "column",
          "model",
          "kind",
          "optimizer",
          "kind",
          "local.outer",
          "kind",
          "warm-start",
          "run");

  /** Blocks that may be null as a whole. */
  static final List<String> OPTIONAL_BLOCKS =
      List.of("data.validation", "data.test", "stopping.patience", "promote");

  /** Blocks that also take the parameters of the thing they name. */
  static final List<String> OPEN_BLOCKS = List.of("model", "optimizer", "local.outer");

  static final Key<String> NAME =
      Key.derived(
          "name",
          Forms.text("a text", "credit-default"),
          "the last part of `output`",
          RunConfig::name,
          "What the run is called in reports.");
  static final Key<Long> SEED =
      Key.of(
          "seed",
          Forms.integer(0, Long.MAX_VALUE),
          "1",
          RunConfig::seed,
          "Decides splits by fraction, the order of rows in batches and random initial values.");

  static final Key<List<String>> TRAIN =
      Key.<List<String>>optional(
              "data.train",
              Forms.texts(
                  "a path, a glob or a list of them", "data/credit.parquet", "[a.csv, b.csv]"),
              c -> c.data().train().isEmpty() ? null : c.data().train(),
              "Where the training rows are: files, directories, globs, on any Hadoop file system.")
          .alternative()
          .defaultText("required, or `table`");
  static final Key<String> TABLE =
      Key.optional(
              "data.table",
              Forms.text("the name of a table", "db.applications"),
              c -> c.data().table(),
              "A table of the session's catalog, instead of `train`.")
          .alternative();
  static final Key<String> FORMAT =
      Key.optional(
              "data.format", Forms.choice(FORMATS), c -> c.data().format(), "The files' format.")
          .defaultText("by the extension");
  static final Key<Map<String, String>> OPTIONS =
      Key.of(
          "data.options",
          Forms.options(),
          "{}",
          c -> c.data().options(),
          "Passed to Spark's reader. Values whose name tells a password, token or secret are never"
              + " printed.");
  static final Key<String> LABEL =
      Key.required(
          "data.label.column",
          Forms.text("a column name", "default"),
          c -> c.data().label().column(),
          "The column to predict; `label: NAME` is short for it.");
  static final Key<String> POSITIVE =
      Key.optional(
          "data.label.positive",
          Forms.text("a text", "bad", "1"),
          c -> c.data().label().positive(),
          "The class that is 1; not needed where labels are the numbers 0 and 1.");
  static final Key<String> WEIGHT =
      Key.optional(
          "data.weight",
          Forms.text("a column name", "exposure"),
          c -> c.data().weight(),
          "A column of row weights, none negative.");
  static final Key<String> OFFSET =
      Key.<String>optional(
              "data.offset",
              Forms.text("a column name", "log_exposure"),
              c -> offset(c, DataSpec.Offset.Form.OFFSET),
              "A column that is added to the margin with coefficient 1. New rows need it too.")
          .alternative();
  static final Key<String> EXPOSURE =
      Key.<String>optional(
              "data.exposure",
              Forms.text("a column name", "policy_years"),
              c -> offset(c, DataSpec.Offset.Form.EXPOSURE),
              "A column whose logarithm is the offset: what a count or an amount is proportional"
                  + " to.")
          .alternative();
  static final Key<List<String>> KEYS =
      Key.of(
          "data.keys",
          Forms.texts("a list of column names", "[ID]", "ID"),
          "[]",
          c -> c.data().keys(),
          "Columns that are no features and are copied to predictions; a split by fraction hashes"
              + " them.");
  static final Key<List<String>> IGNORE =
      Key.of(
          "data.ignore",
          Forms.texts("a list of column names or globs", "[comment]"),
          "[]",
          c -> c.data().ignore(),
          "Columns that are not used at all.");
  static final Key<String> WHERE =
      Key.optional(
          "data.where",
          Forms.text("an SQL condition", "\"amount > 0\""),
          c -> c.data().where(),
          "SQL that a row must fulfil, applied before anything else.");
  static final Split VALIDATION = new Split("data.validation", c -> c.data().validation());
  static final Split TEST = new Split("data.test", c -> c.data().test());
  static final Key<BadRows> BAD_ROWS =
      Key.of(
          "data.bad-rows",
          Forms.choice(BadRows.class),
          "quarantine",
          c -> c.data().badRows(),
          "What happens to a row that cannot be used: it goes to the `quarantine/` table, or ends"
              + " the run.");
  static final Key<Double> MAX_BAD_ROWS =
      Key.of(
          "data.max-bad-rows",
          Forms.number(0, 1),
          "0.01",
          c -> c.data().maxBadRows(),
          "The largest fraction of rows in quarantine; above it the run ends.");

  static final Key<List<Numeric>> NUMERIC =
      Key.of(
          "features.numeric",
          FeatureForms.numerics(),
          "[]",
          c -> c.features().numeric(),
          "Numbers. A missing value becomes the column's mean, and a flag feature is added."
              + " `transform` is of the numbers as they are read, missing values excepted: "
              + transforms()
              + "; the feature is called `log1p(amount)`. Where none of numeric, categorical and"
              + " vector is written, they are inferred.");
  static final Key<List<Categorical>> CATEGORICAL =
      Key.of(
          "features.categorical",
          FeatureForms.categoricals(),
          "[]",
          c -> c.features().categorical(),
          "One feature per level. `hash-bits: 20` hashes levels into 2^20 features instead of a"
              + " dictionary; levels rarer than `min-count` share one.");
  static final Key<List<List<String>>> CROSSES =
      Key.of(
          "features.crosses",
          FeatureForms.crosses(),
          "[]",
          c -> c.features().crosses(),
          "Features of combinations of categorical columns.");
  static final Key<String> VECTOR =
      Key.optional(
          "features.vector",
          Forms.text("a column name", "features"),
          c -> c.features().vector(),
          "A spark.ml vector, an array of numbers, or a sparse struct column.");
  static final Key<List<String>> MISSING =
      Key.of(
          "features.missing",
          new Form<>(
              "a list of texts",
              Forms.texts("", "").reader(),
              x -> true,
              texts -> texts,
              List.of("[NA, \"?\"]", "[\"\"]"),
              List.of("{a: b}", "[[a]]")),
          "[\"\", NA, N/A, NaN, nan, \"null\", \"NULL\", \"?\"]",
          c -> c.features().missing(),
          "Texts that stand for a missing number in a text column.");

  static final Key<String> MODEL =
      Key.required(
          "model.kind",
          Forms.choice(Vocabulary.models()),
          c -> c.model().kind(),
          "`talweg list models`; `model: NAME` is short for it.");
  static final Key<String> LOSS =
      Key.derived(
          "model.loss",
          Forms.choice(Vocabulary.losses()),
          "the model's own",
          c -> c.model().loss(),
          "`talweg list losses`; the loss's parameters are written beside it.");

  static final Key<Boolean> INTERCEPT =
      Key.of(
          "model.intercept",
          Forms.flag(),
          "true",
          c -> c.model().intercept() == Intercept.FREE,
          "Whether margins have an intercept. With `false` the model goes through the origin: no"
              + " optimizer centres columns then, and `model/` has 0 as the intercept. The layers of"
              + " nets always have biases.");

  static final Key<Double> L2 =
      Key.of(
          "penalty.l2",
          Forms.number(0, Double.POSITIVE_INFINITY),
          "1e-4",
          c -> c.penalty().l2(),
          "λ of mean loss + l1 ‖w‖₁ + l2/2 ‖w‖²; the intercept is exempt.");
  static final Key<Double> L1 =
      Key.of(
          "penalty.l1",
          Forms.number(0, Double.POSITIVE_INFINITY),
          "0",
          c -> c.penalty().l1(),
          "λ₁ of the same: above 0, weights become exactly 0; with l2, the elastic net. Needs"
              + " proximal-quasi-newton, which is chosen then, or owl-qn.");
  static final Key<Standardize> STANDARDIZE =
      Key.of(
          "penalty.standardize",
          Forms.choice(Standardize.class),
          "numeric",
          c -> c.penalty().standardize(),
          "Which features are penalized on their standardized scale: all, numeric columns, or none."
              + " Data is never rewritten.");

  static final Key<Map<String, Double>> FACTORS =
      Key.of(
          "penalty.factors",
          FeatureForms.factors(),
          "{}",
          c -> c.penalty().factors(),
          "Factors of l1 and l2 by the name or glob of columns or features, as glmnet's"
              + " penalty.factor (but never rescaled): 0 spares. Later ones override.");
  static final Key<Map<String, Range>> BOUNDS =
      Key.of(
          "penalty.bounds",
          FeatureForms.bounds(),
          "{}",
          c -> c.penalty().bounds(),
          "What weights must be within, by the same names: `non-negative` or `non-positive` for a"
              + " model that is monotone in a feature, or {lower, upper}, of the weight as `model/`"
              + " has it. Needs proximal-quasi-newton, which is chosen then.");

  static final Key<String> OPTIMIZER =
      Key.of(
          "optimizer.kind",
          Forms.choice(Vocabulary.optimizers()),
          "auto",
          c -> c.optimizer().kind(),
          "`talweg list optimizers`; `optimizer: NAME` is short for it, its parameters are written"
              + " beside `kind`. With penalty.l1 or penalty.bounds the default is"
              + " proximal-quasi-newton.");
  static final Key<String> LIKE =
      Key.of(
              "optimizer.like",
              Forms.choice(Like.texts()),
              "none",
              c -> c.optimizer().like(),
              "Whose defaults and conventions of epsilon and decay, as numbers of its own; Talweg's are"
                  + " PyTorch's.")
          .beside("optimizer.kind=adam");
  static final Key<Long> BATCH =
      Key.optional(
              "batch",
              Forms.integer(1, Integer.MAX_VALUE),
              RunConfig::batch,
              "Rows of one step, over the whole cluster, no more than there are to train on. Batches are"
                  + " a function of seed and step.")
          .defaultText("none: every step sees all rows")
          .beside("optimizer=adam");
  static final Key<Long> EPOCHS =
      Key.derived(
              "epochs",
              Forms.integer(1, Integer.MAX_VALUE),
              "`10` with `batch`, else none",
              RunConfig::epochs,
              "Passes over the training rows; only with `batch`.")
          .nullable()
          .beside("optimizer=adam", "batch=64");
  static final Key<Long> LOCAL_STEPS =
      Key.of(
              "local-steps",
              Forms.integer(1, 1_000_000),
              "1",
              RunConfig::localSteps,
              "Steps within each partition, each on its share of a batch, between two reductions: a"
                  + " round, which is what a row of `iterations/` is then.")
          .beside("optimizer=adam", "batch=64");
  static final Key<LocalRound.Weighting> LOCAL_AVERAGE =
      local(
          "local.average",
          Forms.choice(LocalRound.Weighting.class),
          "`counts`",
          Local::average,
          "By what the ways of partitions are averaged: all alike, by the weights of their rows, or"
              + " each coordinate by its squared gradients.");
  static final Key<LocalDescent.Memory> LOCAL_MEMORY =
      local(
          "local.memory",
          Forms.choice(LocalDescent.Memory.class),
          "`averaged`",
          Local::memory,
          "What a partition remembers of the rule, such as moments, when a round begins: the average"
              + " of all partitions, or nothing.");
  static final Key<Long> SINGLE_EPOCHS =
      local(
          "local.single-epochs",
          Forms.integer(0, Integer.MAX_VALUE),
          "`0`",
          Local::singleEpochs,
          "Epochs of single steps before the first round of many (post-local SGD).");
  static final Key<String> LOCAL_OUTER =
      local(
          "local.outer.kind",
          Forms.choice(Vocabulary.rules()),
          "`sgd` with a learning rate of 1: the average",
          local -> local.outer().kind(),
          "The rule that takes the averaged way of a round as its gradient, with its parameters"
              + " beside `kind`; the learning rate of sgd and momentum is 1 unless written.");

  static final Key<Double> GAP =
      Key.derived(
              "stopping.gap",
              Forms.positive(),
              "`1e-4`; none for nets, `plain-lbfgs` and rules of gradients",
              c -> c.stopping().gap(),
              "Ends the run when the objective is proven to be within this fraction of its minimum;"
                  + " where some weight has no penalty, when an estimate is an eighth of it. For"
                  + " linear models over all rows. `plain-lbfgs` and rules of gradients are proven"
                  + " near at every tenth step, which costs a pass; rules need a penalty on every"
                  + " weight.")
          .nullable();
  static final Key<Long> MAX_ITERATIONS =
      Key.derived(
              "stopping.max-iterations",
              Forms.integer(1, Integer.MAX_VALUE),
              "`100`; none with `batch`",
              c -> c.stopping().maxIterations(),
              "Steps at most.")
          .nullable();
  static final Key<Double> GRADIENT =
      Key.optional(
          "stopping.gradient",
          Forms.positive(),
          c -> c.stopping().gradient(),
          "Ends the run when the gradient's Euclidean norm is at most this.");
  static final Key<String> PATIENCE_METRIC =
      Key.<String>optional(
              "stopping.patience.metric",
              Forms.choice(Vocabulary.watched()),
              c -> patience(c, Patience::metric),
              "The validation metric that must improve: `talweg list metrics`; or `objective`, the"
                  + " mean objective of the steps of an epoch, which needs no validation rows.")
          .alternative()
          .beside("stopping.patience.rounds=3", "data.validation={fraction: 0.2}");
  static final Key<Long> PATIENCE_ROUNDS =
      Key.<Long>optional(
              "stopping.patience.rounds",
              Forms.integer(1, Integer.MAX_VALUE),
              c -> patience(c, Patience::rounds),
              "Evaluations without improvement that are waited for.")
          .alternative()
          .beside("stopping.patience.metric=log-loss", "data.validation={fraction: 0.2}");
  static final Key<Double> PATIENCE_TOLERANCE =
      Key.<Double>optional(
              "stopping.patience.tolerance",
              Forms.number(0, Double.POSITIVE_INFINITY),
              c -> patience(c, Patience::tolerance),
              "What is better than the best of all by no more than this, in the metric's own unit, is"
                  + " no improvement.")
          .alternative()
          .defaultText("`0` with patience")
          .beside(
              "stopping.patience.metric=log-loss",
              "stopping.patience.rounds=3",
              "data.validation={fraction: 0.2}");
  static final Key<Duration> TIME =
      Key.optional(
          "stopping.time",
          Forms.duration(),
          c -> c.stopping().time(),
          "Wall time of optimizing at most.");

  static final Key<String> WARM_START =
      Key.optional(
          "warm-start.run",
          Forms.text("the output directory of an earlier run", "runs/credit/2026-11-22"),
          RunConfig::warmStart,
          "Begin at the model of an earlier run: weights by the names of features and classes, layers"
              + " of nets by the names of slices; what is new is drawn; `warm-start: DIR` is short for"
              + " it. `DIR/latest` is the newest finished run in DIR, and"
              + " of runs named by days the last day before this one's; where there is none yet, the"
              + " run begins as if nothing was written.");
  static final Key<List<String>> FRESH =
      Key.of(
              "warm-start.fresh",
              Forms.texts("a list of slices or globs", "[intercept]", "\"*\""),
              "[]",
              RunConfig::fresh,
              "Slices that are drawn anew although the earlier model has them, such as the head of a"
                  + " net.")
          .beside("warm-start.run=runs/credit/2026-11-22");
  static final Key<String> REFERENCE =
      Key.derived(
              "reference",
              Forms.text("the output directory of an earlier run", "runs/credit/latest"),
              "`warm-start`, else with `promote` `latest` beside `output`, else none",
              RunConfig::reference,
              "An earlier run that this one is compared with: the table `drift/`, and `promote`."
                  + " `DIR/latest` as for `warm-start`.")
          .nullable();
  static final Key<String> PROMOTE_METRIC =
      Key.<String>optional(
              "promote.metric",
              Forms.choice(Vocabulary.metrics()),
              c -> promote(c, Promotion::metric),
              "A model whose metric on the held-out rows (of the test split, if there is one) is"
                  + " worse than the reference's on the same rows, by more than the tolerance, is not"
                  + " published.")
          .alternative()
          .beside("promote.tolerance=0.005", "data.validation={fraction: 0.2}");
  static final Key<Double> PROMOTE_TOLERANCE =
      Key.<Double>optional(
              "promote.tolerance",
              Forms.number(0, Double.POSITIVE_INFINITY),
              c -> promote(c, Promotion::tolerance),
              "By how much it may be worse, in the metric's own unit.")
          .alternative()
          .beside("promote.metric=auc-roc", "data.validation={fraction: 0.2}");
  static final Key<List<String>> EVALUATION_METRICS =
      Key.of(
          "evaluation.metrics",
          Forms.texts("a list of metrics", "[ece-equal-mass@10]", "lift@100"),
          "[]",
          c -> c.evaluation().metrics(),
          "Metrics on demand (docs/catalog.md) of the rows that are held out, or of those of training"
              + " where none are: they need a sort.");
  static final Key<String> EVALUATION_QUERY =
      Key.<String>optional(
              "evaluation.query",
              Forms.text("one of data.keys", "customer"),
              c -> c.evaluation().query(),
              "Which query a held-out row is of, for metrics as ndcg@10.")
          .beside(
              "evaluation.metrics=[ndcg@10]",
              "data.keys=[customer]",
              "data.validation={fraction: 0.2}");
  static final Key<String> EVALUATION_ITEM =
      Key.<String>optional(
              "evaluation.item",
              Forms.text("one of data.keys", "article"),
              c -> c.evaluation().item(),
              "Which item a held-out row is, for metrics as item-coverage@10.")
          .beside(
              "evaluation.query=customer",
              "evaluation.metrics=[item-coverage@10]",
              "data.keys=[customer, article]",
              "data.validation={fraction: 0.2}");
  static final Key<Long> CHECKPOINT_EVERY =
      Key.derived(
          "checkpoint.every",
          Forms.integer(1, Integer.MAX_VALUE),
          "`5`; `100` with `batch`",
          c -> c.checkpoint().every(),
          "Steps between two checkpoints, at least.");
  static final Key<Double> CHECKPOINT_SHARE =
      Key.derived(
          "checkpoint.share",
          Forms.number(1e-6, 1),
          "`1`; `0.05` with `batch` and without `checkpoint.every`",
          c -> c.checkpoint().share(),
          "Share of the time of optimizing that checkpoints may take: as long as the last one took"
              + " more of the time since, the next one waits. `1` waits for no time.");
  static final Key<Long> CHECKPOINT_KEEP =
      Key.of(
          "checkpoint.keep",
          Forms.integer(1, 1000),
          "2",
          c -> c.checkpoint().keep(),
          "How many checkpoints are kept.");
  static final Key<Long> PARTITIONS =
      Key.optional(
              "partitions",
              Forms.integer(1, 100_000),
              RunConfig::partitions,
              "Partitions of the data; recorded, since the bits of the model depend on it.")
          .defaultText("from the data's size");
  static final Key<Wire> WIRE =
      Key.of(
          "wire",
          Forms.choice(Wire.class),
          "double",
          RunConfig::wire,
          "As what the gradients of full batches travel to be added up. `float` halves their bytes"
              + " and rounds what each partition sends by a relative 2⁻²⁴ at most; the"
              + " certificate at the end has none of it, `stopping.gap` of lbfgs sees it.");
  static final Key<String> OUTPUT =
      Key.required(
          "output",
          Forms.text("a path", "runs/credit"),
          RunConfig::output,
          "The directory that the run writes, in one step; `--output` is the same.");

  /** The keys of one held-out split. */
  record Split(
      String path,
      Key<Double> fraction,
      Key<List<String>> by,
      Key<List<String>> files,
      Key<String> table,
      Key<String> column,
      Key<String> from,
      Key<String> until) {

    Split(String path, Function<RunConfig, SplitSpec> split) {
      this(
          path,
          Key.<Double>optional(
                  path + ".fraction",
                  Forms.fraction(),
                  c -> split.apply(c) instanceof SplitSpec.Fraction f ? f.fraction() : null,
                  "A fraction of the training rows, by a hash of (seed, `by` columns).")
              .alternative(),
          Key.<List<String>>optional(
                  path + ".by",
                  Forms.texts("a column name or a list of them", "customer", "[customer, branch]"),
                  c ->
                      split.apply(c) instanceof SplitSpec.Fraction f && !f.by().isEmpty()
                          ? f.by()
                          : null,
                  "Rows equal in these columns stay together.")
              .alternative()
              .defaultText("`keys`, else the row's position")
              .beside(path + ".fraction=0.2"),
          Key.<List<String>>optional(
                  path + ".path",
                  Forms.texts("a path, a glob or a list of them", "data/test.parquet"),
                  c -> split.apply(c) instanceof SplitSpec.Path p ? p.paths() : null,
                  "Files of their own.")
              .alternative(),
          Key.<String>optional(
                  path + ".table",
                  Forms.text("the name of a table", "db.applications_test"),
                  c -> split.apply(c) instanceof SplitSpec.Table t ? t.table() : null,
                  "A table of its own.")
              .alternative(),
          Key.<String>optional(
                  path + ".column",
                  Forms.text("a column name", "date"),
                  c -> split.apply(c) instanceof SplitSpec.Range r ? r.column() : null,
                  "A split by time: rows whose column is in a range.")
              .alternative()
              .beside(path + ".from=2026-10-01"),
          Key.<String>optional(
                  path + ".from",
                  Forms.text("a value of the column", "2026-10-01"),
                  c -> split.apply(c) instanceof SplitSpec.Range r ? r.from() : null,
                  "The range's first value.")
              .alternative()
              .beside(path + ".column=date"),
          Key.<String>optional(
                  path + ".until",
                  Forms.text("a value of the column", "2026-11-01"),
                  c -> split.apply(c) instanceof SplitSpec.Range r ? r.until() : null,
                  "The first value after the range.")
              .alternative()
              .beside(path + ".column=date", path + ".from=2026-10-01"));
    }

    List<Key<?>> keys() {
      return List.of(fraction, by, files, table, column, from, until);
    }
  }

  static final List<Key<?>> ALL = all();

  private static List<Key<?>> all() {
    List<Key<?>> keys =
        new ArrayList<>(
            List.of(
                NAME, SEED, TRAIN, TABLE, FORMAT, OPTIONS, LABEL, POSITIVE, WEIGHT, OFFSET,
                EXPOSURE, KEYS, IGNORE, WHERE));
    keys.addAll(VALIDATION.keys());
    keys.addAll(TEST.keys());
    keys.addAll(List.of(BAD_ROWS, MAX_BAD_ROWS));
    keys.addAll(List.of(NUMERIC, CATEGORICAL, CROSSES, VECTOR, MISSING));
    keys.addAll(List.of(MODEL, LOSS, INTERCEPT, L2, L1, STANDARDIZE, FACTORS, BOUNDS));
    keys.addAll(List.of(OPTIMIZER, LIKE));
    keys.addAll(List.of(BATCH, EPOCHS, LOCAL_STEPS));
    keys.addAll(List.of(LOCAL_AVERAGE, LOCAL_MEMORY, SINGLE_EPOCHS, LOCAL_OUTER));
    keys.addAll(List.of(GAP, MAX_ITERATIONS, GRADIENT));
    keys.addAll(List.of(PATIENCE_METRIC, PATIENCE_ROUNDS, PATIENCE_TOLERANCE, TIME));
    keys.addAll(List.of(WARM_START, FRESH, REFERENCE, PROMOTE_METRIC, PROMOTE_TOLERANCE));
    keys.addAll(List.of(EVALUATION_METRICS, EVALUATION_QUERY, EVALUATION_ITEM));
    keys.addAll(List.of(CHECKPOINT_EVERY, CHECKPOINT_SHARE, CHECKPOINT_KEEP));
    keys.addAll(List.of(PARTITIONS, WIRE, OUTPUT));
    return List.copyOf(keys);
  }

  private Schema() {}

  private static String transforms() {
    return Arrays.stream(NumericTransform.values())
        .filter(transform -> transform != NumericTransform.NONE)
        .map(t -> "`" + t.text() + "` is " + t.formula() + " of " + t.allowed())
        .collect(Collectors.joining(", "));
  }

  /** A key of rounds of many steps. */
  private static <T> Key<T> local(
      String path,
      Form<T> form,
      String defaultText,
      Function<Local, @Nullable T> part,
      String meaning) {
    return Key.<T>optional(
            path, form, c -> c.local() == null ? null : part.apply(c.local()), meaning)
        .alternative()
        .defaultText(defaultText)
        .beside("optimizer=adam", "batch=64", "local-steps=8");
  }

  private static @Nullable String offset(RunConfig config, DataSpec.Offset.Form form) {
    DataSpec.Offset offset = config.data().offset();
    return offset == null || offset.form() != form ? null : offset.column();
  }

  private static <T> @Nullable T patience(RunConfig config, Function<Patience, T> part) {
    Patience patience = config.stopping().patience();
    return patience == null ? null : part.apply(patience);
  }

  private static <T> @Nullable T promote(RunConfig config, Function<Promotion, T> part) {
    return config.promote() == null ? null : part.apply(config.promote());
  }
}
