package dev.talweg.optimizer.kernel.panama;

import dev.talweg.optimizer.kernel.Exponentials;
import dev.talweg.optimizer.kernel.KernelSupport;
import dev.talweg.optimizer.kernel.ScalarKernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * The loops of {@link KernelSupport} in lanes.
 *
 * <p>Each loop has a vector body and a scalar tail; the body does the operations of {@link
 * Exponentials} and of the scalar loop in their order, never fused, so bits do not depend on the
 * number of lanes. What branches there is a blend here. Species are static constants: C2 keeps a
 * vector in a register only if it knows its shape, and only if everything inlines; hence the
 * methods below stay under its limit of 325 bytes of code.
 *
 * <p>The species is the largest, of which {@code spark.ml}'s BLAS has its vectors too, and not the
 * preferred one, which has as many lanes but a class of its own: the JDK's methods are shared, and
 * where they have met two classes, C2 makes objects of both.
 *
 * <p>{@code talweg.kernels.bits} forces a width: tests compare widths that the machine does not
 * have (slowly).
 */
public final class PanamaKernels implements KernelSupport {
  private static final VectorSpecies<Double> D = species();
  private static final VectorSpecies<Float> F =
      VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize() / 2));
  private static final int LANES = D.length();
  private static final ScalarKernels TAIL = new ScalarKernels();

  /** By reflection, where the module is there. */
  public PanamaKernels() {}

  private static VectorSpecies<Double> species() {
    Integer bits = Integer.getInteger("talweg.kernels.bits");
    return bits == null
        ? DoubleVector.SPECIES_MAX
        : VectorSpecies.of(double.class, VectorShape.forBitSize(bits));
  }

  @Override
  public String name() {
    return "vector " + D.vectorBitSize();
  }

  @Override
  public void expNonPositive(double[] x, int from, int until) {
    int i = from;
    for (; i <= until - LANES; i += LANES) {
      exp(DoubleVector.fromArray(D, x, i)).intoArray(x, i);
    }
    TAIL.expNonPositive(x, i, until);
  }

  @Override
  public void log1pUnit(double[] u, int from, int until) {
    int i = from;
    for (; i <= until - LANES; i += LANES) {
      log1p(DoubleVector.fromArray(D, u, i)).intoArray(u, i);
    }
    TAIL.log1pUnit(u, i, until);
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
    int i = from;
    for (; i <= until - LANES; i += LANES) {
      DoubleVector z = DoubleVector.fromArray(D, margins, i);
      DoubleVector loss = loss(z, DoubleVector.fromArray(D, labels, i), exp(z.abs().neg()));
      store(loss, weights, i, losses, at + i - from);
    }
    TAIL.logisticLosses(margins, labels, weights, i, until, losses, at + i - from);
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
    int i = from;
    for (; i <= until - LANES; i += LANES) {
      DoubleVector z = DoubleVector.fromArray(D, margins, i);
      DoubleVector y = DoubleVector.fromArray(D, labels, i);
      DoubleVector e = exp(z.abs().neg());
      store(loss(z, y, e), weights, i, losses, at + i - from);
      store(slope(z, y, e), weights, i, margins, i);
    }
    TAIL.logisticSlopes(margins, labels, weights, i, until, losses, at + i - from);
  }

  @Override
  public void logisticCurvatures(
      double[] margins, double @Nullable [] weights, int from, int until) {
    int i = from;
    for (; i <= until - LANES; i += LANES) {
      DoubleVector e = exp(DoubleVector.fromArray(D, margins, i).abs().neg());
      store(curvature(e), weights, i, margins, i);
    }
    TAIL.logisticCurvatures(margins, weights, i, until);
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
    int i = from;
    for (; i <= until - LANES; i += LANES) {
      DoubleVector z = DoubleVector.fromArray(D, margins, i);
      DoubleVector y = DoubleVector.fromArray(D, labels, i);
      DoubleVector e = exp(z.abs().neg());
      store(loss(z, y, e), weights, i, losses, at + i - from);
      store(slope(z, y, e), weights, i, margins, i);
      store(curvature(e), weights, i, curvatures, i);
    }
    TAIL.logisticSlopesAndCurvatures(
        margins, labels, weights, i, until, losses, at + i - from, curvatures);
  }

  @Override
  public void addColumns(
      float[] columns, int stride, int count, int from, int until, double[] w, double[] margins) {
    int whole = from + (until - from) / LANES * LANES;
    int j = 0;
    for (; j + 4 <= count; j += 4) { // one read and write of a margin for four columns
      DoubleVector w0 = DoubleVector.broadcast(D, w[j]);
      DoubleVector w1 = DoubleVector.broadcast(D, w[j + 1]);
      DoubleVector w2 = DoubleVector.broadcast(D, w[j + 2]);
      DoubleVector w3 = DoubleVector.broadcast(D, w[j + 3]);
      int at = j * stride;
      for (int i = from; i < whole; i += LANES) {
        DoubleVector.fromArray(D, margins, i - from)
            .add(w0.mul(column(columns, at + i)))
            .add(w1.mul(column(columns, at + stride + i)))
            .add(w2.mul(column(columns, at + 2 * stride + i)))
            .add(w3.mul(column(columns, at + 3 * stride + i)))
            .intoArray(margins, i - from);
      }
    }
    for (; j < count; j++) {
      DoubleVector weight = DoubleVector.broadcast(D, w[j]);
      int at = j * stride;
      for (int i = from; i < whole; i += LANES) {
        DoubleVector.fromArray(D, margins, i - from)
            .add(weight.mul(column(columns, at + i)))
            .intoArray(margins, i - from);
      }
    }
    for (j = 0; j < count; j++) {
      for (int i = whole; i < until; i++) {
        margins[i - from] += w[j] * columns[j * stride + i];
      }
    }
  }

  /** Steps, and columns, of the part of b that is packed at a time: 512 KiB. */
  private static final int DEPTH = 256;

  private static final int SPAN = 256;

  /** Vectors of a panel of b, and rows of c that are summed at a time: 4 × 2 vectors of sums. */
  private static final int WIDE = 2;

  private static final int HIGH = 4;

  /** Rows that go by while a panel is in the first cache. */
  private static final int TALL = 16;

  private static final ThreadLocal<Room> ROOM = ThreadLocal.withInitial(Room::new);

  /** What is packed, of one thread. */
  private static final class Room {
    final double[] panels = new double[DEPTH * SPAN];
    final double[] fours = new double[DEPTH * TALL];
    final int[] places = new int[DEPTH * TALL / HIGH]; // steps of each four that are not all 0
    final int[] kept = new int[TALL / HIGH]; // how many they are
    final double[] edge = new double[HIGH * WIDE * LANES];
  }

  /**
   * After Goto and van de Geijn, ACM TOMS 34 (2008): b is packed into panels of two vectors, four
   * rows of a side by side, so that the innermost loop reads both in order, eight vectors of sums
   * stay in registers, and a panel stays in the first cache while some fours go by. Every sum still
   * takes its terms in the order of steps.
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
    for (int first = 0; first < steps; first += DEPTH) {
      int depth = Math.min(DEPTH, steps - first);
      int from = aAt + first * aStep;
      int row = bAt + first * columns;
      for (int start = 0; start < columns; start += SPAN) {
        int span = Math.min(SPAN, columns - start);
        packed(a, from, aRow, aStep, b, row + start, c, cAt + start, rows, depth, span, columns);
      }
    }
  }

  private static void packed(
      double[] a,
      int aAt,
      int aRow,
      int aStep,
      double[] b,
      int bAt,
      double[] c,
      int cAt,
      int rows,
      int depth,
      int span,
      int columns) {
    int width = WIDE * LANES;
    Room room = ROOM.get();
    for (int k = 0; k < span; k += width) {
      pack(b, bAt + k, columns, depth, Math.min(width, span - k), room.panels, depth * k);
    }
    for (int first = 0; first < rows; first += TALL) {
      int until = Math.min(rows, first + TALL);
      for (int i = first; i < until; i += HIGH) {
        int high = Math.min(HIGH, rows - i);
        turn(a, aAt + i * aRow, high, aRow, aStep, depth, room, (i - first) / HIGH);
      }
      for (int k = 0; k < span; k += width) {
        int wide = Math.min(width, span - k);
        for (int i = first; i < until; i += HIGH) {
          int four = (i - first) / HIGH;
          int high = Math.min(HIGH, rows - i);
          int to = cAt + i * columns + k;
          if (high < HIGH || wide < width) {
            edge(room, four, depth, depth * k, c, to, columns, high, wide);
          } else {
            fourRows(room, four, depth, depth * k, c, to, columns);
          }
        }
      }
    }
  }

  /** Some columns of b one step after the other; what is in the rest of a panel is not used. */
  private static void pack(
      double[] b, int at, int columns, int depth, int wide, double[] panels, int to) {
    int width = WIDE * LANES;
    for (int t = 0; t < depth; t++) {
      int of = at + t * columns;
      int row = to + t * width;
      if (wide == width) {
        DoubleVector.fromArray(D, b, of).intoArray(panels, row);
        DoubleVector.fromArray(D, b, of + LANES).intoArray(panels, row + LANES);
      } else {
        for (int k = 0; k < wide; k++) {
          panels[row + k] = b[of + k];
        }
      }
    }
  }

  /**
   * Fewer than four rows, or than a panel's columns, in an array of their own: the sums of what is
   * beyond are dropped.
   */
  private static void edge(
      Room room,
      int four,
      int depth,
      int panel,
      double[] c,
      int to,
      int columns,
      int high,
      int wide) {
    int width = WIDE * LANES;
    for (int i = 0; i < high; i++) {
      System.arraycopy(c, to + i * columns, room.edge, i * width, wide);
    }
    fourRows(room, four, depth, panel, room.edge, 0, width);
    for (int i = 0; i < high; i++) {
      System.arraycopy(room.edge, i * width, c, to + i * columns, wide);
    }
  }

  /**
   * Four rows side by side, the last one again where there are fewer, without the steps at which
   * all are 0.
   *
   * @param number of this four in the room
   */
  private static void turn(
      double[] a, int at, int rows, int row, int step, int depth, Room room, int number) {
    double[] fours = room.fours;
    int[] places = room.places;
    int first = depth * number;
    int second = Math.min(1, rows - 1) * row;
    int third = Math.min(2, rows - 1) * row;
    int fourth = Math.min(3, rows - 1) * row;
    int p = at;
    int kept = first;
    for (int t = 0; t < depth; t++) {
      double a0 = a[p];
      double a1 = a[p + second];
      double a2 = a[p + third];
      double a3 = a[p + fourth];
      fours[HIGH * kept] = a0;
      fours[HIGH * kept + 1] = a1;
      fours[HIGH * kept + 2] = a2;
      fours[HIGH * kept + 3] = a3;
      places[kept] = t;
      if (a0 != 0 || a1 != 0 || a2 != 0 || a3 != 0) {
        kept++;
      }
      p += step;
    }
    room.kept[number] = kept - first;
  }

  private static void fourRows(
      Room room, int number, int depth, int panel, double[] c, int to, int n) {
    int kept = room.kept[number];
    int first = depth * number;
    if (kept == depth) {
      fourRows(room.fours, HIGH * first, depth, room.panels, panel, c, to, n);
    } else {
      fourRows(room.fours, room.places, first, kept, room.panels, panel, c, to, n);
    }
  }

  private static void fourRows(
      double[] a, int at, int depth, double[] panel, int from, double[] c, int to, int n) {
    DoubleVector c00 = DoubleVector.fromArray(D, c, to);
    DoubleVector c01 = DoubleVector.fromArray(D, c, to + LANES);
    DoubleVector c10 = DoubleVector.fromArray(D, c, to + n);
    DoubleVector c11 = DoubleVector.fromArray(D, c, to + n + LANES);
    DoubleVector c20 = DoubleVector.fromArray(D, c, to + 2 * n);
    DoubleVector c21 = DoubleVector.fromArray(D, c, to + 2 * n + LANES);
    DoubleVector c30 = DoubleVector.fromArray(D, c, to + 3 * n);
    DoubleVector c31 = DoubleVector.fromArray(D, c, to + 3 * n + LANES);
    int row = from;
    for (int t = at; t < at + HIGH * depth; t += HIGH) {
      DoubleVector b0 = DoubleVector.fromArray(D, panel, row);
      DoubleVector b1 = DoubleVector.fromArray(D, panel, row + LANES);
      DoubleVector x = DoubleVector.broadcast(D, a[t]);
      c00 = c00.add(x.mul(b0));
      c01 = c01.add(x.mul(b1));
      x = DoubleVector.broadcast(D, a[t + 1]);
      c10 = c10.add(x.mul(b0));
      c11 = c11.add(x.mul(b1));
      x = DoubleVector.broadcast(D, a[t + 2]);
      c20 = c20.add(x.mul(b0));
      c21 = c21.add(x.mul(b1));
      x = DoubleVector.broadcast(D, a[t + 3]);
      c30 = c30.add(x.mul(b0));
      c31 = c31.add(x.mul(b1));
      row += WIDE * LANES;
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c10.intoArray(c, to + n);
    c11.intoArray(c, to + n + LANES);
    c20.intoArray(c, to + 2 * n);
    c21.intoArray(c, to + 2 * n + LANES);
    c30.intoArray(c, to + 3 * n);
    c31.intoArray(c, to + 3 * n + LANES);
  }

  /** The same of some steps. */
  private static void fourRows(
      double[] a,
      int[] places,
      int first,
      int kept,
      double[] panel,
      int from,
      double[] c,
      int to,
      int n) {
    DoubleVector c00 = DoubleVector.fromArray(D, c, to);
    DoubleVector c01 = DoubleVector.fromArray(D, c, to + LANES);
    DoubleVector c10 = DoubleVector.fromArray(D, c, to + n);
    DoubleVector c11 = DoubleVector.fromArray(D, c, to + n + LANES);
    DoubleVector c20 = DoubleVector.fromArray(D, c, to + 2 * n);
    DoubleVector c21 = DoubleVector.fromArray(D, c, to + 2 * n + LANES);
    DoubleVector c30 = DoubleVector.fromArray(D, c, to + 3 * n);
    DoubleVector c31 = DoubleVector.fromArray(D, c, to + 3 * n + LANES);
    for (int k = first; k < first + kept; k++) {
      int row = from + WIDE * LANES * places[k];
      int t = HIGH * k;
      DoubleVector b0 = DoubleVector.fromArray(D, panel, row);
      DoubleVector b1 = DoubleVector.fromArray(D, panel, row + LANES);
      DoubleVector x = DoubleVector.broadcast(D, a[t]);
      c00 = c00.add(x.mul(b0));
      c01 = c01.add(x.mul(b1));
      x = DoubleVector.broadcast(D, a[t + 1]);
      c10 = c10.add(x.mul(b0));
      c11 = c11.add(x.mul(b1));
      x = DoubleVector.broadcast(D, a[t + 2]);
      c20 = c20.add(x.mul(b0));
      c21 = c21.add(x.mul(b1));
      x = DoubleVector.broadcast(D, a[t + 3]);
      c30 = c30.add(x.mul(b0));
      c31 = c31.add(x.mul(b1));
    }
    c00.intoArray(c, to);
    c01.intoArray(c, to + LANES);
    c10.intoArray(c, to + n);
    c11.intoArray(c, to + n + LANES);
    c20.intoArray(c, to + 2 * n);
    c21.intoArray(c, to + 2 * n + LANES);
    c30.intoArray(c, to + 3 * n);
    c31.intoArray(c, to + 3 * n + LANES);
  }

  /**
   * Along the classes, which are side by side: vectors begin at class 0, LANES, … and the last one
   * at classes − LANES, where it does some classes again, to the same bits. Two at a time, and the
   * last two first: both are read before either is stored, so none is added twice.
   */
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
    if (classes < LANES) {
      TAIL.addRows(starts, indices, x, from, until, w, classes, margins);
      return;
    }
    for (int c = (classes + LANES - 1) / LANES; c > 0; c -= 2) {
      int first = Math.min(Math.max(c - 2, 0) * LANES, classes - LANES);
      int second = Math.min((c - 1) * LANES, classes - LANES);
      for (int i = from; i < until; i++) {
        int to = (i - from) * classes;
        addRow(indices, x, starts[i], starts[i + 1], w, classes, first, second, margins, to);
      }
    }
  }

  private static void addRow(
      int[] indices,
      float[] x,
      int start,
      int end,
      double[] w,
      int classes,
      int first,
      int second,
      double[] margins,
      int to) {
    DoubleVector a = DoubleVector.fromArray(D, margins, to + first);
    DoubleVector b = DoubleVector.fromArray(D, margins, to + second);
    for (int p = start; p < end; p++) {
      DoubleVector value = DoubleVector.broadcast(D, x[p]);
      int at = indices[p] * classes;
      a = a.add(value.mul(DoubleVector.fromArray(D, w, at + first)));
      b = b.add(value.mul(DoubleVector.fromArray(D, w, at + second)));
    }
    a.intoArray(margins, to + first);
    b.intoArray(margins, to + second);
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
    if (classes < LANES) {
      TAIL.addRowsTransposed(starts, indices, x, from, until, multipliers, classes, gradient);
      return;
    }
    for (int c = (classes + LANES - 1) / LANES; c > 0; c -= 2) {
      int first = Math.min(Math.max(c - 2, 0) * LANES, classes - LANES);
      int second = Math.min((c - 1) * LANES, classes - LANES);
      for (int i = from; i < until; i++) {
        int of = (i - from) * classes;
        addRowTransposed(
            indices,
            x,
            starts[i],
            starts[i + 1],
            multipliers,
            of,
            classes,
            first,
            second,
            gradient);
      }
    }
  }

  private static void addRowTransposed(
      int[] indices,
      float[] x,
      int start,
      int end,
      double[] multipliers,
      int of,
      int classes,
      int first,
      int second,
      double[] gradient) {
    DoubleVector a = DoubleVector.fromArray(D, multipliers, of + first);
    DoubleVector b = DoubleVector.fromArray(D, multipliers, of + second);
    for (int p = start; p < end; p++) {
      DoubleVector value = DoubleVector.broadcast(D, x[p]);
      int at = indices[p] * classes;
      DoubleVector one = DoubleVector.fromArray(D, gradient, at + first).add(value.mul(a));
      DoubleVector two = DoubleVector.fromArray(D, gradient, at + second).add(value.mul(b));
      one.intoArray(gradient, at + first);
      two.intoArray(gradient, at + second);
    }
  }

  private static DoubleVector column(float[] columns, int at) {
    return (DoubleVector) FloatVector.fromArray(F, columns, at).castShape(D, 0);
  }

  /**
   * Each branch stores: a vector that could come from either would be boxed where they meet, 128
   * bytes for four rows and 24 ns a row instead of 6.
   */
  private static void store(
      DoubleVector values, double @Nullable [] weights, int i, double[] to, int at) {
    if (weights == null) {
      values.intoArray(to, at);
    } else {
      DoubleVector.fromArray(D, weights, i).mul(values).intoArray(to, at);
    }
  }

  /** ℓ, given e = exp(−|z|). */
  private static DoubleVector loss(DoubleVector z, DoubleVector y, DoubleVector e) {
    DoubleVector positive = DoubleVector.zero(D).blend(z, z.compare(VectorOperators.GT, 0.0));
    return positive.sub(y.mul(z)).add(log1p(e));
  }

  private static DoubleVector slope(DoubleVector z, DoubleVector y, DoubleVector e) {
    return e.blend(1.0, z.compare(VectorOperators.GE, 0.0)).div(e.add(1.0)).sub(y);
  }

  private static DoubleVector curvature(DoubleVector e) {
    DoubleVector sum = e.add(1.0);
    return e.div(sum.mul(sum));
  }

  private static DoubleVector exp(DoubleVector x) {
    VectorMask<Double> low = x.compare(VectorOperators.LT, Exponentials.LOWEST);
    DoubleVector bounded = x.blend(Exponentials.LOWEST, low);
    DoubleVector shifted = bounded.mul(Exponentials.LOG2_E).add(Exponentials.TO_EXPONENT);
    DoubleVector k = shifted.sub(Exponentials.TO_EXPONENT);
    DoubleVector r = bounded.sub(k.mul(Exponentials.LN2_HIGH)).sub(k.mul(Exponentials.LN2_LOW));
    LongVector exponent = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
    return expSeries(r).mul(exponent.reinterpretAsDoubles()).blend(0.0, low);
  }

  private static DoubleVector expSeries(DoubleVector r) {
    DoubleVector r2 = r.mul(r);
    DoubleVector r4 = r2.mul(r2);
    DoubleVector a = four(r, r2, 0.5, 1.0 / 6.0, 1.0 / 24.0, 1.0 / 120.0);
    DoubleVector b = four(r, r2, 1.0 / 720.0, 1.0 / 5040.0, 1.0 / 40320.0, 1.0 / 362880.0);
    DoubleVector c =
        four(r, r2, 1.0 / 3628800.0, 1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0);
    return r2.mul(r4.mul(r4.mul(c).add(b)).add(a)).add(r).add(1.0);
  }

  /** {@code c0 + c1 x + c2 x² + c3 x³}. */
  private static DoubleVector four(
      DoubleVector x, DoubleVector x2, double c0, double c1, double c2, double c3) {
    return x.mul(c1).add(c0).add(x2.mul(x.mul(c3).add(c2)));
  }

  private static DoubleVector log1p(DoubleVector u) {
    DoubleVector s = u.div(u.add(2.0));
    DoubleVector t = s.mul(s);
    DoubleVector h = u.mul(0.5).mul(u);
    return u.sub(h.sub(s.mul(t.mul(log1pSeries(t)).add(h))));
  }

  private static DoubleVector log1pSeries(DoubleVector t) {
    DoubleVector t2 = t.mul(t);
    DoubleVector t4 = t2.mul(t2);
    DoubleVector a = four(t, t2, 2.0 / 3.0, 2.0 / 5.0, 2.0 / 7.0, 2.0 / 9.0);
    DoubleVector b = four(t, t2, 2.0 / 11.0, 2.0 / 13.0, 2.0 / 15.0, 2.0 / 17.0);
    DoubleVector c = four(t, t2, 2.0 / 19.0, 2.0 / 21.0, 2.0 / 23.0, 2.0 / 25.0);
    DoubleVector d = four(t, t2, 2.0 / 27.0, 2.0 / 29.0, 2.0 / 31.0, 2.0 / 33.0);
    return t4.mul(b).add(a).add(t4.mul(t4).mul(t4.mul(d).add(c)));
  }
}
