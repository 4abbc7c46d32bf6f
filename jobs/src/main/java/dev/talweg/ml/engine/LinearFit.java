package dev.talweg.ml.engine;

import dev.talweg.optimizer.catalog.Automatic;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Iteration;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.PinnedPasses;
import dev.talweg.optimizer.stopping.StoppingRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkException;

/**
 * Fits one margin a row. The method follows from the problem: what {@link Automatic} chooses for a
 * ridge, proximal quasi-Newton for l1 and bounds.
 */
public final class LinearFit implements AutoCloseable {
  private final TrainingRows rows;
  private final PointwiseLoss loss;
  private final Penalty penalty;
  private final Intercept intercept;
  private final LinearPasses passes;
  private final LinearProblem problem;

  public LinearFit(TrainingRows rows, PointwiseLoss loss, Penalty penalty, Intercept intercept) {
    this.rows = rows;
    this.loss = loss;
    this.penalty = penalty;
    this.intercept = intercept;
    this.passes = rows.passes(loss);
    LinearPasses seen =
        intercept == Intercept.FREE ? passes : new PinnedPasses(passes, constant(rows));
    this.problem = new LinearProblem(seen, loss, rows.data().moments(), penalty);
  }

  /** What {@code spark.ml} leaves at zero where there is no intercept. */
  private static boolean[] constant(TrainingRows rows) {
    double[] deviations = rows.deviations(TrainingRows.Deviation.POPULATION);
    boolean[] constant = new boolean[deviations.length];
    for (int j = 0; j < constant.length; j++) {
      constant[j] = deviations[j] == 0;
    }
    return constant;
  }

  /** The objective. */
  public LinearProblem problem() {
    return problem;
  }

  Intercept intercept() {
    return intercept;
  }

  /**
   * @param start d weights and the intercept, in the order of features; empty for none
   */
  public Fitted fit(Budget budget, Optional<double[]> start) throws SparkException {
    double[] from = start.orElseGet(problem::prior);
    StoppingRule rule =
        isSolvedAtOnce()
            ? budget.known()
            : penalty.certifies() ? budget.proven() : budget.estimated();
    Walk walk =
        penalty.smooth()
            ? smoothly(from, rule)
            : Walk.of(new ProximalQuasiNewton(), problem, from, rule);
    return Fitted.of(rows, walk.parameters(), 1, walk.objectives());
  }

  /**
   * Whether the first step is Newton's on a quadratic: ½ gᵀH⁻¹g is the gap itself then, and asks
   * for no pass.
   */
  private boolean isSolvedAtOnce() {
    return loss instanceof SquaredLoss
        && penalty.smooth()
        && rows.features() <= LinearProblem.EXACT_CURVATURE;
  }

  /** With a ridge alone, until a rule says so. */
  Walk smoothly(double[] start, StoppingRule rule) throws SparkException {
    return Walk.of(smooth(), problem, start, rule);
  }

  private Lbfgs smooth() {
    if (intercept == Intercept.NONE) {
      int d = rows.features();
      return new Lbfgs(10, 5, d <= LinearProblem.EXACT_CURVATURE ? d : 0, 0);
    }
    if (isSolvedAtOnce()) {
      return new Lbfgs();
    }
    double least = Arrays.stream(penalty.l2()).min().orElse(0);
    Automatic.Facts facts = Automatic.Facts.of(rows.data().moments(), least);
    return new Automatic().choose(facts).minimizer();
  }

  /**
   * The states of a run.
   *
   * @param parameters of the last
   * @param objectives of all
   */
  public record Walk(double[] parameters, double[] objectives) {

    /** As in Spark, a search that finds no descent ends a run; only what is no number fails it. */
    static <F, S extends Minimizer.State> Walk of(
        Minimizer<F, S> minimizer, F objective, double[] from, StoppingRule rule)
        throws SparkException {
      S start = minimizer.start(objective, from);
      Iterations<F, S> iterations = new Iterations<>(minimizer, objective, start, rule);
      List<Double> objectives = new ArrayList<>();
      while (true) {
        Iteration<S> iteration = iterations.next();
        double value = iteration.state().value();
        if (!Double.isFinite(value)) {
          throw new SparkException(
              minimizer + " failed: step " + iteration.state().step() + " has the value " + value);
        }
        objectives.add(value);
        if (iteration.termination().isPresent()) {
          return new Walk(
              iteration.state().served(),
              objectives.stream().mapToDouble(Double::doubleValue).toArray());
        }
      }
    }
  }

  @Override
  public void close() {
    passes.close();
  }
}
