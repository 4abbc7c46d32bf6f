package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * AddSign and PowerSign (Bello et al. 2017): steps are longer where the gradient agrees with its
 * running mean. m ← β m + (1 − β) u, s = f_t sign(u) sign(m), and u ← (a + s) u, or u ← eᵃˢ u.
 *
 * @param decay β, in [0, 1)
 * @param strength a, at least 0; of POWER the logarithm of the paper's base
 * @param fading f, which falls to 0 in the paper
 */
public record ScaleByAgreement(double decay, double strength, Schedule fading, Form form)
    implements GradientTransform<ScaleByAgreement.State> {
  private static final long serialVersionUID = 1L;

  /** What agreement does. */
  public enum Form {
    ADD,
    POWER
  }

  public ScaleByAgreement {
    Ranges.checkShare("decay", decay);
    Ranges.checkNotNegative("strength", strength);
  }

  /** m. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double f = step.now(fading);
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      m[j] = decay * m[j] + (1 - decay) * u;
      double s = f * Math.signum(u) * Math.signum(m[j]);
      updates[j] = u * (form == Form.ADD ? strength + s : StrictMath.exp(strength * s));
    }
    return new State(m);
  }
}
