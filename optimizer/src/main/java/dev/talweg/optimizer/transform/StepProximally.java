package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * The proximal step of λ₁‖x‖₁ + λ₂/2 ‖x‖² after a rule's own, as the last word of a chain: z = x +
 * u, x ← sign(z) max(|z| − r_t λ₁, 0)/(1 + r_t λ₂), in the way of Rockafellar (1976) and of Duchi
 * and Singer (2009): exact zeros. NON_NEGATIVE keeps to x ≥ 0 beside it; without penalties it is
 * the projection of optax' {@code keep_params_nonnegative}.
 *
 * @param rate r, the rate of the steps
 * @param l1 λ₁, at least 0
 * @param l2 λ₂, at least 0
 */
public record StepProximally(Schedule rate, double l1, double l2, Region region)
    implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  /** Where parameters may be. */
  public enum Region {
    ALL,
    NON_NEGATIVE
  }

  public StepProximally {
    Ranges.checkNotNegative("l1", l1);
    Ranges.checkNotNegative("l2", l2);
  }

  @Override
  public void update(double[] updates, Step step) {
    double r = step.now(rate);
    double[] x = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      double z = x[j] + updates[j];
      double inside = region == Region.NON_NEGATIVE ? Math.max(z, 0) : z;
      updates[j] = shrunk(inside, r * l1) / (1 + r * l2) - x[j];
    }
  }

  /** sign(z) max(|z| − by, 0). */
  static double shrunk(double z, double by) {
    return Math.signum(z) * Math.max(Math.abs(z) - by, 0);
  }
}
