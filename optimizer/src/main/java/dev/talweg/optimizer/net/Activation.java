package dev.talweg.optimizer.net;

import java.io.Serializable;

/**
 * A function of one number that is applied to every unit. An array at a time, so that no call is
 * made for each number; with {@code kernel.Exponentials}, so that bits are the same everywhere.
 */
public interface Activation extends Serializable {

  /** The name in configurations. */
  String name();

  /** {@code y[i] = f(z[i])} for the first {@code count} entries. */
  void apply(double[] z, double[] y, int count);

  /** {@code slopes[i] *= f′(z[i])}, given {@code y[i] = f(z[i])}. */
  void differentiate(double[] z, double[] y, double[] slopes, int count);
}
