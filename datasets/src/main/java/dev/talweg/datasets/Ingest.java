package dev.talweg.datasets;

import dev.talweg.datasets.RowSchema.SplitColumn;
import dev.talweg.datasets.SplitSpec.Fraction;
import dev.talweg.datasets.SplitSpec.Range;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.PartitionPasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnarBatch;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/**
 * Reads data once: from files of any format to encoded, cached blocks.
 *
 * <p>One job reads the rows into typed columns, counts and sums on the way, and keeps the columns
 * on the executors; the driver merges dictionaries and statistics into an {@link Encoding}; a
 * second job turns the columns into blocks without reading again. Partitions follow from files and
 * the request, never from cores, since sums over partitions have to have the same bits everywhere.
 */
public final class Ingest {
  /** Small data is read by up to eight tasks. */
  private static final long LEAST_BYTES_PER_PARTITION = 8L << 20;

  private static final long MOST_BYTES_PER_PARTITION = 64L << 20;
  private static final int SAMPLE = 10_000;

  private Ingest() {}

  /**
   * Reads data for training: the encoding is fitted on the training rows.
   *
   * @param seed of the splits
   * @param partitions of the training source; 0 means by the data's size
   * @param log receives one-line notes while it works
   * @throws DataException where the data cannot be used, with every problem found
   */
  public static Ingested read(
      SparkSession spark,
      DataSpec data,
      FeatureSpec features,
      LabelKind kind,
      long seed,
      int partitions,
      Consumer<String> log) {
    return read(spark, data, features, Mentioned.none(), kind, seed, partitions, log);
  }

  /**
   * The same, where names of columns or features are used elsewhere.
   *
   * @param named names and globs by the key of the configuration that has them: one that no feature
   *     can have is a problem that is found before a row is read
   */
  public static Ingested read(
      SparkSession spark,
      DataSpec data,
      FeatureSpec features,
      Mentioned named,
      LabelKind kind,
      long seed,
      int partitions,
      Consumer<String> log) {
    long started = System.nanoTime();
    List<String> notes = new ArrayList<>();
    Sources.Opened opened = open(spark, data);
    FeaturePlan plan = plan(opened, data, features, named, kind, notes);
    notes.forEach(log);
    Scoring.Source train = source(spark, opened, data, plan, kind, seed, partitions, true, null);
    List<Scoring.Source> sources = new ArrayList<>(List.of(train));
    JavaRDD<RawPartition> raw =
        withPaths(spark, data, plan, kind, seed, partitions, raw(train, 0, true), sources);
    JavaRDD<RawPartition> read = raw.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      int sampled = Profile.sampledRows(plan.numeric().size(), read.getNumPartitions());
      MergedSummaries merged =
          MergedSummaries.of(summaries(read, opened, sampled), plan, train.schema());
      merged.check(data, kind, opened);
      merged.wide().forEach((column, width) -> merged.seen.put(column, seen(read, column, width)));
      Encoding encoding = merged.encoding(kind, notes);
      return finished(read, encoding, merged, sources, notes, RowReader.TRAIN, started);
    } catch (RuntimeException e) {
      read.unpersist(false);
      throw e;
    }
  }

  /**
   * Reads the vectors of a DataFrame: every row is for training, in the DataFrame's own partitions.
   *
   * @param weight a column, or null for rows that all count once
   * @param offset a column that margins have beside features and intercept, or null for none
   * @return the rows, and how long the vectors are
   * @throws DataException where a row cannot be used, or there is none
   */
  public static Vectors vectors(
      Dataset<Row> rows,
      String label,
      @Nullable String weight,
      @Nullable String offset,
      String vector) {
    long started = System.nanoTime();
    DataSpec data =
        new DataSpec(
            List.of(),
            null,
            null,
            Map.of(),
            new DataSpec.Label(label, null),
            weight,
            List.of(),
            List.of(),
            null,
            new SplitSpec.None(),
            new SplitSpec.None(),
            DataSpec.BadRows.FAIL,
            0,
            offset == null ? null : new DataSpec.Offset(offset, DataSpec.Offset.Form.OFFSET));
    FeaturePlan plan =
        new FeaturePlan(List.of(), List.of(), List.of(), List.of(), vector, List.of());
    Sources.Opened opened = new Sources.Opened(rows, Sources.FRAME, 0, 0, List.of());
    LabelKind kind = LabelKind.REAL;
    Scoring.Source source = source(rows.sparkSession(), opened, data, plan, kind, 0, 0, true, null);
    JavaRDD<RawPartition> raw = raw(source, 0, true).persist(StorageLevel.MEMORY_AND_DISK());
    try {
      MergedSummaries merged = MergedSummaries.of(summaries(raw, opened, 0), plan, source.schema());
      merged.checkVectors();
      merged.wide().forEach((column, width) -> merged.seen.put(column, seen(raw, column, width)));
      List<String> notes = new ArrayList<>();
      Encoding encoding = merged.encoding(kind, notes);
      return new Vectors(
          finished(raw, encoding, merged, List.of(source), notes, RowReader.TRAIN, started),
          merged.total.vectorSize);
    } catch (RuntimeException e) {
      raw.unpersist(false);
      throw e;
    }
  }

  /**
   * Rows of vectors.
   *
   * @param size the length of the vectors: more than there are features where they are very long,
   *     and {@link Encoding#entry} tells which entries are features
   */
  public record Vectors(Ingested rows, int size) {}

  /**
   * Resolves all that can be known before a row is read.
   *
   * @param named names and globs of features by the key of the configuration that has them
   * @return what would be made of each column, in lines
   * @throws DataException with every problem found
   */
  public static List<String> check(
      SparkSession spark,
      DataSpec data,
      FeatureSpec features,
      Mentioned named,
      LabelKind kind,
      long seed) {
    List<String> lines = new ArrayList<>();
    Sources.Opened opened = open(spark, data);
    lines.add(
        String.format(
            Locale.ROOT,
            "%s, %d files, %,d bytes",
            opened.format(),
            opened.files(),
            opened.bytes()));
    FeaturePlan plan = plan(opened, data, features, named, kind, lines);
    Scoring.Source train = source(spark, opened, data, plan, kind, seed, 0, true, null);
    lines.add(train.rows().getNumPartitions() + " partitions, unless partitions says otherwise");
    for (SplitSpec split : List.of(data.validation(), data.test())) {
      Sources.Opened more = own(spark, data, split);
      if (more != null) {
        source(spark, more, data, plan, kind, seed, 0, true, RowReader.VALIDATION);
      }
    }
    lines.addAll(plan.describe());
    return lines;
  }

  /** A sample of some 16 MB, as far as files can be told apart. */
  private static final long SAMPLE_BYTES = 16L << 20;

  /**
   * How large the training data is, from footers, and a sample of it.
   *
   * @param partitions as asked for, 0 means by the data's size
   * @throws DataException with every problem found, as {@link #check} finds it
   */
  public static Outlook outlook(
      SparkSession spark,
      DataSpec data,
      FeatureSpec features,
      Mentioned named,
      LabelKind kind,
      long seed,
      int partitions) {
    Sources.Opened opened = open(spark, data);
    FeaturePlan plan = plan(opened, data, features, named, kind, new ArrayList<>());
    Scoring.Source train = source(spark, opened, data, plan, kind, seed, partitions, true, null);
    boolean counted = Set.of("parquet", "orc", "table").contains(opened.format());
    long rows = counted ? opened.rows().count() : -1;
    List<String> spread =
        data.table() == null ? Sources.spread(spark, opened, SAMPLE_BYTES) : List.of();
    long bytes = Sources.bytes(spark, spread);
    double share =
        data.table() == null
            ? Math.min(1, (double) SAMPLE_BYTES / Math.max(1, bytes))
            : Math.min(1, 200_000.0 / Math.max(1, rows));
    return new Outlook(
        opened.format(),
        opened.files(),
        opened.bytes(),
        rows,
        train.rows().getNumPartitions(),
        data.table() == null ? opened.bytes() / (share * bytes) : 1 / share,
        sampled(data, spread, opened.format(), share),
        sampled(data, spread, opened.format(), share / 2));
  }

  /** The rows of a smaller share are rows of a larger one: the random numbers are the same. */
  private static DataSpec sampled(DataSpec data, List<String> files, String format, double share) {
    String where = data.where();
    if (share < 1) {
      String chosen = String.format(Locale.ROOT, "rand(7) < %.9f", share);
      where = where == null ? chosen : "(" + where + ") and " + chosen;
    }
    return new DataSpec(
        data.table() == null ? files : List.of(),
        data.table(),
        data.table() == null ? format : null,
        data.options(),
        data.label(),
        data.weight(),
        data.keys(),
        data.ignore(),
        where,
        ofTraining(data.validation()),
        ofTraining(data.test()),
        DataSpec.BadRows.QUARANTINE,
        1,
        data.offset());
  }

  /** A split that takes rows from the training source, or none. */
  private static SplitSpec ofTraining(SplitSpec split) {
    return split instanceof SplitSpec.Path || split instanceof SplitSpec.Table
        ? new SplitSpec.None()
        : split;
  }

  /**
   * Reads the training paths of {@code data} with an encoding that is fitted already: all rows land
   * in {@code test}, and each must have a label.
   */
  public static Ingested encode(
      SparkSession spark,
      DataSpec data,
      Encoding encoding,
      LabelKind kind,
      int partitions,
      Consumer<String> log) {
    long started = System.nanoTime();
    Scoring.Source source = source(spark, data, encoding, kind, partitions, true);
    JavaRDD<RawPartition> raw = raw(source, 0, true).persist(StorageLevel.MEMORY_AND_DISK());
    Sources.Opened opened = open(spark, data);
    MergedSummaries merged =
        MergedSummaries.of(summaries(raw, opened, 0), encoding.plan(), source.schema());
    if (merged.total.bad > 0) {
      log.accept(merged.total.bad + " rows cannot be used and are not counted");
    }
    Ingested encoded =
        finished(raw, encoding, merged, List.of(source), List.of(), RowReader.TEST, started);
    encoded.report().warnings().forEach(log);
    return encoded;
  }

  /**
   * Reads with an encoding that is fitted already what {@link #read} reads with the same seed and
   * partitions: the same rows are held out.
   *
   * @throws DataException where the data has not the columns that the encoding needs
   */
  public static Ingested encodeSplits(
      SparkSession spark,
      DataSpec data,
      Encoding encoding,
      LabelKind kind,
      long seed,
      int partitions) {
    long started = System.nanoTime();
    FeaturePlan plan = encoding.plan();
    Sources.Opened opened = open(spark, data);
    checkColumns(opened, data, encoding);
    Scoring.Source train = source(spark, opened, data, plan, kind, seed, partitions, true, null);
    List<Scoring.Source> sources = new ArrayList<>(List.of(train));
    JavaRDD<RawPartition> raw =
        withPaths(spark, data, plan, kind, seed, partitions, raw(train, 0, true), sources)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      MergedSummaries merged = MergedSummaries.of(summaries(raw, opened, 0), plan, train.schema());
      return finished(raw, encoding, merged, sources, List.of(), RowReader.TRAIN, started);
    } catch (RuntimeException e) {
      raw.unpersist(false);
      throw e;
    }
  }

  /** The rows of {@code train}, then those of splits that have paths of their own. */
  private static JavaRDD<RawPartition> withPaths(
      SparkSession spark,
      DataSpec data,
      FeaturePlan plan,
      LabelKind kind,
      long seed,
      int partitions,
      JavaRDD<RawPartition> train,
      List<Scoring.Source> sources) {
    JavaRDD<RawPartition> raw = train;
    for (SplitSpec split : List.of(data.validation(), data.test())) {
      Sources.Opened opened = own(spark, data, split);
      if (opened != null) {
        boolean test = split == data.test();
        Scoring.Source more =
            source(
                spark,
                opened,
                data,
                plan,
                kind,
                seed,
                partitions,
                true,
                test ? RowReader.TEST : RowReader.VALIDATION);
        sources.add(more);
        raw = raw.union(raw(more, raw.getNumPartitions(), true));
      }
    }
    return raw;
  }

  private static Sources.Opened open(SparkSession spark, DataSpec data) {
    return Sources.open(
        spark, data.train(), data.table(), data.format(), data.options(), data.where());
  }

  /** A split with a source of its own; null where its rows are among those of training. */
  private static Sources.@Nullable Opened own(SparkSession spark, DataSpec data, SplitSpec split) {
    if (split instanceof SplitSpec.Table of) {
      return Sources.open(spark, List.of(), of.table(), null, Map.of(), data.where());
    }
    return split instanceof SplitSpec.Path path
        ? Sources.open(spark, path.paths(), null, data.format(), data.options(), data.where())
        : null;
  }

  /** A source read as an encoding wants it; columns that it needs must be there. */
  static Scoring.Source source(
      SparkSession spark,
      DataSpec data,
      Encoding encoding,
      LabelKind kind,
      int partitions,
      boolean labelled) {
    Sources.Opened opened = open(spark, data);
    checkColumns(opened, data, encoding);
    return source(
        spark, opened, data, encoding.plan(), kind, 0, partitions, labelled, RowReader.TEST);
  }

  private static void checkColumns(Sources.Opened opened, DataSpec data, Encoding encoding) {
    List<String> problems = new ArrayList<>();
    StructType schema = opened.rows().schema();
    if (!opened.format().equals("libsvm")) {
      for (Encoding.Column column : encoding.columns()) {
        for (String input : column.inputs()) {
          FeaturePlan.find(input, schema, "the model needs its columns", problems);
        }
      }
      if (data.offset() != null) {
        String needs = "the model needs its " + offsetKey(data.offset());
        FeaturePlan.find(data.offset().column(), schema, needs, problems);
      }
    }
    throwIfAny(problems);
  }

  private static FeaturePlan plan(
      Sources.Opened opened,
      DataSpec data,
      FeatureSpec features,
      Mentioned named,
      LabelKind kind,
      List<String> notes) {
    if (opened.format().equals("libsvm")) {
      FeaturePlan lines =
          new FeaturePlan(
              List.of(), List.of(), List.of(), List.of(), Sources.LINE, features.missing());
      throwIfAny(PossibleNames.of(lines).problems(named));
      return lines;
    }
    List<String> problems = new ArrayList<>();
    StructType schema = opened.rows().schema();
    Set<String> reserved = new LinkedHashSet<>();
    FeaturePlan.find(data.label().column(), schema, "data.label", problems)
        .ifPresent(reserved::add);
    if (data.weight() != null) {
      FeaturePlan.find(data.weight(), schema, "data.weight", problems).ifPresent(reserved::add);
    }
    if (data.offset() != null) {
      FeaturePlan.find(data.offset().column(), schema, offsetKey(data.offset()), problems)
          .ifPresent(reserved::add);
    }
    for (String key : data.keys()) {
      FeaturePlan.find(key, schema, "data.keys", problems).ifPresent(reserved::add);
    }
    for (String ignored : data.ignore()) {
      FeaturePlan.find(ignored, schema, "data.ignore", problems).ifPresent(reserved::add);
    }
    if (!problems.isEmpty()) {
      problems.addAll(possibleNames(schema, features).problems(named));
      throw new DataException(problems);
    }
    DataType label = FeaturePlan.type(schema, reserved.iterator().next());
    if (kind != LabelKind.BINARY && kind != LabelKind.MULTICLASS && !FeaturePlan.isNumber(label)) {
      throw new DataException(
          "data.label: column "
              + data.label().column()
              + " is "
              + label.simpleString()
              + ", a regression needs numbers; use model: logistic for two classes, model: multinomial"
              + " for more");
    }
    FeaturePlan plan;
    try {
      plan =
          FeaturePlan.resolve(
              features, schema, reserved, numbersInText(opened, reserved, features), notes);
    } catch (DataException e) {
      problems.addAll(e.problems());
      problems.addAll(possibleNames(schema, features).problems(named));
      throw new DataException(problems);
    }
    throwIfAny(PossibleNames.of(plan).problems(named));
    return plan;
  }

  /** Where features cannot be resolved, a column may still become any. */
  private static PossibleNames possibleNames(StructType schema, FeatureSpec features) {
    List<String> columns = new ArrayList<>(List.of(schema.fieldNames()));
    features.crosses().forEach(cross -> columns.add(String.join(FeaturePlan.CROSS, cross)));
    return PossibleNames.of(columns);
  }

  private static void throwIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  private static String offsetKey(DataSpec.Offset offset) {
    return "data." + offset.form().name().toLowerCase(Locale.ROOT);
  }

  /** Text columns of text files of whose first values 99 % are numbers. */
  private static Set<String> numbersInText(
      Sources.Opened opened, Set<String> reserved, FeatureSpec features) {
    Set<String> found = new HashSet<>();
    if (!features.isInferred() || !Set.of("csv", "json").contains(opened.format())) {
      return found;
    }
    List<String> texts = new ArrayList<>();
    StructType schema = opened.rows().schema();
    for (String name : schema.fieldNames()) {
      if (!reserved.contains(name)
          && !name.equals(Sources.CORRUPT)
          && FeaturePlan.type(schema, name) instanceof StringType) {
        texts.add(name);
      }
    }
    if (texts.isEmpty()) {
      return found;
    }
    Column[] columns = texts.stream().map(Ingest::column).toArray(Column[]::new);
    List<Row> sample;
    try {
      sample = opened.rows().select(columns).limit(SAMPLE).collectAsList();
    } catch (RuntimeException e) {
      throw Sources.blamed(opened.paths(), opened.format(), e);
    }
    for (int c = 0; c < texts.size(); c++) {
      long numbers = 0;
      long others = 0;
      for (Row row : sample) {
        String text = row.isNullAt(c) ? "" : row.getString(c).strip();
        if (!features.missing().contains(text)) {
          boolean number = text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
          numbers += number ? 1 : 0;
          others += number ? 0 : 1;
        }
      }
      if (numbers > 0 && others <= 0.01 * (numbers + others)) {
        found.add(texts.get(c));
      }
    }
    return found;
  }

  /** A column by its very name, dots and backticks included. */
  private static Column column(String name) {
    return functions.col("`" + name.replace("`", "``") + "`");
  }

  private static Scoring.Source source(
      SparkSession spark,
      Sources.Opened opened,
      DataSpec data,
      FeaturePlan plan,
      LabelKind kind,
      long seed,
      int partitions,
      boolean labelled,
      @Nullable Integer everyRow) {
    StructType schema = opened.rows().schema();
    boolean libsvm = opened.format().equals("libsvm");
    if (libsvm && data.offset() != null) {
      throw new DataException(
          offsetKey(data.offset())
              + ": LIBSVM lines have no column "
              + data.offset().column()
              + "; write the data as Parquet or CSV");
    }
    Map<String, Integer> at = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    Map<String, String> actual = new HashMap<>();
    Set<String> wanted = new LinkedHashSet<>(plan.numeric());
    plan.dictionaries().forEach(c -> wanted.add(c.column()));
    plan.hashed().forEach(c -> wanted.add(c.column()));
    plan.crosses().forEach(wanted::addAll);
    if (plan.vector() != null) {
      wanted.add(plan.vector());
    }
    if (!libsvm) {
      boolean there =
          FeaturePlan.find(data.label().column(), schema, "data.label", new ArrayList<>())
              .isPresent();
      if (labelled || there) {
        wanted.add(data.label().column());
      }
      if (data.weight() != null && labelled) {
        wanted.add(data.weight());
      }
      if (data.offset() != null) {
        wanted.add(data.offset().column());
      }
      wanted.addAll(labelled ? data.keys() : present(data.keys(), schema));
    }
    for (String name : wanted) {
      FeaturePlan.find(name, schema, opened.where(), problems)
          .ifPresent(found -> actual.put(name, found));
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    List<Column> columns = new ArrayList<>();
    for (String name : wanted) {
      at.put(name, columns.size());
      columns.add(column(String.valueOf(actual.get(name))).as(name));
    }
    if (Arrays.asList(schema.fieldNames()).contains(Sources.CORRUPT)) {
      at.put(Sources.CORRUPT, columns.size());
      columns.add(column(Sources.CORRUPT));
    }
    SplitColumn test = SplitColumn.NONE;
    SplitColumn validation = SplitColumn.NONE;
    if (everyRow != null) {
      test = everyRow == RowReader.TEST ? SplitColumn.ALL : SplitColumn.NONE;
      validation = everyRow == RowReader.VALIDATION ? SplitColumn.ALL : SplitColumn.NONE;
    } else {
      test = split(spark, data.test(), data, schema, seed, 0, columns);
      boolean same =
          data.test() instanceof Fraction a
              && data.validation() instanceof Fraction b
              && a.by().equals(b.by());
      validation =
          split(spark, data.validation(), data, schema, seed, same ? test.until() : 0, columns);
    }
    Dataset<Row> selected = opened.rows().select(columns.toArray(Column[]::new));
    Partitioned rows = partitioned(spark, selected, opened, partitions);
    StructType types = selected.schema();
    List<DataType> columnTypes = new ArrayList<>();
    for (var field : types.fields()) {
      columnTypes.add(field.dataType());
    }
    RowSchema read =
        new RowSchema(
            List.of(types.fieldNames()),
            columnTypes,
            plan,
            libsvm ? -1 : at.getOrDefault(data.label().column(), -1),
            data.weight() == null ? -1 : at.getOrDefault(data.weight(), -1),
            data.offset() == null ? -1 : at.getOrDefault(data.offset().column(), -1),
            data.offset() == null ? DataSpec.Offset.Form.OFFSET : data.offset().form(),
            kind,
            at.getOrDefault(Sources.CORRUPT, -1),
            ordinals(plan.numeric(), at),
            ordinals(plan.dictionaries().stream().map(c -> c.column()).toList(), at),
            ordinals(plan.hashed().stream().map(c -> c.column()).toList(), at),
            plan.crosses().stream().map(cross -> ordinals(cross, at)).toArray(int[][]::new),
            plan.vector() == null ? -1 : at.getOrDefault(plan.vector(), -1),
            libsvm,
            validation,
            test,
            seed);
    List<Integer> keys = new ArrayList<>();
    data.keys()
        .forEach(
            key -> {
              if (at.containsKey(key)) {
                keys.add(at.get(key));
              }
            });
    return new Scoring.Source(spark, rows.rows(), rows.batches(), read, keys);
  }

  private static List<String> present(List<String> names, StructType schema) {
    return names.stream()
        .filter(name -> FeaturePlan.find(name, schema, "data.keys", new ArrayList<>()).isPresent())
        .toList();
  }

  private static int[] ordinals(List<String> names, Map<String, Integer> at) {
    return names.stream().mapToInt(name -> at.getOrDefault(name, -1)).toArray();
  }

  /** A bound that is no value of the column's type would be null, and leave no row. */
  private static void checkValue(SparkSession spark, String value, String column, DataType type) {
    if (spark.range(1).select(functions.lit(value).try_cast(type)).first().isNullAt(0)) {
      throw new DataException(
          "a split by column "
              + column
              + ", which is "
              + type.simpleString()
              + ": "
              + value
              + " is no such value; write one as the column has it");
    }
  }

  private static SplitColumn split(
      SparkSession spark,
      SplitSpec split,
      DataSpec data,
      StructType schema,
      long seed,
      double from,
      List<Column> columns) {
    if (split instanceof Fraction fraction) {
      List<String> by = fraction.by().isEmpty() ? data.keys() : fraction.by();
      double until = from + fraction.fraction();
      if (by.isEmpty()) {
        return new SplitColumn(SplitColumn.Kind.POSITION, -1, from, until);
      }
      List<String> problems = new ArrayList<>();
      List<Column> hashed = new ArrayList<>();
      hashed.add(functions.lit(seed));
      for (String name : by) {
        FeaturePlan.find(name, schema, "data.validation", problems)
            .ifPresent(found -> hashed.add(column(found)));
      }
      if (!problems.isEmpty()) {
        throw new DataException(problems);
      }
      columns.add(
          functions.xxhash64(hashed.toArray(Column[]::new)).as("__talweg_split" + columns.size()));
      return new SplitColumn(SplitColumn.Kind.HASH, columns.size() - 1, from, until);
    }
    if (split instanceof Range range) {
      List<String> problems = new ArrayList<>();
      String name =
          FeaturePlan.find(range.column(), schema, "data.validation", problems).orElse("");
      if (!problems.isEmpty()) {
        throw new DataException(problems);
      }
      DataType type = FeaturePlan.type(schema, name);
      checkValue(spark, range.from(), name, type);
      if (range.until() != null) {
        checkValue(spark, range.until(), name, type);
      }
      Column condition = column(name).geq(functions.lit(range.from()).cast(type));
      if (range.until() != null) {
        condition = condition.and(column(name).lt(functions.lit(range.until()).cast(type)));
      }
      columns.add(condition.as("__talweg_split" + columns.size()));
      return new SplitColumn(SplitColumn.Kind.FLAG, columns.size() - 1, 0, 1);
    }
    return SplitColumn.NONE;
  }

  private record Partitioned(JavaRDD<InternalRow> rows, @Nullable JavaRDD<ColumnarBatch> batches) {}

  /** The rows in partitions that depend on the files and the request alone. */
  private static Partitioned partitioned(
      SparkSession spark, Dataset<Row> rows, Sources.Opened opened, int requested) {
    if (opened.bytes() == 0) { // not in files
      return planned(requested > 0 ? rows.repartition(requested) : rows);
    }
    long wanted =
        requested > 0
            ? requested
            : Math.max(
                Math.min(ceiling(opened.bytes(), LEAST_BYTES_PER_PARTITION), 8),
                ceiling(opened.bytes(), MOST_BYTES_PER_PARTITION));
    Map<String, String> settings =
        Map.of(
            "spark.sql.files.minPartitionNum", "1", // a larger one would cut files without slack
            "spark.sql.files.maxPartitionBytes",
                Long.toString(Math.max(1 << 16, perPartition(opened, wanted, requested))),
            "spark.sql.files.openCostInBytes", "0");
    Map<String, String> before = new HashMap<>();
    settings.forEach(
        (key, value) -> {
          before.put(key, spark.conf().contains(key) ? spark.conf().get(key) : "");
          spark.conf().set(key, value);
        });
    try {
      return planned(rows);
    } finally {
      before.forEach(
          (key, value) -> {
            if (value.isEmpty()) {
              spark.conf().unset(key);
            } else {
              spark.conf().set(key, value);
            }
          });
    }
  }

  private static Partitioned planned(Dataset<Row> rows) {
    QueryExecution query = ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution();
    JavaRDD<InternalRow> read = query.toRdd().toJavaRDD();
    read.getNumPartitions(); // plans the files now, under these settings
    return new Partitioned(read, ColumnarScan.of(query.executedPlan()).orElse(null));
  }

  private static long ceiling(long bytes, long perPartition) {
    return (bytes + perPartition - 1) / perPartition;
  }

  /** With slack, unless a number was asked for: files of nearly one size are not cut for a tail. */
  private static long perPartition(Sources.Opened opened, long wanted, int requested) {
    long even = (opened.bytes() + wanted) / Math.max(1, wanted);
    return requested > 0 ? even : even + even / 4;
  }

  private static JavaRDD<RawPartition> raw(
      Scoring.Source source, int firstPartition, boolean labelRequired) {
    RowSchema schema = source.schema();
    JavaRDD<ColumnarBatch> batches = source.batches();
    if (batches != null) {
      return batches.mapPartitionsWithIndex(
          (partition, columns) ->
              List.of(
                      new RowReader(schema, firstPartition + partition, labelRequired)
                          .readBatches(columns))
                  .iterator(),
          true);
    }
    return source
        .rows()
        .mapPartitionsWithIndex(
            (partition, rows) ->
                List.of(
                        new RowReader(schema, firstPartition + partition, labelRequired)
                            .readAll(rows))
                    .iterator(),
            true);
  }

  private static SeenFeatures seen(JavaRDD<RawPartition> raw, int column, int width) {
    SeenFeatures.Marks marks = new SeenFeatures.Marks(width);
    OrderedReduction.run(
        raw.map(partition -> partition.seen(column, width)),
        (partition, entries) -> marks.add(entries));
    return new SeenFeatures(marks.entries());
  }

  private static List<RawPartition.Summary> summaries(
      JavaRDD<RawPartition> raw, Sources.Opened opened, int sampledRows) {
    try {
      return raw.map(partition -> partition.sampled(sampledRows)).collect();
    } catch (RuntimeException e) {
      throw Sources.blamed(opened.paths(), opened.format(), e);
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare
      throw Sources.blamed(opened.paths(), opened.format(), new IllegalStateException(e));
    }
  }

  private static Ingested finished(
      JavaRDD<RawPartition> raw,
      Encoding encoding,
      MergedSummaries merged,
      List<Scoring.Source> sources,
      List<String> notes,
      int fittedOn,
      long started) {
    RowSchema schema = sources.get(0).schema();
    Broadcast<Encoding> broadcast =
        JavaSparkContext.fromSparkContext(raw.context()).broadcast(encoding);
    JavaRDD<PartitionBlocks> blocks =
        raw.map(partition -> blocks(partition, broadcast.value(), schema))
            .persist(StorageLevel.MEMORY_AND_DISK());
    int d = encoding.dimension();
    OrderedReduction reduction = new OrderedReduction();
    double[] total =
        reduction.sum(
            blocks.map(
                part ->
                    PartitionPasses.moments(
                        fittedOn == RowReader.TRAIN ? part.train() : part.test())),
            3 * d + PartitionPasses.MOMENTS,
            3L * d * blocks.getNumPartitions());
    Moments moments = Moments.of(total);
    if (merged.total.bad == 0) {
      raw.unpersist(false);
    }
    if (!encoding.classes().isEmpty()) {
      merged.keep(rows(blocks));
    }
    return new Ingested(
        blocks,
        raw,
        encoding,
        moments,
        merged.report(encoding, moments, notes, (System.nanoTime() - started) * 1e-9),
        sources,
        reduction.bytes() / 24,
        merged.profile());
  }

  /** Rows of the blocks by split. */
  private static long[] rows(JavaRDD<PartitionBlocks> blocks) {
    long[] rows = new long[3];
    for (long[] part :
        blocks
            .map(b -> new long[] {b.train().rows(), b.validation().rows(), b.test().rows()})
            .collect()) {
      for (int split = 0; split < rows.length; split++) {
        rows[split] += part[split];
      }
    }
    return rows;
  }

  private static PartitionBlocks blocks(
      RawPartition partition, Encoding encoding, RowSchema schema) {
    int[][] features = encoding.features(schema.plan(), partition.dictionaries);
    List<List<Block>> splits = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    DoubleUnaryOperator known = labels(partition, schema, encoding);
    for (RawChunk chunk : partition.chunks) {
      for (int split = 0; split < 3; split++) {
        int[] picked = new int[chunk.rows];
        double[] labels = new double[chunk.rows];
        int count = 0;
        for (int i = 0; i < chunk.rows; i++) {
          if (chunk.splits[i] == split) {
            double label = known.applyAsDouble(chunk.labels[i]);
            if (label >= 0 || encoding.classes().isEmpty()) { // else of no class
              labels[count] = label;
              picked[count++] = i;
            }
          }
        }
        if (count > 0) {
          splits
              .get(split)
              .add(
                  encoding.block(
                      schema.plan(),
                      chunk,
                      Arrays.copyOf(picked, count),
                      features,
                      Arrays.copyOf(labels, count)));
        }
      }
    }
    int d = encoding.dimension();
    return new PartitionBlocks(
        partition.summary.partition,
        Shard.compact(splits.get(0), d),
        Shard.of(splits.get(1), d),
        Shard.of(splits.get(2), d));
  }

  /** What the labels that a partition read are to the model. */
  static DoubleUnaryOperator labels(RawPartition partition, RowSchema schema, Encoding encoding) {
    if (!encoding.classes().isEmpty()) {
      Map<Double, Double> known = new HashMap<>();
      return read -> known.computeIfAbsent(read, r -> encoding.classOf(r, partition, schema));
    }
    double positive = positive(partition, schema, encoding.positive());
    return read -> label(read, positive);
  }

  /**
   * What labels of the positive class read as in a partition, looked up once: the code of a text or
   * a number; one that no row has where the partition has no such label. NaN for real labels.
   */
  private static double positive(
      RawPartition partition, RowSchema schema, @Nullable String positive) {
    if (positive == null) {
      return Double.NaN;
    }
    if (schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType) {
      for (int code = 0; code < partition.labels.size(); code++) {
        if (partition.labels.level(code).equals(positive)) {
          return code;
        }
      }
      return -1;
    }
    try {
      double number = Double.parseDouble(positive);
      return Double.toString(number).equals(positive) ? number : Double.NEGATIVE_INFINITY;
    } catch (NumberFormatException e) {
      return Double.NEGATIVE_INFINITY; // the model's class is a text, and this column has numbers
    }
  }

  /**
   * The label as the model sees it: 1 for the positive class, 0 for others, or the number.
   *
   * @param positive of {@link #positive}
   */
  private static double label(double read, double positive) {
    if (Double.isNaN(read) || Double.isNaN(positive)) {
      return read;
    }
    return Double.compare(read, positive) == 0 ? 1 : 0;
  }
}
