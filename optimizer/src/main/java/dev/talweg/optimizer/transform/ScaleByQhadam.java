package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * QHAdam (Ma and Yarats 2019): Adam whose moments are mixed with the gradient's own. m̂ ← m̂ + (u −
 * m̂)/w, where w ← β₁ w + 1 counts the gradients in the mean, so that it is bias-corrected where β₁
 * is a schedule too; v̂ of u² by β₂ alike; u ← (ν₁ m̂ + (1 − ν₁) u)/(√(ν₂ v̂ + (1 − ν₂) u²) + ε).
 * With ν₁ = ν₂ = 1 it is Adam, with ν₁ = β₁ and ν₂ = 1 nearly NAdam.
 *
 * @param beta1 in [0, 1) at every step
 * @param beta2 in [0, 1) at every step
 * @param nu1 ν₁, in [0, 1]
 * @param nu2 ν₂, in [0, 1]
 * @param epsilon above 0, in units of the gradient
 */
public record ScaleByQhadam(Schedule beta1, Schedule beta2, double nu1, double nu2, double epsilon)
    implements GradientTransform<ScaleByQhadam.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByQhadam {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkUpToOne("nu1", nu1);
    Ranges.checkUpToOne("nu2", nu2);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** m̂, v̂, and how many gradients they are the means of. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] square, double meanWeight, double squareWeight) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], 0, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    double[] v = state.square();
    double meanWeight = beta1.at(step.number()) * state.meanWeight() + 1;
    double squareWeight = beta2.at(step.number()) * state.squareWeight() + 1;
    for (int j = 0; j < updates.length; j++) {
      double u = updates[j];
      double square = u * u;
      m[j] += (u - m[j]) / meanWeight;
      v[j] += (square - v[j]) / squareWeight;
      double below = Math.sqrt(nu2 * v[j] + (1 - nu2) * square) + epsilon;
      updates[j] = (nu1 * m[j] + (1 - nu1) * u) / below;
    }
    return new State(m, v, meanWeight, squareWeight);
  }
}
