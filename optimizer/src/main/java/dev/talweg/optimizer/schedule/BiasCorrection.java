package dev.talweg.optimizer.schedule;

/**
 * r(t) = (1 − βᵗ⁺¹)ᵖ: the share of a running mean that has begun, as a factor of a rate. With p =
 * 1/2 it corrects a root mean square, with p = −1 a mean.
 *
 * @param decay β, in [0, 1)
 * @param power p
 */
public record BiasCorrection(double decay, double power) implements Schedule {
  private static final long serialVersionUID = 1L;

  @Override
  public double at(long step) {
    double begun = 1 - StrictMath.pow(decay, step + 1.0);
    return power == 0.5 ? Math.sqrt(begun) : StrictMath.pow(begun, power);
  }
}
