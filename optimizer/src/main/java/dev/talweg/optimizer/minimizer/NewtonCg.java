package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LinearObjective.Quadratic;
import dev.talweg.optimizer.state.StateCodec;
import java.util.Optional;

/**
 * Truncated Newton: the system Hs = −g is solved by conjugate gradients, preconditioned and only as
 * exactly as it is worth, then a ray search with the intercept free.
 *
 * <p>An inner iteration is one pass. The margins Xp of its directions add up to those of s on the
 * way, so the ray costs none, and an outer step with k inner iterations is k + ½ passes. The
 * residual is measured in the norm of the preconditioner; how small it must be follows Eisenstat
 * and Walker (SIAM J. Sci. Comput. 17, 1996, choice 2: 0.9 (‖g‖/‖g before‖)², safeguarded).
 *
 * @param most inner iterations of a step
 * @param refresh steps between two evaluations from parameters alone, at least 1
 * @param block most features of the preconditioner's dense block; 0 for its diagonal alone
 */
public record NewtonCg(int most, int refresh, int block) implements LinearMinimizer<NewtonState> {

  private static final double FIRST_FORCING = 0.5;
  private static final double LEAST_FORCING = 1e-4;
  private static final double GAMMA = 0.9;

  /**
   * A curvature below this share of its terms is their rounding, some hundred units of it: the
   * direction is of the Hessian's null space, and a step along it would be a quotient of noise.
   */
  private static final double ROUNDING = 1e-13;

  public NewtonCg {
    if (most < 1 || refresh < 1 || block < 0) {
      throw new IllegalArgumentException(
          "most "
              + most
              + " and refresh "
              + refresh
              + " must be at least 1, block "
              + block
              + " at least 0");
    }
  }

  @Override
  public StateCodec<NewtonState> codec() {
    return StateCodec.of(NewtonState.class);
  }

  @Override
  public NewtonState start(LinearObjective objective, double[] parameters) {
    Evaluation evaluation = objective.evaluate(parameters);
    return NewtonState.start(
        objective, parameters, evaluation, preconditioner(objective, parameters), FIRST_FORCING);
  }

  private Preconditioner preconditioner(LinearObjective objective, double[] parameters) {
    return Preconditioner.of(objective.curvature(parameters, block), objective.penalties());
  }

  @Override
  public NewtonState next(LinearObjective objective, NewtonState state) {
    if (state.isExhausted()) {
      return state.failed("the gradient is zero to rounding");
    }
    Quadratic model = objective.model(state.parameters());
    Inner inner = solve(model, state);
    if (!RayStep.descends(inner.sum, state.gradient())) {
      return state.failed("no direction of descent: the gradient is zero to rounding");
    }
    boolean anew = (state.step() + 1) % refresh == 0;
    Optional<RayStep> taken =
        RayStep.along(
            objective,
            state.origin(),
            inner.sum,
            model.ray(inner.sum),
            anew ? RayStep.Evaluate.ANEW : RayStep.Evaluate.FROM_MARGINS);
    if (taken.isEmpty()) {
      return state.failed("no step decreases the objective: it is at its minimum to rounding");
    }
    Preconditioner there =
        refreshes(state.step() + 1)
            ? preconditioner(objective, taken.get().parameters())
            : state.preconditioner();
    double before = Math.sqrt(2 * state.preconditioner().decrement(state.gradient()));
    double after = Math.sqrt(2 * there.decrement(taken.get().evaluation().gradient()));
    double forcing = forcing(state.forcing(), after / before);
    return state.after(objective, taken.get(), inner.iterations, there, forcing, anew);
  }

  /** A dense block costs no pass where it is sampled; a diagonal or an exact one costs one. */
  private boolean refreshes(long step) {
    return block > 0 || Long.bitCount(step) == 1;
  }

  private static double forcing(double before, double ratio) {
    double chosen = GAMMA * ratio * ratio;
    double safeguard = GAMMA * before * before;
    double guarded = safeguard > 0.1 ? Math.max(chosen, safeguard) : chosen;
    return Math.min(Math.max(guarded, LEAST_FORCING), FIRST_FORCING);
  }

  /** The step found, and what it cost. */
  private record Inner(double[] sum, long iterations) {}

  /** Preconditioned conjugate gradients (Nocedal and Wright 2006, algorithms 5.3 and 7.1). */
  private Inner solve(Quadratic model, NewtonState state) {
    double[] sum = new double[state.gradient().length];
    double[] residual = state.gradient().clone();
    double[] preconditioned = state.preconditioner().apply(residual);
    double[] direction = Vectors.negative(preconditioned);
    double size = Vectors.dot(residual, preconditioned);
    double enough = state.forcing() * state.forcing() * size;
    long iterations = 0;
    while (iterations < most && size > 0) {
      double[] product = model.times(direction);
      iterations++;
      double curvature = Vectors.dot(direction, product);
      if (!(curvature > ROUNDING * state.preconditioner().terms(direction))) {
        break;
      }
      double step = size / curvature;
      model.extend(step);
      Vectors.add(step, direction, sum);
      Vectors.add(step, product, residual);
      preconditioned = state.preconditioner().apply(residual);
      double next = Vectors.dot(residual, preconditioned);
      if (!(next > enough)) {
        break;
      }
      double beta = next / size;
      size = next;
      for (int j = 0; j < direction.length; j++) {
        direction[j] = beta * direction[j] - preconditioned[j];
      }
    }
    return new Inner(sum, iterations);
  }
}
