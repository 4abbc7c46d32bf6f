package dev.talweg.ml.engine;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.math.MutableFiniteCoordinateField;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import breeze.optimize.LBFGSB;
import breeze.optimize.OWLQN;
import dev.talweg.jobs.breeze.Breeze;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.FullBatch;
import dev.talweg.optimizer.objective.Objective;
import dev.talweg.optimizer.objective.Standardization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/**
 * Spark's own methods (Breeze's L-BFGS, OWL-QN for l1, L-BFGS-B for bounds) in the coordinates that
 * {@code spark.ml} runs them in, over Talweg's passes: for the problems that no minimizer of ours
 * takes, which are softmax with bounds or no intercept, and bounds on intercepts.
 *
 * <p>{@code tol} is {@value #CLOSER} of Spark's: one that has stopped a little earlier than Spark
 * would be worse than it.
 */
public final class BreezeFit {
  private static final double CLOSER = 1e-3;
  private static final int MEMORY = 10;
  private static final int MOST_PROBES = 64; // L-BFGS-B's own default, twice

  private final TrainingRows rows;
  private final Objective objective;
  private final int margins;
  private final Intercept intercept;
  private final Standardization coordinates;
  private final double[] deviations;

  /** Whether features are centred, which moves intercepts: not where these have bounds. */
  public enum Centring {
    CENTRED,
    AS_IT_IS
  }

  /**
   * @param objective the mean loss and the ridge, of parameters by feature
   */
  BreezeFit(
      TrainingRows rows, Objective objective, int margins, Intercept intercept, Centring centring) {
    this.rows = rows;
    this.objective = objective;
    this.margins = margins;
    this.intercept = intercept;
    this.deviations = rows.deviations(TrainingRows.Deviation.SAMPLE);
    this.coordinates = Standardization.none(rows.features());
    double[] means = rows.means();
    for (int j = 0; j < deviations.length; j++) {
      if (deviations[j] > 0) {
        coordinates.deviations()[j] = deviations[j];
        coordinates.means()[j] =
            centring == Centring.CENTRED && intercept == Intercept.FREE ? means[j] : 0;
      }
    }
  }

  /** Of one margin. */
  public static BreezeFit of(
      TrainingRows rows, LinearFit fit, Intercept intercept, Centring centring) {
    return new BreezeFit(rows, fit.problem(), 1, intercept, centring);
  }

  /** Of a margin for each class. */
  public static BreezeFit of(
      TrainingRows rows, SoftmaxFit fit, int classes, Intercept intercept, Centring centring) {
    return new BreezeFit(rows, fit.problem(), classes, intercept, centring);
  }

  /** With l1 of each feature. */
  public Fitted lasso(Budget budget, double[] start, double[] l1) {
    int weights = rows.features() * margins;
    return run(
        new OWLQN<>(
            budget.steps(),
            MEMORY,
            new AbstractFunction1<Object, Object>() {
              @Override
              public Object apply(Object index) {
                int j = (Integer) index / margins;
                return (Integer) index >= weights ? 0.0 : l1[j] / coordinates.deviations()[j];
              }
            },
            budget.tolerance() * CLOSER,
            space()),
        start);
  }

  /** With a ridge alone. */
  public Fitted ridge(Budget budget, double[] start) {
    return run(new LBFGS<>(budget.steps(), MEMORY, budget.tolerance() * CLOSER, space()), start);
  }

  /** Within bounds of all parameters, in the order of the parameters. */
  public Fitted within(Budget budget, double[] start, double[] lower, double[] upper) {
    double[] from = start.clone();
    for (int k = 0; k < from.length; k++) {
      from[k] = Math.min(Math.max(from[k], lower[k]), upper[k]);
    }
    return run(
        new LBFGSB(
            Breeze.vector(scaled(lower)),
            Breeze.vector(scaled(upper)),
            budget.steps(),
            MEMORY,
            budget.tolerance() * CLOSER,
            MOST_PROBES,
            MOST_PROBES),
        from);
  }

  private double[] scaled(double[] bounds) {
    double[] scaled = bounds.clone();
    for (int k = 0; k < rows.features() * margins; k++) {
      scaled[k] *= coordinates.deviations()[k / margins];
    }
    return scaled;
  }

  private Fitted run(
      FirstOrderMinimizer<DenseVector<Object>, DiffFunction<DenseVector<Object>>> minimizer,
      double[] start) {
    LinearFit.Walk walk = walk(minimizer, standardized(), coordinates.standardized(start));
    return Fitted.of(rows, coordinates.parameters(walk.parameters()), margins, walk.objectives());
  }

  /** The states of a run of one of Breeze's minimizers. */
  static LinearFit.Walk walk(
      FirstOrderMinimizer<DenseVector<Object>, DiffFunction<DenseVector<Object>>> minimizer,
      Objective objective,
      double[] start) {
    var states = minimizer.iterations(Breeze.function(objective), Breeze.vector(start));
    List<Double> objectives = new ArrayList<>();
    DenseVector<Object> last = Breeze.vector(start);
    for (Iterator<? extends FirstOrderMinimizer.State<DenseVector<Object>, ?, ?>> each = states;
        each.hasNext(); ) {
      FirstOrderMinimizer.State<DenseVector<Object>, ?, ?> state = each.next();
      objectives.add(state.adjustedValue());
      last = state.x();
    }
    return new LinearFit.Walk(
        Breeze.array(last), objectives.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** In standardized coordinates; what is constant, and an intercept that is none, stay at zero. */
  private Objective standardized() {
    BatchObjective full = coordinates.of(new FullBatch(objective));
    return new Objective() {
      @Override
      public int dimension() {
        return objective.dimension();
      }

      @Override
      public Evaluation evaluate(double[] parameters) {
        Evaluation evaluation = full.evaluate(parameters, 0);
        double[] gradient = evaluation.gradient();
        for (int k = 0; k < deviations.length * margins; k++) {
          gradient[k] = deviations[k / margins] > 0 ? gradient[k] : 0;
        }
        if (intercept == Intercept.NONE) {
          Arrays.fill(gradient, deviations.length * margins, gradient.length, 0);
        }
        return evaluation;
      }
    };
  }

  private static MutableFiniteCoordinateField<DenseVector<Object>, Object, Object> space() {
    return DenseVector$.MODULE$.space_Double();
  }
}
