package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * MADGRAD (Defazio and Jelassi 2021), a whole rule: dual averaging with the cube root of squares.
 * With λ_t = (η_t + ε)√t: s ← s + λ_t g, v ← v + λ_t g², x ← x + (1 − c)(x₀ − s/(∛v + ε) − x).
 *
 * <p>Without momentum x + s/(∛v + ε) is x₀ as long as nothing else moves x, and it is not kept
 * (pytorch_optimizer).
 *
 * @param rate η
 * @param momentum c, in [0, 1)
 * @param epsilon at least 0
 * @param decay λ, at least 0: x loses λ(η_t + ε) of itself beside the step
 */
public record Madgrad(Schedule rate, double momentum, double epsilon, double decay)
    implements GradientTransform<Madgrad.State> {
  private static final long serialVersionUID = 1L;

  public Madgrad {
    Ranges.checkShare("momentum", momentum);
    Ranges.checkNotNegative("epsilon", epsilon);
    Ranges.checkNotNegative("decay", decay);
  }

  /** x₀ (empty without momentum), s, v and the number of steps in them. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] start, double[] sum, double[] squares, long steps) {}

  @Override
  public State init(int dimension) {
    double[] start = new double[momentum == 0 ? 0 : dimension];
    return new State(start, new double[dimension], new double[dimension], 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] start = state.start();
    double[] s = state.sum();
    double[] v = state.squares();
    double[] x = step.parameters();
    long steps = state.steps() + 1;
    if (steps == 1) {
      System.arraycopy(x, 0, start, 0, start.length);
    }
    double eta = step.now(rate) + epsilon;
    double weight = eta * Math.sqrt((double) steps);
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      double before = way(s[j], v[j]);
      s[j] += weight * g;
      v[j] += weight * g * g;
      double now = way(s[j], v[j]);
      double moved = momentum == 0 ? before - now : (1 - momentum) * (start[j] - now - x[j]);
      updates[j] = moved - eta * decay * x[j];
    }
    return new State(start, s, v, steps);
  }

  /** s/(∛v + ε), and 0 where nothing was summed up. */
  private double way(double sum, double squares) {
    double below = StrictMath.cbrt(squares) + epsilon;
    return below == 0 ? 0 : sum / below;
  }

  @Override
  public double learningRate(long step) {
    return rate.at(step);
  }
}
