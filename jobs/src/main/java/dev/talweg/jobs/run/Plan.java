package dev.talweg.jobs.run;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.IngestReport;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.Mentioned;
import dev.talweg.datasets.Outlook;
import dev.talweg.jobs.config.RunConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.RDDInfo;

/**
 * What a run will need, from footers and a sample, before it is run.
 *
 * <p>Rows, blocks and entries grow with the data. Features grow as Heaps' law says, d ∝ nᵝ, with β
 * from the sample and one half of it; the same law tells what a partition touches. Seconds are
 * those of {@link StepCost}, and of the layers of a net {@link ModelSize}. Memory of the driver is
 * 8 bytes for each of its vectors, and what one step sends to it; that of an executor is its share
 * of the blocks within what Spark lets them have, or what its tasks add up, whichever asks for
 * more.
 *
 * @param rows that can be used, held-out ones included
 * @param columns of the source that features come from
 * @param sampled the share of the data that this was told from
 * @param blockBytes of all encoded rows and their margins, in memory
 * @param secondsPerPass what the model says of the machine it was measured on
 * @param advice what to change where it does not fit, or what to know; empty where nothing is
 */
public record Plan(
    long rows,
    long trainRows,
    int columns,
    long features,
    double sampled,
    int partitions,
    double blockBytes,
    double secondsPerPass,
    Machine driver,
    Machine executor,
    int executors,
    int cores,
    boolean fits,
    List<String> advice) {
  private static final double MEGABYTE = 1 << 20;

  /** What Spark keeps for itself of each heap (spark.memory: UnifiedMemoryManager). */
  private static final double RESERVED = 300 * MEGABYTE;

  /** The default of spark.memory.fraction, which cached blocks may fill. */
  private static final double STORAGE = 0.6;

  /** Blocks are told from a sample, and a collector needs room. */
  private static final double SLACK = 1.25;

  private static final double LEAST_HEAP = 1024 * MEGABYTE;
  private static final double STEP_OF_HEAPS = 256 * MEGABYTE;

  /** The defaults of spark.driver.memoryOverhead and spark.executor.memoryOverhead. */
  private static final double LEAST_OVERHEAD = 384 * MEGABYTE;

  private static final double OVERHEAD = 0.1;

  /** Vectors of all features beside the pairs of L-BFGS: docs/scale.md. */
  private static final int VECTORS = 20;

  /** Margins and what follows from them, of 8 bytes a row each. */
  private static final int MARGINS = 6;

  /** Of a sparse row: a number, and its place. */
  private static final double BYTES_OF_ENTRY = 6;

  /** One JVM: its heap, and with what Spark adds the container, in MB. */
  public record Machine(long heapMegabytes, long containerMegabytes) {
    static Machine of(double bytes) {
      double heap = Math.max(LEAST_HEAP, STEP_OF_HEAPS * Math.ceil(bytes / STEP_OF_HEAPS));
      double container = heap + Math.max(LEAST_OVERHEAD, OVERHEAD * heap);
      return new Machine((long) (heap / MEGABYTE), (long) Math.ceil(container / MEGABYTE));
    }
  }

  /**
   * Where it will run.
   *
   * @param executors 0 means as many as the data asks for
   * @param cores of an executor
   * @param containerMegabytes the largest container to be had
   */
  public record Room(int executors, int cores, long containerMegabytes) {}

  /** What a part of the data turned out to be. */
  private record Part(
      long rows,
      long trainRows,
      long features,
      double bytes,
      double entries,
      int columns,
      int classes,
      ModelSize model) {}

  /**
   * Plans a run; reads footers and at most some 16 MB of the data.
   *
   * @throws dev.talweg.datasets.DataException with every problem that {@code check} finds
   */
  public static Plan of(SparkSession spark, RunConfig config, Room room) {
    Outlook outlook =
        Ingest.outlook(
            spark,
            config.data(),
            config.features(),
            NamedColumns.of(config),
            Training.labels(config),
            config.seed(),
            config.partitions() == null ? 0 : config.partitions().intValue());
    Part part = part(spark, config, outlook.sample());
    double scale = scale(outlook, part);
    double growth = scale <= 1 ? 0 : growth(part, part(spark, config, outlook.half()));
    return of(config, room, outlook.partitions(), part, Math.max(1, scale), growth);
  }

  private static Part part(SparkSession spark, RunConfig config, DataSpec data) {
    long before = cached(spark);
    try (Ingested read =
        Ingest.read(
            spark,
            data,
            config.features(),
            Mentioned.none(),
            Training.labels(config),
            config.seed(),
            0,
            note -> {})) {
      read.blocks().count();
      IngestReport report = read.report();
      long rows = report.trainRows() + report.validationRows() + report.testRows();
      double bytes = (double) (cached(spark) - before);
      int columns = report.columns().size();
      boolean sparse = config.features().vector() != null || columns == 0;
      return new Part(
          rows,
          report.trainRows(),
          read.encoding().dimension(),
          bytes,
          sparse ? bytes / BYTES_OF_ENTRY : (double) columns * report.trainRows(),
          columns,
          read.encoding().classes().size(),
          ModelSize.of(config, read.encoding().outline()));
    }
  }

  /** Bytes of everything that is persisted. */
  private static long cached(SparkSession spark) {
    return Arrays.stream(spark.sparkContext().getRDDStorageInfo())
        .mapToLong((RDDInfo info) -> info.memSize() + info.diskSize())
        .sum();
  }

  /** How many times the sample the data is. */
  private static double scale(Outlook outlook, Part part) {
    return outlook.rows() >= 0
        ? (double) outlook.rows() / Math.max(1, part.rows())
        : outlook.scale();
  }

  /** β of d ∝ nᵝ. */
  private static double growth(Part part, Part half) {
    double rows = Math.log((double) part.rows() / Math.max(1, half.rows()));
    double features = Math.log((double) part.features() / Math.max(1, half.features()));
    return rows <= 0 ? 0 : Math.max(0, Math.min(1, features / rows));
  }

  private static Plan of(
      RunConfig config, Room room, int partitions, Part part, double scale, double growth) {
    long trainRows = Math.round(scale * part.trainRows());
    long features = Math.round(part.features() * Math.pow(scale, growth));
    int margins = Math.max(1, part.classes());
    ModelSize model = part.model();
    double parameters = model.parameters((double) features);
    double perPartition = part.features() * Math.pow(Math.min(scale, scale / partitions), growth);
    double touched = Math.min(perPartition, (double) features) * partitions;
    double blocks = scale * (part.bytes() + 8.0 * MARGINS * margins * part.trainRows());

    Size size =
        new Size(
            (double) trainRows, scale * part.entries(), touched, (double) features, partitions);
    double sent = model.perFeature() * StepCost.bytes(size.on(1)) + 8 * model.shared() * partitions;
    double state = 8.0 * vectors(config) * parameters;
    Machine driver = Machine.of(RESERVED + SLACK * (state + sent));

    double tasks = 8.0 * parameters * (1 + 2 * room.cores());
    double largest = heapWithin(room.containerMegabytes()) - RESERVED;
    int least = (int) Math.max(1, Math.ceil(SLACK * blocks / (STORAGE * Math.max(1, largest))));
    int waves = Math.max(1, partitions / (2 * room.cores()));
    int executors = room.executors() > 0 ? room.executors() : Math.max(least, waves);
    double share = Math.max(SLACK * blocks / executors / STORAGE, tasks / (1 - STORAGE));
    Machine executor = Machine.of(RESERVED + share);

    List<String> advice = new ArrayList<>();
    long limit = room.containerMegabytes();
    if (driver.containerMegabytes() > limit) {
      advice.add(
          String.format(
              Locale.ROOT,
              "the driver needs a container of %,d MB, the largest is %,d MB: hash columns with"
                  + " fewer bits, set min-count of categories, write lbfgs: {memory: 3}, or ask for"
                  + " larger containers (yarn.scheduler.maximum-allocation-mb)",
              driver.containerMegabytes(),
              limit));
    }
    if (executor.containerMegabytes() > limit) {
      boolean byBlocks = tasks / (1 - STORAGE) <= largest;
      advice.add(
          String.format(
              Locale.ROOT,
              "an executor needs a container of %,d MB, the largest is %,d MB: %s",
              executor.containerMegabytes(),
              limit,
              byBlocks
                  ? "use --executors " + least + " or more"
                  : "give it fewer cores (--cores), or have fewer features"));
    }
    boolean fits = advice.isEmpty();
    if (config.batch() != null) {
      advice.add("seconds are those of a pass over all rows; a step of batches takes its share");
    }
    return new Plan(
        Math.round(scale * part.rows()),
        trainRows,
        part.columns(),
        features,
        1 / scale,
        partitions,
        blocks,
        seconds(model, size, Math.min(partitions, executors * room.cores())),
        driver,
        executor,
        executors,
        room.cores(),
        fits,
        advice);
  }

  /** Kebab case, as {@code run.json}. */
  public String toJson() {
    return RunSummary.json(this);
  }

  /** What {@code spark-submit} is to be told. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.driver.memory", driver.heapMegabytes() + "m");
    settings.put("spark.executor.memory", executor.heapMegabytes() + "m");
    settings.put("spark.executor.instances", Integer.toString(executors));
    settings.put("spark.executor.cores", Integer.toString(cores));
    return settings;
  }

  private static double heapWithin(long container) {
    double bytes = container * MEGABYTE;
    return Math.min(bytes - LEAST_OVERHEAD, bytes / (1 + OVERHEAD));
  }

  /** What the terms of a step's cost are made of. */
  private record Size(
      double rows, double entries, double touched, double features, int partitions) {
    ToDoubleFunction<String> on(int cores) {
      return name ->
          switch (name) {
            case "rows" -> rows;
            case "entries" -> entries;
            case "touched" -> touched;
            case "features" -> features;
            case "partitions" -> partitions;
            case "cores" -> cores;
            default -> throw new IllegalArgumentException(name);
          };
    }
  }

  /** Of the parameters' size on the driver: two for each pair, and the rest. */
  private static int vectors(RunConfig config) {
    Object memory = config.optimizer().parameters().get("memory");
    return VECTORS + 2 * (memory instanceof Number pairs ? pairs.intValue() : 0);
  }

  /** Of a linear model by the weights of a feature; of a net one reading, and its layers. */
  private static double seconds(ModelSize model, Size size, int cores) {
    double one = StepCost.measured().secondsOf(size.on(cores));
    return model.products() > 0
        ? one + model.secondsOfLayers(size.rows(), size.entries()) / cores
        : model.perFeature() * one;
  }
}
