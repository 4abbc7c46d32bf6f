package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.Sweep;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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

    /** The batch that has all rows. */
    public static Batch ofAll(long seed) {
      return new Batch(seed, 0, 1);
    }

    /** The number of its run of rows: as long as that is the same, so are the rows. */
    public long run() {
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

  /** Has a sweep take the rows of a partition that are in the batch of a step. */
  public static void take(
      Sweep sweep, Shard shard, int partition, double[] parameters, Batch batch) {
    Draw draw = draw(partition, batch);
    sweep.begin(parameters);
    pieces(
        shard,
        batch,
        (block, from, until, first) -> sweep.add(block, from, until, draw.after(first)));
  }

  /** The same of rows that were taken out, with the same bits. */
  public static void take(Sweep sweep, Rows rows, int partition, double[] parameters, Batch batch) {
    Draw draw = draw(partition, batch);
    sweep.begin(parameters);
    for (int k = 0; k < rows.pieces.size(); k++) {
      Block piece = rows.pieces.get(k);
      sweep.add(piece, 0, piece.rows(), draw.after(rows.firsts.get(k)));
    }
  }

  private static Draw draw(int partition, Batch batch) {
    return new Draw(batch.seed(), batch.step(), (long) partition << 40);
  }

  /**
   * The gradient sums (as many as parameters), Σωℓ and Σω over the rows of a partition that are in
   * the batch of a step, once all rounds are known; the shard has the model's numbers.
   */
  public static SparseArray sums(
      Shard shard,
      int partition,
      Model model,
      double[] parameters,
      Batch batch,
      List<double[]> known) {
    return SparseArray.dense(terms(shard, partition, model, parameters, batch, known));
  }

  static double[] terms(
      Shard shard,
      int partition,
      Model model,
      double[] parameters,
      Batch batch,
      List<double[]> known) {
    Sweep sweep = model.sweep();
    take(sweep, shard, partition, parameters, batch);
    sweep.advance(known);
    return sweep.sums();
  }

  /** A partition's part of the round after those that are known. */
  public static double[] part(
      Shard shard,
      int partition,
      Model model,
      double[] parameters,
      Batch batch,
      List<double[]> known) {
    Sweep sweep = model.sweep();
    take(sweep, shard, partition, parameters, batch);
    return sweep.advance(known);
  }

  /** What a round gives of the whole batch: the parts in the order of partitions. */
  public static double[] merged(Model model, int round, List<double[]> parts) {
    double[] merged = parts.get(0);
    for (int p = 1; p < parts.size(); p++) {
      merged = model.merge(round, merged, parts.get(p));
    }
    return merged;
  }

  /** Has all partitions of a batch go through all rounds, side by side; returns what is known. */
  public static List<double[]> advance(Model model, List<Sweep> sweeps) {
    List<double[]> known = new ArrayList<>();
    for (int round = 0; round <= model.rounds(); round++) {
      List<double[]> parts = sweeps.parallelStream().map(sweep -> sweep.advance(known)).toList();
      if (round < model.rounds()) {
        known.add(merged(model, round, parts));
      }
    }
    return known;
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

  /** The λ_j of {@link #evaluation}: none where all are 0, which then cost nothing. */
  public static double[] ridge(double[] penalties) {
    return Arrays.stream(penalties).allMatch(lambda -> lambda == 0)
        ? new double[0]
        : penalties.clone();
  }

  /**
   * The mean over the batch, with the ridge penalty ½ Σ λ_j θ_j².
   *
   * @param penalties λ_j of each parameter; empty where all are 0
   */
  public static Evaluation evaluation(double[] sums, double[] parameters, double[] penalties) {
    return evaluation(List.of(sums), parameters, penalties);
  }

  /** The same of the sums of each partition, added in their order: one pass over all of them. */
  public static Evaluation evaluation(
      List<double[]> partials, double[] parameters, double[] penalties) {
    int dimension = parameters.length;
    double[][] sums = partials.toArray(double[][]::new);
    double total = sum(sums, dimension + 1);
    double weight = total > 0 ? total : 1;
    double[] gradient = new double[dimension];
    Strips.each(
        dimension,
        (from, until) -> {
          add(sums, gradient, from, until);
          for (int j = from; j < until; j++) {
            gradient[j] /= weight;
          }
          for (int j = from; j < Math.min(until, penalties.length); j++) {
            gradient[j] += penalties[j] * parameters[j];
          }
        });
    double value = sum(sums, dimension) / weight + penalty(parameters, penalties);
    return new Evaluation(value, gradient);
  }

  /** ½ Σ λ_j θ_j² in four sums that do not wait for each other. */
  private static double penalty(double[] parameters, double[] penalties) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int j = 0;
    for (; j + 3 < penalties.length; j += 4) {
      first += penalties[j] * parameters[j] * parameters[j];
      second += penalties[j + 1] * parameters[j + 1] * parameters[j + 1];
      third += penalties[j + 2] * parameters[j + 2] * parameters[j + 2];
      fourth += penalties[j + 3] * parameters[j + 3] * parameters[j + 3];
    }
    for (; j < penalties.length; j++) {
      first += penalties[j] * parameters[j] * parameters[j];
    }
    return 0.5 * ((first + second) + (third + fourth));
  }

  private static double sum(double[][] sums, int j) {
    double sum = 0;
    for (double[] partial : sums) {
      sum += partial[j];
    }
    return sum;
  }

  private static void add(double[][] sums, double[] total, int from, int until) {
    for (double[] partial : sums) {
      for (int j = from; j < until; j++) {
        total[j] += partial[j];
      }
    }
  }
}
