package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.random.CounterRandom;

/**
 * u ← u + N(0, η/t^γ), t = 1, 2, … (Neelakantan et al. 2015; they write (1 + t) with t from 0). The
 * noise of an entry is a function of (seed, step, entry), so a resumed run draws it again.
 *
 * @param variance η, at least 0
 * @param decay γ, at least 0
 */
public record AddNoise(double variance, double decay, long seed) implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  public AddNoise {
    Ranges.checkNotNegative("variance", variance);
    Ranges.checkNotNegative("decay", decay);
  }

  @Override
  public void update(double[] updates, Step step) {
    double deviation = Math.sqrt(variance / StrictMath.pow(step.number() + 1.0, decay));
    for (int j = 0; j < updates.length; j++) {
      updates[j] += deviation * CounterRandom.gaussian(seed, step.number(), j, 0);
    }
  }
}
