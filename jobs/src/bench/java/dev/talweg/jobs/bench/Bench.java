package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.RunSummary;
import dev.talweg.jobs.run.TrainingRun;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.feature.FeatureHasher;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Talweg against spark.ml, in one JVM, by turns. See docs/benchmarks.md for what is compared.
 *
 * <p>Arguments: case, rounds, rows, directory for data, file for the JSON lines, class of commit.
 */
public final class Bench {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double L2 = 1e-4;

  private final SparkSession spark;
  private final int rounds;
  private final PrintStream lines;
  private final Map<String, List<Double>> seconds = new LinkedHashMap<>();

  private Bench(SparkSession spark, int rounds, PrintStream lines) {
    this.spark = spark;
    this.rounds = rounds;
    this.lines = lines;
  }

  /** What one measured round found besides its time. */
  private interface Side {
    Map<String, Object> run() throws IOException;
  }

  public static void main(String[] arguments) throws IOException {
    SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4")
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    Path data = Path.of(arguments[3]);
    try (PrintStream lines = new PrintStream(arguments[4], StandardCharsets.UTF_8)) {
      Bench bench = new Bench(spark, Integer.parseInt(arguments[1]), lines);
      switch (arguments[0]) {
        case "ingest" -> bench.ingest(ClickColumns.written(spark, data, Long.parseLong(arguments[2])));
        case "train" -> bench.train(ClickColumns.written(spark, data, Long.parseLong(arguments[2])), data);
        default -> bench.quickstart(data);
      }
    }
    spark.stop();
  }

  /** From Parquet to what training can begin on: cached blocks, against a cached vector column. */
  private void ingest(String parquet) throws IOException {
    RunConfig config = config(parquet, "label", "", Path.of("."));
    Side talweg =
        () -> {
          try (Ingested read =
              Ingest.read(
                  spark, config.data(), config.features(), LabelKind.BINARY, 1, 0, note -> {})) {
            return Map.of("features", read.encoding().dimension(), "rows", read.report().trainRows());
          }
        };
    byTurns(
        "ingest",
        Map.of(
            "talweg", talweg,
            "hasher", () -> transformed(parquet, hasher()),
            "indexer", () -> transformed(parquet, indexer())));
  }

  private Map<String, Object> transformed(String parquet, List<PipelineStage> stages) {
    Dataset<Row> rows = clicks(parquet);
    Dataset<Row> vectors =
        new Pipeline()
            .setStages(stages.toArray(PipelineStage[]::new))
            .fit(rows)
            .transform(rows)
            .select("features", "label")
            .cache();
    try {
      return Map.of("rows", vectors.count());
    } finally {
      vectors.unpersist(true);
    }
  }

  /** From Parquet to a model within 1e-4 of the objective's minimum. */
  private void train(String parquet, Path directory) throws IOException {
    RunConfig config = config(parquet, "label", "stopping: {gap: 1e-4}", directory.resolve("run"));
    byTurns(
        "train",
        Map.of(
            "talweg", () -> trained(config),
            "hasher", iterations(() -> clicks(parquet), hasher()),
            "indexer", iterations(() -> clicks(parquet), indexer())));
  }

  private interface Rows {
    Dataset<Row> read();
  }

  /**
   * spark.ml with as many iterations as bring it within 1e-4 of its own minimum, and no more: found
   * by a long run before the clock starts.
   */
  private Side iterations(Rows rows, List<PipelineStage> stages) {
    LogisticRegressionModel longRun = fitted(rows.read(), stages, 300, 1e-12);
    double[] history = longRun.summary().objectiveHistory();
    double target = Arrays.stream(history).min().orElseThrow() * (1 + 1e-4);
    int enough = 0;
    while (history[enough] > target) {
      enough++;
    }
    int most = Math.max(1, enough);
    return () -> {
      LogisticRegressionModel model = fitted(rows.read(), stages, most, 0);
      double[] found = model.summary().objectiveHistory();
      return Map.of("iterations", most, "objective", found[found.length - 1]);
    };
  }

  private LogisticRegressionModel fitted(
      Dataset<Row> rows, List<PipelineStage> stages, int iterations, double tolerance) {
    List<PipelineStage> all = new ArrayList<>(stages);
    all.add(
        new LogisticRegression()
            .setRegParam(L2)
            .setElasticNetParam(0)
            .setMaxIter(iterations)
            .setTol(tolerance));
    PipelineModel model = new Pipeline().setStages(all.toArray(PipelineStage[]::new)).fit(rows);
    return (LogisticRegressionModel) model.stages()[model.stages().length - 1];
  }

  private Map<String, Object> trained(RunConfig config) {
    RunSummary run =
        TrainingRun.train(
            spark,
            config,
            new RunOptions(RunOptions.Start.FRESH, RunOptions.Existing.REPLACE),
            RunObserver.silent(),
            new Interrupt());
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("iterations", run.iterations());
    found.put("passes", run.passes());
    found.put("objective", run.objective().value());
    found.put("gap", run.objective().gap());
    found.put("ingest", run.seconds().ingest());
    found.put("optimize", run.seconds().optimize());
    found.put("to-model", run.seconds().ingest() + run.seconds().optimize());
    found.put("with-tables-and-report", run.seconds().total());
    return found;
  }

  /** The training part of the quickstart: the same file, columns and split sizes. */
  private void quickstart(Path directory) throws IOException {
    Path yaml = Path.of("scripts/quickstart.yaml");
    RunConfig config =
        ConfigReader.read(yaml.toString(), Files.readString(yaml), List.of("stopping.gap=1e-4"))
            .withOutput(directory.resolve("quickstart").toString());
    String csv = config.sources().get(0);
    List<String> numbers = new ArrayList<>(List.of("LIMIT_BAL", "AGE", "PAY_0"));
    for (int k = 1; k <= 6; k++) {
      numbers.add("BILL_AMT" + k);
      numbers.add("PAY_AMT" + k);
      if (k > 1) {
        numbers.add("PAY_" + k);
      }
    }
    List<PipelineStage> stages =
        indexer(numbers.toArray(String[]::new), new String[] {"SEX", "EDUCATION", "MARRIAGE"});
    Rows rows =
        () ->
            spark
                .read()
                .option("header", "true")
                .option("inferSchema", "true")
                .csv(csv)
                .withColumnRenamed("default.payment.next.month", "label")
                .where("pmod(xxhash64(ID), 10) < 7");
    byTurns(
        "quickstart",
        Map.of("talweg", () -> trained(config), "indexer", iterations(rows, stages)));
  }

  private RunConfig config(String parquet, String label, String more, Path output) {
    String yaml =
        """
        data: {train: "%s", label: %s}
        model: logistic
        penalty: {l2: %s}
        output: "%s"
        %s
        """
            .formatted(parquet, label, L2, output, more);
    return ConfigReader.read("bench", yaml, List.of());
  }

  private Dataset<Row> clicks(String parquet) {
    Dataset<Row> rows = spark.read().parquet(parquet);
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    columns.add(functions.col("label").cast("double"));
    for (String name : numbers()) {
      columns.add(functions.col(name).cast("double"));
    }
    for (String name : texts()) {
      columns.add(functions.col(name));
    }
    return rows.select(columns.toArray(org.apache.spark.sql.Column[]::new));
  }

  private static String[] names(String prefix, int count) {
    String[] names = new String[count];
    Arrays.setAll(names, k -> prefix + (k + 1));
    return names;
  }

  private static String[] numbers() {
    return names("I", 13);
  }

  private static String[] texts() {
    return names("C", 26);
  }

  private static List<PipelineStage> hasher() {
    String[] filled = names("F", 13);
    List<String> inputs = new ArrayList<>(Arrays.asList(filled));
    inputs.addAll(Arrays.asList(texts()));
    return List.of(
        new Imputer().setInputCols(numbers()).setOutputCols(filled),
        new FeatureHasher()
            .setInputCols(inputs.toArray(String[]::new))
            .setNumFeatures(1 << 18)
            .setOutputCol("features"));
  }

  private static List<PipelineStage> indexer() {
    return indexer(numbers(), texts());
  }

  private static List<PipelineStage> indexer(String[] numbers, String[] texts) {
    String[] filled = names("F", numbers.length);
    String[] indexed = names("X", texts.length);
    String[] encoded = names("E", texts.length);
    List<String> inputs = new ArrayList<>(Arrays.asList(filled));
    inputs.addAll(Arrays.asList(encoded));
    return List.of(
        new Imputer().setInputCols(numbers).setOutputCols(filled),
        new StringIndexer().setInputCols(texts).setOutputCols(indexed).setHandleInvalid("keep"),
        new OneHotEncoder().setInputCols(indexed).setOutputCols(encoded).setDropLast(false),
        new VectorAssembler()
            .setInputCols(inputs.toArray(String[]::new))
            .setOutputCol("features"));
  }

  /** Each side once unmeasured for the table (round 0), then by turns, the order rotating. */
  private void byTurns(String name, Map<String, Side> sides) throws IOException {
    List<String> order = new ArrayList<>(sides.keySet());
    order.sort(null);
    for (int round = 0; round <= rounds; round++) {
      for (int k = 0; k < order.size(); k++) {
        String side = order.get((k + round) % order.size());
        measure(name, side, round, sides.get(side));
      }
    }
    List<Double> own = seconds.get("talweg");
    for (String side : order) {
      List<Double> other = seconds.get(side);
      double[] ratios = new double[rounds];
      Arrays.setAll(ratios, r -> other.get(r) / own.get(r));
      Arrays.sort(ratios);
      say(
          String.format(
              Locale.ROOT,
              "%-11s %-8s median %7.2f s   %5.2f times Talweg's (rounds %.2f to %.2f)",
              name,
              side,
              median(other),
              median(other) / median(own),
              ratios[0],
              ratios[rounds - 1]));
    }
  }

  private void measure(String name, String side, int round, Side work) throws IOException {
    System.gc();
    List<MemoryPoolMXBean> pools = ManagementFactory.getMemoryPoolMXBeans();
    pools.forEach(MemoryPoolMXBean::resetPeakUsage);
    long begun = System.nanoTime();
    Map<String, Object> found = work.run();
    double wall = (System.nanoTime() - begun) * 1e-9;
    // spark.ml ends with a model in memory: Talweg's clock stops there too, before it evaluates,
    // writes its tables and the report
    double took = found.get("to-model") instanceof Double model ? model : wall;
    long peak = pools.stream().filter(p -> p.getType() == java.lang.management.MemoryType.HEAP).mapToLong(p -> p.getPeakUsage().getUsed()).sum();
    if (round > 0) {
      seconds.computeIfAbsent(side, s -> new ArrayList<>()).add(took);
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("case", name);
    line.put("side", side);
    line.put("round", round);
    line.put("seconds", took);
    line.put("peak-heap-bytes", peak);
    line.putAll(new java.util.TreeMap<>(found));
    line.put("spark", spark.version());
    line.put("java", System.getProperty("java.version"));
    line.put("cores", 2);
    lines.println(JSON.writeValueAsString(line));
    lines.flush();
    say(String.format(Locale.ROOT, "  %s %s round %d: %.2f s %s", name, side, round, took, found));
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  private static void say(String text) {
    System.err.println(text);
  }
}
