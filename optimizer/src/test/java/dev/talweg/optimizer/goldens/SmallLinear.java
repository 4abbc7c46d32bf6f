package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.ProximalQuasiNewton;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.LocalPasses;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.OrderedSum;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.Penalty;
import java.util.Arrays;
import java.util.List;

/** The mean loss of a few dense rows with a free intercept, minimized. */
record SmallLinear(double[][] rows, double[] labels, PointwiseLoss loss, double l1, double l2) {
  private static final double[] NONE = {};

  /** Features are floats here: rows of four decimals are exact in units of a ten-thousandth. */
  private static final double DECIMALS = 1e4;

  /** What was reached, and the certified relative gap to the optimum. */
  record Optimum(double value, double gap) {}

  private double unit() {
    boolean decimals =
        Arrays.stream(rows)
            .flatMapToDouble(Arrays::stream)
            .allMatch(
                x -> {
                  double scaled = Math.rint(x * DECIMALS);
                  return (float) scaled == scaled && scaled / DECIMALS == x;
                });
    return decimals ? DECIMALS : 1;
  }

  Optimum minimized(double gap) {
    int d = rows[0].length;
    double unit = unit();
    int[] starts = new int[rows.length + 1];
    int[] indices = new int[rows.length * d];
    float[] values = new float[indices.length];
    int next = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < d; j++) {
        if (rows[i][j] != 0) {
          indices[next] = j;
          values[next++] = (float) (unit == 1 ? rows[i][j] : Math.rint(unit * rows[i][j]));
        }
      }
      starts[i + 1] = next;
    }
    CsrBlock block = new CsrBlock(d, starts, indices, values, labels, null);
    List<Shard> shards = List.of(Shard.of(List.of(block), d));
    OrderedSum sum = new OrderedSum(3 * d + PartitionPasses.MOMENTS);
    sum.add(0, PartitionPasses.moments(shards.get(0)));
    double[] absolute = l1 == 0 ? NONE : filled(d, l1 * unit);
    LinearProblem problem =
        new LinearProblem(
            new LocalPasses(shards, loss, d),
            loss,
            Moments.of(sum.total()),
            new Penalty(filled(d, l2 * unit * unit), absolute, NONE, NONE));
    if (loss.hasKinks()) {
      return run(new Cocoa(50, 0), problem, Math.max(gap, 1e-10), 2000);
    }
    return l1 > 0
        ? run(new ProximalQuasiNewton(), problem, gap, 200)
        : run(new Lbfgs(), problem, gap, 200);
  }

  private static <S extends Minimizer.State> Optimum run(
      Minimizer<? super LinearProblem, S> minimizer, LinearProblem problem, double gap, int most) {
    S state = minimizer.start(problem, problem.prior());
    for (int k = 0; k < most && state.failure().isEmpty() && !(state.gap() <= gap); k++) {
      state = minimizer.next(problem, state);
    }
    return new Optimum(state.value(), state.gap());
  }

  private static double[] filled(int d, double value) {
    double[] filled = new double[d];
    Arrays.fill(filled, value);
    return filled;
  }
}
