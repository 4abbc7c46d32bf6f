package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Of a model whose rows do not see each other: no rounds. */
final class RowSweep implements Sweep {
  private static final double[] NOTHING = {};
  private final Model model;
  private double[] parameters = {};
  private double[] sums = {};
  private final List<Rows> rows = new ArrayList<>();

  private record Rows(Block block, int from, int until, Draw draw) {}

  RowSweep(Model model) {
    this.model = model;
  }

  @Override
  public void begin(double[] at) {
    parameters = at;
    rows.clear();
  }

  @Override
  public void add(Block block, int from, int until, Draw draw) {
    rows.add(new Rows(block, from, until, draw));
  }

  @Override
  public double[] advance(List<double[]> known) {
    int d = parameters.length;
    if (sums.length == d + 2) {
      Arrays.fill(sums, 0);
    } else {
      sums = new double[d + 2];
    }
    for (Rows r : rows) {
      sums[d] += model.accumulate(r.block, r.from, r.until, parameters, sums, r.draw);
      sums[d + 1] += r.block.weight(r.from, r.until);
    }
    return NOTHING;
  }

  @Override
  public double[] sums() {
    return sums;
  }
}
