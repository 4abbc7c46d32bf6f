package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import java.util.Arrays;
import java.util.List;

/** The few operations on driver-side vectors; all cores share the usual ones ({@link Strips}). */
final class Vectors {
  private Vectors() {}

  /** Σ x_j y_j in four interleaved sums, which the processor adds side by side. */
  static double dot(double[] x, double[] y) {
    return Strips.sum(x.length, (sum, from, until) -> sum + dot(x, y, from, until));
  }

  /** The same over some entries. */
  private static double dot(double[] x, double[] y, int from, int until) {
    double first = 0;
    double second = 0;
    double third = 0;
    double fourth = 0;
    int j = from;
    for (; j + 3 < until; j += 4) {
      first += x[j] * y[j];
      second += x[j + 1] * y[j + 1];
      third += x[j + 2] * y[j + 2];
      fourth += x[j + 3] * y[j + 3];
    }
    for (; j < until; j++) {
      first += x[j] * y[j];
    }
    return (first + second) + (third + fourth);
  }

  /** {@code y += a·x}, and returns zᵀy. */
  static double addAndDot(double a, double[] x, double[] y, double[] z) {
    return Strips.sum(
        x.length,
        (sum, from, until) -> {
          add(a, x, y, from, until);
          return sum + dot(z, y, from, until);
        });
  }

  static double norm(double[] x) {
    return Math.sqrt(dot(x, x));
  }

  static double norm(double[] x, Slice slice) {
    return Math.sqrt(dot(x, x, slice.from(), slice.from() + slice.length()));
  }

  /** {@code y += a·x}. */
  static void add(double a, double[] x, double[] y) {
    Strips.each(x.length, (from, until) -> add(a, x, y, from, until));
  }

  private static void add(double a, double[] x, double[] y, int from, int until) {
    for (int j = from; j < until; j++) {
      y[j] += a * x[j];
    }
  }

  /** {@code x *= a}. */
  static void scale(double a, double[] x) {
    for (int j = 0; j < x.length; j++) {
      x[j] *= a;
    }
  }

  /** max |x_j|, or NaN. */
  static double largest(double[] x) {
    double largest = 0;
    for (double value : x) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  static double[] minus(double[] x, double[] y) {
    double[] difference = new double[x.length];
    Strips.each(
        x.length,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            difference[j] = x[j] - y[j];
          }
        });
    return difference;
  }

  static double[] negative(double[] x) {
    double[] negative = new double[x.length];
    Strips.each(
        x.length,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            negative[j] = -x[j];
          }
        });
    return negative;
  }

  static boolean finite(double[] x) {
    for (double value : x) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** The norm of a vector as if some slices were 0. */
  static double norm(double[] x, List<Slice> without) {
    if (without.isEmpty()) {
      return norm(x);
    }
    double[] rest = x.clone();
    clear(without, rest);
    return norm(rest);
  }

  static void clear(List<Slice> slices, double[] x) {
    for (Slice slice : slices) {
      Arrays.fill(x, slice.from(), slice.from() + slice.length(), 0);
    }
  }

  static void copy(List<Slice> slices, double[] from, double[] to) {
    for (Slice slice : slices) {
      System.arraycopy(from, slice.from(), to, slice.from(), slice.length());
    }
  }
}
