package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * Mechanic (Cutkosky, Defazio and Mehta, NeurIPS 2023): learns a scale s of another rule's steps.
 * With Δ the sum of these, x = x₀ + s Δ, and s follows h = ⟨g + λ s ‖g‖/‖x‖ x, (x₀ − x)/s⟩ as a sum
 * over several bets that forget at different rates β = 0.9, 0.99, …: each has m ← max(β m, |h| +
 * ε), v ← β² v + h², r ← β r + s h with h cut to ±m of before, and s = (s₀ m/n + max(r, 0))/(√v +
 * ε). The cut is optax'; the paper has none.
 *
 * @param first s₀, the scale of the first step, above 0
 * @param decay λ, at least 0
 * @param epsilon ε, above 0
 * @param bets n, at least 1
 * @param rule its output is what is scaled; its decay and clipping are its own
 */
public record Mechanic(double first, double decay, double epsilon, long bets, Chain rule)
    implements TensorTransform<Mechanic.State> {
  private static final long serialVersionUID = 1L;

  public Mechanic {
    Ranges.checkAboveZero("first", first);
    Ranges.checkNotNegative("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkCount("bets", bets);
  }

  /** x₀; r, m, √v and s of each bet; the number of steps; and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] origin,
      double[] reward,
      double[] largest,
      double[] root,
      double[] scales,
      long steps,
      Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    int dimension = tensors.dimension();
    int n = Math.toIntExact(bets);
    double[] scales = new double[n];
    Arrays.fill(scales, first);
    return new State(
        new double[dimension],
        new double[n],
        new double[n],
        new double[n],
        scales,
        0,
        rule.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] origin = state.origin();
    double[] x = step.parameters();
    if (state.steps() == 0) {
      System.arraycopy(x, 0, origin, 0, origin.length);
    }
    double[] gradient = updates.clone();
    Chain.State inner = rule.update(updates, state.inner(), step);
    double scale = sum(state.scales());
    double pull = decay * scale * Norms.euclidean(gradient) / (Norms.euclidean(x) + epsilon);
    double h = 0;
    for (int j = 0; j < updates.length; j++) {
      double back = (origin[j] - x[j]) / (scale + epsilon);
      h += (gradient[j] + pull * x[j]) * back;
      updates[j] -= back;
    }
    bet(h, state);
    double then = sum(state.scales());
    for (int j = 0; j < updates.length; j++) {
      updates[j] = origin[j] + then * updates[j] - x[j];
    }
    return new State(
        origin,
        state.reward(),
        state.largest(),
        state.root(),
        state.scales(),
        state.steps() + 1,
        inner);
  }

  private void bet(double h, State state) {
    for (int k = 0; k < bets; k++) {
      double beta = 1 - StrictMath.pow(0.1, k + 1.0);
      double most = state.largest()[k];
      double cut = Math.max(-most, Math.min(h, most));
      state.largest()[k] = Math.max(beta * most, Math.abs(h) + epsilon);
      state.root()[k] = StrictMath.hypot(beta * state.root()[k], h);
      state.reward()[k] = beta * state.reward()[k] + cut * state.scales()[k];
      double wealth = first / bets * state.largest()[k] + Math.max(state.reward()[k], 0);
      state.scales()[k] = wealth / (state.root()[k] + epsilon);
    }
  }

  private static double sum(double[] scales) {
    return Arrays.stream(scales).sum();
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }
}
