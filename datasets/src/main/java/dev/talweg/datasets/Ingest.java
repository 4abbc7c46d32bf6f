package dev.talweg.datasets;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.PartitionPasses;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
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
    FeaturePlan plan = Planning.plan(opened, data, features, named, kind, notes);
    notes.forEach(log);
    Scoring.Source train =
        Selection.of(spark, opened, data, plan, kind, seed, partitions, true, null);
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
    } catch (Throwable e) {
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
    Sources.Opened opened = new Sources.Opened(rows, Sources.FRAME, List.of(), List.of());
    LabelKind kind = LabelKind.REAL;
    Scoring.Source source =
        Selection.of(rows.sparkSession(), opened, data, plan, kind, 0, 0, true, null);
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
    } catch (Throwable e) {
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
    FeaturePlan plan = Planning.plan(opened, data, features, named, kind, lines);
    Scoring.Source train = Selection.of(spark, opened, data, plan, kind, seed, 0, true, null);
    lines.add(train.data().partitions() + " partitions, unless partitions says otherwise");
    for (SplitSpec split : List.of(data.validation(), data.test())) {
      Sources.Opened more = own(spark, data, split);
      if (more != null) {
        Selection.of(spark, more, data, plan, kind, seed, 0, true, RowReader.VALIDATION);
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
    FeaturePlan plan = Planning.plan(opened, data, features, named, kind, new ArrayList<>());
    Scoring.Source train =
        Selection.of(spark, opened, data, plan, kind, seed, partitions, true, null);
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
        train.data().partitions(),
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
    try {
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
    } catch (Throwable e) {
      raw.unpersist(false);
      throw e;
    }
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
    Planning.checkColumns(opened, data, encoding);
    Scoring.Source train =
        Selection.of(spark, opened, data, plan, kind, seed, partitions, true, null);
    List<Scoring.Source> sources = new ArrayList<>(List.of(train));
    JavaRDD<RawPartition> raw =
        withPaths(spark, data, plan, kind, seed, partitions, raw(train, 0, true), sources)
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      MergedSummaries merged = MergedSummaries.of(summaries(raw, opened, 0), plan, train.schema());
      return finished(raw, encoding, merged, sources, List.of(), RowReader.TRAIN, started);
    } catch (Throwable e) {
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
            Selection.of(
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
    Planning.checkColumns(opened, data, encoding);
    return Selection.of(
        spark, opened, data, encoding.plan(), kind, 0, partitions, labelled, RowReader.TEST);
  }

  private static JavaRDD<RawPartition> raw(
      Scoring.Source source, int firstPartition, boolean labelRequired) {
    RowSchema schema = source.schema();
    JavaRDD<Batch> batches = source.data().batches();
    if (batches != null) {
      return read(
          batches,
          firstPartition,
          (partition, columns) ->
              new BatchReader(schema, partition, labelRequired).readAll(columns));
    }
    Partitioned.Apart apart = source.data().apart();
    if (apart != null) {
      VectorFiles.Source vectors = apart.vectors();
      return read(
          apart.rows(),
          firstPartition,
          (partition, rows) ->
              new RowReader(schema, partition, labelRequired)
                  .readAll(rows, new VectorFiles(vectors)));
    }
    return read(
        source.data().rows(),
        firstPartition,
        (partition, rows) -> new RowReader(schema, partition, labelRequired).readAll(rows));
  }

  /** Reads the elements of a partition with this number. */
  private interface Reading<T> extends Serializable {
    RawPartition of(int partition, Iterator<T> elements);
  }

  private static <T> JavaRDD<RawPartition> read(
      JavaRDD<T> elements, int firstPartition, Reading<T> reading) {
    return elements.mapPartitionsWithIndex(
        (partition, own) -> List.of(reading.of(firstPartition + partition, own)).iterator(), true);
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
      RawPartition.Summary[] found = new RawPartition.Summary[raw.getNumPartitions()];
      OrderedReduction.run(
          raw.map(partition -> partition.sampled(sampledRows)),
          (partition, summary) -> found[partition] = summary);
      return List.of(found);
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
    if (raw.context().isLocal()) {
      encoding.dictionaries(); // here, and not by each of the first tasks, which are lent this one
    }
    Lent<Encoding> lent = Lent.to(JavaSparkContext.fromSparkContext(raw.context()), encoding);
    JavaRDD<PartitionBlocks> blocks =
        raw.map(partition -> blocks(partition, lent.value(), schema))
            .persist(StorageLevel.MEMORY_AND_DISK());
    try {
      return finished(raw, blocks, lent, merged, sources, notes, fittedOn, started);
    } catch (Throwable e) {
      blocks.unpersist(false);
      lent.takeBack();
      throw e;
    }
  }

  private static Ingested finished(
      JavaRDD<RawPartition> raw,
      JavaRDD<PartitionBlocks> blocks,
      Lent<Encoding> lent,
      MergedSummaries merged,
      List<Scoring.Source> sources,
      List<String> notes,
      int fittedOn,
      long started) {
    Encoding encoding = lent.value();
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
        lent,
        moments,
        merged.report(encoding, moments, notes, (System.nanoTime() - started) * 1e-9),
        sources,
        reduction.bytes() / 24,
        merged::profile);
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
    DoubleUnaryOperator known = Labels.of(partition, schema, encoding);
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
}
