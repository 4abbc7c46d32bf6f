package dev.talweg.ml.engine;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.jobs.cluster.ClusterMultinomialPasses;
import dev.talweg.jobs.cluster.ClusterPasses;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LocalMultinomialPasses;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.MultinomialPasses;
import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.SparseArray;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a DataFrame on the cluster, read once, with what {@code spark.ml} wants to know of
 * them before it trains: standard deviations, the histogram of labels, sums of weights.
 *
 * <p>Features are floats here. A feature whose mean is more than {@value #FAR} of its deviations
 * from zero would lose too much by that (an error of 6e-8 of the mean is 6e-4 of a deviation, whose
 * square, 4e-7, is the share of the objective at stake), and is refused. Moments of features that
 * are far from zero are taken a second time, about the mean.
 *
 * <p>Of few rows a job of Spark, some 10 ms, costs more than a pass. These come to the driver once,
 * which then makes the same sums in the same order without a job: docs/decisions/0017.
 */
public final class TrainingRows implements AutoCloseable {
  private static final double FAR = 1e4;

  /** From here on the plain formula for a variance has lost too many digits. */
  private static final double NEARLY_CONSTANT = 1e-4;

  /** As many rows, and bytes of them, are few. */
  private static final long FEW_ROWS = 1 << 16;

  private static final long FEW_BYTES = 4L << 20;

  private final Ingested data;
  private final List<Shard> here; // all partitions where rows are few, else none
  private final int size;
  private final LabelSums labels;
  private final double[] means;
  private final double[] variances;

  private TrainingRows(
      Ingested data,
      List<Shard> here,
      int size,
      LabelSums labels,
      double[] means,
      double[] variances) {
    this.data = data;
    this.here = here;
    this.size = size;
    this.labels = labels;
    this.means = means;
    this.variances = variances;
  }

  /**
   * Reads columns {@code label}, {@code features} and, where they are there, {@code weight} and
   * {@code offset}.
   *
   * @throws DataException where Talweg cannot train on these rows as {@code spark.ml} would
   */
  public static TrainingRows read(Dataset<Row> rows) {
    return read(rows, FEW_BYTES);
  }

  /**
   * The same with another measure of few rows; the bits do not depend on it.
   *
   * @param fewBytes 0 has every pass be a job
   */
  static TrainingRows read(Dataset<Row> rows, long fewBytes) {
    List<String> columns = List.of(rows.columns());
    Ingest.Vectors vectors =
        Ingest.vectors(
            rows,
            SparkMl.LABEL,
            columns.contains(SparkMl.WEIGHT) ? SparkMl.WEIGHT : null,
            columns.contains(SparkMl.OFFSET) ? SparkMl.OFFSET : null,
            SparkMl.FEATURES);
    Ingested data = vectors.rows();
    try {
      Seen seen =
          data.blocks().map(part -> Seen.of(part.train())).collect().stream()
              .reduce(Seen::plus)
              .orElseThrow();
      LabelSums labels = seen.labels();
      if (!(labels.weight() > 0)) {
        throw new DataException("no row has a weight above 0");
      }
      Moments moments = data.moments();
      int d = moments.sums().length;
      double[] means = new double[d];
      double[] variances = new double[d];
      for (int j = 0; j < d; j++) {
        means[j] = moments.sums()[j] / moments.weight();
        double deviation = moments.deviation(j);
        variances[j] = deviation * deviation;
      }
      secondLook(data, means, variances);
      boolean few = moments.rows() <= FEW_ROWS && seen.bytes() <= fewBytes;
      List<Shard> here = few ? data.blocks().map(PartitionBlocks::train).collect() : List.of();
      return new TrainingRows(data, here, vectors.size(), labels, means, variances);
    } catch (Throwable e) { // Spark throws checked exceptions that Scala does not declare
      data.close();
      throw e;
    }
  }

  /**
   * Of some partitions.
   *
   * @param bytes of their blocks
   */
  private record Seen(LabelSums labels, long bytes) implements Serializable {
    private static final long serialVersionUID = 1L;

    static Seen of(Shard shard) {
      return new Seen(LabelSums.of(shard), shard.bytes());
    }

    Seen plus(Seen other) {
      return new Seen(labels.plus(other.labels), bytes + other.bytes);
    }
  }

  private static void secondLook(Ingested data, double[] means, double[] variances) {
    int[] near =
        IntStream.range(0, means.length)
            .filter(j -> variances[j] < NEARLY_CONSTANT * means[j] * means[j])
            .toArray();
    if (near.length == 0) {
      return;
    }
    double[] origins = Arrays.stream(near).mapToDouble(j -> means[j]).toArray();
    int d = means.length;
    List<double[]> parts =
        data.blocks().map(part -> about(part.train(), near, origins, d)).collect();
    double weight = data.moments().weight();
    for (int k = 0; k < near.length; k++) {
      double first = 0;
      double second = 0;
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (double[] part : parts) {
        first += part[4 * k];
        second += part[4 * k + 1];
        least = Math.min(least, part[4 * k + 2]);
        most = Math.max(most, part[4 * k + 3]);
      }
      int j = near[k];
      if (least == most) {
        means[j] = least;
        variances[j] = 0;
        continue;
      }
      double shift = first / weight;
      variances[j] = Math.max(0, second / weight - shift * shift);
      if (Math.abs(means[j]) > FAR * Math.sqrt(variances[j])) {
        throw new DataException(
            String.format(
                Locale.ROOT,
                "feature %d has the mean %g and the deviation %g, too small beside it for floats",
                data.encoding().entry(j),
                means[j],
                Math.sqrt(variances[j])));
      }
    }
  }

  /** Σω(x − c), Σω(x − c)², the least and the largest x of some features. */
  private static double[] about(Shard shard, int[] features, double[] origins, int d) {
    double[] sums = new double[4 * features.length];
    for (int k = 0; k < features.length; k++) {
      double[] unit = new double[d + 1];
      unit[features[k]] = 1;
      double[][] columns = PartitionPasses.rays(shard, unit);
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int b = 0; b < columns.length; b++) {
        Block block = shard.blocks().get(b);
        double @Nullable [] weights = block.weights();
        for (int i = 0; i < block.rows(); i++) {
          double x = columns[b][i];
          double w = weights == null ? 1 : weights[i];
          sums[4 * k] += w * (x - origins[k]);
          sums[4 * k + 1] += w * (x - origins[k]) * (x - origins[k]);
          least = Math.min(least, x);
          most = Math.max(most, x);
        }
      }
      sums[4 * k + 2] = least;
      sums[4 * k + 3] = most;
    }
    return sums;
  }

  Ingested data() {
    return data;
  }

  /** The passes of a loss over these rows, to be closed. */
  LinearPasses passes(PointwiseLoss loss) {
    return here.isEmpty()
        ? new ClusterPasses(data.blocks(), loss, features(), data.entries())
        : new LocalPasses(here, loss, features());
  }

  /** The same of a loss of many classes. */
  MultinomialPasses passes(SoftmaxLoss loss) {
    return here.isEmpty()
        ? new ClusterMultinomialPasses(data.blocks(), loss, features(), data.entries())
        : new LocalMultinomialPasses(here, loss, features());
  }

  /** A function of a partition, which may be sent to it. */
  interface OfShard extends Serializable {
    double[] of(Shard shard);
  }

  /** The sum over partitions, in their order. */
  double[] sum(OfShard function, int length) {
    if (here.isEmpty()) {
      return new OrderedReduction()
          .sum(
              data.blocks().map(part -> SparseArray.dense(function.of(part.train()))),
              length,
              (long) length * data.partitions());
    }
    OrderedSum sum = new OrderedSum(length);
    for (int p = 0; p < here.size(); p++) {
      sum.add(p, SparseArray.dense(function.of(here.get(p))));
    }
    return sum.total();
  }

  /** Number of features that are trained. */
  public int features() {
    return means.length;
  }

  /** Length of the vectors. */
  public int size() {
    return size;
  }

  /** Σω. */
  public double weight() {
    return labels.weight();
  }

  /** Σω of the classes 0, 1, … up to the largest label. */
  public double[] histogram() {
    if (labels.histogram().size() > LabelSums.MOST_CLASSES
        || labels.histogram().lastKey() >= LabelSums.MOST_CLASSES) {
      throw new DataException("more than " + LabelSums.MOST_CLASSES + " classes");
    }
    double[] histogram = new double[labels.histogram().lastKey().intValue() + 1];
    labels.histogram().forEach((label, weight) -> histogram[label.intValue()] = weight);
    return histogram;
  }

  public double labelMean() {
    return labels.mean();
  }

  /** Of rows of a weight above 0. */
  public double leastLabel() {
    return labels.least();
  }

  /** Of rows of a weight above 0. */
  public double largestLabel() {
    return labels.most();
  }

  /** Of the labels. */
  public double labelDeviation(Deviation kind) {
    return Math.sqrt(labels.variance() * factor(kind));
  }

  /** Of each feature; 0 of a constant one. */
  public double[] deviations(Deviation kind) {
    double factor = factor(kind);
    return Arrays.stream(variances).map(v -> Math.sqrt(v * factor)).toArray();
  }

  /** What a variance is divided by. */
  public enum Deviation {
    /** Σω. */
    POPULATION,
    /** Σω − Σω²/Σω, as {@code Summarizer} has it. */
    SAMPLE
  }

  private double factor(Deviation kind) {
    double unbiased = labels.weight() - labels.weightSquares() / labels.weight();
    return kind == Deviation.POPULATION ? 1 : unbiased > 0 ? labels.weight() / unbiased : 0;
  }

  /** The means of the features. */
  public double[] means() {
    return means.clone();
  }

  /** Numbers by feature at their places in the vectors, K side by side. */
  double[] placed(double[] byFeature, int width) {
    if (size == means.length) {
      return byFeature;
    }
    double[] placed = new double[size * width];
    for (int j = 0; j < means.length; j++) {
      System.arraycopy(byFeature, j * width, placed, data.encoding().entry(j) * width, width);
    }
    return placed;
  }

  /** The inverse of {@link #placed} for one number a feature. */
  public double[] gathered(double[] byEntry) {
    if (size == means.length) {
      return byEntry;
    }
    return IntStream.range(0, means.length)
        .mapToDouble(j -> byEntry[data.encoding().entry(j)])
        .toArray();
  }

  @Override
  public void close() {
    data.close();
  }
}
