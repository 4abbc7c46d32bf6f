package dev.talweg.optimizer.objective;

/**
 * Value, gradient and Hessian of φ(α, β) = f(w + αp, b + αp_b + β): an objective along a ray, with
 * the intercept free beside it.
 */
public record Slopes(
    double value, double alpha, double beta, double alphaAlpha, double alphaBeta, double betaBeta) {

  Slopes scaled(double factor) {
    return new Slopes(
        factor * value,
        factor * alpha,
        factor * beta,
        factor * alphaAlpha,
        factor * alphaBeta,
        factor * betaBeta);
  }

  Slopes plusAlpha(double addedValue, double addedSlope, double addedCurvature) {
    return new Slopes(
        value + addedValue,
        alpha + addedSlope,
        beta,
        alphaAlpha + addedCurvature,
        alphaBeta,
        betaBeta);
  }
}
