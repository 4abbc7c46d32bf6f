package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.sigmoid;
import static dev.talweg.optimizer.kernel.Exponentials.softplus;

/**
 * The logistic loss with less weight on rows that are right already, for rare classes (Lin et al.,
 * ICCV 2017): with m = (2y − 1) z, p = σ(m), q = 1 − p and l = log(1 + e⁻ᵐ), ℓ = qᵞ l. The paper's
 * α is a weight of the class.
 *
 * <p>It is not convex: where a row is far on the wrong side its curvature is below 0. {@link
 * #predict} is σ(z), as where the loss comes from, but the expected loss is not smallest at the
 * true probability.
 *
 * @param gamma γ, above 0; with 0 it would be the logistic loss
 */
public record FocalLoss(double gamma) implements ClassLoss {
  private static final long serialVersionUID = 1L;

  public FocalLoss {
    Ranges.positive("gamma", gamma);
  }

  @Override
  public String name() {
    return "focal";
  }

  @Override
  public boolean convex() {
    return false;
  }

  @Override
  public double at(double m) {
    return StrictMath.pow(sigmoid(-m), gamma) * softplus(-m);
  }

  /** −qᵞ (γ p l + q). */
  @Override
  public double slope(double m) {
    double q = sigmoid(-m);
    return -StrictMath.pow(q, gamma) * (gamma * sigmoid(m) * softplus(-m) + q);
  }

  /** qᵞ p (γ l (γ p − q) + (2γ + 1) q). */
  @Override
  public double curvature(double m) {
    double p = sigmoid(m);
    double q = sigmoid(-m);
    double bend = gamma * softplus(-m) * (gamma * p - q) + (2 * gamma + 1) * q;
    return StrictMath.pow(q, gamma) * p * bend;
  }

  /** What is known of it without a search: ℓ is never below 0. */
  @Override
  public double conjugate(double t) {
    return t == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  /** That of the logistic loss, a guess. */
  @Override
  public double prior(double meanLabel) {
    return new LogisticLoss().prior(meanLabel);
  }

  @Override
  public double predict(double margin) {
    return sigmoid(margin);
  }
}
