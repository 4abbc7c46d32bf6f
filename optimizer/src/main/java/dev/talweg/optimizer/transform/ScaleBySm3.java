package dev.talweg.optimizer.transform;

import java.util.Arrays;

/**
 * SM3-II (Anil et al. 2019): Adagrad whose sums of squares are kept for rows and columns of a
 * matrix instead of its entries. ν = min(r, c) + u² of an entry's row and column, u ← u/√(ν + ε),
 * and 0 where ν is 0; r ← max(r, ν) over the row, c over the column. A vector is one row, whose
 * columns are its entries.
 *
 * <p>With β above 0 (pytorch_optimizer) it is a mean that never falls, ν = β min(r, c) + (1 − β)
 * u².
 *
 * @param beta β, in [0, 1)
 * @param epsilon at least 0, in squared units of the gradient
 */
public record ScaleBySm3(double beta, double epsilon) implements TensorTransform<ScaleBySm3.State> {
  private static final long serialVersionUID = 1L;

  public ScaleBySm3 {
    Ranges.checkShare("beta", beta);
    Ranges.checkNotNegative("epsilon", epsilon);
  }

  /** r and c of all tensors. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] rows, double[] columns) {}

  @Override
  public State init(Tensors tensors) {
    return new State(
        new double[tensors.tensors().stream().mapToInt(Tensor::rows).sum()],
        new double[tensors.tensors().stream().mapToInt(Tensor::columns).sum()]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    int row = 0;
    int column = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      update(updates, tensor, state, row, column);
      row += tensor.rows();
      column += tensor.columns();
    }
    return state;
  }

  private void update(double[] updates, Tensor tensor, State state, int row, int column) {
    double kept = beta == 0 ? 1 : beta;
    double[] r = state.rows();
    double[] c = state.columns();
    double[] before = Arrays.copyOfRange(c, column, column + tensor.columns());
    int j = tensor.from();
    for (int i = row; i < row + tensor.rows(); i++) {
      double most = r[i];
      for (int k = 0; k < before.length; k++) {
        double u = updates[j];
        double square = kept * Math.min(r[i], before[k]) + (1 - beta) * u * u;
        most = Math.max(most, square);
        c[column + k] = Math.max(c[column + k], square);
        updates[j++] = square == 0 ? 0 : u / Math.sqrt(square + epsilon);
      }
      r[i] = most;
    }
  }
}
