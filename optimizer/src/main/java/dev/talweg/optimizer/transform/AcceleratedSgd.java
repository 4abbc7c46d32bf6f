package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * AccSGD (Kidambi et al. 2018, after Jain et al. 2018), a whole rule: a point y that takes long
 * steps and forgets slowly, and parameters that take short ones and are drawn to it. With β =
 * ξc²/κ, ζ = c/(c + β): y ← (1 − β) y + β (x − η κ/c g), x ← ζ (x − η g) + (1 − ζ) y. It begins at
 * y = x.
 *
 * @param learningRate η of the short steps
 * @param ratio κ, above 0: of long steps to short ones
 * @param advantage ξ, above 0: at most √κ in the paper
 * @param constant c, in (0, 1)
 */
public record AcceleratedSgd(Schedule learningRate, double ratio, double advantage, double constant)
    implements GradientTransform<AcceleratedSgd.State> {
  private static final long serialVersionUID = 1L;

  public AcceleratedSgd {
    Ranges.checkAboveZero("ratio", ratio);
    Ranges.checkAboveZero("advantage", advantage);
    if (!(constant > 0 && constant < 1)) {
      throw new IllegalArgumentException("constant is in (0, 1), not " + constant);
    }
  }

  /** y, and whether it has begun. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] far, boolean begun) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], false);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] far = state.far();
    double[] x = step.parameters();
    if (!state.begun()) {
      System.arraycopy(x, 0, far, 0, far.length);
    }
    double rate = step.now(learningRate);
    double beta = advantage * constant * constant / ratio;
    double drawn = beta / (constant + beta); // 1 − ζ
    for (int j = 0; j < updates.length; j++) {
      double near = -rate * updates[j];
      far[j] += beta * (x[j] - far[j] + ratio / constant * near);
      updates[j] = near + drawn * (far[j] - x[j] - near);
    }
    return new State(far, true);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
