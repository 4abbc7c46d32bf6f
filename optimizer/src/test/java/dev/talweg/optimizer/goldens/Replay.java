package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.minimizer.Descent;

/**
 * One of our rules on a golden run.
 *
 * @param evaluations gradients that one of the library's steps takes
 */
record Replay(Descent descent, Recorded recorded, int evaluations) {

  /** Which parameters the file has. */
  enum Recorded {
    TRAINED,
    SERVED
  }

  Replay(Descent descent) {
    this(descent, Recorded.TRAINED, 1);
  }

  /**
   * How far our numbers are off, in multiples of what is allowed, over the points that rounding
   * leaves determined.
   */
  double excess(Run run, Configuration.Precision precision, Problems.Problem problem) {
    Descent.State state = descent.start(problem.objective(), problem.start());
    double allowed = tolerance(run, precision);
    double[] reach = problem.start().clone();
    double worst = 0;
    for (int k = 0; k < run.determined(); k++) {
      while (state.step() < (long) run.at()[k] * evaluations) {
        state = descent.next(problem.objective(), state);
        for (int j = 0; j < reach.length; j++) {
          reach[j] = Math.max(Math.abs(reach[j]), Math.abs(state.parameters()[j]));
        }
      }
      double[] x = recorded == Recorded.SERVED ? state.served() : state.parameters();
      for (int j = 0; j < x.length; j++) {
        worst = Math.max(worst, excess(run.points()[k][j], x[j], allowed, reach[j]));
      }
    }
    return worst;
  }

  /**
   * What a chain makes is added, and a sum is right to an ulp of the larger: eight of the largest
   * value that a parameter went through (FTRL goes from 0.25 to 1e-13 in a step) are no error of
   * the rule.
   */
  private static double excess(double expected, double actual, double allowed, double reach) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return 0;
    }
    double difference = Math.abs(expected - actual);
    double most = allowed * Math.max(Math.abs(expected), 1e-8) + 8 * Math.ulp(reach);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference / most;
  }

  /**
   * The file's sensitivity is what one flipped bit of the start and of the gradients does; a rule
   * written in another order of operations flips some at every step, so a thousand of them are
   * allowed. A run with points that are not determined moved by up to 1e-10 in those that are.
   * Single precision flips bits that are 2²⁹ times larger.
   */
  static double tolerance(Run run, Configuration.Precision precision) {
    double honest = Math.max(1e-12, 1000 * Math.min(run.sensitivity(), 1e-10));
    return switch (precision) {
      case DOUBLE -> honest;
      case SINGLE -> Math.max(Math.max(honest, 1e-6), 0x1p29 * Math.min(run.sensitivity(), 1e-12));
      case HALF -> Math.max(honest, 1e-2);
    };
  }
}
