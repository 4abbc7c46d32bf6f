package dev.talweg.optimizer.metric;

import java.io.Serializable;

/**
 * A metric that is computed where it is asked for.
 *
 * @param name as it was asked for, with its argument
 * @param argument infinite where it has none
 */
public record AskedMetric<M>(String name, double argument, M measure) implements Serializable {
  private static final long serialVersionUID = 1L;
}
