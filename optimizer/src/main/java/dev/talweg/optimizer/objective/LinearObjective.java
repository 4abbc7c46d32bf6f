package dev.talweg.optimizer.objective;

import java.util.List;
import java.util.Optional;

/**
 * An objective that is linear in its parameters up to a pointwise loss: a ray can be searched
 * without passes over the features, and its curvature is a weighted Gram matrix.
 *
 * <p>Parameters are d weights and, last, the intercept.
 */
public interface LinearObjective extends RayObjective {

  /** What a preconditioner needs, at the point evaluated or moved to last. */
  Curvature curvature();

  @Override
  default Curvatures curvatures() {
    return new Curvatures(List.of(curvature()), new int[1], Validity.HERE);
  }

  /**
   * A certificate of optimality at {@code parameters}; two passes. Empty where no dual is at hand.
   */
  @Override
  Optional<Certificate> certify(double[] parameters);

  /**
   * A ray, with the intercept free beside it; where there are many intercepts, one direction among
   * them that the objective chooses.
   */
  interface Ray {
    /** Slopes at w + step·p, b + step·p_b + shift. Costs no pass over features. */
    Slopes at(double step, double shift);

    /**
     * Evaluates there and makes it the point that {@link #curvature} and the next ray start from.
     */
    Evaluation move(double step, double shift);

    /** The parameters there, in the same bits as {@link #move} has them. */
    double[] point(double step, double shift);
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
