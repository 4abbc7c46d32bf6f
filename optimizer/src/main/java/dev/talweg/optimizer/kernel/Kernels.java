package dev.talweg.optimizer.kernel;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The loops that all passes share. Arguments are checked here, once a call; then one provider does
 * them: plain Java, or the Vector API where the JVM was started with {@code --add-modules
 * jdk.incubator.vector} (Spark's own launcher does). Both give the same bits, so the choice is one
 * of speed alone: the system property {@code talweg.kernels} is scalar, vector or auto, which
 * begins with plain loops ({@link AdaptiveKernels} says why).
 *
 * <p><b>Sums.</b> Σ over rows is taken in strips of {@value #STRIP} rows, each in eight virtual
 * lanes: lane k adds the terms k, k + 8, …; the lanes are added pairwise, then what is left of the
 * strip in order, then the strips in order. Eight chains of additions hide an addition's latency: a
 * strip's sum costs 0.3 ns a row, one chain 1.3 ns (docs/decisions/0009).
 *
 * <p>What C2 does as well on its own, or memory decides, is not here: sparse products with one
 * column (a gather in lanes is slower than the scalar loop) and sums of two arrays.
 */
public final class Kernels {
  /** Rows whose terms lie side by side before they are summed: 8 KiB. */
  static final int STRIP = 1024;

  private static final KernelSupport SUPPORT =
      KernelProvider.choose(System.getProperty(KernelProvider.PROPERTY, "auto"));

  private Kernels() {}

  /**
   * The provider: {@code scalar}, {@code vector} with its bits, or {@code auto} and one of them.
   */
  public static String provider() {
    return SUPPORT.name();
  }

  /** {@code x[i] = e^x[i]} for the first {@code count} entries, none positive. */
  public static void expNonPositive(double[] x, int count) {
    checkLength(count, x.length);
    SUPPORT.expNonPositive(x, 0, count);
  }

  /** {@code u[i] = log(1 + u[i])} for the first {@code count} entries, all in [0, 1]. */
  public static void log1pUnit(double[] u, int count) {
    checkLength(count, u.length);
    SUPPORT.log1pUnit(u, 0, count);
  }

  /** Returns Σ ω (log(1 + eᶻ) − y z). */
  public static double logisticValue(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    checkRows(margins, labels, weights, rows);
    return sum(
        rows,
        (from, until, losses) ->
            SUPPORT.logisticLosses(margins, labels, weights, from, until, losses, 0));
  }

  /** The same, and replaces each margin by ω (σ(z) − y). */
  public static double logisticSlopes(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    checkRows(margins, labels, weights, rows);
    return sum(
        rows,
        (from, until, losses) ->
            SUPPORT.logisticSlopes(margins, labels, weights, from, until, losses, 0));
  }

  /** Replaces each margin by ω σ(z) σ(−z). */
  public static void logisticCurvatures(double[] margins, double @Nullable [] weights, int rows) {
    checkRows(margins, margins, weights, rows);
    SUPPORT.logisticCurvatures(margins, weights, 0, rows);
  }

  /** {@link #logisticSlopes}, and writes ω σ(z) σ(−z) to {@code curvatures}. */
  public static double logisticSlopesAndCurvatures(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int rows,
      double[] curvatures) {
    checkRows(margins, labels, weights, rows);
    checkLength(rows, curvatures.length);
    return sum(
        rows,
        (from, until, losses) ->
            SUPPORT.logisticSlopesAndCurvatures(
                margins, labels, weights, from, until, losses, 0, curvatures));
  }

  /**
   * {@code margins[i - from] += Σ_j w[j] · columns[j · stride + i]} for {@code from ≤ i < until}
   * and {@code 0 ≤ j < count}, added in the order of j.
   */
  public static void addColumns(
      float[] columns, int stride, int count, int from, int until, double[] w, double[] margins) {
    checkLength(count, w.length);
    checkLength(until - from, margins.length);
    if (from < 0 || until < from || until > stride || columns.length < (long) stride * count) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "rows [%d, %d) of %d columns of %d, with %d values",
              from,
              until,
              count,
              stride,
              columns.length));
    }
    SUPPORT.addColumns(columns, stride, count, from, until, w, margins);
  }

  /**
   * C += A·B: {@code c[cAt + i·columns + k] += Σ_t a[aAt + i·aRow + t·aStep] · b[bAt + t·columns +
   * k]} for {@code 0 ≤ i < rows} and {@code 0 ≤ k < columns}, added one by one in the order of t.
   * With {@code aRow} 1 and {@code aStep} the length of a row it is C += Aᵀ·B.
   *
   * <p>Rows are taken by fours from the first on, and a step at which all four numbers of A are 0
   * is left out. Of pixels half are 0, and neighbours together; of units behind a rectifier too.
   */
  public static void addProduct(
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
    if (rows == 0 || steps == 0 || columns == 0) {
      return;
    }
    long last = aAt + (rows - 1L) * aRow + (steps - 1L) * aStep;
    if (aAt < 0 || bAt < 0 || cAt < 0 || aRow < 0 || aStep < 0 || last >= a.length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d × %d numbers of an array of %d", rows, steps, a.length));
    }
    checkLength(Math.toIntExact(bAt + (long) steps * columns), b.length);
    checkLength(Math.toIntExact(cAt + (long) rows * columns), c.length);
    SUPPORT.addProduct(a, aAt, aRow, aStep, b, bAt, c, cAt, rows, steps, columns);
  }

  /**
   * Sparse rows against K columns: {@code margins[(i - from)·classes + k] += Σ_p x[p] ·
   * w[indices[p]·classes + k]} for {@code from ≤ i < until} and {@code starts[i] ≤ p < starts[i +
   * 1]}, added in the order of p.
   */
  public static void addRows(
      int[] starts,
      int[] indices,
      float[] x,
      int from,
      int until,
      double[] w,
      int classes,
      double[] margins) {
    checkEntries(starts, indices, x, from, until);
    checkLength(Math.multiplyExact(until - from, classes), margins.length);
    SUPPORT.addRows(starts, indices, x, from, until, w, classes, margins);
  }

  /**
   * The transposed product: {@code gradient[indices[p]·classes + k] += x[p] · multipliers[(i -
   * from)·classes + k]}, row by row.
   *
   * @param indices no feature twice in a row
   */
  public static void addRowsTransposed(
      int[] starts,
      int[] indices,
      float[] x,
      int from,
      int until,
      double[] multipliers,
      int classes,
      double[] gradient) {
    checkEntries(starts, indices, x, from, until);
    checkLength(Math.multiplyExact(until - from, classes), multipliers.length);
    SUPPORT.addRowsTransposed(starts, indices, x, from, until, multipliers, classes, gradient);
  }

  private static void checkEntries(int[] starts, int[] indices, float[] x, int from, int until) {
    if (from < 0 || until < from) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, "rows [%d, %d)", from, until));
    }
    checkLength(until + 1, starts.length);
    checkLength(starts[until], indices.length);
    checkLength(starts[until], x.length);
  }

  /** What writes a loss for each row of a strip. */
  private interface Losses {
    void of(int from, int until, double[] losses);
  }

  private static double sum(int rows, Losses strips) {
    double[] losses = new double[Math.min(STRIP, rows)];
    double sum = 0;
    for (int from = 0; from < rows; from += STRIP) {
      int until = Math.min(rows, from + STRIP);
      strips.of(from, until, losses);
      sum += strip(losses, 0, until - from);
    }
    return sum;
  }

  /** Σ of the first {@code count} terms. */
  public static double sum(double[] terms, int count) {
    checkLength(count, terms.length);
    double sum = 0;
    for (int from = 0; from < count; from += STRIP) {
      sum += strip(terms, from, Math.min(count, from + STRIP));
    }
    return sum;
  }

  private static double strip(double[] terms, int from, int until) {
    int whole = from + ((until - from) & -8);
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    for (int i = from; i < whole; i += 8) {
      s0 += terms[i];
      s1 += terms[i + 1];
      s2 += terms[i + 2];
      s3 += terms[i + 3];
      s4 += terms[i + 4];
      s5 += terms[i + 5];
      s6 += terms[i + 6];
      s7 += terms[i + 7];
    }
    double sum = ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    for (int i = whole; i < until; i++) {
      sum += terms[i];
    }
    return sum;
  }

  private static void checkRows(
      double[] margins, double[] labels, double @Nullable [] weights, int rows) {
    checkLength(rows, margins.length);
    checkLength(rows, labels.length);
    checkLength(rows, weights == null ? rows : weights.length);
  }

  private static void checkLength(int count, int length) {
    if (count < 0 || count > length) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d entries of an array of %d", count, length));
    }
  }

  /**
   * {@code y += a·x}, over all of x.
   *
   * <p>Callers copy parts of longer arrays to arrays of their own: C2 has this loop in lanes only
   * where both begin at the same index, since otherwise they might be one array that overlaps
   * itself. docs/decisions/0017 has the figure.
   */
  public static void add(double a, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] += a * x[i];
    }
  }
}
