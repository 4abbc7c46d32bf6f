package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.model.Sweep;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.transform.Tensors;
import java.util.ArrayList;
import java.util.List;

/** Batches of rows in their order, over and over. */
record InTurn(Net net, Block block, int batch) implements BatchObjective {

  /** Dense rows. */
  static Block block(double[][] x, double[] labels) {
    int rows = x.length;
    int columns = x[0].length;
    float[] numeric = new float[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        numeric[j * rows + i] = (float) x[i][j];
      }
    }
    return new ColumnBlock(rows, columns, columns, numeric, 0, new int[0], labels, null);
  }

  @Override
  public int dimension() {
    return net.layout().dimension();
  }

  @Override
  public long stepsPerEpoch() {
    return block.rows() / batch;
  }

  @Override
  public Tensors tensors() {
    return net.tensors();
  }

  @Override
  public List<Slice> buffers() {
    return net.buffers();
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    int from = (int) (step * batch % block.rows());
    Sweep sweep = net.sweep();
    sweep.begin(parameters);
    sweep.add(block, from, from + batch, new Draw(1, step, from));
    List<Sweep> all = new ArrayList<>(List.of(sweep));
    List<double[]> known = PartitionBatches.advance(net, all);
    Evaluation evaluation =
        PartitionBatches.evaluation(sweep.sums(), parameters, new double[parameters.length]);
    net.settle(known, parameters, evaluation.gradient());
    return evaluation;
  }
}
