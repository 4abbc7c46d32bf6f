package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Adagrad by dual averaging (Xiao 2010; Duchi, Hazan and Singer 2011), a whole rule: with all
 * gradients so far, G ← G + g, a ← a + g² and z = b − η G, x = sign(z) max(|z| − η t λ₁, 0)/(√a + η
 * t λ₂). Penalties weigh as the gradients of all steps, so zeros stay zeros longer than by proximal
 * steps.
 *
 * <p>TensorFlow has b = 0: its first step forgets where x was ({@link
 * FollowTheRegularizedLeader.Start#FORGET}). KEEP has b = x √a of the start, which is there at t =
 * 0.
 *
 * @param learningRate η
 * @param initial a before the first step, above 0
 * @param l1 λ₁, at least 0
 * @param l2 λ₂, at least 0
 * @param first t of the first step, at least 0: TensorFlow's class has one more than the count of
 *     steps that it is given
 */
public record AdagradDualAveraging(
    Schedule learningRate,
    double initial,
    double l1,
    double l2,
    long first,
    FollowTheRegularizedLeader.Start start)
    implements GradientTransform<AdagradDualAveraging.State> {
  private static final long serialVersionUID = 1L;

  public AdagradDualAveraging {
    Ranges.checkAboveZero("initial", initial);
    Ranges.checkNotNegative("l1", l1);
    Ranges.checkNotNegative("l2", l2);
    Ranges.checkNotNegative("first", (double) first);
  }

  /** b, G, a and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] begin, double[] sum, double[] square, long steps) {}

  @Override
  public State init(int dimension) {
    double[] square = new double[dimension];
    Arrays.fill(square, initial);
    return new State(new double[dimension], new double[dimension], square, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] sum = state.sum();
    double[] square = state.square();
    double[] x = step.parameters();
    if (state.steps() == 0 && start == FollowTheRegularizedLeader.Start.KEEP) {
      for (int j = 0; j < x.length; j++) {
        state.begin()[j] = x[j] * Math.sqrt(square[j]);
      }
    }
    double eta = step.now(learningRate);
    double so = eta * (first + state.steps());
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      sum[j] += g;
      square[j] += g * g;
      double z = state.begin()[j] - eta * sum[j];
      double target = StepProximally.shrunk(z, so * l1) / (Math.sqrt(square[j]) + so * l2);
      updates[j] = target - x[j];
    }
    return new State(state.begin(), sum, square, state.steps() + 1);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
