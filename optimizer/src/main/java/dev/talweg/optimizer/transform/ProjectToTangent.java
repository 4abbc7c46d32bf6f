package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * The projection of AdamP and SGDP (Heo et al. 2021): a matrix before a normalization has a scale
 * that the loss does not see, and momentum makes it grow. Where the gradient g is all but
 * orthogonal to the parameters x, max |cos(g, x)| &lt; δ/√n over rows of n entries or else of the
 * whole matrix, the step u of the rule loses its part along x of each row, or of the whole: u ← u −
 * x̂ (x̂·u), x̂ = x/(‖x‖ + ε). Then x decays, projected matrices by a share of the others' rate: u
 * ← u − r_t x.
 *
 * @param rule its output is what is added before decay
 * @param delta δ, above 0
 * @param epsilon ε, above 0
 * @param decay r of what is not projected
 * @param share of r for what is, in [0, 1]
 */
public record ProjectToTangent(
    Chain rule, double delta, double epsilon, Schedule decay, double share)
    implements TensorTransform<Chain.State> {
  private static final long serialVersionUID = 1L;

  public ProjectToTangent {
    Ranges.checkAboveZero("delta", delta);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkUpToOne("share", share);
  }

  @Override
  public Chain.State init(Tensors tensors) {
    return rule.init(tensors);
  }

  @Override
  public Chain.State update(double[] updates, Chain.State state, Step step) {
    double[] gradient = updates.clone();
    Chain.State next = rule.update(updates, state, step);
    double[] x = step.parameters();
    double r = step.now(decay);
    for (Tensor tensor : step.tensors().tensors()) {
      int width = tensor.matrix() ? orthogonal(tensor, gradient, x) : 0;
      if (width > 0) {
        project(tensor, width, x, updates);
      }
      double shrinking = width > 0 ? share * r : r;
      for (int j = tensor.from(); j < tensor.end(); j++) {
        updates[j] -= shrinking * x[j];
      }
    }
    return next;
  }

  /** Entries of the runs that the gradient is all but orthogonal in: a row, the whole, or 0. */
  private int orthogonal(Tensor tensor, double[] gradient, double[] x) {
    for (int width : new int[] {tensor.columns(), tensor.length()}) {
      double cosine = 0;
      for (int from = tensor.from(); from < tensor.end(); from += width) {
        cosine = Math.max(cosine, Math.abs(cosine(gradient, x, from, from + width)));
      }
      if (cosine < delta / Math.sqrt(width)) {
        return width;
      }
    }
    return 0;
  }

  private double cosine(double[] g, double[] x, int from, int end) {
    double ofG = Math.max(Norms.euclidean(g, from, end), epsilon);
    double ofX = Math.max(Norms.euclidean(x, from, end), epsilon);
    double sum = 0;
    for (int j = from; j < end; j++) {
      sum += g[j] / ofG * (x[j] / ofX);
    }
    return sum;
  }

  private void project(Tensor tensor, int width, double[] x, double[] u) {
    for (int from = tensor.from(); from < tensor.end(); from += width) {
      double norm = Norms.euclidean(x, from, from + width) + epsilon;
      double along = Norms.dot(x, u, from, from + width) / norm;
      for (int j = from; j < from + width; j++) {
        u[j] -= x[j] / norm * along;
      }
    }
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public double[] served(double[] parameters, Chain.State state, Tensors tensors) {
    return rule.served(parameters, state, tensors);
  }
}
