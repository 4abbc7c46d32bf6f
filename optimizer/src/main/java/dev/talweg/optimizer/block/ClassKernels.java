package dev.talweg.optimizer.block;

import dev.talweg.optimizer.kernel.Kernels;
import java.util.Arrays;

/**
 * The two products with K columns at once: Z += XW and G += XᵀR, for a matrix W of features ×
 * classes and margins of rows × classes, both row by row in one flat array.
 *
 * <p><b>Columns.</b> Z += XW takes a tile of rows with its margins class by class, so that the
 * inner loop runs along the rows of a column and both compilers and caches are content; four
 * features are added per store. G += XᵀR takes a strip of features whose values it turns row by
 * row, and adds four rows per store along the strip. Both orders of summation are those of one
 * class alone: by ascending feature, by ascending row.
 *
 * <p><b>Sparse rows</b> with values are {@link Kernels#addRows}: the K weights of a feature are
 * contiguous.
 */
final class ClassKernels {
  /** Rows of a tile: with ten classes its margins are 10 KiB. */
  private static final int TILE = 128;

  /** Features of a strip, and rows that are turned at a time: 16 KiB. */
  private static final int STRIP = 128;

  private static final int TURNED = 16;

  private ClassKernels() {}

  /** Columns of numbers: {@code x[j · stride + i]} is feature j of row i. */
  static void addColumns(
      float[] x,
      int stride,
      int columns,
      int from,
      int until,
      double[] w,
      int classes,
      double[] z) {
    double[] tile = new double[classes * TILE];
    double[] wide = new double[4 * TILE];
    for (int start = from; start < until; start += TILE) {
      int count = Math.min(TILE, until - start);
      int first = (start - from) * classes;
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < classes; k++) {
          tile[k * TILE + i] = z[first + i * classes + k];
        }
      }
      int j = 0;
      for (; j + 4 <= columns; j += 4) {
        for (int q = 0; q < 4; q++) {
          widen(x, (j + q) * stride + start, count, wide, q * TILE);
        }
        int at = j * classes;
        for (int k = 0; k < classes; k++) {
          addFour(
              wide,
              0,
              TILE,
              w[at + k],
              w[at + classes + k],
              w[at + 2 * classes + k],
              w[at + 3 * classes + k],
              tile,
              k * TILE,
              count);
        }
      }
      for (; j < columns; j++) {
        widen(x, j * stride + start, count, wide, 0);
        for (int k = 0; k < classes; k++) {
          add(wide, 0, w[j * classes + k], tile, k * TILE, count);
        }
      }
      for (int i = 0; i < count; i++) {
        for (int k = 0; k < classes; k++) {
          z[first + i * classes + k] = tile[k * TILE + i];
        }
      }
    }
  }

  /** The transposed product of {@link #addColumns}. */
  static void addColumnsTransposed(
      float[] x,
      int stride,
      int columns,
      int from,
      int until,
      double[] r,
      int classes,
      double[] gradient) {
    double[] turned = new double[TURNED * STRIP];
    double[] sums = new double[classes * STRIP];
    for (int left = 0; left < columns; left += STRIP) {
      int width = Math.min(STRIP, columns - left);
      Arrays.fill(sums, 0);
      for (int start = from; start < until; start += TURNED) {
        int count = Math.min(TURNED, until - start);
        for (int j = 0; j < width; j++) {
          int base = (left + j) * stride + start;
          for (int i = 0; i < count; i++) {
            turned[i * STRIP + j] = x[base + i];
          }
        }
        addTurned(turned, count, width, r, (start - from) * classes, classes, sums);
      }
      for (int j = 0; j < width; j++) {
        for (int k = 0; k < classes; k++) {
          gradient[(left + j) * classes + k] += sums[k * STRIP + j];
        }
      }
    }
  }

  private static void addTurned(
      double[] turned, int count, int width, double[] r, int first, int classes, double[] sums) {
    for (int k = 0; k < classes; k++) {
      int i = 0;
      for (; i + 4 <= count; i += 4) {
        int at = first + i * classes + k;
        addFour(
            turned,
            i * STRIP,
            STRIP,
            r[at],
            r[at + classes],
            r[at + 2 * classes],
            r[at + 3 * classes],
            sums,
            k * STRIP,
            width);
      }
      for (; i < count; i++) {
        add(turned, i * STRIP, r[first + i * classes + k], sums, k * STRIP, width);
      }
    }
  }

  private static void widen(float[] x, int from, int count, double[] wide, int to) {
    for (int i = 0; i < count; i++) {
      wide[to + i] = x[from + i];
    }
  }

  /** Four rows of x, {@code stride} apart, onto y. */
  private static void addFour(
      double[] x,
      int from,
      int stride,
      double a,
      double b,
      double c,
      double d,
      double[] y,
      int to,
      int n) {
    int second = from + stride;
    int third = second + stride;
    int fourth = third + stride;
    for (int i = 0; i < n; i++) {
      y[to + i] =
          y[to + i] + a * x[from + i] + b * x[second + i] + c * x[third + i] + d * x[fourth + i];
    }
  }

  private static void add(double[] x, int from, double a, double[] y, int to, int n) {
    for (int i = 0; i < n; i++) {
      y[to + i] += a * x[from + i];
    }
  }

  /** A field of one-hot features: {@code ids[base + i]} is the one of row i, or −1. */
  static void addField(
      int[] ids, int base, int from, int until, double[] w, int classes, double[] z) {
    for (int i = from; i < until; i++) {
      int id = ids[base + i];
      if (id >= 0) {
        int at = (i - from) * classes;
        int feature = id * classes;
        for (int k = 0; k < classes; k++) {
          z[at + k] += w[feature + k];
        }
      }
    }
  }

  /** The transposed product of {@link #addField}. */
  static void addFieldTransposed(
      int[] ids, int base, int from, int until, double[] r, int classes, double[] gradient) {
    for (int i = from; i < until; i++) {
      int id = ids[base + i];
      if (id >= 0) {
        int at = (i - from) * classes;
        int feature = id * classes;
        for (int k = 0; k < classes; k++) {
          gradient[feature + k] += r[at + k];
        }
      }
    }
  }

  /** One sparse row whose entries are all 1, in [start, end). */
  static void addOnes(
      int[] indices, int start, int end, double[] w, int classes, double[] z, int to) {
    for (int p = start; p < end; p++) {
      int at = indices[p] * classes;
      for (int k = 0; k < classes; k++) {
        z[to + k] += w[at + k];
      }
    }
  }

  /** The transposed product of {@link #addOnes}. */
  static void addOnesTransposed(
      int[] indices, int start, int end, double[] r, int from, int classes, double[] gradient) {
    for (int p = start; p < end; p++) {
      int at = indices[p] * classes;
      for (int k = 0; k < classes; k++) {
        gradient[at + k] += r[from + k];
      }
    }
  }
}
