package dev.talweg.optimizer.model;

import dev.talweg.optimizer.random.CounterRandom;

/**
 * What the random numbers of a training step depend on, beside the unit: (seed, step, row).
 *
 * @param firstRow the number of the first row; the same row has the same number in every run
 */
public record Draw(long seed, long step, long firstRow) {

  /** The same for rows from {@code rows} on. */
  public Draw after(long rows) {
    return new Draw(seed, step, firstRow + rows);
  }

  /** Numbers of its own for a layer. */
  public Draw of(int layer) {
    return new Draw(CounterRandom.bits(seed, layer, 0, 5), step, firstRow);
  }

  /** Uniform in [0, 1), for a unit of the i-th row. */
  public double uniform(int i, int unit) {
    return CounterRandom.uniform(seed, step, firstRow + i, unit);
  }
}
