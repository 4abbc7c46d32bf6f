package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import dev.talweg.optimizer.objective.RayObjective.Curvatures;
import dev.talweg.optimizer.objective.RayObjective.Validity;
import java.util.Arrays;
import java.util.List;

/**
 * The H₀ of {@link Lbfgs} for K margins a row: a {@link Preconditioner} for the weights and the
 * intercept of each margin, between two projections on what sums to zero over the margins of a
 * feature. For K = 1 it is that preconditioner itself.
 *
 * <p>The projections are the gauge of softmax: a common shift of its margins changes nothing, and
 * gradients sum to zero. They also make the block diagonal a good model. At equal margins of all
 * rows the curvature over the classes is diag(p) − ppᵀ, which is singular, and its inverse on what
 * sums to zero is P diag(1/p) P: the blocks of p alone, projected, are exact.
 *
 * @param blocks margins of like curvature share one
 * @param blockOf the block of each of K margins
 * @param lasting whether it is as good anywhere as where it was made
 */
public record ClassPreconditioner(List<Preconditioner> blocks, int[] blockOf, boolean lasting) {
  public ClassPreconditioner {
    blocks = List.copyOf(blocks);
  }

  static ClassPreconditioner of(Curvatures curvatures, double[] penalties) {
    List<Preconditioner> blocks =
        curvatures.blocks().stream()
            .map((Curvature curvature) -> Preconditioner.of(curvature, penalties))
            .toList();
    return new ClassPreconditioner(
        blocks, curvatures.blockOf(), curvatures.validity() == Validity.ANYWHERE);
  }

  /** Whether it is of one margin, and of the whole matrix of its curvature. */
  boolean isWhole() {
    return blockOf.length == 1 && blocks.get(0).isExact();
  }

  /** The curvatures of the K intercepts. */
  double[] totals() {
    return Arrays.stream(blockOf).mapToDouble(b -> blocks.get(b).total()).toArray();
  }

  /** H₀g. */
  double[] apply(double[] gradient) {
    int classes = blockOf.length;
    if (classes == 1) {
      return blocks.get(0).apply(gradient);
    }
    double[] p = SoftmaxModel.centred(gradient, classes);
    double[] own = new double[gradient.length / classes];
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < own.length; j++) {
        own[j] = p[j * classes + k];
      }
      double[] solved = blocks.get(blockOf[k]).apply(own);
      for (int j = 0; j < own.length; j++) {
        p[j * classes + k] = solved[j];
      }
    }
    return SoftmaxModel.centred(p, classes);
  }

  /** gᵀH₀g/2: how far below a point the model of curvature sees the optimum. */
  double decrement(double[] gradient) {
    return 0.5 * Vectors.dot(gradient, apply(gradient));
  }
}
