package dev.talweg.optimizer.kernel;

import org.jspecify.annotations.Nullable;

/**
 * The loops that one provider does in its own way: elementwise, so that their bits cannot depend on
 * how many lanes there are. Arguments were checked by {@link Kernels}; a null {@code weights} says
 * that all are 1.
 */
public interface KernelSupport {
  /** As in {@code talweg.kernels}, and what else tells it from others. */
  String name();

  /** {@code x[i] = e^x[i]} for x ≤ 0 and {@code from ≤ i < until}. */
  void expNonPositive(double[] x, int from, int until);

  /** {@code u[i] = log(1 + u[i])} for u in [0, 1] and {@code from ≤ i < until}. */
  void log1pUnit(double[] u, int from, int until);

  /** {@code losses[at + i - from]} = ω (log(1 + eᶻ) − y z) for {@code from ≤ i < until}. */
  void logisticLosses(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int from,
      int until,
      double[] losses,
      int at);

  /** The same, with ω (σ(z) − y) in the place of each margin. */
  void logisticSlopes(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int from,
      int until,
      double[] losses,
      int at);

  /** ω σ(z) σ(−z) in the place of each margin. */
  void logisticCurvatures(double[] margins, double @Nullable [] weights, int from, int until);

  /** {@link #logisticSlopes}, and ω σ(z) σ(−z) in {@code curvatures[i]}. */
  void logisticSlopesAndCurvatures(
      double[] margins,
      double[] labels,
      double @Nullable [] weights,
      int from,
      int until,
      double[] losses,
      int at,
      double[] curvatures);

  /**
   * {@code margins[i - from] += Σ_j w[j] · columns[j · stride + i]} for {@code from ≤ i < until}
   * and {@code 0 ≤ j < count}, added in the order of j.
   */
  void addColumns(
      float[] columns, int stride, int count, int from, int until, double[] w, double[] margins);

  /**
   * {@code c[cAt + i·columns + k] += Σ_t a[aAt + i·aRow + t·aStep] · b[bAt + t·columns + k]} for
   * {@code 0 ≤ i < rows} and {@code 0 ≤ k < columns}, added one by one in the order of t. Rows are
   * taken by fours from the first on, and a step at which all four numbers of a are 0 is left out:
   * that changes nothing unless b is not finite there.
   */
  void addProduct(
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
      int columns);

  /**
   * Sparse rows against K columns: {@code margins[(i - from)·classes + k] += Σ_p x[p] ·
   * w[indices[p]·classes + k]} for {@code from ≤ i < until} and {@code starts[i] ≤ p < starts[i +
   * 1]}, added in the order of p.
   */
  void addRows(
      int[] starts,
      int[] indices,
      float[] x,
      int from,
      int until,
      double[] w,
      int classes,
      double[] margins);

  /**
   * The transposed product of {@link #addRows}: {@code gradient[indices[p]·classes + k] += x[p] ·
   * multipliers[(i - from)·classes + k]}, row by row. No feature is twice in a row.
   */
  void addRowsTransposed(
      int[] starts,
      int[] indices,
      float[] x,
      int from,
      int until,
      double[] multipliers,
      int classes,
      double[] gradient);
}
