package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Averaged SGD (Polyak and Juditsky 1992) in PyTorch's form, a whole rule: with η_t = η/(1 + λ η (t
 * − 1))^α, x ← (1 − λ η_t) x − η_t g, and a ← a + (x − a)/max(1, t − 1 − t₀), which is served.
 * PyTorch uses the rate of the step before, hence t − 1.
 *
 * @param learningRate η
 * @param decay λ, at least 0
 * @param power α, at least 0
 * @param from t₀, the step where averaging begins
 */
public record AveragedSgd(Schedule learningRate, double decay, double power, double from)
    implements GradientTransform<AveragedSgd.State> {
  private static final long serialVersionUID = 1L;

  public AveragedSgd {
    Ranges.checkNotNegative("decay", decay);
    Ranges.checkNotNegative("power", power);
    Ranges.checkNotNegative("from", from);
  }

  /** The average and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] average, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] average = state.average();
    double[] x = step.parameters();
    double eta = step.now(learningRate);
    double rate = eta / StrictMath.pow(1 + decay * eta * state.steps(), power);
    double share = 1 / Math.max(1, state.steps() - from);
    for (int j = 0; j < updates.length; j++) {
      updates[j] = -rate * updates[j] - decay * rate * x[j];
      double moved = x[j] + updates[j];
      average[j] = share == 1 ? moved : average[j] + share * (moved - average[j]);
    }
    return new State(average, state.steps() + 1);
  }

  @Override
  public double learningRate(long step) {
    double eta = learningRate.at(step);
    return eta / StrictMath.pow(1 + decay * eta * step, power);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.steps() == 0 ? parameters : state.average();
  }
}
