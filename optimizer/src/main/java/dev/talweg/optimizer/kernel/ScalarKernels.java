package dev.talweg.optimizer.kernel;

import org.jspecify.annotations.Nullable;

/** Plain loops: what every JVM can run, the tails of the others, and the definition of the bits. */
public final class ScalarKernels implements KernelSupport {
  private static final long ONE = Double.doubleToRawLongBits(1);

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
    exponentials(margins, from, until, losses, at);
    for (int i = from; i < until; i++) {
      double loss = logistic(margins[i], labels[i], losses[at + i - from]);
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
    exponentials(margins, from, until, losses, at);
    for (int i = from; i < until; i++) {
      double z = margins[i];
      double weight = weights == null ? 1 : weights[i];
      double e = losses[at + i - from];
      losses[at + i - from] = weight * logistic(z, labels[i], e);
      margins[i] = weight * (oneOr(e, z) / (1 + e) - labels[i]);
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
    exponentials(margins, from, until, losses, at);
    for (int i = from; i < until; i++) {
      double z = margins[i];
      double weight = weights == null ? 1 : weights[i];
      double e = losses[at + i - from];
      losses[at + i - from] = weight * logistic(z, labels[i], e);
      margins[i] = weight * (oneOr(e, z) / (1 + e) - labels[i]);
      curvatures[i] = weight * (e / ((1 + e) * (1 + e)));
    }
  }

  /**
   * exp(−|z|) of each row, where its loss will be: in a loop of its own more rows are under way at
   * a time.
   */
  private static void exponentials(double[] margins, int from, int until, double[] e, int at) {
    for (int i = from; i < until; i++) {
      e[at + i - from] = Exponentials.expNonPositive(-Math.abs(margins[i]));
    }
  }

  /** ℓ, given e = exp(−|z|). */
  private static double logistic(double z, double y, double e) {
    long bits = Double.doubleToRawLongBits(z);
    double positive = Double.longBitsToDouble(bits & ~(bits >> 63));
    return positive - y * z + Exponentials.log1pUnit(e);
  }

  /** 1 for z ≥ 0, e below, and no branch: nobody foretells the signs of margins. */
  private static double oneOr(double e, double z) {
    long below = Double.doubleToRawLongBits(z) >> 63;
    return Double.longBitsToDouble((Double.doubleToRawLongBits(e) & below) | (ONE & ~below));
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

  /** Rows of b that are taken out at a time: with 128 columns 64 KiB. */
  private static final int DEPTH = 64;

  /**
   * Rows of b, and the row of sums, are copied to arrays of their own: C2 has loops over several
   * arrays in lanes only where all have one index.
   */
  @Override
  public void addProduct(
      double[] a,
      int aAt,
      int aRow,
      int aStep,
      double[] b,
      int bAt,
      double[] c,
      int cAt,
      int rows,
      int steps,
      int columns) {
    double[][] taken = new double[Math.min(DEPTH, steps)][columns];
    double[] sums = new double[columns];
    int[] places = new int[DEPTH];
    int kept = 0;
    for (int first = 0; first < steps; first += DEPTH) {
      int depth = Math.min(DEPTH, steps - first);
      for (int t = 0; t < depth; t++) {
        System.arraycopy(b, bAt + (first + t) * columns, taken[t], 0, columns);
      }
      int at = aAt + first * aStep;
      for (int i = 0; i < rows; i++) {
        if (i % 4 == 0) {
          kept = kept(a, at + i * aRow, Math.min(4, rows - i), aRow, aStep, depth, places);
        }
        System.arraycopy(c, cAt + i * columns, sums, 0, columns);
        addRows(a, at + i * aRow, aStep, taken, places, kept, sums);
        System.arraycopy(sums, 0, c, cAt + i * columns, columns);
      }
    }
  }

  /** The steps at which four rows, or the last ones, are not all 0. */
  private static int kept(
      double[] a, int at, int rows, int row, int step, int depth, int[] places) {
    int second = Math.min(1, rows - 1) * row;
    int third = Math.min(2, rows - 1) * row;
    int fourth = Math.min(3, rows - 1) * row;
    int kept = 0;
    for (int t = 0; t < depth; t++) {
      int p = at + t * step;
      places[kept] = t;
      if (a[p] != 0 || a[p + second] != 0 || a[p + third] != 0 || a[p + fourth] != 0) {
        kept++;
      }
    }
    return kept;
  }

  private static void addRows(
      double[] a, int at, int step, double[][] rows, int[] places, int count, double[] sums) {
    int t = 0;
    for (; t + 4 <= count; t += 4) {
      int t0 = places[t];
      int t1 = places[t + 1];
      int t2 = places[t + 2];
      int t3 = places[t + 3];
      double a0 = a[at + t0 * step];
      double a1 = a[at + t1 * step];
      double a2 = a[at + t2 * step];
      double a3 = a[at + t3 * step];
      addFour(a0, rows[t0], a1, rows[t1], a2, rows[t2], a3, rows[t3], sums);
    }
    for (; t < count; t++) {
      Kernels.add(a[at + places[t] * step], rows[places[t]], sums);
    }
  }

  private static void addFour(
      double a0,
      double[] b0,
      double a1,
      double[] b1,
      double a2,
      double[] b2,
      double a3,
      double[] b3,
      double[] sums) {
    for (int k = 0; k < sums.length; k++) {
      double sum = sums[k] + a0 * b0[k];
      sum += a1 * b1[k];
      sum += a2 * b2[k];
      sums[k] = sum + a3 * b3[k];
    }
  }

  /** From here on, loops along the classes are long enough. */
  private static final int MANY = 16;

  /** Few classes are taken four at a time with their sums in registers, many as rows of arrays. */
  @Override
  public void addRows(
      int[] starts,
      int[] indices,
      float[] x,
      int from,
      int until,
      double[] w,
      int classes,
      double[] margins) {
    double[] sums = new double[classes];
    double[] weights = new double[classes];
    for (int i = from; i < until; i++) {
      int to = (i - from) * classes;
      if (classes < MANY) {
        addRow(indices, x, starts[i], starts[i + 1], w, classes, margins, to);
        continue;
      }
      System.arraycopy(margins, to, sums, 0, classes);
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        System.arraycopy(w, indices[p] * classes, weights, 0, classes);
        Kernels.add(x[p], weights, sums);
      }
      System.arraycopy(sums, 0, margins, to, classes);
    }
  }

  private static void addRow(
      int[] indices, float[] x, int start, int end, double[] w, int classes, double[] z, int to) {
    int k = 0;
    for (; k + 4 <= classes; k += 4) {
      double a = z[to + k];
      double b = z[to + k + 1];
      double c = z[to + k + 2];
      double d = z[to + k + 3];
      for (int p = start; p < end; p++) {
        double value = x[p];
        int at = indices[p] * classes + k;
        a += value * w[at];
        b += value * w[at + 1];
        c += value * w[at + 2];
        d += value * w[at + 3];
      }
      z[to + k] = a;
      z[to + k + 1] = b;
      z[to + k + 2] = c;
      z[to + k + 3] = d;
    }
    for (; k < classes; k++) {
      double a = z[to + k];
      for (int p = start; p < end; p++) {
        a += x[p] * w[indices[p] * classes + k];
      }
      z[to + k] = a;
    }
  }

  @Override
  public void addRowsTransposed(
      int[] starts,
      int[] indices,
      float[] x,
      int from,
      int until,
      double[] multipliers,
      int classes,
      double[] gradient) {
    double[] row = new double[classes];
    double[] sums = new double[classes];
    for (int i = from; i < until; i++) {
      int at = (i - from) * classes;
      if (classes < MANY) {
        addRowTransposed(indices, x, starts[i], starts[i + 1], multipliers, at, classes, gradient);
        continue;
      }
      System.arraycopy(multipliers, at, row, 0, classes);
      for (int p = starts[i]; p < starts[i + 1]; p++) {
        System.arraycopy(gradient, indices[p] * classes, sums, 0, classes);
        Kernels.add(x[p], row, sums);
        System.arraycopy(sums, 0, gradient, indices[p] * classes, classes);
      }
    }
  }

  private static void addRowTransposed(
      int[] indices,
      float[] x,
      int start,
      int end,
      double[] r,
      int from,
      int classes,
      double[] gradient) {
    int k = 0;
    for (; k + 4 <= classes; k += 4) {
      double a = r[from + k];
      double b = r[from + k + 1];
      double c = r[from + k + 2];
      double d = r[from + k + 3];
      for (int p = start; p < end; p++) {
        double value = x[p];
        int at = indices[p] * classes + k;
        gradient[at] += value * a;
        gradient[at + 1] += value * b;
        gradient[at + 2] += value * c;
        gradient[at + 3] += value * d;
      }
    }
    for (; k < classes; k++) {
      double a = r[from + k];
      for (int p = start; p < end; p++) {
        gradient[indices[p] * classes + k] += x[p] * a;
      }
    }
  }
}
