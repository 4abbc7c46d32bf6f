package dev.talweg.optimizer.transform;

/**
 * Adafactor's scaling (Shazeer and Stern 2018): the mean square of a matrix as the product of its
 * rows' and its columns' means, so that its memory is rows + columns. β_t = 1 − t^{−c}; r ← β_t r +
 * (1 − β_t) mean over columns of u², s the same over rows, u ← u/√(r sᵀ/mean(r)). Vectors, and
 * matrices that are too narrow, keep a full mean square.
 *
 * <p>Keras and optax add ε to u²; PyTorch has ε² as a floor of the product, and ε of mean(r). optax
 * factors matrices with both sides of at least 128 only. CAME's share β is constant. Where the
 * largest root of the past bounds, w ← max(w, √S), pytorch_optimizer has u √(β/w).
 *
 * <p>Clipping by root mean square, the scale of the parameters and the rate are further words.
 *
 * @param decay c, above 0, 0.8; or β, below 1
 * @param kept which of them it is
 * @param epsilon above 0
 * @param least the smaller side of a matrix from which on it is factored
 * @param bound which root divides
 */
public record ScaleByFactoredRms(
    double decay, Kept kept, double epsilon, Floor floor, int least, Bound bound)
    implements TensorTransform<ScaleByFactoredRms.State> {
  private static final long serialVersionUID = 1L;

  /** The share β_t of the mean square that is kept. */
  public enum Kept {
    /** 1 − t^{−c}. */
    GROWING,
    /** β. */
    CONSTANT
  }

  /** How ε keeps the mean square from 0. */
  public enum Floor {
    ADDED_TO_SQUARES,
    FLOOR_OF_PRODUCT
  }

  public ScaleByFactoredRms {
    Ranges.checkAboveZero("decay", decay);
    if (kept == Kept.CONSTANT) {
      Ranges.checkShare("decay", decay);
    }
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkCount("least", least);
  }

  /** Adafactor's. */
  public ScaleByFactoredRms(double decay, double epsilon, Floor floor, int least) {
    this(decay, Kept.GROWING, epsilon, floor, least, Bound.CURRENT);
  }

  /**
   * Means of rows, of columns, full ones of what is not factored, the largest roots (empty where
   * they do not bound), and the number of steps.
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] rows, double[] columns, double[] full, double[] largest, long steps) {}

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
    double[] largest = bound.memory(tensors.dimension());
    return new State(new double[rows], new double[columns], new double[full], largest, 0);
  }

  private boolean factored(Tensor tensor) {
    return tensor.matrix() && Math.min(tensor.rows(), tensor.columns()) >= least;
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long steps = state.steps() + 1;
    double fresh = kept == Kept.CONSTANT ? 1 - decay : StrictMath.pow((double) steps, -decay);
    int row = 0;
    int column = 0;
    int full = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      Matrix squares = Matrix.of(updates, tensor);
      double[] entries = squares.entries();
      for (int k = 0; k < entries.length; k++) {
        entries[k] = entries[k] * entries[k] + added();
      }
      if (factored(tensor)) {
        FactoredMean mean = new FactoredMean(state.rows(), row, state.columns(), column);
        mean.take(squares, fresh);
        product(tensor, mean, entries);
        row += tensor.rows();
        column += tensor.columns();
      } else {
        double[] v = state.full();
        for (int k = 0; k < entries.length; k++) {
          v[full + k] = (1 - fresh) * v[full + k] + fresh * entries[k];
        }
        System.arraycopy(v, full, entries, 0, entries.length);
        full += tensor.length();
      }
      divide(updates, tensor, entries, state.largest(), 1 - fresh);
    }
    return new State(state.rows(), state.columns(), state.full(), state.largest(), steps);
  }

  private double added() {
    return floor == Floor.ADDED_TO_SQUARES ? epsilon : 0;
  }

  private void product(Tensor tensor, FactoredMean of, double[] into) {
    double mean = of.mean(tensor.rows());
    double divisor = floor == Floor.FLOOR_OF_PRODUCT ? Math.max(mean, epsilon) : mean;
    for (int i = 0; i < tensor.rows(); i++) {
      for (int k = 0; k < tensor.columns(); k++) {
        into[i * tensor.columns() + k] = of.at(i, k, divisor);
      }
    }
  }

  private void divide(
      double[] updates, Tensor tensor, double[] squares, double[] largest, double share) {
    for (int k = 0; k < squares.length; k++) {
      int j = tensor.from() + k;
      double square = squares[k];
      double root =
          Math.sqrt(floor == Floor.FLOOR_OF_PRODUCT ? Math.max(square, epsilon * epsilon) : square);
      if (bound == Bound.LARGEST) {
        root = Math.sqrt(bound.of(root, largest, j) / share);
      }
      updates[j] = updates[j] == 0 ? 0 : updates[j] / root;
    }
  }
}
