package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.state.StateCodec;
import java.util.Optional;

/**
 * Newton's method for few features: the exact Hessian at every step, solved by Cholesky, and a
 * search along the ray with the intercept free beside it.
 *
 * <p>A step is three passes: margins of the ray, gradient, and the Gram matrix, which also costs
 * the products of the pairs of features that a row has. It pays where the curvature changes so much
 * on the way that pairs of L-BFGS mislead: nearly separable classes at a small penalty.
 *
 * @param most features that are accepted
 * @param refresh steps between two evaluations from parameters alone, at least 1
 */
public record CholeskyNewton(int most, int refresh) implements LinearMinimizer<NewtonState> {

  /** By default: a matrix of 8 MB. */
  public static final int MOST = 1000;

  public CholeskyNewton {
    if (most < 1 || refresh < 1) {
      throw new IllegalArgumentException(
          "most " + most + " and refresh " + refresh + " must be at least 1");
    }
  }

  @Override
  public StateCodec<NewtonState> codec() {
    return StateCodec.of(NewtonState.class);
  }

  @Override
  public NewtonState start(LinearObjective objective, double[] parameters) {
    int features = objective.dimension() - 1;
    if (features > most) {
      throw new IllegalArgumentException(
          "a matrix of "
              + features
              + " features, where at most "
              + most
              + " are allowed: choose another optimizer");
    }
    Evaluation evaluation = objective.evaluate(parameters);
    return NewtonState.start(objective, parameters, evaluation, hessian(objective, parameters), 0);
  }

  private Preconditioner hessian(LinearObjective objective, double[] parameters) {
    return Preconditioner.of(objective.curvature(parameters, most), objective.penalties());
  }

  @Override
  public NewtonState next(LinearObjective objective, NewtonState state) {
    double[] direction = Vectors.negative(state.preconditioner().apply(state.gradient()));
    if (state.isExhausted() || !RayStep.descends(direction, state.gradient())) {
      return state.failed("no direction of descent: the gradient is zero to rounding");
    }
    boolean anew = (state.step() + 1) % refresh == 0;
    Optional<RayStep> taken =
        RayStep.along(
            objective,
            state.origin(),
            direction,
            objective.along(state.parameters(), direction),
            anew ? RayStep.Evaluate.ANEW : RayStep.Evaluate.FROM_MARGINS);
    return taken
        .map(
            step -> state.after(objective, step, 0, hessian(objective, step.parameters()), 0, anew))
        .orElseGet(
            () ->
                state.failed("no step decreases the objective: it is at its minimum to rounding"));
  }
}
