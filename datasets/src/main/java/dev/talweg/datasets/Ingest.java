package dev.talweg.datasets;

import dev.talweg.datasets.RowSchema.SplitColumn;
import dev.talweg.datasets.SplitSpec.Fraction;
import dev.talweg.datasets.SplitSpec.Range;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.objective.Moments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;
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
  private static final long BYTES_PER_PARTITION = 8L << 20;
  private static final long MOST_BYTES_PER_PARTITION = 128L << 20;
  private static final int HASH_BITS = 20;
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
    long started = System.nanoTime();
    List<String> notes = new ArrayList<>();
    Sources.Opened opened = open(spark, data, data.train());
    FeaturePlan plan = plan(opened, data, features, kind, notes);
    notes.forEach(log);
    Scoring.Source train = source(spark, opened, data, plan, seed, partitions, true, null);
    List<Scoring.Source> sources = new ArrayList<>(List.of(train));
    JavaRDD<RawPartition> raw = raw(train, 0, true);
    for (SplitSpec split : List.of(data.validation(), data.test())) {
      if (split instanceof SplitSpec.Path path) {
        boolean test = split == data.test();
        Scoring.Source more =
            source(
                spark,
                open(spark, data, path.paths()),
                data,
                plan,
                seed,
                partitions,
                true,
                test ? RowReader.TEST : RowReader.VALIDATION);
        sources.add(more);
        raw = raw.union(raw(more, raw.getNumPartitions(), true));
      }
    }
    raw = raw.persist(StorageLevel.MEMORY_AND_DISK());
    try {
      Merged merged = Merged.of(summaries(raw, opened), plan, train.schema());
      merged.check(data, kind, opened);
      Encoding encoding = merged.encoding(kind, notes);
      return finished(raw, encoding, merged, sources, notes, RowReader.TRAIN, started);
    } catch (RuntimeException e) {
      raw.unpersist(false);
      throw e;
    }
  }

  /**
   * Resolves all that can be known before a row is read.
   *
   * @return what would be made of each column, in lines
   * @throws DataException with every problem found
   */
  public static List<String> check(
      SparkSession spark, DataSpec data, FeatureSpec features, LabelKind kind, long seed) {
    List<String> lines = new ArrayList<>();
    Sources.Opened opened = open(spark, data, data.train());
    lines.add(
        String.format(
            Locale.ROOT,
            "%s, %d files, %,d bytes",
            opened.format(),
            opened.files(),
            opened.bytes()));
    FeaturePlan plan = plan(opened, data, features, kind, lines);
    Scoring.Source train = source(spark, opened, data, plan, seed, 0, true, null);
    lines.add(train.rows().getNumPartitions() + " partitions, unless partitions says otherwise");
    for (SplitSpec split : List.of(data.validation(), data.test())) {
      if (split instanceof SplitSpec.Path path) {
        Sources.Opened more = open(spark, data, path.paths());
        source(spark, more, data, plan, seed, 0, true, RowReader.VALIDATION);
      }
    }
    lines.addAll(plan.describe());
    return lines;
  }

  /**
   * Reads the training paths of {@code data} with an encoding that is fitted already: all rows land
   * in {@code test}, and each must have a label.
   */
  public static Ingested encode(
      SparkSession spark, DataSpec data, Encoding encoding, int partitions, Consumer<String> log) {
    long started = System.nanoTime();
    Scoring.Source source = source(spark, data, encoding, partitions, true);
    JavaRDD<RawPartition> raw = raw(source, 0, true).persist(StorageLevel.MEMORY_AND_DISK());
    Sources.Opened opened = open(spark, data, data.train());
    Merged merged = Merged.of(summaries(raw, opened), encoding.plan(), source.schema());
    if (merged.total.bad > 0) {
      log.accept(merged.total.bad + " rows cannot be used and are not counted");
    }
    return finished(raw, encoding, merged, List.of(source), List.of(), RowReader.TEST, started);
  }

  private static Sources.Opened open(SparkSession spark, DataSpec data, List<String> paths) {
    return Sources.open(spark, paths, data.table(), data.format(), data.options(), data.where());
  }

  /** A source read as an encoding wants it; columns that it needs must be there. */
  static Scoring.Source source(
      SparkSession spark, DataSpec data, Encoding encoding, int partitions, boolean labelled) {
    Sources.Opened opened = open(spark, data, data.train());
    List<String> problems = new ArrayList<>();
    StructType schema = opened.rows().schema();
    if (!opened.format().equals("libsvm")) {
      for (Encoding.Column column : encoding.columns()) {
        for (String input : column.inputs()) {
          FeaturePlan.find(input, schema, "the model needs its columns", problems);
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return source(spark, opened, data, encoding.plan(), 0, partitions, labelled, RowReader.TEST);
  }

  private static FeaturePlan plan(
      Sources.Opened opened,
      DataSpec data,
      FeatureSpec features,
      LabelKind kind,
      List<String> notes) {
    if (opened.format().equals("libsvm")) {
      return new FeaturePlan(
          List.of(), List.of(), List.of(), List.of(), Sources.LINE, features.missing());
    }
    List<String> problems = new ArrayList<>();
    StructType schema = opened.rows().schema();
    Set<String> reserved = new LinkedHashSet<>();
    FeaturePlan.find(data.label().column(), schema, "data.label", problems)
        .ifPresent(reserved::add);
    if (data.weight() != null) {
      FeaturePlan.find(data.weight(), schema, "data.weight", problems).ifPresent(reserved::add);
    }
    for (String key : data.keys()) {
      FeaturePlan.find(key, schema, "data.keys", problems).ifPresent(reserved::add);
    }
    for (String ignored : data.ignore()) {
      FeaturePlan.find(ignored, schema, "data.ignore", problems).ifPresent(reserved::add);
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    DataType label = FeaturePlan.type(schema, reserved.iterator().next());
    if (kind == LabelKind.REAL && !FeaturePlan.isNumber(label)) {
      throw new DataException(
          "data.label: column "
              + data.label().column()
              + " is "
              + label.simpleString()
              + ", a regression needs numbers; use model: logistic for classes");
    }
    return FeaturePlan.resolve(
        features, schema, reserved, numbersInText(opened, reserved, features), notes);
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
      long seed,
      int partitions,
      boolean labelled,
      @Nullable Integer everyRow) {
    StructType schema = opened.rows().schema();
    boolean libsvm = opened.format().equals("libsvm");
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
      wanted.addAll(labelled ? data.keys() : present(data.keys(), schema));
    }
    for (String name : wanted) {
      FeaturePlan.find(name, schema, String.join(", ", opened.paths()), problems)
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
    JavaRDD<InternalRow> rows = partitioned(spark, selected, opened, partitions);
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
    return new Scoring.Source(spark, rows, read, keys);
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

  /** The rows in partitions that depend on the files and the request alone. */
  private static JavaRDD<InternalRow> partitioned(
      SparkSession spark, Dataset<Row> rows, Sources.Opened opened, int requested) {
    long wanted =
        requested > 0
            ? requested
            : Math.max(
                Math.min((opened.bytes() + BYTES_PER_PARTITION - 1) / BYTES_PER_PARTITION, 256),
                (opened.bytes() + MOST_BYTES_PER_PARTITION - 1) / MOST_BYTES_PER_PARTITION);
    Map<String, String> settings =
        Map.of(
            "spark.sql.files.minPartitionNum", Long.toString(Math.max(1, wanted)),
            "spark.sql.files.maxPartitionBytes",
                Long.toString(Math.max(1 << 16, (opened.bytes() + wanted) / Math.max(1, wanted))),
            "spark.sql.files.openCostInBytes", "0");
    Map<String, String> before = new HashMap<>();
    settings.forEach(
        (key, value) -> {
          before.put(key, spark.conf().contains(key) ? spark.conf().get(key) : "");
          spark.conf().set(key, value);
        });
    try {
      JavaRDD<InternalRow> read =
          ((org.apache.spark.sql.classic.Dataset<Row>) rows).queryExecution().toRdd().toJavaRDD();
      read.getNumPartitions(); // plans the files now, under these settings
      return read;
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

  private static JavaRDD<RawPartition> raw(
      Scoring.Source source, int firstPartition, boolean labelRequired) {
    RowSchema schema = source.schema();
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

  private static List<RawPartition.Summary> summaries(
      JavaRDD<RawPartition> raw, Sources.Opened opened) {
    try {
      return raw.map(partition -> partition.summary).collect();
    } catch (RuntimeException e) {
      throw Sources.blamed(opened.paths(), opened.format(), e);
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare
      throw Sources.blamed(opened.paths(), opened.format(), new IllegalStateException(e));
    }
  }

  private static Ingested finished(
      JavaRDD<RawPartition> raw,
      Encoding encoding,
      Merged merged,
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
    List<double[]> sums =
        blocks
            .map(part -> sums(fittedOn == RowReader.TRAIN ? part.train() : part.test(), d))
            .collect();
    double[] total = new double[2 * d + 4];
    for (double[] part : sums) {
      for (int j = 0; j < total.length; j++) {
        total[j] += part[j];
      }
    }
    Moments moments =
        new Moments(
            (long) total[2 * d],
            total[2 * d + 1],
            total[2 * d + 2],
            total[2 * d + 3],
            Arrays.copyOf(total, d),
            Arrays.copyOfRange(total, d, 2 * d));
    if (merged.total.bad == 0) {
      raw.unpersist(false);
    }
    return new Ingested(
        blocks,
        raw,
        encoding,
        moments,
        merged.report(encoding, moments, notes, (System.nanoTime() - started) * 1e-9),
        sources);
  }

  private static double[] sums(List<Block> blocks, int d) {
    double[] first = new double[d];
    double[] second = new double[d];
    double[] sums = new double[2 * d + 4];
    for (Block block : blocks) {
      double[] weights = new double[block.rows()];
      double @Nullable [] given = block.weights();
      for (int i = 0; i < weights.length; i++) {
        weights[i] = given == null ? 1 : given[i];
        double y = block.labels()[i];
        sums[2 * d + 1] += weights[i];
        sums[2 * d + 2] += weights[i] * y;
        sums[2 * d + 3] += weights[i] * y * y;
      }
      sums[2 * d] += weights.length;
      block.addTransposed(0, block.rows(), weights, first);
      block.addSquares(weights, second);
    }
    System.arraycopy(first, 0, sums, 0, d);
    System.arraycopy(second, 0, sums, d, d);
    return sums;
  }

  private static PartitionBlocks blocks(
      RawPartition partition, Encoding encoding, RowSchema schema) {
    int[][] features = encoding.features(schema.plan(), partition.dictionaries);
    List<List<Block>> splits = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    for (RawChunk chunk : partition.chunks) {
      for (int split = 0; split < 3; split++) {
        int[] picked = new int[chunk.rows];
        double[] labels = new double[chunk.rows];
        int count = 0;
        for (int i = 0; i < chunk.rows; i++) {
          if (chunk.splits[i] == split) {
            labels[count] = label(chunk.labels[i], partition, schema, encoding.positive());
            picked[count++] = i;
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
    return new PartitionBlocks(
        partition.summary.partition, splits.get(0), splits.get(1), splits.get(2));
  }

  /** The label as the model sees it: 1 for the positive class, 0 for others, or the number. */
  static double label(
      double read, RawPartition partition, RowSchema schema, @Nullable String positive) {
    if (Double.isNaN(read) || positive == null) {
      return read;
    }
    String text =
        schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType
            ? partition.labels.level((int) read)
            : Double.toString(read);
    return text.equals(positive) ? 1 : 0;
  }

  /** What all partitions say together, merged in their order. */
  private static final class Merged {
    final RawPartition.Summary total;
    final FeaturePlan plan;
    final RowSchema schema;
    final List<Map<String, Long>> levels = new ArrayList<>();
    final List<String> warnings = new ArrayList<>();
    final List<ColumnSummary> columns = new ArrayList<>();
    @Nullable String positive;
    @Nullable String negative;

    private Merged(RawPartition.Summary total, FeaturePlan plan, RowSchema schema) {
      this.total = total;
      this.plan = plan;
      this.schema = schema;
    }

    static Merged of(List<RawPartition.Summary> parts, FeaturePlan plan, RowSchema schema) {
      RawPartition.Summary total =
          new RawPartition.Summary(
              0, plan.numeric().size(), plan.dictionaries().size() + plan.crosses().size());
      Merged merged = new Merged(total, plan, schema);
      for (int c = 0; c < total.nulls.length; c++) {
        merged.levels.add(new HashMap<>());
      }
      for (RawPartition.Summary part : parts) {
        for (int split = 0; split < 3; split++) {
          total.rows[split] += part.rows[split];
        }
        total.bad += part.bad;
        total.examples.addAll(part.examples);
        for (int c = 0; c < total.numeric.length; c++) {
          total.numeric[c].merge(part.numeric[c]);
        }
        part.labels.forEach((label, count) -> total.labels.merge(label, count, Long::sum));
        total.labelSum += part.labelSum;
        total.labelWeight += part.labelWeight;
        total.vectorSize = Math.max(total.vectorSize, part.vectorSize);
        total.fingerprint += part.fingerprint;
        total.fingerprintToo += part.fingerprintToo;
        for (int c = 0; c < total.overflown.length; c++) {
          Map<String, Long> counts = merged.levels.get(c);
          total.nulls[c] += part.nulls[c];
          for (int k = 0; k < part.levels[c].length; k++) {
            if (part.counts[c][k] > 0) {
              counts.merge(part.levels[c][k], part.counts[c][k], Long::sum);
            }
          }
          total.overflown[c] |=
              part.overflown[c] || counts.size() > RawPartition.Summary.MOST_LEVELS;
        }
      }
      return merged;
    }

    /** What makes training impossible, all at once. */
    void check(DataSpec data, LabelKind kind, Sources.Opened opened) {
      List<String> problems = new ArrayList<>();
      long rows = total.rows[0] + total.rows[1] + total.rows[2];
      long all = rows + total.bad;
      String where = String.join(", ", opened.paths());
      if (total.bad > 0
          && (data.badRows() == DataSpec.BadRows.FAIL || total.bad > data.maxBadRows() * all)) {
        problems.add(
            String.format(
                Locale.ROOT,
                "%s: %d of %d rows cannot be used, %s; mend them, or raise data.max-bad-rows",
                where,
                total.bad,
                all,
                data.badRows() == DataSpec.BadRows.FAIL
                    ? "and data.bad-rows is fail"
                    : "more than data.max-bad-rows " + data.maxBadRows() + " allows"));
        Set<String> reasons = new HashSet<>();
        total.examples.stream()
            .filter(bad -> reasons.add(bad.column() + bad.reason()))
            .limit(10)
            .forEach(bad -> problems.add(bad.describe()));
      } else if (total.bad > 0) {
        warnings.add(
            String.format(
                Locale.ROOT,
                "%d of %d rows cannot be used and are in quarantine/; the first: %s",
                total.bad,
                all,
                total.examples.get(0).describe()));
      }
      if (total.rows[0] == 0 && problems.isEmpty()) {
        problems.add(
            where
                + ": no rows to train on; the data is empty, or data.where or the splits leave none");
      } else if (kind == LabelKind.BINARY && problems.isEmpty()) {
        checkClasses(data, problems);
      }
      if (!problems.isEmpty()) {
        throw new DataException(problems);
      }
    }

    private void checkClasses(DataSpec data, List<String> problems) {
      String column = data.label().column();
      String wanted = data.label().positive();
      Map<String, Long> counts = total.labels;
      boolean text =
          schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType;
      String found = classes(counts);
      if (counts.size() == 1) {
        problems.add(
            "data.label: column "
                + column
                + " has one class only, "
                + found
                + "; two are needed to tell apart");
      } else if (counts.size() > 2 && wanted == null) {
        problems.add(
            "data.label: column "
                + column
                + " has "
                + (counts.size() > RawPartition.Summary.MOST_LABELS
                    ? "more than 50"
                    : counts.size())
                + " values, "
                + found
                + "; model: logistic needs two: name one, label: {column: "
                + column
                + ", positive: …}, against all others, or use model: linear");
      } else if (wanted != null) {
        positive = text ? wanted : number(wanted);
        if (positive == null || !counts.containsKey(positive)) {
          problems.add(
              "data.label.positive: "
                  + wanted
                  + " is no value of column "
                  + column
                  + "; its values are "
                  + found);
        }
      } else if (text) {
        problems.add(
            "data.label: column "
                + column
                + " holds texts, "
                + found
                + "; say which is 1: label: {column: "
                + column
                + ", positive: …}");
      } else {
        positive =
            counts.keySet().stream()
                .max(Comparator.comparingDouble(Double::parseDouble))
                .orElseThrow();
      }
      List<String> others =
          counts.keySet().stream().filter(label -> !label.equals(positive)).toList();
      negative = others.size() == 1 ? others.get(0) : "not " + positive;
      if (others.size() > 1 && problems.isEmpty()) {
        warnings.add(
            "column "
                + column
                + " has "
                + (others.size() + 1)
                + " values: "
                + positive
                + " is 1, all others are 0");
      }
    }

    private static @Nullable String number(String text) {
      try {
        return Double.toString(Double.parseDouble(text));
      } catch (NumberFormatException e) {
        return text.equals("true") ? "1.0" : text.equals("false") ? "0.0" : null;
      }
    }

    private static String classes(Map<String, Long> counts) {
      List<String> shown = new ArrayList<>();
      counts.forEach((label, count) -> shown.add(label + " (" + count + " rows)"));
      return shown.size() <= 6
          ? String.join(", ", shown)
          : String.join(", ", shown.subList(0, 6)) + ", …";
    }

    /** Fits the encoding; columns that tell nothing are dropped with a warning. */
    Encoding encoding(LabelKind kind, List<String> notes) {
      List<Encoding.Column> encoded = new ArrayList<>();
      List<Integer> used = new ArrayList<>();
      Map<Long, String> positions = new HashMap<>();
      for (int c = 0; c < plan.numeric().size(); c++) {
        String name = plan.numeric().get(c);
        ColumnStatistics statistics = total.numeric[c];
        if (statistics.nan > 0) {
          warnings.add("column " + name + ": " + statistics.nan + " NaN were read as missing");
        }
        if (statistics.isEmpty()) {
          warnings.add("column " + name + " has no value in any training row: dropped");
          drop(name, Kind.NUMERIC, statistics);
        } else if (statistics.minimum == statistics.maximum && statistics.missing == 0) {
          warnings.add(
              "column " + name + " is " + statistics.minimum + " in all training rows: dropped");
          drop(name, Kind.NUMERIC, statistics);
        } else {
          String twin = positions.putIfAbsent(statistics.positions, name);
          if (twin != null) {
            warnings.add("columns " + twin + " and " + name + " are equal in every training row");
          }
          used.add(c);
        }
      }
      int flags = used.size();
      for (int c : used) {
        ColumnStatistics statistics = total.numeric[c];
        int flag = statistics.missing > 0 ? flags++ : -1;
        String name = plan.numeric().get(c);
        encoded.add(
            new Encoding.Column(
                Kind.NUMERIC,
                List.of(name),
                encoded.size(),
                1,
                statistics.mean(),
                flag,
                0,
                List.of()));
        columns.add(
            new ColumnSummary(
                name,
                Kind.NUMERIC,
                flag < 0 ? 1 : 2,
                statistics.missing,
                statistics.mean(),
                statistics.deviation(),
                statistics.minimum,
                statistics.maximum,
                null));
      }
      int next = flags;
      for (int c = 0; c < plan.dictionaries().size(); c++) {
        FeatureSpec.Categorical spec = plan.dictionaries().get(c);
        List<String> inputs = List.of(spec.column());
        next = dictionary(c, Kind.CATEGORICAL, inputs, spec.minCount(), next, encoded, notes);
      }
      for (FeatureSpec.Categorical hashed : plan.hashed()) {
        next = buckets(Kind.HASHED, List.of(hashed.column()), hashed.hashBits(), next, encoded);
      }
      for (int k = 0; k < plan.crosses().size(); k++) {
        int c = plan.dictionaries().size() + k;
        next = dictionary(c, Kind.CROSS, plan.crosses().get(k), 1, next, encoded, notes);
      }
      if (plan.vector() != null) {
        encoded.add(
            new Encoding.Column(
                Kind.VECTOR, List.of(plan.vector()), next, total.vectorSize, 0, -1, 0, List.of()));
        columns.add(
            new ColumnSummary(
                plan.vector(), Kind.VECTOR, total.vectorSize, 0, null, null, null, null, null));
        next += total.vectorSize;
      }
      if (next == 0) {
        throw new DataException(
            "no feature is left: every column is constant or empty; "
                + String.join("; ", warnings));
      }
      return new Encoding(encoded, schema.libsvm(), kind == LabelKind.BINARY ? positive : null);
    }

    private void drop(String name, Kind kind, ColumnStatistics statistics) {
      columns.add(
          new ColumnSummary(name, kind, 0, statistics.missing, null, null, null, null, null));
    }

    private int dictionary(
        int c,
        Kind kind,
        List<String> inputs,
        long minCount,
        int next,
        List<Encoding.Column> encoded,
        List<String> notes) {
      String name = plan.dictionaryName(c);
      if (total.overflown[c]) {
        notes.add(
            "column "
                + name
                + " has more than "
                + RawPartition.Summary.MOST_LEVELS
                + " levels: hashed into 2^"
                + HASH_BITS
                + " features");
        Kind hashed = kind == Kind.CROSS ? kind : Kind.HASHED;
        return buckets(hashed, inputs, HASH_BITS, next, encoded);
      }
      Map<String, Long> counts = levels.get(c);
      long rare = 0;
      List<Map.Entry<String, Long>> sorted = new ArrayList<>();
      for (Map.Entry<String, Long> level : counts.entrySet()) {
        if (level.getValue() < minCount) {
          rare += level.getValue();
        } else {
          sorted.add(level);
        }
      }
      if (total.nulls[c] > 0) {
        sorted.add(Map.entry(Encoding.MISSING, total.nulls[c]));
      }
      if (rare > 0) {
        sorted.add(Map.entry(Encoding.RARE, rare));
      }
      sorted.sort(
          Map.Entry.<String, Long>comparingByValue()
              .reversed()
              .thenComparing(Map.Entry.comparingByKey()));
      long distinct = counts.size();
      if (sorted.size() < 2) {
        warnings.add(
            "column "
                + name
                + (distinct == 0
                    ? " has no value in any training row: dropped"
                    : " has one level in all training rows: dropped"));
        columns.add(
            new ColumnSummary(name, kind, 0, total.nulls[c], null, null, null, null, distinct));
        return next;
      }
      if (kind == Kind.CATEGORICAL && distinct > 0.5 * total.rows[0] && distinct > 100) {
        warnings.add(
            "column "
                + name
                + " has "
                + distinct
                + " levels in "
                + total.rows[0]
                + " rows: is it a key? name it under data.keys or data.ignore");
      }
      encoded.add(
          new Encoding.Column(
              kind,
              inputs,
              next,
              sorted.size(),
              0,
              -1,
              0,
              sorted.stream().map(Map.Entry::getKey).toList()));
      columns.add(
          new ColumnSummary(
              name, kind, sorted.size(), total.nulls[c], null, null, null, null, distinct));
      return next + sorted.size();
    }

    private int buckets(
        Kind kind, List<String> inputs, int bits, int next, List<Encoding.Column> encoded) {
      encoded.add(new Encoding.Column(kind, inputs, next, 1 << bits, 0, -1, bits, List.of()));
      columns.add(
          new ColumnSummary(
              String.join(FeaturePlan.CROSS, inputs),
              kind,
              1 << bits,
              0,
              null,
              null,
              null,
              null,
              null));
      return next + (1 << bits);
    }

    IngestReport report(Encoding encoding, Moments moments, List<String> notes, double seconds) {
      double mean = moments.label() / moments.weight();
      LabelKind kind = encoding.positive() == null ? LabelKind.REAL : LabelKind.BINARY;
      return new IngestReport(
          total.rows[0],
          total.rows[1],
          total.rows[2],
          total.bad,
          String.format(Locale.ROOT, "%016x%016x", total.fingerprint, total.fingerprintToo),
          warnings,
          List.copyOf(notes),
          columns,
          new LabelSummary(
              String.valueOf(schema.labelName()),
              kind,
              encoding.positive(),
              negative,
              mean,
              Math.sqrt(Math.max(0, moments.labelSquares() / moments.weight() - mean * mean))),
          seconds);
    }
  }
}
