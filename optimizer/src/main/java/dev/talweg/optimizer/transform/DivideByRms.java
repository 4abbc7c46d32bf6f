package dev.talweg.optimizer.transform;

/**
 * Adam's quotient with anything above the root: v ← β v + (1 − β) u², u ← above(u)/√v̂ with ε. Of a
 * bias-corrected running mean it is Adam, and AMSGrad with the largest v so far; AdaNorm, AdaPNM
 * and AdaTAM have another mean there.
 *
 * @param above sees the gradient as v does
 * @param decay β, in [0, 1)
 * @param epsilon above 0
 * @param root ε₀, added to v inside of the root beside ε, at least 0; pytorch_optimizer has 1e-15
 * @param form where ε stands
 */
public record DivideByRms(
    Chain above, double decay, double epsilon, double root, Epsilon form, Bound bound)
    implements TensorTransform<DivideByRms.State> {
  private static final long serialVersionUID = 1L;

  public DivideByRms {
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("root", root);
  }

  /** What is above, v, the largest v (empty where it is not kept) and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(Chain.State above, double[] square, double[] largest, long steps) {}

  @Override
  public State init(Tensors tensors) {
    int dimension = tensors.dimension();
    return new State(above.init(tensors), new double[dimension], bound.memory(dimension), 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] v = state.square();
    double[] largest = state.largest();
    long steps = state.steps() + 1;
    double c = 1 - StrictMath.pow(decay, (double) steps);
    double[] numerator = updates.clone();
    Chain.State next = above.update(numerator, state.above(), step);
    for (int j = 0; j < updates.length; j++) {
      v[j] = decay * v[j] + (1 - decay) * updates[j] * updates[j];
      double square = bound.of(v[j], largest, j);
      updates[j] = numerator[j] / form.denominator(square + root, c, epsilon);
    }
    return new State(next, v, largest, steps);
  }
}
