package dev.talweg.optimizer.transform;

import java.util.function.DoubleUnaryOperator;

/**
 * Gradient descent whose rate is the smoothness that it meets (Malitsky and Mishchenko 2020,
 * "Adaptive gradient descent without descent"), a whole rule: η ← min(η √(1 + a θ), ‖x − x'‖/(c ‖g
 * − g'‖)) + ε, θ ← η/η', u ← −η (u + λ x). Without a change of both the rate grows alone, and ε is
 * not added.
 *
 * <p>The paper has c = 2, a = 1 (0.02 for batches), ε = 0 and no limit to the second step.
 *
 * @param first η before the first step, which is √(1 + a θ) times it
 * @param growth a, at least 0
 * @param ratio θ before the first step, at least 0
 * @param divisor c, above 0
 * @param epsilon ε, at least 0
 * @param decay λ, at least 0
 */
public record AdaptiveDescent(
    double first,
    double growth,
    double ratio,
    double divisor,
    double epsilon,
    double decay,
    Change change)
    implements GradientTransform<AdaptiveDescent.State> {
  private static final long serialVersionUID = 1L;

  /** How far parameters and gradients went. */
  public enum Change {
    /** ‖x − x'‖: the paper. */
    NORM_OF_DIFFERENCE,
    /**
     * ‖x‖ − ‖x'‖, in single precision: pytorch_optimizer's {@code ASGD}, which sees no change where
     * one of the two norms fell.
     */
    DIFFERENCE_OF_NORMS
  }

  public AdaptiveDescent {
    Ranges.checkAboveZero("first", first);
    Ranges.checkNotNegative("growth", growth);
    Ranges.checkNotNegative("ratio", ratio);
    Ranges.checkAboveZero("divisor", divisor);
    Ranges.checkNotNegative("epsilon", epsilon);
    Ranges.checkNotNegative("decay", decay);
  }

  /** x', g', η, θ and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] parameters, double[] gradient, double rate, double ratio, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(new double[dimension], new double[dimension], first, ratio, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] x = step.parameters();
    double rate = state.rate() * Math.sqrt(1 + growth * state.ratio());
    if (state.steps() > 0) {
      double way = change(x, state.parameters(), step.tensors(), n -> n * n);
      double turn = change(updates, state.gradient(), step.tensors(), n -> (float) n * (float) n);
      rate = way > 0 && turn > 0 ? Math.min(rate, way / (divisor * turn)) + epsilon : rate;
    }
    for (int j = 0; j < updates.length; j++) {
      state.parameters()[j] = x[j];
      state.gradient()[j] = updates[j];
      updates[j] = -rate * (updates[j] + decay * x[j]);
    }
    double grown = rate / state.rate();
    return new State(state.parameters(), state.gradient(), rate, grown, state.steps() + 1);
  }

  private double change(
      double[] now, double[] before, Tensors tensors, DoubleUnaryOperator square) {
    if (change == Change.DIFFERENCE_OF_NORMS) {
      return norm(now, tensors, square) - norm(before, tensors, square);
    }
    double[] difference = new double[now.length];
    for (int j = 0; j < now.length; j++) {
      difference[j] = now[j] - before[j];
    }
    return Norms.euclidean(difference);
  }

  /** Squares of parameters' norms are rounded once, those of gradients' before and after. */
  private static float norm(double[] u, Tensors tensors, DoubleUnaryOperator square) {
    float squares = 0;
    for (Tensor tensor : tensors.tensors()) {
      squares += (float) square.applyAsDouble(Norms.euclidean(u, tensor));
    }
    return (float) Math.sqrt(squares);
  }

  @Override
  public double learningRate(long step) {
    return first;
  }
}
