package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.model.Intercept;
import java.util.Arrays;

/**
 * Passes of a softmax objective whose intercepts stay at zero: {@link PinnedPasses} for K classes.
 * Intercepts have no slope and share no curvature with anything.
 */
public final class PinnedMultinomialPasses implements MultinomialPasses {
  private final MultinomialPasses passes;
  private final int weights;

  private PinnedMultinomialPasses(MultinomialPasses passes) {
    this.passes = passes;
    this.weights = passes.features() * passes.classes();
  }

  /** With intercepts or without. */
  public static MultinomialPasses of(MultinomialPasses passes, Intercept intercept) {
    return intercept == Intercept.FREE ? passes : new PinnedMultinomialPasses(passes);
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
  public int classes() {
    return passes.classes();
  }

  @Override
  public double[] classWeights() {
    return passes.classWeights();
  }

  @Override
  public double[] evaluate(double[] parameters) {
    return withoutSlopes(passes.evaluate(parameters));
  }

  @Override
  public double[] move(double step, double[] shifts) {
    return withoutSlopes(passes.move(step, shifts));
  }

  private double[] withoutSlopes(double[] sums) {
    Arrays.fill(sums, weights, weights + classes(), 0);
    return sums;
  }

  @Override
  public void place(double[] parameters) {
    passes.place(parameters);
  }

  @Override
  public ClassSlopes project(double[] direction, double step, double[] shifts) {
    return passes.project(direction, step, shifts).withoutShifts();
  }

  @Override
  public ClassSlopes slopes(double step, double[] shifts) {
    return passes.slopes(step, shifts).withoutShifts();
  }

  @Override
  public ClassSlopes interceptSlopes(double[] shifts) {
    return passes.interceptSlopes(shifts).withoutShifts();
  }

  @Override
  public double[] gram(int every, RowWeight h) {
    double[] sums = passes.gram(every, h);
    int d = features();
    for (int j = 0; j < d; j++) {
      sums[j * (d + 1) + d] = 0;
    }
    return sums;
  }

  @Override
  public double[] squares() {
    double[] sums = passes.squares();
    Arrays.fill(sums, weights, 2 * weights, 0);
    return sums;
  }

  @Override
  public double[] dual(double[] shifts, double[] kept, double[] shares) {
    return passes.dual(shifts, kept, shares);
  }
}
