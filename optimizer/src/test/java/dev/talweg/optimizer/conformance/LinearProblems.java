package dev.talweg.optimizer.conformance;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LabelRange;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.PinnedPasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Problems over two partitions, small enough for every test. */
public final class LinearProblems {
  private LinearProblems() {}

  /** One problem over rows that are given, dense or not. */
  public static LinearProblem of(
      List<double[]> rows, double[] labels, PointwiseLoss loss, double lambda) {
    return of(rows, labels, loss, lambda, Intercept.FREE);
  }

  private static LinearProblem of(
      List<double[]> rows,
      double[] labels,
      PointwiseLoss loss,
      double lambda,
      Intercept intercept) {
    return of(rows, labels, null, loss, lambda, intercept);
  }

  /** The same with weights of the rows, where there are some. */
  static LinearProblem of(
      List<double[]> rows,
      double[] labels,
      double @Nullable [] weights,
      PointwiseLoss loss,
      double lambda,
      Intercept intercept) {
    int d = rows.get(0).length;
    int half = rows.size() / 2;
    List<Shard> shards =
        List.of(
            Shard.of(List.of(block(rows, labels, weights, 0, half)), d),
            Shard.of(List.of(block(rows, labels, weights, half, rows.size())), d));
    double[] penalties = new double[d];
    Arrays.fill(penalties, lambda);
    LinearPasses passes = new LocalPasses(shards, loss, d);
    return new LinearProblem(
        PinnedPasses.of(passes, intercept), loss, moments(shards, d), penalties);
  }

  /** Moments of all rows, as ingest gathers them. */
  public static Moments moments(List<Shard> shards, int d) {
    OrderedSum sum = new OrderedSum(3 * d + PartitionPasses.MOMENTS);
    for (int p = 0; p < shards.size(); p++) {
      sum.add(p, PartitionPasses.moments(shards.get(p)));
    }
    return Moments.of(sum.total());
  }

  /** Two numeric columns far from 0 and four one-hot fields, with labels that depend on them. */
  public static LinearProblem mixed(
      long seed, int rows, int levels, PointwiseLoss loss, double lambda) {
    return mixed(seed, rows, levels, loss, lambda, Intercept.FREE);
  }

  /** The same with an intercept or without one. */
  public static LinearProblem mixed(
      long seed, int rows, int levels, PointwiseLoss loss, double lambda, Intercept intercept) {
    Random random = new Random(seed);
    List<double[]> x = new ArrayList<>();
    double[] labels = new double[rows];
    for (int i = 0; i < rows; i++) {
      double[] row = new double[2 + 4 * levels];
      double score = -0.5;
      row[0] = 100 + random.nextGaussian();
      row[1] = 0.01 * random.nextGaussian();
      score += row[0] - 100 + 100 * row[1];
      for (int f = 0; f < 4; f++) {
        double u = random.nextDouble();
        int level = (int) (levels * u * u * u);
        row[2 + f * levels + level] = 1;
        score += (level * 7 + f) % 5 - 2;
      }
      x.add(row);
      labels[i] =
          loss.classifies()
              ? random.nextDouble() < 1 / (1 + Math.exp(-score)) ? 1 : 0
              : score + random.nextGaussian();
      if (loss.labels() != LabelRange.ANY) {
        labels[i] = Math.exp(0.3 * labels[i]);
      }
    }
    return of(x, labels, loss, lambda, intercept);
  }

  static Block block(List<double[]> rows, double[] labels, int from, int until) {
    return block(rows, labels, null, from, until);
  }

  private static Block block(
      List<double[]> rows, double[] labels, double @Nullable [] weights, int from, int until) {
    int d = rows.get(0).length;
    int[] starts = new int[until - from + 1];
    int[] indices = new int[(until - from) * d];
    float[] values = new float[indices.length];
    int count = 0;
    for (int i = from; i < until; i++) {
      for (int j = 0; j < d; j++) {
        if (rows.get(i)[j] != 0) {
          indices[count] = j;
          values[count++] = (float) rows.get(i)[j];
        }
      }
      starts[i - from + 1] = count;
    }
    return new CsrBlock(
        d,
        starts,
        indices,
        values,
        Arrays.copyOfRange(labels, from, until),
        weights == null ? null : Arrays.copyOfRange(weights, from, until));
  }
}
