package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * u ← u − r_t x: decoupled decay (Loshchilov and Hutter 2019) as the last word of a chain, in units
 * of a share of the parameters a step. With r = λ η_t it is the decay of PyTorch's AdamW, Keras and
 * optax, which halves with the learning rate; with r = λ of its own schedule, the paper's.
 *
 * @param rate r, of all parameters
 */
public record DecayWeights(Schedule rate) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  @Override
  public void update(double[] updates, Step step) {
    double r = step.now(rate);
    double[] parameters = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      updates[j] -= r * parameters[j];
    }
  }
}
