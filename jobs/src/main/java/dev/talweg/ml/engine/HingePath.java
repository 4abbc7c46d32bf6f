package dev.talweg.ml.engine;

import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.stopping.Termination;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.spark.SparkException;

/**
 * Fits a support vector machine along the minima of {@link RoundedHinge}s, from a wide corner to a
 * narrow one, each from where the last one ended: as an interior point method follows its path, but
 * with nothing to keep beside the margins.
 *
 * <p>The mean of a rounded hinge is above that of the hinge by a bias of at most μ, and its minimum
 * is above the hinge's by about as much: a tenth of μ leaves a tenth of that or less. So what the
 * last tenth has gained is nine times what is left, and the path ends where that is small enough.
 * Each width is left at a tenth of its bias from its own minimum. docs/decisions/0018.
 */
public final class HingePath {
  private static final double WIDEST = 0.25;
  private static final double NARROWER = 0.1;
  private static final int MOST_WIDTHS = 9;

  /** What is left by a width, as a share of what it has gained on the one before. */
  private static final double LEFT = NARROWER / (1 - NARROWER);

  /** How near to its minimum each width is left, of its bias at its start. */
  private static final double SETTLED = 0.1;

  private final TrainingRows rows;
  private final ElasticNet penalty;
  private final Intercept intercept;

  public HingePath(TrainingRows rows, ElasticNet penalty, Intercept intercept) {
    this.rows = rows;
    this.penalty = penalty;
    this.intercept = intercept;
  }

  /**
   * The point of the lowest hinge of those that widths ended at. Its objectives are those of the
   * rounded hinges after each step, and of the hinge itself at the end.
   *
   * @param budget its steps are those of all widths together
   */
  public Fitted fit(Budget budget) throws SparkException {
    try (LinearFit exact = new LinearFit(rows, new HingeLoss(0), penalty.penalty(), intercept)) {
      LinearProblem hinge = exact.problem();
      double[] at = hinge.prior();
      double value = hinge.evaluate(at).value();
      double[] best = at;
      double lowest = Double.POSITIVE_INFINITY;
      double[] objectives = {value};
      double width = WIDEST;
      for (int k = 0; k < MOST_WIDTHS && objectives.length <= budget.steps(); k++) {
        Stage stage = stage(width, at, value, budget.steps() - objectives.length + 1);
        double before = value;
        at = stage.walk().parameters();
        value = hinge.evaluate(at).value();
        int kept = k == 0 ? 0 : objectives.length; // the start is the end of the last width
        objectives =
            DoubleStream.concat(
                    Arrays.stream(objectives, 0, kept),
                    Arrays.stream(stage.walk().objectives()).skip(Math.min(k, 1)))
                .toArray();
        if (value < lowest) {
          best = at;
          lowest = value;
        }
        double allowed = budget.gap() * value;
        boolean near = stage.settled() <= allowed && before - value <= allowed / LEFT;
        if (value == 0 || (k > 0 && near)) {
          break;
        }
        width *= NARROWER;
      }
      objectives[objectives.length - 1] = Math.min(lowest, value);
      return Fitted.of(rows, best, 1, objectives);
    }
  }

  /**
   * @param settled how near the minimum is, by the estimate
   */
  private record Stage(LinearFit.Walk walk, double settled) {}

  private Stage stage(double width, double[] start, double hinge, int steps) throws SparkException {
    try (LinearFit fit =
        new LinearFit(rows, new RoundedHinge(width), penalty.penalty(), intercept)) {
      double bias = fit.problem().evaluate(start).value() - hinge;
      StoppingRule rule = new Settled(SETTLED * bias).or(new MaxIterations(steps));
      return new Stage(fit.smoothly(start, rule), SETTLED * bias);
    }
  }

  /** Ends where the estimate of value − optimum, not relative to the value, is small enough. */
  private record Settled(double apart) implements StoppingRule {
    @Override
    public Verdict judge(Progress progress) {
      double estimate = progress.gapEstimate() * Math.abs(progress.value());
      return estimate <= apart
          ? Verdict.end(new Termination.Converged("distance estimate", estimate, apart), this)
          : Verdict.goOn(this);
    }
  }
}
