package dev.talweg.jobs.bench;

import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.cluster.ClusterBatches.Room;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.stopping.MaxIterations;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * What a step over global mini-batches costs, beside a Spark job that does nothing: of a batch so
 * small that the driver sums it, whose rows are in its memory or come in windows, and of one that a
 * job sums, as larger ones are.
 */
record StepCase() implements Case {
  private static final int DIMENSION = 10_000;
  private static final int BATCH = 8192;
  private static final int STEPS = 1000;
  private static final long SEED = 1;
  private static final Room WINDOWS = new Room(16L << 20, 0, 0);

  @Override
  public String name() {
    return "step-d10k";
  }

  @Override
  public String what() {
    return "1,000 steps of Adam over global mini-batches of 8,192 rows of the click set with "
        + "10,000 features, data in memory: seconds of all, so milliseconds of one. `talweg`: as "
        + "it goes by default, the driver sums so small a batch; `windows`: the rows come to it "
        + "in windows of 16 MiB and are not kept, as on a cluster where an epoch is much for the "
        + "driver; `job-a-step`: each is a job, as larger batches are; `empty-job`: Spark jobs of "
        + "as many tasks that do nothing.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    SparkSession spark = workspace.spark();
    String parquet = ClickVectors.written(spark, workspace.data(), workspace.rows(), DIMENSION);
    VectorProblem problem = VectorProblem.of(workspace, name(), parquet, 0, 1e-5);
    RunConfig config =
        ConfigReader.read(
            "bench", problem.source() + "model: logistic\noutput: unused\n", List.of());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    try (Ingested read =
        Ingest.read(
            spark, config.data(), config.features(), LabelKind.BINARY, SEED, 0, note -> {})) {
      JavaRDD<PartitionBlocks> blocks = read.shuffled(SEED);
      int tasks = blocks.getNumPartitions();
      turns.with("tasks", tasks);
      long rows = read.report().trainRows();
      LinearModel model = new LinearModel(new LogisticLoss(), read.encoding().dimension());
      double[] penalties = new double[model.features() + 1];
      Arrays.fill(penalties, 0, model.features(), problem.l2());
      Function<Room, ClusterBatches> batches =
          room -> new ClusterBatches(blocks, model, penalties, rows, BATCH, SEED, room);
      turns.run(
          name(),
          List.of(
              contender(
                  "talweg",
                  () -> steps(new ClusterBatches(blocks, model, penalties, rows, BATCH, SEED))),
              contender("windows", () -> steps(batches.apply(WINDOWS))),
              contender("job-a-step", () -> steps(batches.apply(Room.NONE))),
              contender("empty-job", () -> nothing(context, tasks))));
    }
  }

  private static Turns.Contender contender(String side, Supplier<Map<String, Object>> steps) {
    return new Turns.Contender(
        side,
        List.of(""),
        Map.of("iterations", STEPS),
        clock -> new Side.Fitted(steps.get(), Map::of));
  }

  private static Map<String, Object> steps(ClusterBatches batches) {
    Descent descent = new Descent(Optimizers.adam(new Constant(1e-3)));
    Descent.State start = descent.start(batches, new double[batches.dimension()]);
    new Iterations<BatchObjective, Descent.State>(descent, batches, start, new MaxIterations(STEPS))
        .last();
    return Map.of("bytes-reduced", batches.bytesReduced());
  }

  /** By the call that steps take. */
  private static Map<String, Object> nothing(JavaSparkContext context, int tasks) {
    JavaRDD<Integer> zeros = context.parallelize(Collections.nCopies(tasks, 0), tasks);
    for (int step = 0; step < STEPS; step++) {
      OrderedReduction.run(zeros, (partition, zero) -> {});
    }
    return Map.of("bytes-reduced", 0);
  }
}
