package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.schedule.Schedule;

/** u ← −η_t u: the last word of most sentences, which turns uphill into a step down. */
public record ScaleByLearningRate(Schedule rate) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  @Override
  public void update(double[] updates, Step step) {
    double scale = -step.now(rate);
    Strips.each(
        updates.length,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            updates[j] *= scale;
          }
        });
  }

  @Override
  public double learningRate(long step) {
    return rate.at(step);
  }
}
