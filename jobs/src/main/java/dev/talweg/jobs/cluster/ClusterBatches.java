package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.transform.Tensors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Batches over blocks on a cluster: one job a step, with as many numbers a partition on the wire as
 * the model has parameters. The batch is a function of (seed, step): see {@link PartitionBatches}.
 */
public final class ClusterBatches implements BatchObjective {
  private final JavaSparkContext context;
  private final JavaRDD<PartitionBlocks> blocks;
  private final Model model;
  private final double[] penalties;
  private final long stepsPerEpoch;
  private final long seed;
  private final OrderedReduction reduction = new OrderedReduction();
  private long steps;

  /**
   * @param blocks the training rows in random order, persisted by the caller
   * @param penalties λ_j of each parameter, 0 where it is spared
   * @param rows how many training rows there are
   * @param batch rows of one step over the whole cluster, at least 1
   */
  public ClusterBatches(
      JavaRDD<PartitionBlocks> blocks,
      Model model,
      double[] penalties,
      long rows,
      long batch,
      long seed) {
    this.context = JavaSparkContext.fromSparkContext(blocks.context());
    this.blocks = blocks;
    this.model = model;
    this.penalties = penalties.clone();
    this.stepsPerEpoch = Math.max(1, (rows + batch - 1) / batch);
    this.seed = seed;
  }

  @Override
  public int dimension() {
    return penalties.length;
  }

  @Override
  public Tensors tensors() {
    return model.tensors();
  }

  @Override
  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** Passes over all rows so far. */
  public double passes() {
    return (double) steps / stepsPerEpoch;
  }

  /** Bytes that tasks have sent to be summed. */
  public long bytesReduced() {
    return reduction.bytes();
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    PartitionBatches.Batch batch = new PartitionBatches.Batch(seed, step, stepsPerEpoch);
    Model m = model;
    Lent<double[]> lent = Lent.to(context, parameters);
    try {
      double[] sums =
          reduction.sum(
              blocks.map(
                  part ->
                      PartitionBatches.sums(
                          part.train(), part.partition(), m, lent.value(), batch)),
              parameters.length + 2,
              (long) parameters.length * blocks.getNumPartitions());
      steps++;
      return PartitionBatches.evaluation(sums, parameters, penalties);
    } finally {
      lent.takeBack();
    }
  }
}
