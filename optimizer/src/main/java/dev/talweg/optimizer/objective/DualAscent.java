package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.DualLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some passes of stochastic dual coordinate ascent over the rows of one partition (SDCA:
 * Shalev-Shwartz and Zhang, JMLR 14 (2013); as the local solver of CoCoA+: Ma et al., ICML 2015,
 * Smith et al., JMLR 18:230 (2018)). A pure function of the shard, the vectors here and the
 * multipliers that it starts from.
 *
 * <p><b>The problem.</b> Features are centred at m, so that the intercept c stands for itself, and
 * c has a proximal term ½ (c − c₀)²/s_b. With S = diag(s), s_j = 1/l2_j, the dual of row i alone is
 * ℓ*(θ) − c_i θ + ½ q_i θ², with q_i = σ' (ω_i/W) (x̃_iᵀ S x̃_i + s_b) and c_i = z_i + q_i θ_i; a
 * step from θ to θ' moves w by t S x̃_i and c by t s_b, t = −σ' (ω_i/W) (θ' − θ). The factor σ' ≥ 1
 * is what makes it safe to add up what the partitions find.
 *
 * <p><b>Centring without dense rows.</b> w = v − τ S m with sparse steps in v and one number τ =
 * Σt, so x̃_i·w = x_i·v − τ a_i − μ with a_i = x_i·S m, kept for each row, and μ = w·m, which a
 * step moves by t (a_i − m·S m). A step costs two products with the row and nothing of size d.
 *
 * @param parameters w, and at d the centred intercept c
 * @param scales s, and at d s_b; 0 there keeps the intercept where it is
 * @param means m, and at d 0; all 0 where there is no intercept that could make up for them
 * @param weight W
 * @param safety σ'
 * @param passes over the rows
 * @param round the number of the round, which the order of rows depends on
 */
public record DualAscent(
    double[] parameters,
    double[] scales,
    double[] means,
    double weight,
    double safety,
    int passes,
    long round)
    implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final long SEED = 0xD0A1;

  /** What {@link #sums} has behind its two vectors. */
  public static final int TAIL = 4;

  /**
   * What a partition found.
   *
   * @param multipliers θ, row by row through the blocks
   * @param sums see {@link DualAscent#sums}
   */
  public record Found(double[] multipliers, SparseArray sums) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** From multipliers as long as the shard has rows; an empty array stands for zeros. */
  public Found climb(Shard shard, int partition, PointwiseLoss loss, double[] multipliers) {
    if (!(loss instanceof DualLoss dual)) {
      throw new IllegalArgumentException("the loss " + loss.name() + " has no dual step");
    }
    int rows = Math.toIntExact(shard.rows());
    double[] theta = multipliers.length == 0 ? new double[rows] : multipliers.clone();
    if (passes > 0 && rows > 0) {
      new Climb(shard, dual).over(partition, theta);
    }
    return new Found(theta, sums(shard, theta));
  }

  /** The running state of one climb. */
  private final class Climb {
    private final List<CsrBlock> blocks;
    private final int[] firsts;
    private final DualLoss loss;
    private final double[] v;
    private final double[] s;
    private final double[] products; // a
    private final double spread; // m·S m
    private final double interceptScale;
    private double centre; // μ
    private double intercept;
    private double total; // τ

    Climb(Shard shard, DualLoss loss) {
      this.loss = loss;
      this.blocks = shard.blocks().stream().map(Block::sparse).toList();
      this.firsts = new int[blocks.size() + 1];
      for (int k = 0; k < blocks.size(); k++) {
        firsts[k + 1] = firsts[k] + blocks.get(k).rows();
      }
      int d = parameters.length - 1;
      double ownSpread = 0;
      for (int j = 0; j < d; j++) {
        centre += parameters[j] * means[j];
        ownSpread += scales[j] * means[j] * means[j];
      }
      this.spread = ownSpread;
      this.intercept = parameters[d];
      this.interceptScale = scales[d];
      this.v = shard.gather(parameters).clone();
      this.s = shard.gather(scales);
      this.products = products(shard.gather(means));
    }

    private double[] products(double[] m) {
      double[] scaled = new double[s.length];
      for (int j = 0; j < s.length; j++) {
        scaled[j] = s[j] * m[j];
      }
      double[] all = new double[firsts[blocks.size()]];
      for (int k = 0; k < blocks.size(); k++) {
        for (int i = 0; i < blocks.get(k).rows(); i++) {
          all[firsts[k] + i] = blocks.get(k).rowDot(i, scaled);
        }
      }
      return all;
    }

    void over(int partition, double[] theta) {
      for (int pass = 0; pass < passes; pass++) {
        long turn = round * passes + pass;
        for (int row : CounterRandom.permutation(theta.length, SEED, partition, turn)) {
          int found = Arrays.binarySearch(firsts, row);
          int k = found >= 0 ? found : -found - 2;
          while (firsts[k + 1] == row) { // blocks without rows begin where the next one does
            k++;
          }
          theta[row] = step(blocks.get(k), row - firsts[k], products[row], theta[row]);
        }
      }
    }

    private double step(CsrBlock block, int i, double product, double theta) {
      double @Nullable [] weights = block.weights();
      double @Nullable [] offsets = block.offsets();
      double share = safety * (weights == null ? 1 : weights[i]) / weight;
      if (!(share > 0)) {
        return theta;
      }
      double margin =
          block.rowDot(i, v)
              - total * product
              - centre
              + intercept
              + (offsets == null ? 0 : offsets[i]);
      double norm = Math.max(block.rowSquares(i, s) - 2 * product + spread, 0) + interceptScale;
      double q = share * norm;
      double next = loss.multiplier(margin + q * theta, q, block.labels()[i]);
      double t = -share * (next - theta);
      if (t != 0) {
        block.addRow(i, t, s, v);
        total += t;
        centre += t * (product - spread);
        intercept += t * interceptScale;
      }
      return next;
    }
  }

  /**
   * Xᵀωθ of the multipliers above zero and of those below, then Σωθ and Σωθ² of either: 2d + 4
   * numbers.
   */
  static SparseArray sums(Shard shard, double[] theta) {
    int width = shard.width();
    double[] all = new double[2 * width + TAIL];
    int first = 0;
    for (Block block : shard.blocks()) {
      int rows = block.rows();
      double @Nullable [] weights = block.weights();
      for (int side = 0; side < 2; side++) {
        double[] multipliers = new double[rows];
        for (int i = 0; i < rows; i++) {
          double each = theta[first + i];
          double weight = weights == null ? 1 : weights[i];
          multipliers[i] = weight * (side == 0 ? Math.max(each, 0) : Math.min(each, 0));
          all[2 * width + 2 * side] += multipliers[i];
          all[2 * width + 2 * side + 1] += multipliers[i] * each;
        }
        double[] sums = new double[width];
        block.addTransposed(0, rows, multipliers, sums);
        for (int j = 0; j < width; j++) {
          all[side * width + j] += sums[j];
        }
      }
      first += rows;
    }
    return PartitionPasses.spread(shard, all, 1, 2);
  }

  /** Σ ω ℓ*(θ), less Σ ωθo where rows have offsets o, with θ scaled by its sign: one number. */
  public static SparseArray conjugate(
      Shard shard, PointwiseLoss loss, double[] theta, double positive, double negative) {
    double[] sum = new double[1];
    int first = 0;
    for (Block block : shard.blocks()) {
      double @Nullable [] weights = block.weights();
      double @Nullable [] offsets = block.offsets();
      for (int i = 0; i < block.rows(); i++) {
        double weight = weights == null ? 1 : weights[i];
        double each = theta.length == 0 ? 0 : theta[first + i];
        each *= each > 0 ? positive : negative;
        if (weight > 0) {
          double shifted = offsets == null ? 0 : each * offsets[i];
          sum[0] += weight * (loss.conjugate(each, block.labels()[i]) - shifted);
        }
      }
      first += block.rows();
    }
    return SparseArray.dense(sum);
  }

  /** ∂ℓ/∂z at margins, without weights: multipliers that are feasible. */
  public static double[] slopes(Shard shard, double[][] margins, PointwiseLoss loss) {
    double[] theta = new double[Math.toIntExact(shard.rows())];
    int first = 0;
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] slopes = margins[k].clone();
      loss.differentiate(slopes, block.labels(), null, block.rows());
      System.arraycopy(slopes, 0, theta, first, slopes.length);
      first += slopes.length;
    }
    return theta;
  }

  /** Σωℓ at the margins with each of some shifts added. */
  public static SparseArray values(
      Shard shard, double[][] margins, PointwiseLoss loss, double[] shifts) {
    double[] values = new double[shifts.length];
    for (int k = 0; k < margins.length; k++) {
      Block block = shard.blocks().get(k);
      double[] moved = new double[block.rows()];
      for (int s = 0; s < shifts.length; s++) {
        for (int i = 0; i < moved.length; i++) {
          moved[i] = margins[k][i] + shifts[s];
        }
        values[s] += loss.value(moved, block.labels(), block.weights(), block.rows());
      }
    }
    return SparseArray.dense(values);
  }
}
