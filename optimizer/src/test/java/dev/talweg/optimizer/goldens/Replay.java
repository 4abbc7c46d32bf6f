package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.transform.ScheduleFree;
import java.util.Arrays;

/**
 * One of our rules on a golden run.
 *
 * @param evaluations gradients that one of the library's steps takes
 */
record Replay(Descent descent, Recorded recorded, int evaluations) {
  /** What no run in double precision may be off by where only the file's sensitivity allows it. */
  private static final double MOST = Tally.MOST;

  /** What it may where our own run shows that rounding alone moves it so far. */
  static final double AMPLIFIED = 1e-8;

  static final String ROUNDING =
      "the rule makes the rounding of a gradient's sum so large, in our run too";

  /** Which parameters the file has. */
  enum Recorded {
    TRAINED,
    SERVED,
    /** z of a schedule-free rule. */
    ITERATE;

    double[] of(Descent.State state) {
      return switch (this) {
        case TRAINED -> state.parameters();
        case SERVED -> state.served();
        case ITERATE -> ((ScheduleFree.State) state.memory().parts().get(0)).iterate();
      };
    }
  }

  Replay(Descent descent) {
    this(descent, Recorded.TRAINED, 1);
  }

  /** How far our numbers are off, over the points that rounding leaves determined. */
  Found compare(Run run, Configuration.Precision precision, Problems.Problem problem) {
    double allowed = tolerance(run, precision);
    Found found = against(run, run.determined(), problem, allowed, precision);
    if (precision != Configuration.Precision.DOUBLE) {
      String bits = precision == Configuration.Precision.SINGLE ? "single" : "half";
      found = found.because("computed in " + bits + " precision inside");
    }
    return found.excess() <= 1 || !problem.computed()
        ? found
        : amplified(run, precision, problem, allowed).because(ROUNDING);
  }

  /**
   * The file flips bits of the start, which a converging run forgets; gradients are sums, whose
   * rounding a rule that divides by their root makes larger at every step. Eight times what that
   * does to our own run is allowed, up to {@link #AMPLIFIED}.
   */
  private Found amplified(
      Run run, Configuration.Precision precision, Problems.Problem problem, double allowed) {
    double[] noise = noise(run, problem);
    double most = Math.max(allowed, AMPLIFIED);
    double last = noise[noise.length - 1];
    double derived = Math.max(allowed, Math.min(8 * last, AMPLIFIED));
    Found found = against(run, noise.length, problem, derived, precision);
    if (found.excess() <= 1 || 8 * last <= most || !(8 * noise[0] <= most)) {
      return found;
    }
    // and one that divides by their norm makes larger at once, where it is almost 0: no number
    // tells what comes then
    int told = 1;
    while (8 * noise[told] <= most) {
      told++;
    }
    return against(run, told, problem, Math.max(allowed, 8 * noise[told - 1]), precision);
  }

  private Found against(
      Run run,
      int points,
      Problems.Problem problem,
      double allowed,
      Configuration.Precision precision) {
    BatchObjective objective = problem.objective();
    Descent.State state = descent.start(objective, problem.start());
    double[] reach = problem.start().clone();
    double worst = 0;
    for (int k = 0; k < points; k++) {
      while (state.step() < (long) run.at()[k] * evaluations) {
        state = descent.next(objective, state);
        for (int j = 0; j < reach.length; j++) {
          reach[j] = Math.max(Math.abs(reach[j]), Math.abs(state.parameters()[j]));
        }
      }
      if (state.rescue().used() && diverged(run.points()[k])) {
        break; // Talweg goes back, and the libraries go on
      }
      double[] x = recorded.of(state);
      // eight bits of a matrix's factor are of its largest entries
      double least =
          precision == Configuration.Precision.HALF ? Arrays.stream(reach).max().orElse(0) : 1e-8;
      for (int j = 0; j < x.length; j++) {
        double scale = Math.max(Math.abs(run.points()[k][j]), least);
        double most = allowed * scale + 8 * ulp(reach[j], precision);
        worst = Math.max(worst, excess(run.points()[k][j], x[j], most));
      }
    }
    return new Found(worst, worst * allowed);
  }

  /** So far that squares of the gradients of these problems, cubes of it, overflow. */
  private static boolean diverged(double[] point) {
    return Arrays.stream(point).anyMatch(x -> !(Math.abs(x) < 1e50));
  }

  /** What an ulp of the terms of a gradient changes in our own run, up to each point. */
  private double[] noise(Run run, Problems.Problem problem) {
    Descent.State state = descent.start(problem.objective(), problem.start());
    BatchObjective rounded = new Rounded(problem.objective());
    Descent.State other = descent.start(rounded, problem.start());
    double[] noise = new double[run.determined()];
    for (int k = 0; k < noise.length; k++) {
      noise[k] = k == 0 ? 0 : noise[k - 1];
      while (state.step() < (long) run.at()[k] * evaluations) {
        state = descent.next(problem.objective(), state);
        other = descent.next(rounded, other);
      }
      double[] x = recorded.of(state);
      double[] y = recorded.of(other);
      for (int j = 0; j < x.length; j++) {
        noise[k] = Math.max(noise[k], Math.abs(x[j] - y[j]) / Math.max(Math.abs(x[j]), 1e-8));
      }
    }
    return noise;
  }

  /** Gradients that are sums of terms up to 1, rounded otherwise. */
  record Rounded(BatchObjective objective) implements BatchObjective {
    @Override
    public int dimension() {
      return objective.dimension();
    }

    @Override
    public long stepsPerEpoch() {
      return objective.stepsPerEpoch();
    }

    @Override
    public Evaluation evaluate(double[] parameters, long step) {
      Evaluation evaluation = objective.evaluate(parameters, step);
      double[] gradient = evaluation.gradient().clone();
      for (int j = 0; j < gradient.length; j++) {
        double ulp = Math.ulp(Math.max(0.5, Math.abs(gradient[j])));
        gradient[j] += (step + j) % 2 == 0 ? ulp : -ulp;
      }
      return new Evaluation(evaluation.value(), gradient);
    }

    @Override
    public double[] curvature(double[] parameters, long step) {
      return objective.curvature(parameters, step);
    }
  }

  /**
   * What a chain makes is added, and a sum is right to an ulp of the larger: eight of the largest
   * value that a parameter went through (FTRL goes from 0.25 to 1e-13 in a step) are no error of
   * the rule. Steps that a library makes in single precision are right to its ulps: where they sum
   * up to little (SOAP goes from 0.09 to 2e-3) those are left of them.
   */
  private static double ulp(double reach, Configuration.Precision precision) {
    return precision == Configuration.Precision.DOUBLE ? Math.ulp(reach) : Math.ulp((float) reach);
  }

  private static double excess(double expected, double actual, double most) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return 0;
    }
    double difference = Math.abs(expected - actual);
    return Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference / most;
  }

  /**
   * The file's sensitivity is what one flipped bit of the start and of the gradients does; a rule
   * written in another order of operations flips some at every step, so a thousand of them are
   * allowed, up to 1e-9: in a chaotic run the points that are determined moved by up to 1e-10, a
   * tenth of it. Single precision flips bits that are 2²⁹ times larger. A bfloat16 has eight bits:
   * twenty steps of 0.02 along factors that are off by some 2⁻⁸ are half a percent.
   */
  static double tolerance(Run run, Configuration.Precision precision) {
    double honest = Math.max(1e-12, Math.min(1000 * run.sensitivity(), MOST));
    return switch (precision) {
      case DOUBLE -> honest;
      case SINGLE -> Math.max(1e-6, Math.min(0x1p29 * run.sensitivity(), 1e-5));
      case HALF -> 1e-2;
    };
  }
}
