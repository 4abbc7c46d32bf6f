package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.BatchObjective;

/**
 * How far to go along what the rule gives: the largest of some lengths t at which the step's own
 * batch decreases by a share of what its slope promises, f(x + t u) ≤ f(x) + c t gᵀu (Armijo,
 * Pacific Journal of Mathematics 16 (1966); on batches: Vaswani et al., NeurIPS 2019). A length
 * tried costs an evaluation of the batch.
 *
 * @param decrease c, in (0, 1)
 * @param shrink what a length that is too long is multiplied by, in (0, 1)
 * @param growth how much longer than the last one the first length of a step is, at least 1
 * @param most lengths tried, at least 1
 * @param whenNone what is done where none of them will do
 */
public record Backtracking(
    double decrease, double shrink, double growth, int most, WhenNone whenNone) {
  /** What a step is whose lengths are all too long. */
  public enum WhenNone {
    /** None. */
    STAY,
    /** The shortest that was tried, as optax goes on. */
    STEP
  }

  public Backtracking {
    if (!(decrease > 0 && decrease < 1 && shrink > 0 && shrink < 1 && growth >= 1) || most < 1) {
      throw new IllegalArgumentException(
          "decrease " + decrease + ", shrink " + shrink + ", growth " + growth + ", most " + most);
    }
  }

  /**
   * What was found.
   *
   * @param length t, at most 1; 0 where none of the lengths will do and it stays
   * @param tried evaluations that it took
   */
  record Found(double length, int tried) {}

  /**
   * From a state along updates u. Where they do not lead down, as those of momentum may, the length
   * before is kept untried.
   *
   * @param batch that the state is of
   * @param gradient g, before the rule made u of it
   */
  Found search(
      BatchObjective objective,
      Descent.State state,
      long batch,
      double[] gradient,
      double[] updates) {
    double slope = Vectors.dot(gradient, updates);
    if (!(slope < 0)) {
      return new Found(state.length(), 0);
    }
    double length = Math.min(1, growth * state.length());
    for (int tried = 1; tried <= most; tried++) {
      double[] there = state.parameters().clone();
      Vectors.add(length, updates, there);
      double value = objective.evaluate(there, batch).value();
      boolean goes = tried == most && whenNone == WhenNone.STEP;
      if (goes || value <= state.value() + decrease * length * slope) {
        return new Found(length, tried);
      }
      length *= shrink;
    }
    return new Found(0, most);
  }
}
