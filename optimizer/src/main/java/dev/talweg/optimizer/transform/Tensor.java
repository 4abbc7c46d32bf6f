package dev.talweg.optimizer.transform;

/**
 * A run of parameters with one shape: a matrix stored by rows, or a vector, which is one row.
 *
 * @param from its first parameter
 * @param rows at least 1
 * @param columns at least 0
 * @param penalized whether decay acts on it where biases and norms are spared
 */
public record Tensor(String name, int from, int rows, int columns, boolean penalized) {
  public Tensor {
    if (from < 0 || rows < 1 || columns < 0) {
      throw new IllegalArgumentException(
          "tensor " + name + " is " + rows + " x " + columns + " from " + from);
    }
  }

  /** One of weights. */
  public Tensor(String name, int from, int rows, int columns) {
    this(name, from, rows, columns, true);
  }

  /** The same at another place. */
  Tensor at(int elsewhere) {
    return new Tensor(name, elsewhere, rows, columns, penalized);
  }

  /** Number of parameters. */
  public int length() {
    return rows * columns;
  }

  /** The first parameter after it. */
  public int end() {
    return from + length();
  }

  /** Whether it has more than one row and more than no column. */
  public boolean matrix() {
    return rows > 1 && columns > 0;
  }
}
