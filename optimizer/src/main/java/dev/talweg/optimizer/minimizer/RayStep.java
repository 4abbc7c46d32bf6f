package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.objective.Slopes;
import java.util.Optional;

/**
 * A step along a direction of descent, as all methods with curvature take it: the guess of {@link
 * RaySearch}, and its search where the guess is far or does not satisfy Wolfe's conditions.
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
      RayObjective objective, Origin origin, double[] direction, Ray first, Evaluate how) {
    RaySearch search = new RaySearch(origin.value(), Vectors.dot(direction, origin.gradient()));
    Ray ray = first;
    Slopes atOne = ray.at(1, 0);
    RaySearch.Point point = RaySearch.guess(atOne);
    long probes = 2;
    boolean searched = !search.trusts(point, atOne);
    if (searched) {
      RaySearch.Found found = search.search(ray);
      if (!found.isStep()) {
        return Optional.empty();
      }
      point = found.point();
      probes += found.probes();
    }
    Evaluation evaluation = move(objective, ray, point, how);
    // another search would come to what was searched
    if (!searched
        && !search.accepts(evaluation.value(), Vectors.dot(direction, evaluation.gradient()))) {
      ray = objective.along(origin.parameters(), direction);
      RaySearch.Found found = search.search(ray);
      if (!found.isStep()) {
        return Optional.empty();
      }
      point = found.point();
      probes += found.probes() + 1;
      evaluation = move(objective, ray, point, how);
    }
    double[] parameters = ray.point(point.step(), point.shift());
    return Optional.of(new RayStep(parameters, evaluation, point.step(), probes));
  }

  private static Evaluation move(
      RayObjective objective, Ray ray, RaySearch.Point point, Evaluate how) {
    return how == Evaluate.ANEW
        ? objective.evaluate(ray.point(point.step(), point.shift()))
        : ray.move(point.step(), point.shift());
  }

  /**
   * ½ Σ g_j²/λ_j, with h̄ in the place of λ for intercepts; NaN where a weight is free.
   *
   * @param interceptCurvatures h̄ of each margin
   */
  static double gap(double[] gradient, double[] penalties, double... interceptCurvatures) {
    int margins = interceptCurvatures.length;
    double gap = 0;
    for (int k = 0; k < margins; k++) {
      int margin = k;
      double lift = gradient[penalties.length * margins + k];
      gap =
          Strips.sum(
              gap + 0.5 * lift * lift / interceptCurvatures[k],
              penalties.length,
              (before, from, until) -> {
                double sum = before;
                for (int j = from; j < until; j++) {
                  double g = gradient[j * margins + margin];
                  if (g != 0) {
                    sum += penalties[j] > 0 ? 0.5 * g * g / penalties[j] : Double.NaN;
                  }
                }
                return sum;
              });
    }
    return gap;
  }

  static boolean descends(double[] direction, double[] gradient) {
    return Vectors.finite(direction) && Vectors.dot(direction, gradient) < 0;
  }
}
