package dev.talweg.optimizer.transform;

import java.util.List;

/**
 * SOAP's scaling (Vyas et al. 2024, arXiv 2409.11321): Adam in the eigenbases of Shampoo's
 * matrices. Of a matrix G, L ← β L + (1 − β) G Gᵀ, R ← β R + (1 − β) Gᵀ G with eigenvectors Q_L,
 * Q_R as columns; G' = Q_Lᵀ G Q_R, m ← β₁ m + (1 − β₁) G, v ← β₂ v + (1 − β₂) G'², and Q_L (Q_Lᵀ m
 * Q_R/(√v + ε)) Q_Rᵀ times √(1 − β₂ᵗ)/(1 − β₁ᵗ).
 *
 * <p>The first gradient makes the bases and nothing else, and what comes out is 0: a rule of its
 * own gradient's basis is a rule of signs. Later bases are one step of power iteration of the old
 * ones, Q ← QR(L Q), with columns, and rows or columns of v with them, by falling eigenvalue. Steps
 * do not depend on the signs of eigenvectors.
 *
 * <p>Everything is in double; pytorch_optimizer factorizes in single precision. Where a matrix has
 * an eigenvalue twice, such as 0 of the first gradient of a matrix that is wider than high by two
 * or more, any basis of that space is right, and two libraries go on differently.
 *
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param decay β of the matrices, in [0, 1)
 * @param epsilon above 0, in units of the gradient
 * @param every steps between two bases, at least 1
 * @param most longest side that has a basis; longer ones stay as they are, at least 1
 */
public record ScaleBySoap(
    double beta1,
    double beta2,
    double decay,
    double epsilon,
    long every,
    int most,
    Vectors vectors,
    Correction correction,
    Length length)
    implements TensorTransform<ScaleBySoap.State> {
  private static final long serialVersionUID = 1L;

  /** What becomes of vectors. */
  public enum Vectors {
    /** Adam as they are. */
    PLAIN,
    /** In the eigenbasis of one matrix. */
    ROTATED
  }

  /** Whether the step is in proportion to √(1 − β₂ᵗ)/(1 − β₁ᵗ). */
  public enum Correction {
    BIAS,
    NONE
  }

  /** How long a step is before the correction. */
  public enum Length {
    ADAM,
    /** Each tensor's has a root mean square of 1, up to ε. */
    ONE
  }

  public ScaleBySoap {
    Ranges.checkShare("beta1", beta1);
    Ranges.checkShare("beta2", beta2);
    Ranges.checkShare("decay", decay);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkCount("every", every);
    Ranges.checkCount("most", most);
  }

  /** L and R of all tensors, their bases, m, v of the bases, and the gradients so far. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] statistics, double[] bases, double[] mean, double[] square, long gradients) {}

  @Override
  public State init(Tensors tensors) {
    double[] matrices = SidedBlock.diagonals(blocks(tensors), 0);
    int n = tensors.dimension();
    return new State(matrices, matrices.clone(), new double[n], new double[n], 0);
  }

  private List<SidedBlock> blocks(Tensors tensors) {
    return SidedBlock.of(
        tensors,
        Integer.MAX_VALUE,
        tensor -> tensor.matrix() && tensor.rows() <= most,
        tensor -> tensor.columns() <= most && (tensor.matrix() || vectors == Vectors.ROTATED));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    long steps = state.gradients(); // of Adam: the first gradient is none
    for (SidedBlock block : blocks(step.tensors())) {
      Matrix gradient = block.of(updates);
      block.put(
          steps == 0
              ? Matrix.zero(block.rows(), block.columns())
              : scaled(block, gradient, state, steps),
          updates);
      block.measure(gradient, state.statistics(), decay, 1 - decay);
      if (steps == 0) {
        block.derive(
            state.statistics(),
            state.bases(),
            square -> SymmetricEigen.of(square).vectors().transposed());
      } else if (steps % every == 0) {
        turn(block, state);
      }
    }
    return new State(state.statistics(), state.bases(), state.mean(), state.square(), steps + 1);
  }

  private Matrix scaled(SidedBlock block, Matrix gradient, State state, long steps) {
    Matrix mean = block.of(state.mean()).combined(beta1, 1 - beta1, gradient);
    block.put(mean, state.mean());
    Matrix turned = block.within(state.bases(), gradient);
    Matrix square = block.of(state.square());
    Matrix above = block.within(state.bases(), mean);
    for (int j = 0; j < turned.entries().length; j++) {
      double u = turned.entries()[j];
      double v = beta2 * square.entries()[j] + (1 - beta2) * u * u;
      square.entries()[j] = v;
      above.entries()[j] /= Math.sqrt(v) + epsilon;
    }
    block.put(square, state.square());
    Matrix out = block.without(state.bases(), above);
    double factor = correction == Correction.BIAS ? corrected(steps) : 1;
    if (length == Length.ONE) {
      double[] x = out.entries();
      factor /= Norms.euclidean(x) / Math.sqrt(x.length) + epsilon;
    }
    return out.scaled(factor);
  }

  private double corrected(long steps) {
    double first = 1 - StrictMath.pow(beta1, (double) steps);
    double second = 1 - StrictMath.pow(beta2, (double) steps);
    return Math.sqrt(second) / first;
  }

  private static void turn(SidedBlock block, State state) {
    Matrix square = block.of(state.square());
    if (block.left() != SidedBlock.NONE) {
      square = turned(state, block.left(), square);
    }
    if (block.right() != SidedBlock.NONE) {
      square = turned(state, block.right(), square.transposed()).transposed();
    }
    block.put(square, state.square());
  }

  /** Turns the basis that is there; v in the order of its vectors, which rows of v belong to. */
  private static Matrix turned(State state, int at, Matrix square) {
    int n = square.rows();
    Matrix old = Matrix.of(state.bases(), at, n, n);
    Matrix vectors = old.transposed();
    Matrix images = Matrix.of(state.statistics(), at, n, n).times(old).transposed();
    double[] eigenvalues = new double[n];
    for (int k = 0; k < n; k++) {
      for (int j = k * n; j < (k + 1) * n; j++) {
        eigenvalues[k] += vectors.entries()[j] * images.entries()[j];
      }
    }
    int[] order = SymmetricEigen.descending(eigenvalues);
    images.picked(order).transposed().orthonormal().into(state.bases(), at);
    return square.picked(order);
  }
}
