package dev.talweg.optimizer.transform;

/**
 * CAME's second half (Luo et al., ACL 2023, arXiv 2307.02047): m ← β₁ m + (1 − β₁) u, and of a
 * matrix m/√S, where S is a running mean, in rows and columns as Adafactor's, of the instability (u
 * − m)² + ε; of a vector m. Nothing is bias-corrected.
 *
 * @param beta1 in [0, 1)
 * @param beta3 of the instability, in [0, 1)
 * @param epsilon above 0
 */
public record ScaleByConfidence(double beta1, double beta3, double epsilon)
    implements TensorTransform<ScaleByConfidence.State> {
  private static final long serialVersionUID = 1L;

  public ScaleByConfidence {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta3", beta3);
    Ranges.checkAboveZero("epsilon", epsilon);
  }

  /** m, and means of the instability's rows and columns. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] mean, double[] rows, double[] columns) {}

  @Override
  public State init(Tensors tensors) {
    int rows = 0;
    int columns = 0;
    for (Tensor tensor : tensors.tensors()) {
      rows += tensor.matrix() ? tensor.rows() : 0;
      columns += tensor.matrix() ? tensor.columns() : 0;
    }
    return new State(new double[tensors.dimension()], new double[rows], new double[columns]);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] m = state.mean();
    int row = 0;
    int column = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      Matrix instability = Matrix.of(updates, tensor);
      for (int j = tensor.from(); j < tensor.end(); j++) {
        m[j] += (1 - beta1) * (updates[j] - m[j]);
        double off = updates[j] - m[j];
        instability.entries()[j - tensor.from()] = off * off + epsilon;
        updates[j] = m[j];
      }
      if (tensor.matrix()) {
        FactoredMean of = new FactoredMean(state.rows(), row, state.columns(), column);
        of.take(instability, 1 - beta3);
        divide(updates, tensor, of);
        row += tensor.rows();
        column += tensor.columns();
      }
    }
    return state;
  }

  private static void divide(double[] updates, Tensor tensor, FactoredMean by) {
    double mean = by.mean(tensor.rows());
    for (int i = 0; i < tensor.rows(); i++) {
      for (int k = 0; k < tensor.columns(); k++) {
        updates[tensor.from() + i * tensor.columns() + k] /= Math.sqrt(by.at(i, k, mean));
      }
    }
  }
}
