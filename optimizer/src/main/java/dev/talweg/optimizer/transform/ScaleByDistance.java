package dev.talweg.optimizer.transform;

/**
 * A rate that is found as a distance over gradients: u ← u r/√(Σ w ‖g‖² …), with r the furthest
 * that parameters have been from where they began.
 *
 * <p>Of equal weights, DoG (Ivgi, Hinder and Carmon, ICML 2023): r/√(Σ‖g‖² + ε); by tensors it is
 * their L-DoG. Weighted by distances, DoWG (Khaled, Mishchenko and Jin, NeurIPS 2023): r²/(√(Σ
 * r²‖g‖²) + ε).
 *
 * @param first r before anything has moved, or what it is made of, above 0
 * @param epsilon at least 0
 */
public record ScaleByDistance(
    Weights weights, Scope scope, Beginning beginning, double first, double epsilon)
    implements TensorTransform<ScaleByDistance.State> {
  private static final long serialVersionUID = 1L;

  /** What squared norms of gradients are weighted by. */
  public enum Weights {
    EQUAL,
    /** r² of their step. */
    DISTANCES
  }

  /** What norms are of. */
  public enum Scope {
    ALL,
    /** Each tensor has a rate of its own. */
    SLICES
  }

  /** What the first step is made of. */
  public enum Beginning {
    /** r = first (1 + ‖x₀‖). */
    RELATIVE,
    /** r = first. */
    DISTANCE,
    /** A rate of first, until something has moved. */
    RATE
  }

  public ScaleByDistance {
    Ranges.checkAboveZero("first", first);
    Ranges.checkNotNegative("epsilon", epsilon);
  }

  /** x₀, then r and the sum of each tensor or of all, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] origin, double[] furthest, double[] sums, long steps) {}

  @Override
  public State init(Tensors tensors) {
    int parts = measured(tensors).tensors().size();
    return new State(new double[tensors.dimension()], new double[parts], new double[parts], 0);
  }

  private Tensors measured(Tensors tensors) {
    return scope == Scope.ALL ? Tensors.flat(tensors.dimension()) : tensors;
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] x = step.parameters();
    if (state.steps() == 0) {
      System.arraycopy(x, 0, state.origin(), 0, x.length);
    }
    int k = 0;
    for (Tensor tensor : measured(step.tensors()).tensors()) {
      double before = state.steps() == 0 ? beginning(x, tensor) : state.furthest()[k];
      double r = Math.max(before, Norms.distance(x, state.origin(), tensor));
      double norm = Norms.euclidean(updates, tensor);
      double weighted = weights == Weights.DISTANCES ? r * norm : norm;
      state.furthest()[k] = r;
      state.sums()[k] += weighted * weighted;
      double rate = r == 0 ? first : rate(r, state.sums()[k]);
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] *= rate;
      }
      k++;
    }
    return new State(state.origin(), state.furthest(), state.sums(), state.steps() + 1);
  }

  private double beginning(double[] x, Tensor tensor) {
    return switch (beginning) {
      case RELATIVE -> first * (1 + Norms.euclidean(x, tensor));
      case DISTANCE -> first;
      case RATE -> 0;
    };
  }

  /** 0 of gradients that have all been 0. */
  private double rate(double r, double sum) {
    double below =
        weights == Weights.DISTANCES ? Math.sqrt(sum) + epsilon : Math.sqrt(sum + epsilon);
    double above = weights == Weights.DISTANCES ? r * r : r;
    return below > 0 ? above / below : 0;
  }
}
