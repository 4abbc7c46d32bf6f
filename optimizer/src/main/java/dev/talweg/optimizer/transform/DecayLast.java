package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * x ← (1 − r_t)(x + u): decoupled decay after a rule's own step, as the last word of a chain; it
 * shrinks the step too. SOAP's authors and pytorch_optimizer's GaLore have it, with r = λ η_t.
 *
 * @param rate r, of all parameters
 */
public record DecayLast(Schedule rate) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  @Override
  public void update(double[] updates, Step step) {
    double r = step.now(rate);
    double[] x = step.parameters();
    for (int j = 0; j < updates.length; j++) {
      updates[j] -= r * (x[j] + updates[j]);
    }
  }
}
