package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * x ← (x + u)/(1 + r_t): the proximal step of the penalty r/2 ‖x‖² after a rule's own, as the last
 * word of a chain. Adan's decay in its paper (Xie et al. 2022), with r = λ η_t.
 *
 * @param rate r, of all parameters
 */
public record DecayProximally(Schedule rate) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  @Override
  public void update(double[] updates, Step step) {
    double r = step.now(rate);
    double[] x = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      updates[j] = (updates[j] - r * x[j]) / (1 + r);
    }
  }
}
