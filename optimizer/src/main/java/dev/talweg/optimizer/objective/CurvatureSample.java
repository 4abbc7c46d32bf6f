package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Curvature from a sample of the rows that the driver holds: a dense block over the most frequent
 * features and the diagonal of all, at any parameters, without a pass over the data.
 *
 * <p>The diagonal leans on moments of all rows: with r_j the mean curvature of the rows that have
 * feature j, D_j = r_j Σωx_j²/W, and r_j is what the sample says, shrunk towards the mean curvature
 * h̄ by {@value #PSEUDO_ROWS} rows. The block is the sample's Gram matrix, bordered by the constant
 * feature and scaled symmetrically to that diagonal, so that centring it leaves it positive
 * semidefinite whatever the sample.
 *
 * <p>Cost on the driver: the sampled rows, and products of the pairs of features that a row has
 * within the block. At 30,000 rows of 39 entries and 1,200 features that is 10 MB and 20 ms.
 */
final class CurvatureSample {
  private static final int PSEUDO_ROWS = 10;

  /** A feature needs so many sampled rows to be in the block, unless the sample is all rows. */
  private static final int FEWEST_ROWS = 20;

  /** Of a Gram matrix, about: half a second on the driver. */
  private static final long MOST_PRODUCTS = 200_000_000;

  private final List<CsrBlock> rows;
  private final Moments moments;
  private final double[] counts;
  private final double[] squares;
  private final double weight;
  private final int[] byFrequency;

  CurvatureSample(List<CsrBlock> rows, Moments moments, double[] penalties) {
    int d = penalties.length;
    this.rows = rows;
    this.moments = moments;
    this.counts = new double[d];
    this.squares = new double[d];
    double total = 0;
    long sampled = 0;
    for (CsrBlock block : rows) {
      double[] ones = ones(block);
      total += PartitionPasses.sum(ones);
      sampled += block.rows();
      block.addSquares(ones, squares);
      block.addCounts(counts);
    }
    this.weight = total;
    double fewest = sampled < moments.rows() ? FEWEST_ROWS : 1;
    this.byFrequency =
        IntStream.range(0, d)
            .filter(j -> counts[j] >= fewest && squares[j] > 0)
            .boxed()
            .sorted(
                Comparator.<Integer>comparingDouble(j -> -counts[j])
                    .thenComparingDouble(j -> -moments.squares()[j] / penalties[j])
                    .thenComparingInt(j -> j))
            .mapToInt(j -> j)
            .toArray();
  }

  private static double[] ones(CsrBlock block) {
    double[] ones = new double[block.rows()];
    Arrays.fill(ones, 1);
    double[] weights = block.weights();
    return weights == null ? ones : weights.clone();
  }

  /** At parameters; a block of up to {@code most} features. */
  Curvature at(double[] parameters, PointwiseLoss loss, int most) {
    int d = counts.length;
    int[] block = Arrays.copyOf(byFrequency, Math.min(most, byFrequency.length));
    Arrays.sort(block);
    int[] places = new int[d];
    Arrays.fill(places, -1);
    for (int k = 0; k < block.length; k++) {
      places[block[k]] = k;
    }
    long stride = stride(places, block.length);
    double[][] slopes =
        rows.parallelStream()
            .map(part -> curvatures(part, parameters, loss))
            .toArray(double[][]::new);
    double[] curved = new double[d];
    double[] means = new double[d];
    double total = 0;
    for (int k = 0; k < slopes.length; k++) {
      rows.get(k).addSquares(slopes[k], curved);
      rows.get(k).addTransposed(0, slopes[k].length, slopes[k], means);
      total += PartitionPasses.sum(slopes[k]);
    }
    double[] gram = gram(slopes, stride, places, block.length);
    double mean = weight > 0 ? total / weight : 0;
    double[] diagonal = new double[d];
    for (int j = 0; j < d; j++) {
      double trust = counts[j] / (counts[j] + PSEUDO_ROWS);
      double r = squares[j] > 0 ? trust * curved[j] / squares[j] + (1 - trust) * mean : mean;
      diagonal[j] = r * moments.squares()[j] / moments.weight();
      means[j] =
          weight > 0
              ? trust * means[j] / weight
                  + (1 - trust) * mean * moments.sums()[j] / moments.weight()
              : 0;
    }
    scale(gram, block, diagonal, means, mean);
    return new Curvature(block, gram, diagonal, means, mean);
  }

  /** ω ∂²ℓ/∂z² of each row. */
  private static double[] curvatures(CsrBlock part, double[] parameters, PointwiseLoss loss) {
    double[] h = new double[part.rows()];
    double[] offsets = part.offsets();
    for (int i = 0; i < h.length; i++) {
      h[i] = parameters[parameters.length - 1] + (offsets == null ? 0 : offsets[i]);
    }
    part.addMargins(0, part.rows(), parameters, h);
    loss.curve(h, part.labels(), part.weights(), part.rows());
    return h;
  }

  /** Of every {@code stride}-th row, in two halves of the parts, side by side. */
  private double[] gram(double[][] slopes, long stride, int[] places, int features) {
    int half = (slopes.length + 1) / 2;
    double[][] halves =
        IntStream.range(0, 2)
            .parallel()
            .mapToObj(
                side ->
                    gram(
                        slopes,
                        side * half,
                        Math.min(slopes.length, (side + 1) * half),
                        stride,
                        places,
                        features))
            .toArray(double[][]::new);
    for (int k = 0; k < halves[0].length; k++) {
      halves[0][k] += halves[1][k];
    }
    return halves[0];
  }

  private double[] gram(
      double[][] slopes, int from, int until, long stride, int[] places, int features) {
    double[] gram = new double[(features + 1) * (features + 1)];
    for (int k = from; k < until; k++) {
      double[] kept = new double[slopes[k].length];
      for (int i = 0; i < kept.length; i += Math.toIntExact(stride)) {
        kept[i] = slopes[k][i];
      }
      rows.get(k).addGram(kept, places, features, gram);
    }
    return gram;
  }

  /**
   * Every how-manieth row the Gram matrix is of: dense rows are so expensive and so telling that
   * not all are needed, but five for each feature.
   */
  private long stride(int[] places, int features) {
    long products = 0;
    long sampled = 0;
    for (CsrBlock part : rows) {
      products += part.products(places);
      sampled += part.rows();
    }
    return Math.max(1, Math.min(products / MOST_PRODUCTS, sampled / (5L * features + 1)));
  }

  /** Brings the bordered Gram matrix to the diagonal's scale, and the block's means to its. */
  private static void scale(
      double[] gram, int[] block, double[] diagonal, double[] means, double mean) {
    int width = block.length + 1;
    double[] scales = new double[width];
    double constant = gram[gram.length - 1];
    scales[block.length] = constant > 0 ? Math.sqrt(mean / constant) : 0;
    for (int k = 0; k < block.length; k++) {
      double own = gram[k * width + k];
      scales[k] = own > 0 ? Math.sqrt(diagonal[block[k]] / own) : 0;
    }
    for (int j = 0; j < width; j++) {
      for (int k = j; k < width; k++) {
        gram[j * width + k] *= scales[j] * scales[k];
      }
    }
    for (int k = 0; k < block.length; k++) {
      means[block[k]] = gram[k * width + block.length];
    }
  }
}
