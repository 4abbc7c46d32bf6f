package dev.talweg.jobs.breeze;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.math.MutableFiniteCoordinateField;
import breeze.optimize.DiffFunction;
import breeze.optimize.FirstOrderMinimizer;
import breeze.optimize.LBFGS;
import breeze.optimize.OWLQN;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.Objective;
import dev.talweg.optimizer.state.StateCodec;
import java.util.ArrayList;
import java.util.List;
import scala.Option;
import scala.collection.Iterator;
import scala.collection.immutable.IndexedSeq;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * Breeze's L-BFGS or OWL-QN, the methods of spark.ml, as a minimizer: to compare with, and as the
 * oracle of tests.
 *
 * <p>A step hands Breeze its own state, rebuilt from ours, and takes the next one of its iterator;
 * what Breeze remembers are the curvature pairs, so a resumed run is the run that went on. Its one
 * hidden variable, whether the last search failed, is the pairs being empty. Its convergence checks
 * are not used: the run's stopping rules are.
 *
 * @param memory curvature pairs kept
 * @param l1 factor of ‖w‖₁, of all parameters but the last, the intercept; 0 for L-BFGS. The values
 *     and gradients of states are then of the smooth part plus the penalty, as Breeze adjusts them
 */
public record BreezeMinimizer(int memory, double l1)
    implements Minimizer<Objective, BreezeMinimizer.State> {

  private static final int UNBOUNDED = -1;
  private static final double NO_TOLERANCE = 0;

  public BreezeMinimizer {
    if (memory < 1 || !(l1 >= 0)) {
      throw new IllegalArgumentException(
          "memory " + memory + " must be at least 1 and l1 " + l1 + " at least 0");
    }
  }

  /** A step and the change of the gradient along it, the latest first. */
  public record Pair(double[] step, double[] change) {}

  /**
   * After a step.
   *
   * @param smooth the objective without the l1 penalty
   * @param smoothGradient its gradient
   * @param initial the value at the start of the run
   */
  public record State(
      long step,
      double[] parameters,
      double value,
      double[] gradient,
      double smooth,
      double[] smoothGradient,
      double initial,
      List<Pair> pairs,
      String failure)
      implements Minimizer.State {

    @Override
    public double gradientNorm() {
      double sum = 0;
      for (double g : gradient) {
        sum += g * g;
      }
      return Math.sqrt(sum);
    }

    /** Not known: Breeze does not tell. */
    @Override
    public double stepLength() {
      return Double.NaN;
    }

    @Override
    public double gap() {
      return Double.NaN;
    }

    @Override
    public double gapEstimate() {
      return Double.NaN;
    }

    /** At least: Breeze does not count what its searches evaluate. */
    @Override
    public long probes() {
      return step + 1;
    }

    @Override
    public boolean resumable() {
      return true;
    }
  }

  @Override
  public StateCodec<State> codec() {
    return StateCodec.of(State.class);
  }

  @Override
  public State start(Objective objective, double[] parameters) {
    LBFGS<DenseVector<Object>> breeze = breeze(objective.dimension());
    return state(breeze.initialState(Breeze.function(objective), Breeze.vector(parameters)), "");
  }

  @Override
  public State next(Objective objective, State state) {
    LBFGS<DenseVector<Object>> breeze = breeze(objective.dimension());
    DiffFunction<DenseVector<Object>> function = Breeze.function(objective);
    var before = theirs(state, breeze);
    Iterator<FirstOrderMinimizer.State<DenseVector<Object>, Object, Object>> states =
        breeze.infiniteIterations(function, before);
    states.next();
    var after = states.next();
    if (after.iter() > state.step()) {
      return state(after, "");
    }
    return state.pairs().isEmpty()
        ? state(before, "Breeze's line search failed along the gradient")
        : next(objective, state(after, "")); // Breeze has dropped the pairs
  }

  private LBFGS<DenseVector<Object>> breeze(int dimension) {
    MutableFiniteCoordinateField<DenseVector<Object>, Object, Object> space = space();
    if (l1 == 0) {
      return new LBFGS<>(UNBOUNDED, memory, NO_TOLERANCE, space);
    }
    double factor = l1;
    return new OWLQN<>(
        UNBOUNDED,
        memory,
        new AbstractFunction1<Object, Object>() {
          @Override
          public Object apply(Object index) {
            return (Integer) index == dimension - 1 ? 0.0 : factor;
          }
        },
        NO_TOLERANCE,
        space);
  }

  private static MutableFiniteCoordinateField<DenseVector<Object>, Object, Object> space() {
    return DenseVector$.MODULE$.space_Double();
  }

  private FirstOrderMinimizer.State<DenseVector<Object>, Object, Object> theirs(
      State state, LBFGS<DenseVector<Object>> breeze) {
    return new FirstOrderMinimizer.State<>(
        Breeze.vector(state.parameters()),
        state.smooth(),
        Breeze.vector(state.smoothGradient()),
        state.value(),
        Breeze.vector(state.gradient()),
        Math.toIntExact(state.step()),
        state.initial(),
        new LBFGS.ApproximateInverseHessian<>(
            memory,
            vectors(state.pairs().stream().map(Pair::step).toList()),
            vectors(state.pairs().stream().map(Pair::change).toList()),
            space()),
        breeze.convergenceCheck().initialInfo(),
        false,
        Option.empty());
  }

  private static IndexedSeq<DenseVector<Object>> vectors(List<double[]> arrays) {
    return CollectionConverters.asScala(arrays.stream().map(Breeze::vector).toList())
        .toIndexedSeq();
  }

  private static State state(
      FirstOrderMinimizer.State<DenseVector<Object>, Object, Object> theirs, String failure) {
    @SuppressWarnings("unchecked") // the history of LBFGS and OWLQN is of this type
    var history = (LBFGS.ApproximateInverseHessian<DenseVector<Object>>) theirs.history();
    List<Pair> pairs = new ArrayList<>();
    for (int k = 0; k < history.memStep().size(); k++) {
      pairs.add(
          new Pair(
              Breeze.array(history.memStep().apply(k)),
              Breeze.array(history.memGradDelta().apply(k))));
    }
    return new State(
        theirs.iter(),
        Breeze.array(theirs.x()),
        theirs.adjustedValue(),
        Breeze.array(theirs.adjustedGradient()),
        theirs.value(),
        Breeze.array(theirs.grad()),
        theirs.initialAdjVal(),
        pairs,
        failure);
  }
}
