package dev.talweg.optimizer.schedule;

/**
 * RAdam's factor of the rate (Liu et al. 2020): with t = step + 1, ρ∞ = 2/(1 − β₂) − 1 and ρ_t = ρ∞
 * − 2tβ₂ᵗ/(1 − β₂ᵗ), r_t = √((ρ_t − 4)(ρ_t − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρ_t)) once ρ_t is above 4.
 *
 * @param decay β₂, in (0.6, 1), so that ρ∞ is above 4
 * @param early the factor before that, at least 0
 */
public record Rectified(double decay, double early) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Rectified {
    Rates.check("early", early);
    if (!(decay > 0.6 && decay < 1)) {
      throw new IllegalArgumentException("beta2 is above 0.6 and below 1, not " + decay);
    }
  }

  /** Whether the variance of 1/√v is tractable. */
  public boolean tractable(long step) {
    return length(step) > 4;
  }

  private double limit() {
    return 2 / (1 - decay) - 1;
  }

  /** ρ_t, the length of the average that √v stands for. */
  public double length(long step) {
    double power = StrictMath.pow(decay, step + 1.0);
    return limit() - 2 * (step + 1.0) * power / (1 - power);
  }

  @Override
  public double at(long step) {
    double limit = limit();
    double length = length(step);
    return length > 4
        ? Math.sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length))
        : early;
  }
}
