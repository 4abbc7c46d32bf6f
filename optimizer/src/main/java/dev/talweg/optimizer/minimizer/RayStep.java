package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.Rays;
import java.util.Optional;

/**
 * A step along a direction of descent, as all methods with curvature take it: the guess of {@link
 * RaySearch}, and its search where the guess does not satisfy Wolfe's conditions.
 *
 * @param length as a multiple of the direction
 * @param probes evaluations of the ray and of the objective
 */
record RayStep(double[] parameters, Evaluation evaluation, double length, long probes) {

  /** Where a step begins. */
  record Origin(double[] parameters, double value, double[] gradient) {}

  /** What the margins of the new point come from. */
  enum Evaluate {
    /** The cached margins, moved: no pass for them, but their rounding accumulates. */
    FROM_MARGINS,
    /** The parameters alone: half a pass more. */
    ANEW
  }

  /** Empty where no step along the ray decreases the objective. */
  static Optional<RayStep> along(
      LinearObjective objective, Origin origin, double[] direction, Ray first, Evaluate how) {
    RaySearch search = new RaySearch(origin.value(), Vectors.dot(direction, origin.gradient()));
    Ray ray = first;
    RaySearch.Point point = RaySearch.guess(ray.at(1, 0));
    Evaluation evaluation = move(objective, origin, direction, ray, point, how);
    long probes = 2;
    if (!search.accepts(
        point.step(), evaluation.value(), Vectors.dot(direction, evaluation.gradient()))) {
      ray = objective.along(origin.parameters(), direction);
      Optional<RaySearch.Point> found = search.search(ray);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      point = found.get();
      probes += point.probes() + 1;
      evaluation = move(objective, origin, direction, ray, point, how);
    }
    double[] parameters = Rays.point(origin.parameters(), direction, point.step(), point.shift());
    return Optional.of(new RayStep(parameters, evaluation, point.step(), probes));
  }

  private static Evaluation move(
      LinearObjective objective,
      Origin origin,
      double[] direction,
      Ray ray,
      RaySearch.Point point,
      Evaluate how) {
    return how == Evaluate.ANEW
        ? objective.evaluate(
            Rays.point(origin.parameters(), direction, point.step(), point.shift()))
        : ray.move(point.step(), point.shift());
  }

  /** ½ Σ g_j²/λ_j, with h̄ in the place of λ for the intercept; NaN where a weight is free. */
  static double gap(double[] gradient, double[] penalties, double interceptCurvature) {
    int d = penalties.length;
    double gap = 0.5 * gradient[d] * gradient[d] / interceptCurvature;
    for (int j = 0; j < d; j++) {
      if (gradient[j] != 0) {
        gap += penalties[j] > 0 ? 0.5 * gradient[j] * gradient[j] / penalties[j] : Double.NaN;
      }
    }
    return gap;
  }

  static boolean descends(double[] direction, double[] gradient) {
    return Vectors.finite(direction) && Vectors.dot(direction, gradient) < 0;
  }
}
