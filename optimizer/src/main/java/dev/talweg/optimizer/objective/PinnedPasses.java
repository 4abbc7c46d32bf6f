package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.model.Intercept;
import java.util.List;

/**
 * Passes of a linear objective whose intercept, and some of whose weights, stay at zero: a model
 * through the origin.
 *
 * <p>What is pinned has no slope and shares no curvature with anything, so a step that starts at
 * zero never moves it: slopes of pinned parameters are 0, and of their curvature only the diagonal
 * is left, which makes it divisible. The dual of an intercept that is not free has no constraint:
 * multipliers count as balanced, (Σθ₊, Σθ₋) = (1, −1) with nothing taken away, and the pull of a
 * pinned weight, whose penalty is finite at 0 alone, is 0.
 *
 * <p>What is made elsewhere, of rows, knows nothing of pinned weights: a dense block of a sample,
 * so that with more than {@link LinearProblem#EXACT_CURVATURE} features the diagonal is to be asked
 * for, the dual's ascent and an online pass, which are refused.
 */
public final class PinnedPasses implements LinearPasses {
  private final LinearPasses passes;
  private final boolean[] weights;

  /**
   * @param weights which weights are pinned beside the intercept, d of them
   */
  public PinnedPasses(LinearPasses passes, boolean[] weights) {
    if (weights.length != passes.features()) {
      throw new IllegalArgumentException(
          "lengths differ: " + weights.length + " != " + passes.features());
    }
    this.passes = passes;
    this.weights = weights.clone();
  }

  /** With free weights, and with an intercept or without one. */
  public static LinearPasses of(LinearPasses passes, Intercept intercept) {
    return intercept == Intercept.FREE
        ? passes
        : new PinnedPasses(passes, new boolean[passes.features()]);
  }

  @Override
  public boolean pinned() {
    return true;
  }

  @Override
  public int features() {
    return passes.features();
  }

  @Override
  public Wire wire() {
    return passes.wire();
  }

  @Override
  public double[] evaluate(double[] parameters) {
    return withoutSlopes(passes.evaluate(parameters));
  }

  @Override
  public double[] move(double step, double shift) {
    return withoutSlopes(passes.move(step, shift));
  }

  @Override
  public double[] curve(double[] direction) {
    return withoutSlopes(passes.curve(direction));
  }

  /** Of sums by weight, then by the intercept. */
  private double[] withoutSlopes(double[] sums) {
    withoutWeights(sums);
    sums[weights.length] = 0;
    return sums;
  }

  private double[] withoutWeights(double[] sums) {
    for (int j = 0; j < weights.length; j++) {
      if (weights[j]) {
        sums[j] = 0;
      }
    }
    return sums;
  }

  @Override
  public void place(double[] parameters) {
    passes.place(parameters);
  }

  @Override
  public double value() {
    return passes.value();
  }

  @Override
  public Slopes project(double[] direction, double step, double shift) {
    return alongWeights(passes.project(direction, step, shift));
  }

  @Override
  public Slopes slopes(double step, double shift) {
    return alongWeights(passes.slopes(step, shift));
  }

  private static Slopes alongWeights(Slopes slopes) {
    return new Slopes(slopes.value(), slopes.alpha(), 0, slopes.alphaAlpha(), 0, slopes.betaBeta());
  }

  @Override
  public double[] gram() {
    double[] gram = passes.gram();
    int d = weights.length;
    for (int j = 0; j < d; j++) {
      for (int k = j + 1; k <= d; k++) {
        if (weights[j] || k == d || weights[k]) {
          gram[j * (d + 1) + k] = 0;
        }
      }
    }
    return gram;
  }

  @Override
  public double[] squares() {
    double[] sums = passes.squares();
    int d = weights.length;
    for (int j = d; j < 2 * d; j++) {
      sums[j] = 0;
    }
    return sums;
  }

  @Override
  public List<Block> sample(double share, long seed) {
    return passes.sample(share, seed);
  }

  @Override
  public void settle() {
    passes.settle();
  }

  @Override
  public void extend(double step) {
    passes.extend(step);
  }

  @Override
  public double[] multiplierSums() {
    double[] sums = passes.multiplierSums();
    return new double[] {1, 0, -1, 0, sums[4]};
  }

  @Override
  public double[] conjugates(double[] positiveScales, double[] negativeScales) {
    return passes.conjugates(positiveScales, negativeScales);
  }

  @Override
  public double[] dual(double positiveScale, double negativeScale) {
    return withoutWeights(passes.dual(positiveScale, negativeScale));
  }

  @Override
  public Climbed climb(DualAscent ascent, List<double[]> multipliers) {
    checkWeightsAreFree();
    return passes.climb(ascent, multipliers);
  }

  @Override
  public double[] online(OnlinePass pass) {
    checkWeightsAreFree();
    return passes.online(pass);
  }

  private void checkWeightsAreFree() {
    for (boolean pinned : weights) {
      if (pinned) {
        throw new UnsupportedOperationException("an ascent or a pass by rows moves every weight");
      }
    }
  }

  @Override
  public double conjugate(List<double[]> multipliers, double positiveScale, double negativeScale) {
    return passes.conjugate(multipliers, positiveScale, negativeScale);
  }

  @Override
  public List<double[]> slopes() {
    return passes.slopes();
  }

  @Override
  public double[] values(double[] shifts) {
    return passes.values(shifts);
  }
}
