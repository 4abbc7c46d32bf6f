package dev.talweg.optimizer.transform;

/**
 * Muon's scaling (Jordan et al. 2024): a matrix U becomes nearly the nearest one with orthonormal
 * rows or columns, by {@code iterations} of X ← a X + (b A + c A²) X, A = X Xᵀ, from X = U/‖U‖.
 * Then the factor of its shape. Everything is in double; PyTorch and the muon package iterate in
 * bfloat16 and agree to two digits only.
 *
 * @param iterations at least 1; 5
 * @param a of Newton and Schulz, tuned to 3.4445
 * @param b tuned to −4.7750
 * @param c tuned to 2.0315
 * @param divisor how the norm is kept from 0
 * @param epsilon above 0
 * @param factor of the matrix's shape
 * @param rate of {@link Factor#RMS}: 0.2 gives the size of Adam's steps
 */
public record Orthogonalize(
    int iterations,
    double a,
    double b,
    double c,
    Divisor divisor,
    double epsilon,
    Factor factor,
    double rate,
    Length length)
    implements StatelessTransform {
  private static final long serialVersionUID = 1L;

  /** ‖U‖ with ε. */
  public enum Divisor {
    /** max(‖U‖, ε): PyTorch. */
    FLOOR,
    /** ‖U‖ + ε: the muon package, Keras, optax. */
    SUM
  }

  /** Of a matrix of so many rows and columns as it is stored. */
  public enum Factor {
    NONE,
    /** √max(1, rows/columns): PyTorch's "original", where rows are outputs. */
    ROWS_TO_COLUMNS,
    /** √max(1, columns/rows): optax, where columns are outputs. */
    COLUMNS_TO_ROWS,
    /** √(rows/columns): PyTorch's "spectral_unclamped". */
    UNCLAMPED,
    /** rate · √max(rows, columns): Moonlight's, Keras' default. */
    RMS
  }

  /** Whether the size of the gradient is kept. */
  public enum Length {
    ONE,
    /** Times ⟨U, X⟩, its nuclear norm: optax' {@code adaptive}. */
    DUAL_NORM
  }

  public Orthogonalize {
    Ranges.checkCount("iterations", iterations);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkAboveZero("rate", rate);
  }

  /** As its author has it. */
  public static Orthogonalize jordan() {
    return new Orthogonalize(
        5, 3.4445, -4.7750, 2.0315, Divisor.SUM, 1e-7, Factor.ROWS_TO_COLUMNS, 0.2, Length.ONE);
  }

  @Override
  public void update(double[] updates, Step step) {
    for (Tensor tensor : step.tensors().tensors()) {
      if (tensor.length() > 0) {
        orthogonalize(updates, tensor);
      }
    }
  }

  private void orthogonalize(double[] updates, Tensor tensor) {
    boolean tall = tensor.rows() > tensor.columns();
    double norm = Norms.euclidean(updates, tensor);
    double below = divisor == Divisor.FLOOR ? Math.max(norm, epsilon) : norm + epsilon;
    Matrix u = Matrix.of(updates, tensor);
    Matrix wide = tall ? u.transposed() : u;
    Matrix x = wide.divided(below);
    for (int iteration = 0; iteration < iterations; iteration++) {
      x = iterated(x);
    }
    double scale = scale(tensor);
    if (length == Length.DUAL_NORM) {
      scale *= Norms.dot(wide.entries(), x.entries(), 0, tensor.length());
    }
    Matrix scaled = x.scaled(scale);
    (tall ? scaled.transposed() : scaled).into(updates, tensor.from());
  }

  /** a X + (b A + c A²) X. */
  private Matrix iterated(Matrix x) {
    Matrix gram = x.gram();
    Matrix polynomial = gram.combined(b, c, gram.times(gram));
    return x.combined(a, 1, polynomial.times(x));
  }

  private double scale(Tensor tensor) {
    double rows = tensor.rows();
    double columns = tensor.columns();
    return switch (factor) {
      case NONE -> 1;
      case ROWS_TO_COLUMNS -> Math.sqrt(Math.max(1, rows / columns));
      case COLUMNS_TO_ROWS -> Math.sqrt(Math.max(1, columns / rows));
      case UNCLAMPED -> Math.sqrt(rows / columns);
      case RMS -> rate * Math.sqrt(Math.max(rows, columns));
    };
  }
}
