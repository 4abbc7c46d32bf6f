package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective;

/**
 * After a step of a Newton method.
 *
 * @param preconditioner of the curvature at these parameters
 * @param forcing how exactly the next system is to be solved: the residual, relative to the
 *     gradient; 0 for a direct method
 */
public record NewtonState(
    long step,
    double[] parameters,
    double value,
    double[] gradient,
    double stepLength,
    double gap,
    double gapEstimate,
    long probes,
    Preconditioner preconditioner,
    double forcing,
    boolean resumable,
    String failure)
    implements Minimizer.State {

  /** A relative decrease that no sum of doubles can show, by ten digits. */
  private static final double NOISE = 1e-26;

  static NewtonState start(
      LinearObjective objective,
      double[] parameters,
      Evaluation evaluation,
      Preconditioner preconditioner,
      double forcing) {
    return new NewtonState(
        0,
        parameters.clone(),
        evaluation.value(),
        evaluation.gradient(),
        0,
        gap(objective, evaluation, preconditioner),
        estimate(evaluation, preconditioner),
        1,
        preconditioner,
        forcing,
        true,
        "");
  }

  /** The state that a step leads to. */
  NewtonState after(
      LinearObjective objective,
      RayStep taken,
      long innerProbes,
      Preconditioner there,
      double forcingThere,
      boolean resumableThere) {
    return new NewtonState(
        step + 1,
        taken.parameters(),
        taken.evaluation().value(),
        taken.evaluation().gradient(),
        taken.length(),
        gap(objective, taken.evaluation(), there),
        estimate(taken.evaluation(), there),
        probes + innerProbes + taken.probes(),
        there,
        forcingThere,
        resumableThere,
        "");
  }

  private static double gap(
      LinearObjective objective, Evaluation evaluation, Preconditioner preconditioner) {
    return RayStep.gap(evaluation.gradient(), objective.penalties(), preconditioner.total())
        / scale(evaluation);
  }

  private static double estimate(Evaluation evaluation, Preconditioner preconditioner) {
    return preconditioner.decrement(evaluation.gradient()) / scale(evaluation);
  }

  private static double scale(Evaluation evaluation) {
    return Math.max(Math.abs(evaluation.value()), Double.MIN_NORMAL);
  }

  /** Whether what a model of curvature still sees is noise: a further step would only wander. */
  boolean isExhausted() {
    return gapEstimate <= NOISE;
  }

  RayStep.Origin origin() {
    return new RayStep.Origin(parameters, value, gradient);
  }

  @Override
  public double gradientNorm() {
    return Vectors.norm(gradient);
  }

  NewtonState failed(String why) {
    return new NewtonState(
        step,
        parameters,
        value,
        gradient,
        stepLength,
        gap,
        gapEstimate,
        probes,
        preconditioner,
        forcing,
        resumable,
        why);
  }
}
