package dev.talweg.optimizer.transform;

/**
 * The diagonal of the Hessian of a step's batch, or an estimate of it; made when it is asked for.
 */
@FunctionalInterface
public interface Curvature {
  /** Where there is nobody to ask. */
  Curvature UNKNOWN =
      () -> {
        throw new IllegalStateException("a rule asks for curvature where there is none");
      };

  /** An entry a parameter; the caller's own. */
  double[] diagonal();
}
