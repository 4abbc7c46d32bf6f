package dev.talweg.optimizer.loss;

import static dev.talweg.optimizer.kernel.Exponentials.expNonPositive;

import dev.talweg.optimizer.kernel.Exponentials;

/**
 * ℓ = log cosh(z − y): half the squared residual near 0, |r| − log 2 far out; the likelihood of the
 * hyperbolic secant distribution.
 */
public record LogCoshLoss() implements ResidualLoss {
  private static final long serialVersionUID = 1L;

  @Override
  public String name() {
    return "log-cosh";
  }

  @Override
  public double at(double residual) {
    double size = Math.abs(residual);
    if (size < 1) {
      double sinh = StrictMath.sinh(size);
      return 0.5 * StrictMath.log1p(sinh * sinh);
    }
    return size + Exponentials.log1pUnit(expNonPositive(-2 * size)) - Exponentials.LN2;
  }

  @Override
  public double slope(double residual) {
    return StrictMath.tanh(residual);
  }

  /** 1/cosh², of e^(−2|r|). */
  @Override
  public double curvature(double residual) {
    double u = expNonPositive(-2 * Math.abs(residual));
    return 4 * u / ((1 + u) * (1 + u));
  }

  /** ((1 + θ) log(1 + θ) + (1 − θ) log(1 − θ))/2, feasible for |θ| ≤ 1. */
  @Override
  public double conjugate(double multiplier) {
    double size = Math.abs(multiplier);
    if (size > 1) {
      return Double.POSITIVE_INFINITY;
    }
    double above = (1 + size) * StrictMath.log1p(size);
    return 0.5 * (size == 1 ? above : above + (1 - size) * StrictMath.log1p(-size));
  }
}
