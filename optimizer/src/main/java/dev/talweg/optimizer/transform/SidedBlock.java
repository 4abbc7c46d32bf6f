package dev.talweg.optimizer.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A block of a tensor, and where its square matrices are in an array of those of all blocks: L of
 * its rows, R of its columns. One that it has not stands for I.
 *
 * @param from its first entry
 * @param stride from a row to the next
 * @param left where L is, or NONE
 * @param right where R is, or NONE
 */
record SidedBlock(int from, int stride, int rows, int columns, int left, int right) {
  static final int NONE = -1;

  /**
   * All blocks.
   *
   * @param most rows and columns of a block
   * @param left whether a tensor's blocks have an L
   * @param right whether they have an R
   */
  static List<SidedBlock> of(
      Tensors tensors, int most, Predicate<Tensor> left, Predicate<Tensor> right) {
    List<SidedBlock> blocks = new ArrayList<>();
    int next = 0;
    for (Tensor tensor : tensors.tensors()) {
      for (int i = 0; i < tensor.rows(); i += Math.min(most, tensor.rows() - i)) {
        int rows = Math.min(most, tensor.rows() - i);
        for (int k = 0; k < tensor.columns(); k += Math.min(most, tensor.columns() - k)) {
          int columns = Math.min(most, tensor.columns() - k);
          int middle = left.test(tensor) ? Math.addExact(next, square(rows)) : next;
          int end = right.test(tensor) ? Math.addExact(middle, square(columns)) : middle;
          blocks.add(
              new SidedBlock(
                  tensor.from() + i * tensor.columns() + k,
                  tensor.columns(),
                  rows,
                  columns,
                  middle > next ? next : NONE,
                  end > middle ? middle : NONE));
          next = end;
        }
      }
    }
    return blocks;
  }

  private static int square(int side) {
    return Math.multiplyExact(side, side);
  }

  /** An array of the matrices of all blocks, all of them s I. */
  static double[] diagonals(List<SidedBlock> blocks, double s) {
    int length = 0;
    for (SidedBlock block : blocks) {
      length += block.left == NONE ? 0 : square(block.rows);
      length += block.right == NONE ? 0 : square(block.columns);
    }
    double[] all = new double[length];
    for (SidedBlock block : blocks) {
      block.derive(all, all, matrix -> Matrix.diagonal(matrix.rows(), s));
    }
    return all;
  }

  /** How many matrices it has. */
  int sides() {
    return (left == NONE ? 0 : 1) + (right == NONE ? 0 : 1);
  }

  /** Its entries. */
  Matrix of(double[] x) {
    Matrix block = Matrix.zero(rows, columns);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(x, from + i * stride, block.entries(), i * columns, columns);
    }
    return block;
  }

  /** Puts entries where its own are. */
  void put(Matrix block, double[] x) {
    for (int i = 0; i < rows; i++) {
      System.arraycopy(block.entries(), i * columns, x, from + i * stride, columns);
    }
  }

  /** A function of each of its matrices of an array, put into another array. */
  void derive(double[] matrices, double[] into, UnaryOperator<Matrix> function) {
    if (left != NONE) {
      function.apply(Matrix.of(matrices, left, rows, rows)).into(into, left);
    }
    if (right != NONE) {
      function.apply(Matrix.of(matrices, right, columns, columns)).into(into, right);
    }
  }

  /** L ← a L + b G Gᵀ, R ← a R + b Gᵀ G. */
  void measure(Matrix gradient, double[] matrices, double a, double b) {
    if (left != NONE) {
      Matrix own = Matrix.of(matrices, left, rows, rows);
      own.combined(a, b, gradient.gram()).into(matrices, left);
    }
    if (right != NONE) {
      Matrix own = Matrix.of(matrices, right, columns, columns);
      own.combined(a, b, gradient.transposed().gram()).into(matrices, right);
    }
  }

  /** Lᵀ X R. */
  Matrix within(double[] matrices, Matrix x) {
    Matrix y = left == NONE ? x : Matrix.of(matrices, left, rows, rows).transposed().times(x);
    return right == NONE ? y : y.times(Matrix.of(matrices, right, columns, columns));
  }

  /** L X Rᵀ: back, where L and R are orthogonal. */
  Matrix without(double[] matrices, Matrix x) {
    Matrix y = left == NONE ? x : Matrix.of(matrices, left, rows, rows).times(x);
    return right == NONE ? y : y.times(Matrix.of(matrices, right, columns, columns).transposed());
  }
}
