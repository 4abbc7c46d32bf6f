package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * One pass of normalized Adagrad over the rows of one partition, a row at a time (Duchi, Hazan and
 * Singer, JMLR 12 (2011); Ross, Mineiro and Langford, UAI 2013), of the loss without its penalty. A
 * pure function of the shard, the parameters and the rate.
 *
 * <p>With g = ω ℓ'(z) x_j of a row, G_j ← G_j + g² and w_j ← w_j − r g/(m_j √G_j), where m_j is the
 * largest |x_j| so far; where it grows, what w_j has moved shrinks by as much. So no scale of a
 * feature matters. G_j is the weight's precision as far as squared gradients tell, so partitions
 * are merged coordinate by coordinate by it (Agarwal et al., JMLR 15 (2014)), and there the ridge
 * takes its share: w_j = Σ G_j w_j/(Σ G_j + W l2_j), the minimizer of Σ ½ G_j (u − w_j)² + ½ W l2_j
 * u².
 *
 * <p><b>Order.</b> Blocks as they are stored and the rows of each shuffled: of blocks by feature
 * one at a time is laid out by rows. In rows that are sorted by their label the pass forgets the
 * first ones.
 *
 * @param parameters d weights, then the intercept
 * @param rate r, above 0
 * @param intercept whether the pass moves it
 */
public record OnlinePass(double[] parameters, double rate, Intercept intercept)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long SEED = 0x0_11E;

  /**
   * G_j (w_j − the weight before), then G_j, by feature; then both of the intercept: 2d + 2 sums.
   */
  public SparseArray over(Shard shard, int partition, PointwiseLoss loss) {
    int width = shard.width();
    double[] before = shard.gather(parameters);
    double[] w = before.clone();
    double[] squares = new double[width];
    double[] largest = new double[width];
    double interceptSquares = 0;
    double[] slope = new double[1];
    double[] label = new double[1];
    for (int k = 0; k < shard.blocks().size(); k++) {
      CsrBlock block = shard.blocks().get(k).sparse();
      double @Nullable [] weights = block.weights();
      double @Nullable [] offsets = block.offsets();
      for (int i : CounterRandom.permutation(block.rows(), SEED, partition, k)) {
        slope[0] = block.rowDot(i, w) + w[width] + (offsets == null ? 0 : offsets[i]);
        label[0] = block.labels()[i];
        loss.differentiate(slope, label, null, 1);
        double g = (weights == null ? 1 : weights[i]) * slope[0];
        if (g != 0) {
          block.descend(i, g, rate, before, w, squares, largest);
          if (intercept == Intercept.FREE) {
            interceptSquares += g * g;
            w[width] -= rate * g / Math.sqrt(interceptSquares);
          }
        }
      }
    }
    double[] sums = new double[2 * width + 2];
    for (int j = 0; j < width; j++) {
      sums[j] = squares[j] * (w[j] - before[j]);
      sums[width + j] = squares[j];
    }
    sums[2 * width] = interceptSquares * (w[width] - before[width]);
    sums[2 * width + 1] = interceptSquares;
    return PartitionPasses.spread(shard, sums, 1, 2);
  }

  /**
   * The parameters that the sums of all partitions give; one that no row moved stays what it was.
   *
   * @param weight W
   */
  double[] merged(double[] sums, double[] ridge, double weight) {
    int d = ridge.length;
    double[] merged = parameters.clone();
    for (int j = 0; j < d; j++) {
      double precision = sums[d + j];
      if (precision > 0) {
        double mean = parameters[j] + sums[j] / precision;
        merged[j] = precision * mean / (precision + weight * ridge[j]);
      }
    }
    if (sums[2 * d + 1] > 0) {
      merged[d] += sums[2 * d] / sums[2 * d + 1];
    }
    return merged;
  }
}
