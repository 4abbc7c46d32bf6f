package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Model;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a batch is within one partition, and what it contributes: pure functions, so that a list of
 * partitions and a cluster give the same bits.
 *
 * <p>An epoch cuts the rows of each partition, which lie in random order, into as many runs as the
 * epoch has steps, nearly equal. A batch is the run of one number in every partition: it costs only
 * its own rows, reads memory in order, and every row is in one batch of an epoch.
 */
public final class PartitionBatches {
  private PartitionBatches() {}

  /**
   * Which batch.
   *
   * @param step counted from 0 over all epochs
   * @param runs steps of an epoch
   */
  public record Batch(long seed, long step, long runs) implements Serializable {
    private static final long serialVersionUID = 1L;

    long run() {
      return BatchOrder.run(seed, step, runs);
    }
  }

  /**
   * The gradient sums (as many as parameters), Σωℓ and Σω over the rows of a partition that are in
   * the batch of a step; the shard has the model's numbers.
   */
  public static SparseArray sums(
      Shard shard, int partition, Model model, double[] parameters, Batch batch) {
    long run = batch.run();
    long runs = batch.runs();
    Draw draw = new Draw(batch.seed(), batch.step(), (long) partition << 40);
    int dimension = parameters.length;
    double[] sums = new double[dimension + 2];
    long rows = shard.rows();
    long first = rows * run / runs;
    long last = rows * (run + 1) / runs;
    long before = 0;
    for (Block block : shard.blocks()) {
      int from = (int) Math.max(0, Math.min(block.rows(), first - before));
      int until = (int) Math.max(0, Math.min(block.rows(), last - before));
      if (from < until) {
        sums[dimension] +=
            model.accumulate(block, from, until, parameters, sums, draw.after(before + from));
        sums[dimension + 1] += weight(block, from, until);
      }
      before += block.rows();
    }
    return SparseArray.dense(sums);
  }

  private static double weight(Block block, int from, int until) {
    double @Nullable [] weights = block.weights();
    if (weights == null) {
      return until - from;
    }
    double sum = 0;
    for (int i = from; i < until; i++) {
      sum += weights[i];
    }
    return sum;
  }

  /** The mean over the batch, with the ridge penalty ½ Σ λ_j θ_j². */
  public static Evaluation evaluation(double[] sums, double[] parameters, double[] penalties) {
    int dimension = parameters.length;
    double weight = sums[dimension + 1] > 0 ? sums[dimension + 1] : 1;
    double[] gradient = new double[dimension];
    double penalty = 0;
    for (int j = 0; j < dimension; j++) {
      double pull = penalties[j] * parameters[j];
      penalty += 0.5 * pull * parameters[j];
      gradient[j] = sums[j] / weight + pull;
    }
    return new Evaluation(sums[dimension] / weight + penalty, gradient);
  }
}
