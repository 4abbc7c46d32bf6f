package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.RayObjective;
import java.util.Arrays;
import java.util.List;

/**
 * Dense rows as one partition. Features are floats here: rows of four decimals are exact in units
 * of a ten-thousandth.
 */
record SmallRows(double[][] x, double[] labels) {
  private static final double DECIMALS = 1e4;

  int features() {
    return x[0].length;
  }

  /** What features are multiplied by. */
  double unit() {
    boolean decimals =
        Arrays.stream(x)
            .flatMapToDouble(Arrays::stream)
            .allMatch(
                each -> {
                  double scaled = Math.rint(each * DECIMALS);
                  return (float) scaled == scaled && scaled / DECIMALS == each;
                });
    return decimals ? DECIMALS : 1;
  }

  List<Shard> shards(double unit) {
    int d = features();
    int[] starts = new int[x.length + 1];
    int[] indices = new int[x.length * d];
    float[] values = new float[indices.length];
    int next = 0;
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < d; j++) {
        if (x[i][j] != 0) {
          indices[next] = j;
          values[next++] = (float) (unit == 1 ? x[i][j] : Math.rint(unit * x[i][j]));
        }
      }
      starts[i + 1] = next;
    }
    return List.of(Shard.of(List.of(new CsrBlock(d, starts, indices, values, labels, null)), d));
  }

  /** As many of a number as there are features. */
  double[] each(double value) {
    double[] filled = new double[features()];
    Arrays.fill(filled, value);
    return filled;
  }

  /** From where zero weights are, to a gap or for so many steps. */
  static <F extends RayObjective, S extends Minimizer.State> S run(
      Minimizer<? super F, S> minimizer, F problem, double gap, long most) {
    S state = minimizer.start(problem, problem.prior());
    for (int k = 0; k < most && state.failure().isEmpty() && !(state.gap() <= gap); k++) {
      state = minimizer.next(problem, state);
    }
    return state;
  }
}
