package dev.talweg.optimizer.kernel;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plain loops until lanes are worth their start.
 *
 * <p><b>Why.</b> Before C2 has compiled it, a loop of the Vector API makes objects of its vectors:
 * in a new JVM the first million rows took 1.7 s in lanes and 0.07 s in plain loops, more than all
 * that the lanes save in the few passes of a fit (docs/decisions/0009). So lanes are warmed up once
 * {@value #WORTH} rows have gone through plain loops, about as much time as the start costs, on a
 * thread of their own and on numbers that nobody needs; and they are used once they are seen to be
 * faster. Bits are the same before and after, hence this may depend on the clock.
 */
final class AdaptiveKernels implements KernelSupport {
  static final long WORTH = 100_000_000;

  private static final int ROUNDS = 4000;
  private static final int ROWS = Kernels.STRIP;
  private static final int COLUMNS = 5;
  private static final int SIDE = 32; // of square matrices: SIDE² is ROWS

  private static final int CLASSES = 10;

  /** Products of a matrix that take as long as a row of the other loops, about. */
  private static final int PRODUCTS = 8;

  private final Supplier<KernelSupport> lanes;
  private final long worth;
  private final ScalarKernels plain = new ScalarKernels();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicBoolean warming = new AtomicBoolean();
  private volatile KernelSupport current = plain;

  /**
   * @param worth rows that plain loops do first
   */
  AdaptiveKernels(Supplier<KernelSupport> lanes, long worth) {
    this.lanes = lanes;
    this.worth = worth;
  }

  @Override
  public String name() {
    return "auto: " + current.name();
  }

  private KernelSupport current(int more) {
    KernelSupport now = current;
    if (now == plain && rows.addAndGet(more) >= worth && warming.compareAndSet(false, true)) {
      Thread thread = new Thread(() -> warm(ROUNDS), "talweg-kernels");
      thread.setDaemon(true);
      thread.start();
    }
    return now;
  }

  /** Runs both until lanes are the faster ones three times in a row, or for so many rounds. */
  void warm(int rounds) {
    KernelSupport candidate = lanes.get();
    int faster = 0;
    for (int round = 0; round < rounds && faster < 3; round++) {
      faster = nanoseconds(candidate) < nanoseconds(plain) ? faster + 1 : 0;
    }
    if (faster == 3) {
      current = candidate;
    }
  }

  void replace() {
    current = lanes.get();
  }

  private static long nanoseconds(KernelSupport kernels) {
    double[] margins = new double[ROWS];
    double[] labels = new double[ROWS];
    double[] losses = new double[ROWS];
    float[] columns = new float[ROWS * COLUMNS];
    long began = System.nanoTime();
    for (int k = 0; k < 2; k++) {
      double @Nullable [] weights = k == 0 ? null : labels;
      kernels.logisticLosses(margins, labels, weights, 0, ROWS, losses, 0);
      kernels.logisticSlopes(margins, labels, weights, 0, ROWS, losses, 0);
      kernels.logisticCurvatures(margins, weights, 0, ROWS);
      kernels.logisticSlopesAndCurvatures(margins, labels, weights, 0, ROWS, losses, 0, margins);
      kernels.addColumns(columns, ROWS, COLUMNS, 0, ROWS, losses, margins);
    }
    double[] c = new double[SIDE * SIDE];
    kernels.addProduct(margins, 0, SIDE, 1, labels, 0, c, 0, SIDE, SIDE, SIDE);
    int[] starts = new int[SIDE + 1];
    int[] indices = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      indices[i] = i % SIDE;
      starts[i / SIDE + 1] = i + 1;
    }
    double[] w = new double[SIDE * CLASSES];
    double[] classes = new double[SIDE * CLASSES];
    kernels.addRows(starts, indices, columns, 0, SIDE, w, CLASSES, classes);
    kernels.addRowsTransposed(starts, indices, columns, 0, SIDE, classes, CLASSES, w);
    return System.nanoTime() - began;
  }

  @Override
  public void expNonPositive(double[] x, int from, int until) {
    current(until - from).expNonPositive(x, from, until);
  }

  @Override
  public void log1pUnit(double[] u, int from, int until) {
    current(until - from).log1pUnit(u, from, until);
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
    current(until - from).logisticLosses(margins, labels, weights, from, until, losses, at);
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
    current(until - from).logisticSlopes(margins, labels, weights, from, until, losses, at);
  }

  @Override
  public void logisticCurvatures(
      double[] margins, double @Nullable [] weights, int from, int until) {
    current(until - from).logisticCurvatures(margins, weights, from, until);
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
    current(until - from)
        .logisticSlopesAndCurvatures(margins, labels, weights, from, until, losses, at, curvatures);
  }

  @Override
  public void addColumns(
      float[] columns, int stride, int count, int from, int until, double[] w, double[] margins) {
    current(until - from).addColumns(columns, stride, count, from, until, w, margins);
  }

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
    int more = (int) Math.min(Integer.MAX_VALUE, (long) rows * steps * columns / PRODUCTS);
    current(more).addProduct(a, aAt, aRow, aStep, b, bAt, c, cAt, rows, steps, columns);
  }

  private static int rowsOf(int[] starts, int from, int until, int classes) {
    long products = (long) (starts[until] - starts[from]) * classes;
    return (int) Math.min(Integer.MAX_VALUE, products / PRODUCTS);
  }

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
    current(rowsOf(starts, from, until, classes))
        .addRows(starts, indices, x, from, until, w, classes, margins);
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
    current(rowsOf(starts, from, until, classes))
        .addRowsTransposed(starts, indices, x, from, until, multipliers, classes, gradient);
  }
}
