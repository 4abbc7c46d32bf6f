package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.stopping.Patience;

/**
 * Updates that shrink when the objective of training stops falling, by the judgement of a {@link
 * Plateau}: u ← s u. The value of a step is judged before the step is scaled, as in optax.
 *
 * @param rule whose rate is s, from 1 on
 * @param every values whose mean is judged as one, at least 1: optax' {@code accumulation_size}
 */
public record ScaleByPlateau(Plateau rule, Patience.Better sense, long every)
    implements GradientTransform<ScaleByPlateau.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByPlateau {
    Ranges.checkCount("every", every);
  }

  /** What was judged, and the mean of values that are not judged yet with their number. */
  public record State(Plateau.State judged, double mean, long waiting) {}

  @Override
  public State init(int dimension) {
    return new State(rule.begin(), 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long seen = state.waiting + 1;
    double mean = state.mean + (step.value() - state.mean) / seen;
    State next =
        seen == every
            ? new State(rule.judged(state.judged, mean, sense), 0, 0)
            : new State(state.judged, mean, seen);
    for (int j = 0; j < updates.length; j++) {
      updates[j] *= next.judged.rate();
    }
    return next;
  }
}
