package dev.talweg.optimizer.loss;

import java.io.Serializable;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A loss ℓ(z, y) of a margin z and a label y, convex in z unless it says otherwise, a block of rows
 * at a time: one virtual call for thousands of rows.
 *
 * <p>Implementations are records (their parameters are their components), overflow for no finite
 * margin, and add up in row order. A null {@code weights} says that every weight is 1. Only the
 * first {@code rows} entries are read or written.
 */
public interface PointwiseLoss extends Serializable {

  /** The name in configurations. */
  String name();

  /** Returns Σ weight · ℓ(margin, label). */
  double value(double[] margins, double[] labels, double @Nullable [] weights, int rows);

  /** Replaces each margin by weight · ∂ℓ/∂z and returns Σ weight · ℓ. */
  double differentiate(double[] margins, double[] labels, double @Nullable [] weights, int rows);

  /**
   * Replaces each margin by weight · ∂ℓ/∂z, writes weight · ∂²ℓ/∂z² to {@code curvatures} and
   * returns Σ weight · ℓ: what {@link #differentiate} and {@link #curve} give, in the same bits.
   */
  default double differentiateTwice(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int rows,
      double[] curvatures) {
    System.arraycopy(margins, 0, curvatures, 0, rows);
    curve(curvatures, labels, weights, rows);
    return differentiate(margins, labels, weights, rows);
  }

  /**
   * Whether ℓ(z, y) = a(z) − y z + c(y), the likelihood of a family with its canonical link: the
   * slope is a'(z) − y and the curvature does not depend on the label, so both follow from moments
   * of the data where all margins are equal.
   */
  default boolean canonical() {
    return false;
  }

  /**
   * Replaces each margin by weight · ∂²ℓ/∂z² (a generalized second derivative where ℓ has kinks in
   * its slope).
   */
  void curve(double[] margins, double[] labels, double @Nullable [] weights, int rows);

  /**
   * The convex conjugate ℓ*(θ, y) = sup_z θz − ℓ(z, y) at a feasible θ; +∞ where θ is not feasible.
   */
  double conjugate(double multiplier, double label);

  /** The constant margin that fits labels of this weighted mean best, or a finite guess at it. */
  double prior(double meanLabel);

  /** What a margin predicts: a probability for classifiers, a value for regressions. */
  double predict(double margin);

  /** 1 − {@link #predict} of classifiers, without its cancellation. */
  default double complement(double margin) {
    return predict(-margin);
  }

  /** Whether labels are the classes 0 and 1. */
  boolean classifies();

  /**
   * Whether it is convex in the margin. Of one that is not no optimum is certified, and only rules
   * that follow slopes may train it.
   */
  default boolean convex() {
    return true;
  }

  /** Whether its slope jumps, so that no method along slopes may be relied on. */
  default boolean hasKinks() {
    return false;
  }

  /** Which numbers may be labels; for classes, {@link #classifies} says it. */
  default LabelRange labels() {
    return LabelRange.ANY;
  }

  /**
   * The name of the metric that tells best how good it is; empty where that is the first of its
   * kind of label.
   */
  default Optional<String> metric() {
    return Optional.empty();
  }

  /**
   * Whether {@link #score} is a deviance: twice what a log likelihood is below that of a perfect
   * prediction, for a family of distributions whose mean is predicted.
   */
  default boolean scoresDeviance() {
    return false;
  }

  /**
   * What one row adds to {@link #metric}, whose value is the mean of it, where labels are numbers:
   * 0 for a perfect prediction.
   */
  default double score(double margin, double label) {
    throw new UnsupportedOperationException(name() + " has no metric of its own");
  }
}
