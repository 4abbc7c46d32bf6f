package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import java.util.Arrays;
import java.util.List;

/** Of a model whose rows do not see each other: no rounds. */
final class RowSweep implements Sweep {
  private static final double[] NOTHING = {};
  private final Model model;
  private double[] parameters = {};
  private double[] sums = {};

  RowSweep(Model model) {
    this.model = model;
  }

  @Override
  public void begin(double[] at) {
    parameters = at;
    if (sums.length == at.length + 2) {
      Arrays.fill(sums, 0);
    } else {
      sums = new double[at.length + 2];
    }
  }

  @Override
  public void add(Block block, int from, int until, Draw draw) {
    int d = parameters.length;
    sums[d] += model.accumulate(block, from, until, parameters, sums, draw);
    sums[d + 1] += block.weight(from, until);
  }

  @Override
  public double[] advance(List<double[]> known) {
    return NOTHING;
  }

  @Override
  public double[] sums() {
    return sums;
  }
}
