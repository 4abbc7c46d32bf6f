package dev.talweg.optimizer.transform;

import java.util.ArrayList;
import java.util.List;

/**
 * GaLore (Zhao et al., ICML 2024, arXiv 2403.03507): a rule of matrices' gradients in few
 * dimensions, with memories of that size. With the first k singular vectors of a gradient G as rows
 * of P, or Q, the rule sees P G or G Qᵀ, or P G Qᵀ, and its step comes back as Pᵀ u or u Q, times
 * α. Vectors go through the rule as they are.
 *
 * <p>P stays for so many steps. The rule's memories go on under the next one, so its vectors have
 * the sign that agrees with the one before in their place; pytorch_optimizer leaves signs as its
 * factorization gives them, in single precision.
 *
 * @param rank k, at least 1; no more than the shorter side has
 * @param every steps between two projections, at least 1
 * @param scale α, above 0
 * @param rule between the gradient and the rate
 */
public record Project(int rank, long every, double scale, Sides sides, Chain rule)
    implements TensorTransform<Project.State> {
  private static final long serialVersionUID = 1L;

  /** Which sides of a matrix become short. */
  public enum Sides {
    /** The shorter one: the memories of Adam are the smaller ones. */
    SHORTER,
    LONGER,
    ROWS,
    COLUMNS,
    BOTH;

    boolean ofRows(Tensor tensor) {
      boolean wide = tensor.rows() < tensor.columns();
      return this == ROWS || this == BOTH || this == (wide ? SHORTER : LONGER);
    }

    boolean ofColumns(Tensor tensor) {
      return this == BOTH || !ofRows(tensor);
    }
  }

  public Project {
    Ranges.checkCount("rank", rank);
    Ranges.checkCount("every", every);
    Ranges.checkAboveZero("scale", scale);
  }

  /** P and Q of all tensors, the number of steps, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] bases, long steps, Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    int length = 0;
    for (Tensor tensor : tensors.tensors()) {
      length += ofRows(tensor) + ofColumns(tensor);
    }
    return new State(new double[length], 0, rule.init(projected(tensors)));
  }

  private int left(Tensor tensor) {
    return Math.min(rank, Math.min(tensor.rows(), tensor.columns()));
  }

  /** Entries of P. */
  private int ofRows(Tensor tensor) {
    return tensor.matrix() && sides.ofRows(tensor) ? left(tensor) * tensor.rows() : 0;
  }

  /** Entries of Q. */
  private int ofColumns(Tensor tensor) {
    return tensor.matrix() && sides.ofColumns(tensor) ? left(tensor) * tensor.columns() : 0;
  }

  private Tensors projected(Tensors tensors) {
    List<Tensor> projected = new ArrayList<>();
    int next = 0;
    for (Tensor tensor : tensors.tensors()) {
      int rows = ofRows(tensor) > 0 ? left(tensor) : tensor.rows();
      int columns = ofColumns(tensor) > 0 ? left(tensor) : tensor.columns();
      projected.add(new Tensor(tensor.name(), next, rows, columns, tensor.penalized()));
      next += rows * columns;
    }
    return new Tensors(projected);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long steps = state.steps() + 1;
    boolean renews = steps == 1 || steps % every == 0;
    double[] bases = state.bases();
    List<Tensor> tensors = step.tensors().tensors();
    Tensors small = projected(step.tensors());
    double[] own = new double[small.dimension()];
    double[] parameters = new double[small.dimension()];
    int at = 0;
    for (int t = 0; t < tensors.size(); t++) {
      Tensor tensor = tensors.get(t);
      int to = small.tensors().get(t).from();
      Matrix gradient = Matrix.of(updates, tensor);
      if (renews) {
        renew(gradient, tensor, bases, at);
      }
      shortened(gradient, tensor, bases, at).into(own, to);
      shortened(Matrix.of(step.parameters(), tensor), tensor, bases, at).into(parameters, to);
      at += ofRows(tensor) + ofColumns(tensor);
    }
    Chain.State inner =
        rule.update(
            own,
            state.inner(),
            new Step(step.number(), step.value(), parameters, small, step.plateau()));
    at = 0;
    for (int t = 0; t < tensors.size(); t++) {
      Tensor tensor = tensors.get(t);
      Matrix u = Matrix.of(own, small.tensors().get(t));
      Matrix back = tensor.matrix() ? back(u, tensor, bases, at).scaled(scale) : u;
      back.into(updates, tensor.from());
      at += ofRows(tensor) + ofColumns(tensor);
    }
    return new State(bases, steps, inner);
  }

  private void renew(Matrix gradient, Tensor tensor, double[] bases, int at) {
    if (ofRows(tensor) > 0) {
      aligned(gradient.gram(), ofRows(tensor), bases, at);
    }
    if (ofColumns(tensor) > 0) {
      aligned(gradient.transposed().gram(), ofColumns(tensor), bases, at + ofRows(tensor));
    }
  }

  /** The first eigenvectors in place of others. */
  private static void aligned(Matrix gram, int length, double[] bases, int at) {
    int n = gram.rows();
    double[] vectors = SymmetricEigen.of(gram).vectors().entries();
    for (int from = 0; from < length; from += n) {
      double along = 0;
      for (int j = from; j < from + n; j++) {
        along += vectors[j] * bases[at + j];
      }
      for (int j = from; j < from + n; j++) {
        bases[at + j] = along < 0 ? -vectors[j] : vectors[j];
      }
    }
  }

  private Matrix p(Tensor tensor, double[] bases, int at) {
    return Matrix.of(bases, at, left(tensor), tensor.rows());
  }

  private Matrix q(Tensor tensor, double[] bases, int at) {
    return Matrix.of(bases, at + ofRows(tensor), left(tensor), tensor.columns());
  }

  private Matrix shortened(Matrix x, Tensor tensor, double[] bases, int at) {
    Matrix y = ofRows(tensor) > 0 ? p(tensor, bases, at).times(x) : x;
    return ofColumns(tensor) > 0 ? y.times(q(tensor, bases, at).transposed()) : y;
  }

  private Matrix back(Matrix u, Tensor tensor, double[] bases, int at) {
    Matrix y = ofRows(tensor) > 0 ? p(tensor, bases, at).transposed().times(u) : u;
    return ofColumns(tensor) > 0 ? y.times(q(tensor, bases, at)) : y;
  }
}
