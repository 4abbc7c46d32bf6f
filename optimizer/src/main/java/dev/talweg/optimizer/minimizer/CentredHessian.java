package dev.talweg.optimizer.minimizer;

/**
 * B₀: what a {@link ClassPreconditioner} has the inverse of, a coordinate at a time, and its
 * product with a vector whose coordinates move one by one.
 *
 * <p>Coordinates are the weights, in the order of parameters, and from {@link #weights} on c_k =
 * b_k + m_kᵀw_k/h̄_k in the place of the intercepts, so that no weight meets an intercept.
 */
interface CentredHessian {
  /**
   * @param ridge of each weight, which the preconditioner's curvatures contain
   */
  static CentredHessian of(ClassPreconditioner base, double[] ridge) {
    return base.blockOf().length == 1
        ? new MarginHessian(base.blocks().get(0))
        : new ClassHessian(base, ridge);
  }

  /** How many weights there are. */
  int weights();

  /** How many intercepts. */
  int margins();

  /** The margin that a weight is of. */
  default int margin(int at) {
    return margins() == 1 ? 0 : at % margins();
  }

  /** m of a weight. */
  double mean(int at);

  /** h̄ of a margin. */
  double total(int margin);

  /** (B₀)_jj. */
  double diagonal(int at);

  /**
   * B₀ times a vector that is kept; empty where its entries are those of the vector times the
   * diagonal.
   *
   * @param vector its weights
   * @param factor of the weights
   * @param centred its c
   */
  double[] image(double[] vector, double factor, double[] centred);

  /** B₀ times a vector over some coordinates, at these coordinates. */
  double[] times(int[] coordinates, double[] vector);

  /**
   * An entry of B₀p for the vector p that was moved.
   *
   * @param moved p there
   */
  double product(int at, double moved);

  /** Moves a coordinate of p, which begins at 0. */
  void move(int at, double by);
}
