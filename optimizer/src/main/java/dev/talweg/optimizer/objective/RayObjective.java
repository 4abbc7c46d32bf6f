package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import java.util.List;
import java.util.Optional;

/**
 * An objective whose margins are linear in its parameters, K of them a row: one for a linear model,
 * one for each class for softmax. A ray can be searched without passes over the features, and its
 * curvature is made of weighted Gram matrices.
 *
 * <p>Parameters are the weights, feature by feature (the weight of feature j for margin k is at
 * {@code j·K + k}), and last the K intercepts. For K = 1 that is d weights and the intercept.
 */
public interface RayObjective extends Objective {

  /** The ray from {@code parameters} along {@code direction}. */
  Ray along(double[] parameters, double[] direction);

  /**
   * What preconditioners need. At the point evaluated or moved to last it costs no pass for
   * margins.
   *
   * @param parameters where
   * @param block most features of a dense block; 0 asks for diagonals. An objective whose dense
   *     matrix costs no pass on the way may give a larger one.
   * @param of what a block of all features is of, where the objective leaves that open
   */
  Curvatures curvatures(double[] parameters, int block, BlockOf of);

  /** The rows that a dense block of all features is of. */
  enum BlockOf {
    /** Every row: a pass, and the products of the pairs of features that a row has. */
    ALL,
    /** Some, which the driver holds: no pass. */
    SAMPLE
  }

  /** What a model with kinks needs: whole matrices where the features are few, else diagonals. */
  Curvatures curvatures(double[] parameters);

  /** The parameters to start from: zero weights and the intercepts that the labels suggest. */
  double[] prior();

  /** λ_j of each feature's weights: d numbers, none negative, which nobody changes. */
  double[] penalties();

  /**
   * Ridge, l1 and bounds of each weight, in the order of parameters: its features are the weights.
   * {@link #evaluate} and rays are of the smooth part, the mean loss and the ridge, alone; what is
   * not smooth is for the minimizer to add.
   */
  default Penalty penalty() {
    return Penalty.ridge(penalties());
  }

  /**
   * A lower bound of the optimum, from the point evaluated or moved to last: some scalar jobs on
   * its margins, and a product where there are many margins. NaN where there is none.
   *
   * @param parameters that point
   * @param gradient of the smooth part there
   */
  default double lowerBound(double[] parameters, double[] gradient) {
    return Double.NaN;
  }

  /**
   * Estimates of the relative gap above this are not worth the jobs of a {@link #lowerBound}: far
   * from the gap that is asked for, it says nothing that ends a run.
   */
  double near();

  /** A certificate of optimality at {@code parameters}. Empty where no dual is at hand. */
  Optional<Certificate> certify(double[] parameters);

  /** Where curvatures hold. */
  enum Validity {
    /** At the point they were asked for at: it is worth asking again. */
    HERE,
    /** Everywhere alike, as a bound does. */
    ANYWHERE
  }

  /**
   * The curvature that each margin's weights see, the other margins at rest; margins of like
   * curvature may share a block.
   *
   * @param blocks without the penalty
   * @param blockOf the block of each of K margins
   */
  record Curvatures(List<Curvature> blocks, int[] blockOf, Validity validity) {
    public Curvatures {
      blocks = List.copyOf(blocks);
    }
  }
}
