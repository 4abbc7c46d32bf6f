package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalMultinomialPasses;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.MultinomialPasses;
import dev.talweg.optimizer.objective.MultinomialProblem;
import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.PinnedMultinomialPasses;
import dev.talweg.optimizer.objective.PinnedPasses;
import java.util.List;

/** The mean loss of dense rows, minimized. */
record SmallLinear(SmallRows rows, PointwiseLoss loss, double l1, double l2, Intercept intercept) {
  private static final double[] NONE = {};

  /** Passes of a round of dual ascent, and the rows after which it has to be there. */
  private static final int ASCENTS = 50;

  private static final long MOST_ROWS = 40_000_000;

  /** With a free intercept. */
  SmallLinear(double[][] x, double[] labels, PointwiseLoss loss, double l1, double l2) {
    this(new SmallRows(x, labels), loss, l1, l2, Intercept.FREE);
  }

  /**
   * What was reached.
   *
   * @param gap the certified relative gap to the optimum
   * @param rounding what features that are no floats change of the value, at most
   */
  record Optimum(double value, double gap, double rounding) {
    /**
     * How far another's value of the same minimum may be from it, relative: with kinks a
     * certificate stalls before rounding, and the features' rounding counts at either minimizer.
     */
    double allowed() {
      return Math.max(1e-12, Math.min(2 * gap, 1e-3)) + 2 * rounding / Math.abs(value);
    }
  }

  /** The objective, of features in a unit. */
  LinearProblem problem(double unit) {
    int d = rows.features();
    List<Shard> shards = rows.shards(unit);
    OrderedSum sum = new OrderedSum(3 * d + PartitionPasses.MOMENTS);
    sum.add(0, PartitionPasses.moments(shards.get(0)));
    LinearPasses passes = new LocalPasses(shards, loss, d);
    return new LinearProblem(
        PinnedPasses.of(passes, intercept),
        loss,
        Moments.of(sum.total()),
        new Penalty(
            rows.each(l2 * unit * unit), l1 == 0 ? NONE : rows.each(l1 * unit), NONE, NONE));
  }

  Optimum minimized(double gap) {
    double unit = rows.unit();
    Minimizer.State end = minimum(problem(unit), gap);
    return new Optimum(end.value(), end.gap(), unit == 1 ? rounding(end.parameters()) : 0);
  }

  private Minimizer.State minimum(LinearProblem problem, double gap) {
    if (loss.hasKinks()) {
      long rounds = Math.max(20, Math.min(2000, MOST_ROWS / ASCENTS / rows.labels().length));
      return SmallRows.run(new Cocoa(ASCENTS, 0), problem, Math.max(gap, 1e-10), rounds);
    }
    return l1 > 0
        ? SmallRows.run(new ProximalQuasiNewton(), problem, gap, 200)
        : SmallRows.run(new Lbfgs(), problem, gap, 200);
  }

  /** The mean of |ℓ'| Σ |w_j| |x_j − float(x_j)|. */
  private double rounding(double[] w) {
    int d = rows.features();
    int n = rows.labels().length;
    double[] slopes = new double[n];
    double[] off = new double[n];
    for (int i = 0; i < n; i++) {
      double[] x = rows.x()[i];
      slopes[i] = w[d];
      for (int j = 0; j < d; j++) {
        slopes[i] += x[j] * w[j];
        off[i] += Math.abs(w[j]) * Math.abs(x[j] - (float) x[j]);
      }
    }
    loss.differentiate(slopes, rows.labels(), null, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.abs(slopes[i]) * off[i];
    }
    return sum / n;
  }

  /** The same with a margin for each of some classes, and a ridge. */
  static Optimum softmax(SmallRows rows, int classes, double l2, Intercept intercept, double gap) {
    double unit = rows.unit();
    MultinomialPasses passes =
        new LocalMultinomialPasses(rows.shards(unit), new SoftmaxLoss(classes), rows.features());
    MultinomialProblem problem =
        new MultinomialProblem(
            PinnedMultinomialPasses.of(passes, intercept),
            rows.each(l2 * unit * unit),
            rows.labels().length);
    Minimizer.State end = SmallRows.run(new Lbfgs(), problem, gap, 200);
    return new Optimum(end.value(), end.gap(), 0);
  }
}
