package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Model;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
   * The rows of one partition that are in a batch: pieces of its blocks.
   *
   * @param firsts the number within the partition of the first row of each piece
   */
  public record Rows(List<Block> pieces, List<Long> firsts) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Memory that they hold. */
    public long bytes() {
      return pieces.stream().mapToLong(Block::bytes).sum();
    }
  }

  /** The rows of a batch, to be summed elsewhere. */
  public static Rows rows(Shard shard, Batch batch) {
    Rows rows = new Rows(new ArrayList<>(), new ArrayList<>());
    pieces(
        shard,
        batch,
        (block, from, until, first) -> {
          rows.pieces.add(block.select(IntStream.range(from, until).toArray()));
          rows.firsts.add(first);
        });
    return rows;
  }

  /**
   * The gradient sums (as many as parameters), Σωℓ and Σω over the rows of a partition that are in
   * the batch of a step; the shard has the model's numbers.
   */
  public static SparseArray sums(
      Shard shard, int partition, Model model, double[] parameters, Batch batch) {
    return SparseArray.dense(terms(shard, partition, model, parameters, batch));
  }

  static double[] terms(Shard shard, int partition, Model model, double[] parameters, Batch batch) {
    Summing summing = new Summing(partition, model, parameters, batch);
    pieces(shard, batch, summing::add);
    return summing.sums;
  }

  /** The same of rows that were taken out, with the same bits. */
  public static SparseArray sums(
      Rows rows, int partition, Model model, double[] parameters, Batch batch) {
    Summing summing = new Summing(partition, model, parameters, batch);
    for (int k = 0; k < rows.pieces.size(); k++) {
      Block piece = rows.pieces.get(k);
      summing.add(piece, 0, piece.rows(), rows.firsts.get(k));
    }
    return SparseArray.dense(summing.sums);
  }

  private static final class Summing {
    private final Model model;
    private final double[] parameters;
    private final Draw draw;
    private final double[] sums;

    Summing(int partition, Model model, double[] parameters, Batch batch) {
      this.model = model;
      this.parameters = parameters;
      this.draw = new Draw(batch.seed(), batch.step(), (long) partition << 40);
      this.sums = new double[parameters.length + 2];
    }

    void add(Block block, int from, int until, long first) {
      sums[parameters.length] +=
          model.accumulate(block, from, until, parameters, sums, draw.after(first));
      sums[parameters.length + 1] += weight(block, from, until);
    }
  }

  private interface Piece {
    void is(Block block, int from, int until, long first);
  }

  private static void pieces(Shard shard, Batch batch, Piece piece) {
    long run = batch.run();
    long rows = shard.rows();
    long first = rows * run / batch.runs();
    long last = rows * (run + 1) / batch.runs();
    long before = 0;
    for (Block block : shard.blocks()) {
      int from = (int) Math.max(0, Math.min(block.rows(), first - before));
      int until = (int) Math.max(0, Math.min(block.rows(), last - before));
      if (from < until) {
        piece.is(block, from, until, before + from);
      }
      before += block.rows();
    }
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
