package dev.talweg.optimizer.kernel;

import org.jspecify.annotations.Nullable;

/** Plain loops: what every JVM can run, the tails of the others, and the definition of the bits. */
public final class ScalarKernels implements KernelSupport {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void expNonPositive(double[] x, int from, int until) {
    for (int i = from; i < until; i++) {
      x[i] = Exponentials.expNonPositive(x[i]);
    }
  }

  @Override
  public void log1pUnit(double[] u, int from, int until) {
    for (int i = from; i < until; i++) {
      u[i] = Exponentials.log1pUnit(u[i]);
    }
  }

  @Override
  public void logisticLosses(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int from,
      int until,
      double[] losses,
      int at) {
    for (int i = from; i < until; i++) {
      double z = margins[i];
      double loss = logistic(z, labels[i], Exponentials.expNonPositive(-Math.abs(z)));
      losses[at + i - from] = weights == null ? loss : weights[i] * loss;
    }
  }

  @Override
  public void logisticSlopes(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int from,
      int until,
      double[] losses,
      int at) {
    for (int i = from; i < until; i++) {
      double z = margins[i];
      double weight = weights == null ? 1 : weights[i];
      double e = Exponentials.expNonPositive(-Math.abs(z));
      losses[at + i - from] = weight * logistic(z, labels[i], e);
      margins[i] = weight * ((z >= 0 ? 1 : e) / (1 + e) - labels[i]);
    }
  }

  @Override
  public void logisticCurvatures(
      double[] margins, double @Nullable [] weights, int from, int until) {
    for (int i = from; i < until; i++) {
      double e = Exponentials.expNonPositive(-Math.abs(margins[i]));
      double curvature = e / ((1 + e) * (1 + e));
      margins[i] = weights == null ? curvature : weights[i] * curvature;
    }
  }

  @Override
  public void logisticSlopesAndCurvatures(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int from,
      int until,
      double[] losses,
      int at,
      double[] curvatures) {
    for (int i = from; i < until; i++) {
      double z = margins[i];
      double weight = weights == null ? 1 : weights[i];
      double e = Exponentials.expNonPositive(-Math.abs(z));
      losses[at + i - from] = weight * logistic(z, labels[i], e);
      margins[i] = weight * ((z >= 0 ? 1 : e) / (1 + e) - labels[i]);
      curvatures[i] = weight * (e / ((1 + e) * (1 + e)));
    }
  }

  /** ℓ, given e = exp(−|z|). */
  private static double logistic(double z, double y, double e) {
    return (z > 0 ? z : 0) - y * z + Exponentials.log1pUnit(e);
  }

  @Override
  public void addColumns(
      float[] columns, int stride, int count, int from, int until, double[] w, double[] margins) {
    int j = 0;
    for (; j + 4 <= count; j += 4) { // one read and write of a margin for four columns
      double w0 = w[j];
      double w1 = w[j + 1];
      double w2 = w[j + 2];
      double w3 = w[j + 3];
      int at0 = j * stride;
      int at1 = at0 + stride;
      int at2 = at1 + stride;
      int at3 = at2 + stride;
      for (int i = from; i < until; i++) {
        double margin = margins[i - from] + w0 * columns[at0 + i];
        margin += w1 * columns[at1 + i];
        margin += w2 * columns[at2 + i];
        margins[i - from] = margin + w3 * columns[at3 + i];
      }
    }
    for (; j < count; j++) {
      double weight = w[j];
      int at = j * stride;
      for (int i = from; i < until; i++) {
        margins[i - from] += weight * columns[at + i];
      }
    }
  }
}
