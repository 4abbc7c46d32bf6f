package dev.talweg.optimizer.loss;

/**
 * The absolute residual, ℓ = |z − y|, whose minimizer is the median (Laplace); twice the {@link
 * QuantileLoss} of one half.
 *
 * @param smoothing μ in units of the label; 0 for the absolute residual itself
 */
public record AbsoluteLoss(double smoothing) implements InsensitiveLoss {
  private static final long serialVersionUID = 1L;

  public AbsoluteLoss {
    Ranges.notNegative("smoothing", smoothing);
  }

  @Override
  public String name() {
    return "absolute";
  }

  @Override
  public double epsilon() {
    return 0;
  }

  @Override
  public AbsoluteLoss smoothed(double other) {
    return new AbsoluteLoss(other);
  }
}
