package dev.talweg.optimizer.objective;

/**
 * The passes over data that a softmax objective needs, with margins Z = XW + b, K a row, that are
 * kept beside the data: {@link LinearPasses} for K classes. All sums are plain, not divided by the
 * total weight, and run left to right over the rows of a partition and then over the partitions.
 *
 * <p>A {@link #move} is tentative, as there: the next {@link #project} or {@link #evaluate} makes
 * it final, any other call starts again from where the ray began.
 */
public interface MultinomialPasses {

  /** Frees what is kept between passes. */
  default void close() {}

  /** Number of features d. */
  int features();

  /** Number of classes K. */
  int classes();

  /** Whether the intercepts stay at zero: sums then are of the rest. */
  default boolean pinned() {
    return false;
  }

  /** Σω of each class, by labels: K numbers, no pass over features. */
  double[] classWeights();

  /**
   * Margins anew from parameters (d × K weights, then K intercepts).
   *
   * @return (d + 1) K + 1 sums: XᵀR, Σ of the rows of R, and Σωℓ, with R = ω ∂ℓ/∂Z
   */
  double[] evaluate(double[] parameters);

  /** Margins anew from parameters, without a gradient. */
  void place(double[] parameters);

  /** Computes U = XP + p_b for a direction, and the slopes at Z + step·U + shifts. */
  ClassSlopes project(double[] direction, double step, double[] shifts);

  /** The slopes at Z + step·U + shifts: no pass over features. */
  ClassSlopes slopes(double step, double[] shifts);

  /** Moves the margins to Z + step·U + shifts and returns what {@link #evaluate} would. */
  double[] move(double step, double[] shifts);

  /** The slopes at the margins with shifts, and no ray. */
  ClassSlopes interceptSlopes(double[] shifts);

  /** What a row counts in {@link #gram}. */
  enum RowWeight {
    /** ω Σ_k p_k(1 − p_k) at the margins. */
    CURVATURE,
    /** ω. */
    OWN
  }

  /**
   * Σ h x xᵀ over every {@code every}-th row, laid out as {@code Block.addGram}; then, over all
   * rows, the K sums Σ ω p_k(1 − p_k).
   */
  double[] gram(int every, RowWeight h);

  /** With h_k = ω p_k(1 − p_k): Σ h_k x_j², Σ h_k x_j (d × K numbers each) and Σ h_k. */
  double[] squares();

  /**
   * What the dual needs at the probabilities of Z + shifts, of which each row keeps {@code kept[k]}
   * of class k, and gives what it loses to the classes by {@code shares}, which sum to 1.
   *
   * @return (d + 1) K + 1 sums: XᵀΘ, Σ of the rows of Θ, and Σ ω ℓ*(θ/ω)
   */
  double[] dual(double[] shifts, double[] kept, double[] shares);
}
