package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * Rprop (Riedmiller and Braun 1993), PyTorch's form and a whole rule: a step size s for each entry
 * grows by {@code up} while the gradient keeps its sign and shrinks by {@code down} when it
 * changes, and then the gradient counts as 0; u ← −sign(g) s. For full batches only: noise changes
 * signs.
 *
 * <p>optax applies the step of the call before ({@link Applied#LATER}): its first step is 0, and
 * where the gradient turns neither the old step nor the new one is taken.
 *
 * @param initial s of the first step
 * @param down in (0, 1)
 * @param up above 1
 * @param least s at least
 * @param most s at most
 */
public record Rprop(
    double initial, double down, double up, double least, double most, Applied applied)
    implements GradientTransform<Rprop.State> {
  private static final long serialVersionUID = 1L;

  /** When a step is taken. */
  public enum Applied {
    AT_ONCE,
    /** At the next call. */
    LATER
  }

  public Rprop {
    Ranges.checkAboveZero("initial", initial);
    if (!(down > 0 && down < 1 && up > 1)) {
      throw new IllegalArgumentException("down is in (0, 1) and up above 1: " + down + ", " + up);
    }
    Ranges.checkNotNegative("least", least);
    Ranges.checkOrder("least-step", least, "largest-step", most);
  }

  /** As soon as it is known. */
  public Rprop(double initial, double down, double up, double least, double most) {
    this(initial, down, up, least, most, Applied.AT_ONCE);
  }

  /** The gradient before, and s. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] before, double[] size) {}

  @Override
  public State init(int dimension) {
    double[] size = new double[dimension];
    Arrays.fill(size, initial);
    return new State(new double[dimension], size);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] before = state.before();
    double[] size = state.size();
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      double agreement = Math.signum(g) * Math.signum(before[j]);
      double earlier = agreement < 0 ? 0 : -Math.signum(before[j]) * size[j];
      double factor = agreement > 0 ? up : agreement < 0 ? down : 1;
      size[j] = Math.min(Math.max(size[j] * factor, least), most);
      double kept = agreement < 0 ? 0 : g;
      before[j] = kept;
      updates[j] = applied == Applied.LATER ? earlier : -Math.signum(kept) * size[j];
    }
    return new State(before, size);
  }

  @Override
  public double learningRate(long step) {
    return initial;
  }
}
