package dev.talweg.jobs.bench;

import java.util.Map;

/** One of those compared, on one problem. */
interface Side {

  /** As the table names it. */
  String name();

  /** The least value of the objective that this side can find, with as long a run as it takes. */
  Reference reference();

  /**
   * The objective after 0, 1, 2, … iterations of a run that is to come within {@code target} of the
   * reference: what the number of iterations is chosen from, before any clock starts.
   *
   * @param most iterations at most
   */
  double[] history(double target, int most);

  /** Trains with so many iterations and stops the clock when the model is in memory. */
  Fitted fit(double target, int iterations, Clock clock);

  /** Fits that do the same have equal ones, and are run once. */
  default Object identity(double target, int iterations) {
    return iterations;
  }

  /**
   * @param gap an upper bound of (value − optimum)/|value|; NaN where there is none
   */
  record Reference(double value, double gap) {}

  /**
   * @param found what the side says of its fit
   * @param check looks at the model with nobody's clock running
   */
  record Fitted(Map<String, Object> found, Check check) {}

  /** Examines a model: {@code objective} by a neutral pass, and whatever else is worth a number. */
  interface Check {
    Map<String, Object> examine();
  }
}
