package dev.talweg.optimizer.loss;

/**
 * The loss of AdaBoost (Friedman, Hastie and Tibshirani, Annals of Statistics 28 (2000)): with m =
 * (2y − 1) z, ℓ = e⁻ᵐ. Its margin is half the log-odds. Below m = −100 the exponential is continued
 * ({@link LogLink}).
 */
public record ExponentialLoss() implements ClassLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "exponential";
  }

  @Override
  public double at(double m) {
    return LogLink.value(LogLink.exponential(-m), LogLink.beyond(-m));
  }

  @Override
  public double slope(double m) {
    return -LogLink.slope(LogLink.exponential(-m), LogLink.beyond(-m));
  }

  @Override
  public double curvature(double m) {
    return LogLink.exponential(-m);
  }

  /** With p = −sθ: p log p − p, feasible for p ≥ 0. */
  @Override
  public double conjugate(double t) {
    return LogLink.conjugate(-t);
  }

  @Override
  public double prior(double meanLabel) {
    return 0.5 * new LogisticLoss().prior(meanLabel);
  }

  @Override
  public double predict(double margin) {
    return new LogisticLoss().predict(2 * margin);
  }
}
