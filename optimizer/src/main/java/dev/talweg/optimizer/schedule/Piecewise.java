package dev.talweg.optimizer.schedule;

import java.util.Collections;
import java.util.List;

/**
 * Constant between boundaries: {@code values[k]} where k boundaries are reached. PyTorch and optax
 * switch at the step of the boundary, Keras' {@code PiecewiseConstantDecay} one step later.
 *
 * @param boundaries growing, at least 0
 * @param values one more than boundaries
 */
public record Piecewise(List<Long> boundaries, List<Double> values) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Piecewise {
    boundaries = List.copyOf(boundaries);
    values = List.copyOf(values);
    if (values.size() != boundaries.size() + 1) {
      throw new IllegalArgumentException(
          "values are one more than boundaries, not "
              + values.size()
              + " for "
              + boundaries.size());
    }
    values.forEach(value -> Rates.check("each value", value));
    for (int k = 0; k < boundaries.size(); k++) {
      if (boundaries.get(k) < 0 || (k > 0 && boundaries.get(k) < boundaries.get(k - 1))) {
        throw new IllegalArgumentException("boundaries must grow from 0: " + boundaries);
      }
    }
  }

  @Override
  public double at(long step) {
    int k = 0;
    while (k < boundaries.size() && step >= boundaries.get(k)) {
      k++;
    }
    return values.get(k);
  }

  @Override
  public double most() {
    return Collections.max(values);
  }

  @Override
  public long horizon() {
    return boundaries.isEmpty() ? 0 : boundaries.get(boundaries.size() - 1);
  }
}
