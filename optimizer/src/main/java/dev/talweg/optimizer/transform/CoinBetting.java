package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Coin betting, COCOB (Orabona and Tommasi, NeurIPS 2017, algorithm 2), a whole rule: every entry
 * is a gambler who bets on the sign of its gradients, and needs no rate. With g ← η g, L ← max(L,
 * |g|), G ← G + |g|, W ← max(W − g (x − x₀), 0), θ ← θ − g: x ← x₀ + θ (L + W)/(L max(G + L, α L)).
 *
 * @param learningRate η, which entries do not see but through ε: 1, or a schedule
 * @param fraction α, at least 0: first bets are 1/α at most
 * @param epsilon L before the first gradient, above 0
 */
public record CoinBetting(Schedule learningRate, double fraction, double epsilon)
    implements GradientTransform<CoinBetting.State> {
  private static final long serialVersionUID = 1L;

  public CoinBetting {
    Ranges.checkNotNegative("fraction", fraction);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** x₀, L, G, W, θ, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] origin,
      double[] largest,
      double[] total,
      double[] reward,
      double[] bet,
      long steps) {}

  @Override
  public State init(int dimension) {
    double[] largest = new double[dimension];
    Arrays.fill(largest, epsilon);
    return new State(
        new double[dimension],
        largest,
        new double[dimension],
        new double[dimension],
        new double[dimension],
        0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] origin = state.origin();
    double[] largest = state.largest();
    double[] total = state.total();
    double[] reward = state.reward();
    double[] bet = state.bet();
    double[] x = step.parameters();
    if (state.steps() == 0) {
      System.arraycopy(x, 0, origin, 0, origin.length);
    }
    double eta = step.now(learningRate);
    for (int j = 0; j < updates.length; j++) {
      double g = eta * updates[j];
      largest[j] = Math.max(largest[j], Math.abs(g));
      total[j] += Math.abs(g);
      reward[j] = Math.max(reward[j] - g * (x[j] - origin[j]), 0);
      bet[j] -= g;
      double below = Math.max(total[j] + largest[j], fraction * largest[j]);
      double way = bet[j] / largest[j] * ((largest[j] + reward[j]) / below);
      updates[j] = origin[j] + way - x[j];
    }
    return new State(origin, largest, total, reward, bet, state.steps() + 1);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
