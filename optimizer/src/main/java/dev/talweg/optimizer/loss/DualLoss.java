package dev.talweg.optimizer.loss;

/**
 * A loss whose dual can be climbed one row at a time: the step of stochastic dual coordinate ascent
 * (Shalev-Shwartz and Zhang, JMLR 14 (2013)) is known, in closed form or by a safeguarded Newton's
 * method. It needs no derivative of ℓ, so a kink is a kink.
 */
public interface DualLoss extends PointwiseLoss {

  /**
   * argmin_θ ℓ*(θ, y) − c θ + ½ q θ², which is ∂ℓ/∂z at the z with z + q θ = c: the slope at the
   * proximal point of c. Feasible for {@link #conjugate} to the last bit.
   *
   * @param centre c, a margin without what the row itself adds to it
   * @param curvature q above 0: what a multiplier of one moves the row's own margin by
   */
  double multiplier(double centre, double curvature, double label);
}
