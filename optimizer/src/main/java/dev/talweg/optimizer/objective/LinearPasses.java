package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import java.util.List;

/**
 * The passes over data that a linear objective needs, with margins z = Xw + b that are kept beside
 * the data; a list of partitions or a cluster is behind it. All sums are plain, not divided by the
 * total weight, and run left to right over the rows of a partition and then over the partitions.
 *
 * <p>The margins are a cache of a pure function of the calls made so far: an implementation that
 * loses them must give the same bits when asked again. A {@link #move} is tentative: the next
 * {@link #project} or {@link #evaluate} makes it final, any other call starts again from where the
 * ray began.
 */
public interface LinearPasses {

  /** Frees what is kept between passes. */
  default void close() {}

  /** Number of features d. */
  int features();

  /** Whether the intercept, and maybe some weights, stay at zero: sums then are of the rest. */
  default boolean pinned() {
    return false;
  }

  /**
   * As what the gradient of {@link #evaluate} and {@link #move} travels; nothing else is rounded.
   */
  default Wire wire() {
    return Wire.DOUBLE;
  }

  /**
   * Margins anew from parameters (d weights, then the intercept).
   *
   * @return d + 2 sums: Xᵀm, Σm and Σωℓ, with m = ω ∂ℓ/∂z
   */
  double[] evaluate(double[] parameters);

  /** Margins anew from parameters, without a gradient. */
  void place(double[] parameters);

  /** Σωℓ at the margins: no pass over features. */
  double value();

  /** Computes u = Xp + p_b for a direction, and the slopes at z + step·u + shift. */
  Slopes project(double[] direction, double step, double shift);

  /** The slopes at z + step·u + shift: no pass over features. */
  Slopes slopes(double step, double shift);

  /** Moves the margins to z + step·u + shift and returns what {@link #evaluate} would. */
  double[] move(double step, double shift);

  /** Σ h x xᵀ with h = ω ∂²ℓ/∂z² at the margins, laid out as {@code Block.addGram}. */
  double[] gram();

  /** Σ h x_j² (d numbers), Σ h x_j (d numbers) and Σ h. */
  double[] squares();

  /**
   * Rows that a hash of (seed, partition, row) chooses, each with this probability, with the
   * model's feature numbers, by partition. Does not touch margins.
   */
  List<Block> sample(double share, long seed);

  /** Makes a move final and forgets the ray: u = 0. */
  void settle();

  /**
   * Computes v = Xp + p_b for a direction, beside margins and ray.
   *
   * @return d + 1 sums: Xᵀ(h v) and Σ h v, with h = ω ∂²ℓ/∂z² at the margins
   */
  double[] curve(double[] direction);

  /**
   * Lets the ray grow: u ← u + step·v with the v of the last {@link #curve}; no pass over features.
   */
  void extend(double step);

  /**
   * Σm and Σm²/ω of the multipliers m above zero, then of those below: the scales for {@link #dual}
   * follow. Then Σωℓ: no pass over features.
   */
  double[] multiplierSums();

  /**
   * Σ ω ℓ*(θ/ω) for several pairs of scales of the multipliers above and below zero: no pass over
   * features.
   */
  double[] conjugates(double[] positiveScales, double[] negativeScales);

  /**
   * Xᵀθ, d sums, for multipliers θ that are scaled where positive and where negative; what else the
   * dual needs is {@link #conjugates}.
   */
  double[] dual(double positiveScale, double negativeScale);

  /**
   * Climbs the dual within each partition, from multipliers by partition (none for zeros), to which
   * it adds nothing of its own: the multipliers found and, added up, {@link DualAscent#sums}. Does
   * not touch margins.
   */
  Climbed climb(DualAscent ascent, List<double[]> multipliers);

  /** The sums of {@link OnlinePass#over} over the partitions. Does not touch margins. */
  double[] online(OnlinePass pass);

  /** Multipliers by partition, row by row, and the 2d + 4 sums of {@link DualAscent#sums}. */
  record Climbed(List<double[]> multipliers, double[] sums) {}

  /** Σωℓ*(θ) of such multipliers, scaled by their sign. Does not touch margins. */
  double conjugate(List<double[]> multipliers, double positiveScale, double negativeScale);

  /** The slopes ∂ℓ/∂z at the margins, without weights, by partition and row by row. */
  List<double[]> slopes();

  /** Σωℓ at the margins with each of some shifts added: no pass over features. */
  double[] values(double[] shifts);
}
