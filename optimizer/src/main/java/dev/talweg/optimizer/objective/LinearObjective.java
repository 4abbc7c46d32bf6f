package dev.talweg.optimizer.objective;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An objective that is linear in its parameters up to a pointwise loss: a ray can be searched
 * without passes over the features, and its curvature is a weighted Gram matrix.
 *
 * <p>Parameters are d weights and, last, the intercept.
 */
public interface LinearObjective extends RayObjective {

  /**
   * What a preconditioner needs at {@code parameters}: exact where the features are few, else the
   * diagonal.
   */
  Curvature curvature(double[] parameters);

  /**
   * The curvature at {@code parameters}, with a dense block of the most frequent features: exact
   * and of all where there are no more than {@code block} (one pass and a Gram matrix per partition
   * on the wire); else from a sample of the rows, without a pass. 0 asks for the diagonal, from all
   * rows (one pass).
   */
  Curvature curvature(double[] parameters, int block);

  /** The second-order model at {@code parameters}. */
  Quadratic model(double[] parameters);

  /**
   * Where an {@link OnlinePass} over each partition leads from {@code parameters}, merged; or
   * {@code parameters}, where the objective is lower. Three passes.
   *
   * @param rate of the pass, above 0
   */
  default double[] online(double[] parameters, double rate) {
    throw new UnsupportedOperationException("no rows are at hand one by one");
  }

  /** Its dual, for methods that climb it. */
  default Dual dual() {
    throw new UnsupportedOperationException("no dual is at hand");
  }

  /**
   * As {@link #curvature(double[], int)}, but from the sample also where the block has all features
   * that the sample knows.
   */
  default Curvature sampledCurvature(double[] parameters, int block) {
    throw new UnsupportedOperationException("no rows are at hand one by one");
  }

  @Override
  default Curvatures curvatures(double[] parameters, int block, BlockOf of) {
    Curvature curvature =
        of == BlockOf.SAMPLE && block > 0
            ? sampledCurvature(parameters, block)
            : curvature(parameters, block);
    return new Curvatures(List.of(curvature), new int[1], Validity.HERE);
  }

  @Override
  default Curvatures curvatures(double[] parameters) {
    return new Curvatures(List.of(curvature(parameters)), new int[1], Validity.HERE);
  }

  /**
   * A certificate of optimality at {@code parameters}; two passes. Empty where no dual is at hand.
   */
  @Override
  Optional<Certificate> certify(double[] parameters);

  /**
   * A ray, with the intercept free beside it; where there are many intercepts, one direction among
   * them that the objective chooses.
   */
  interface Ray {
    /** Slopes at w + step·p, b + step·p_b + shift. Costs no pass over features. */
    Slopes at(double step, double shift);

    /**
     * Evaluates there and makes it the point that {@link #curvature} and the next ray start from.
     */
    Evaluation move(double step, double shift);

    /** The parameters there, in the same bits as {@link #move} has them. */
    double[] point(double step, double shift);
  }

  /**
   * The dual max −(1/W) Σ ω ℓ*(θ) − ½ Σ s_j ((Xᵀωθ)_j/W)² over Σωθ = 0, s_j = 1/l2_j, which
   * multipliers θ by partition and row are a point of. Without an intercept Σωθ is free.
   */
  interface Dual {
    /** The multipliers ∂ℓ/∂z at some parameters; one forward product. */
    List<double[]> multipliers(double[] parameters);

    /**
     * Multipliers after some local passes, with the centred intercept's proximal term at {@code
     * centre}.
     *
     * @param from the point before; see {@link #point} for the first
     * @param safety σ', the factor that each partition counts its own steps by
     */
    Point climb(Point from, double centre, double safety, int passes, long round);

    /** The point that multipliers are. */
    Point point(List<double[]> multipliers, double centre);

    /** How many partitions climb beside one another. */
    int partitions(Point point);

    /** A lower bound of the optimum: the dual at the multipliers, balanced to Σωθ = 0. */
    double bound(Point point);

    /** The parameters with the point's weights and the intercept that is best beside them. */
    double[] primal(Point point);

    /**
     * Multipliers and what follows from them.
     *
     * @param sums Xᵀωθ where θ is above zero, where below, and the sums of {@link DualAscent#sums}
     * @param parameters the weights −s_j (X̃ᵀωθ)_j/W, X̃ centred, and last the centred intercept
     */
    record Point(List<double[]> multipliers, double[] sums, double[] parameters) {}
  }

  /**
   * f(w + s) ≈ f(w) + gᵀs + ½ sᵀHs, for conjugate gradients: the step s is built from directions
   * whose products Xp are kept, so that the ray along it costs no pass.
   */
  interface Quadratic {
    /** Hp, intercept last; one pass. */
    double[] times(double[] direction);

    /** s ← s + step · the direction of the last {@link #times}. */
    void extend(double step);

    /** The ray from the parameters along s, which is {@code sum} as the caller added it up. */
    Ray ray(double[] sum);
  }

  /**
   * The curvature of the mean loss, without the penalty.
   *
   * @param block ascending: the features that {@code gram} is of; empty for a diagonal alone
   * @param gram mean of h x xᵀ over the block and a constant, as {@code Block.addGram} lays it out
   * @param squares mean of h x_j², d numbers
   * @param means mean of h x_j, d numbers
   * @param total mean of h
   */
  record Curvature(int[] block, double[] gram, double[] squares, double[] means, double total) {
    /** Of a diagonal alone. */
    static Curvature diagonal(double[] squares, double[] means, double total) {
      return new Curvature(new int[0], new double[0], squares, means, total);
    }

    /** The same of a model through the origin, whose features share nothing with a constant. */
    Curvature uncentred() {
      return new Curvature(block, gram, squares, new double[means.length], total);
    }

    /** Of all d features. */
    static Curvature exact(double[] gram, int d) {
      double[] squares = new double[d];
      double[] means = new double[d];
      for (int j = 0; j < d; j++) {
        squares[j] = gram[j * (d + 1) + j];
        means[j] = gram[j * (d + 1) + d];
      }
      int[] all = IntStream.range(0, d).toArray();
      return new Curvature(all, gram, squares, means, gram[gram.length - 1]);
    }
  }

  /**
   * Two values that enclose the optimum: f at the point, and the dual at a feasible point.
   *
   * @param primal the objective, evaluated anew
   * @param dual a lower bound of the optimum, up to rounding
   */
  record Certificate(double primal, double dual) {
    /** (primal − dual)/|primal|: an upper bound of the relative distance to the optimum. */
    public double relativeGap() {
      return (primal - dual) / Math.max(Math.abs(primal), Double.MIN_NORMAL);
    }
  }
}
