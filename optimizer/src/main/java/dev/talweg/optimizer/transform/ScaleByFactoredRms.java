package dev.talweg.optimizer.transform;

/**
 * Adafactor's scaling (Shazeer and Stern 2018): the mean square of a matrix as the product of its
 * rows' and its columns' means, so that its memory is rows + columns. β_t = 1 − t^{−c}; r ← β_t r +
 * (1 − β_t) mean over columns of u², s the same over rows, u ← u/√(r sᵀ/mean(r)). Vectors, and
 * matrices that are too narrow, keep a full mean square.
 *
 * <p>Keras and optax add ε to u²; PyTorch has ε² as a floor of the product, and ε of mean(r). optax
 * factors matrices with both sides of at least 128 only.
 *
 * <p>Clipping by root mean square, the scale of the parameters and the rate are further words.
 *
 * @param decay c, above 0; 0.8
 * @param epsilon above 0
 * @param least the smaller side of a matrix from which on it is factored
 */
public record ScaleByFactoredRms(double decay, double epsilon, Floor floor, int least)
    implements GradientTransform<ScaleByFactoredRms.State> {
  private static final long serialVersionUID = 1L;

  /** How ε keeps the mean square from 0. */
  public enum Floor {
    ADDED_TO_SQUARES,
    FLOOR_OF_PRODUCT
  }

  public ScaleByFactoredRms {
    Ranges.checkAboveZero("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkCount("least", least);
  }

  /** Means of rows, of columns, full ones of what is not factored, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] rows, double[] columns, double[] full, long steps) {}

  @Override
  public State init(int dimension) {
    return init(Tensors.flat(dimension));
  }

  @Override
  public State init(Tensors tensors) {
    int rows = 0;
    int columns = 0;
    int full = 0;
    for (Tensor tensor : tensors.tensors()) {
      rows += factored(tensor) ? tensor.rows() : 0;
      columns += factored(tensor) ? tensor.columns() : 0;
      full += factored(tensor) ? 0 : tensor.length();
    }
    return new State(new double[rows], new double[columns], new double[full], 0);
  }

  private boolean factored(Tensor tensor) {
    return tensor.matrix() && Math.min(tensor.rows(), tensor.columns()) >= least;
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long steps = state.steps() + 1;
    double fresh = StrictMath.pow((double) steps, -decay);
    int row = 0;
    int column = 0;
    int full = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      if (factored(tensor)) {
        product(updates, tensor, state.rows(), row, state.columns(), column, fresh);
        row += tensor.rows();
        column += tensor.columns();
      } else {
        full(updates, tensor, state.full(), full, fresh);
        full += tensor.length();
      }
    }
    return new State(state.rows(), state.columns(), state.full(), steps);
  }

  private double added() {
    return floor == Floor.ADDED_TO_SQUARES ? epsilon : 0;
  }

  private double scaled(double u, double square) {
    double below = floor == Floor.FLOOR_OF_PRODUCT ? Math.max(square, epsilon * epsilon) : square;
    return u == 0 ? 0 : u / Math.sqrt(below);
  }

  private void full(double[] updates, Tensor tensor, double[] v, int from, double fresh) {
    for (int k = 0; k < tensor.length(); k++) {
      double u = updates[tensor.from() + k];
      v[from + k] = (1 - fresh) * v[from + k] + fresh * (u * u + added());
      updates[tensor.from() + k] = scaled(u, v[from + k]);
    }
  }

  private void product(
      double[] updates, Tensor tensor, double[] r, int row, double[] s, int column, double fresh) {
    int rows = tensor.rows();
    int columns = tensor.columns();
    double total = 0;
    for (int i = 0; i < rows; i++) {
      double sum = 0;
      for (int k = 0; k < columns; k++) {
        double u = updates[tensor.from() + i * columns + k];
        sum += u * u + added();
      }
      r[row + i] = (1 - fresh) * r[row + i] + fresh * (sum / columns);
      total += r[row + i];
    }
    for (int k = 0; k < columns; k++) {
      double sum = 0;
      for (int i = 0; i < rows; i++) {
        double u = updates[tensor.from() + i * columns + k];
        sum += u * u + added();
      }
      s[column + k] = (1 - fresh) * s[column + k] + fresh * (sum / rows);
    }
    double mean = total / rows;
    double divisor = floor == Floor.FLOOR_OF_PRODUCT ? Math.max(mean, epsilon) : mean;
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        int j = tensor.from() + i * columns + k;
        updates[j] = scaled(updates[j], r[row + i] / divisor * s[column + k]);
      }
    }
  }
}
