package dev.talweg.optimizer.objective;

import java.util.Optional;

/**
 * An objective that is linear in its parameters up to a pointwise loss: a ray can be searched
 * without passes over the features, and its curvature is a weighted Gram matrix.
 *
 * <p>Parameters are d weights and, last, the intercept.
 */
public interface LinearObjective extends Objective {

  /** The ray from {@code parameters} along {@code direction}. */
  Ray along(double[] parameters, double[] direction);

  /** What a preconditioner needs, at the point evaluated or moved to last. */
  Curvature curvature();

  /**
   * The parameters to start from: zero weights and the intercept that the labels' mean suggests.
   */
  double[] prior();

  /** λ_j of each weight: d numbers, none negative. */
  double[] penalties();

  /**
   * Ridge, l1 and bounds. {@link #evaluate} and rays are of the smooth part, the mean loss and the
   * ridge, alone; what is not smooth is for the minimizer to add.
   */
  default Penalty penalty() {
    return Penalty.ridge(penalties());
  }

  /**
   * A lower bound of the optimum, from the point evaluated or moved to last: two scalar jobs on its
   * margins. NaN where there is none.
   *
   * @param parameters that point
   * @param gradient of the smooth part there
   */
  default double lowerBound(double[] parameters, double[] gradient) {
    return Double.NaN;
  }

  /**
   * A certificate of optimality at {@code parameters}; two passes. Empty where no dual is at hand.
   */
  Optional<Certificate> certify(double[] parameters);

  /** A ray, with the intercept free beside it. */
  interface Ray {
    /** Slopes at w + step·p, b + step·p_b + shift. Costs no pass over features. */
    Slopes at(double step, double shift);

    /**
     * Evaluates there and makes it the point that {@link #curvature} and the next ray start from.
     */
    Evaluation move(double step, double shift);
  }

  /**
   * The curvature of the mean loss, without the penalty.
   *
   * @param gram for an exact matrix: mean of h x xᵀ as {@code Block.addGram} lays it out; else
   *     empty
   * @param squares mean of h x_j²; empty where gram is given
   * @param means mean of h x_j; empty where gram is given
   * @param total mean of h
   */
  record Curvature(double[] gram, double[] squares, double[] means, double total) {}

  /**
   * Two values that enclose the optimum: f at the point, and the dual at a feasible point.
   *
   * @param primal the objective, evaluated anew
   * @param dual a lower bound of the optimum, up to rounding
   */
  record Certificate(double primal, double dual) {
    /** (primal − dual)/|primal|: an upper bound of the relative distance to the optimum. */
    public double relativeGap() {
      return (primal - dual) / Math.max(Math.abs(primal), Double.MIN_NORMAL);
    }
  }
}
