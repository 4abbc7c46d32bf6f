package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Schedule;

/**
 * u ← u + λ x, of all parameters, a model's intercept included: before the momentum it is a ridge
 * penalty as PyTorch's {@code weight_decay}; after an adaptive scaling it is decoupled decay
 * (Loshchilov and Hutter 2019).
 *
 * @param rate λ, at least 0
 */
public record AddDecayedWeights(Schedule rate) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  /** At the same rate at every step. */
  public AddDecayedWeights(double rate) {
    this(new Constant(rate));
  }

  @Override
  public void update(double[] updates, Step step) {
    double lambda = rate.at(step.number());
    double[] parameters = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      updates[j] += lambda * parameters[j];
    }
  }
}
