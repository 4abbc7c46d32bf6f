package dev.talweg.ml.engine;

import dev.talweg.optimizer.catalog.Automatic;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.minimizer.RayMinimizer;
import dev.talweg.optimizer.objective.MultinomialPasses;
import dev.talweg.optimizer.objective.MultinomialProblem;
import java.util.Optional;
import org.apache.spark.SparkException;

/** Fits a margin for each class, with free intercepts. */
public final class SoftmaxFit implements AutoCloseable {
  private final TrainingRows rows;
  private final int classes;
  private final MultinomialPasses passes;
  private final MultinomialProblem problem;

  public SoftmaxFit(TrainingRows rows, int classes, ElasticNet penalty) {
    this.rows = rows;
    this.classes = classes;
    this.passes = rows.passes(new SoftmaxLoss(classes));
    this.problem =
        new MultinomialProblem(
            passes, penalty.penalty(), rows.data().moments().rows(), Double.POSITIVE_INFINITY);
  }

  MultinomialProblem problem() {
    return problem;
  }

  /** Zero weights and the intercepts that the shares of the classes suggest. */
  public double[] prior() {
    return problem.prior();
  }

  /**
   * @param start K weights a feature and K intercepts; empty for none
   */
  public Fitted fit(Budget budget, Optional<double[]> start) throws SparkException {
    RayMinimizer<?> minimizer =
        problem.penalty().smooth()
            ? new Automatic().ofClasses(classes, rows.features()).minimizer()
            : new ProximalQuasiNewton();
    boolean certain = problem.penalty().certifies();
    LinearFit.Walk walk =
        LinearFit.Walk.of(
            minimizer,
            problem,
            start.orElseGet(problem::prior),
            certain ? budget.proven() : budget.estimated());
    return Fitted.of(rows, walk.parameters(), classes, walk.objectives());
  }

  @Override
  public void close() {
    passes.close();
  }
}
