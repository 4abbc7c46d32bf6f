package dev.talweg.optimizer.block;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Up to 65,536 sparse rows, stored by feature.
 *
 * <p><b>Layout.</b> {@code features} are those of the chunk, ascending; the rows of feature k are
 * {@code rowIds[starts[k]] … rowIds[starts[k + 1]]}, ascending, two bytes each. Features come in
 * runs that end at {@code runs[0], runs[1], …}: those of even runs have their entries in {@code
 * values}, one after the other; those of odd runs are 1 in all their rows and keep none. So an
 * entry of a one-hot feature takes two bytes, of another six, and a feature eight beside them. Bit
 * p of {@code lasts} says that entry p is the last of its feature.
 *
 * <p><b>Why.</b> Rows gather and scatter all over d weights: above the size of a core's cache each
 * access waits for memory. Here weights and gradient are read and written along memory and the
 * chunk's margins, 512 KiB at most, take the random accesses. The same arrays serve both products.
 *
 * <p><b>Loops.</b> Most features have an entry or two, and a processor guesses wrong where a loop
 * over them ends. So products go over 64 entries at a time: all of one feature where their word of
 * {@code lasts} is 0; else one by one, going on to the next feature by adding the bit. (Margins
 * 1.45 → 0.6 ns an entry, gradients 1.4 → 1.0; docs/decisions/0009 has the figures, and where rows
 * are the faster layout.)
 *
 * <p><b>Bits.</b> A margin adds its terms by ascending feature and a gradient by ascending row,
 * each onto what was there: as {@link CsrBlock} does.
 */
public final class ChunkBlock implements Block {
  private static final long serialVersionUID = 1L;

  /** A row's number fits 16 bits. */
  static final int ROWS = 1 << 16;

  private final int dimension;
  private final int[] features;
  private final int[] starts;
  private final char[] rowIds;
  private final long[] lasts;
  private final int[] runs;
  private final float[] values;
  private final double[] labels;
  private final double @Nullable [] weights;
  private final double @Nullable [] offsets;

  /** The arrays are handed over; {@link ChunkSort} makes them. */
  ChunkBlock(
      int dimension,
      int[] features,
      int[] starts,
      char[] rowIds,
      int[] runs,
      float[] values,
      double[] labels,
      double @Nullable [] weights,
      double @Nullable [] offsets) {
    Blocks.checkRows(labels.length, labels, weights);
    Blocks.checkOffsets(labels.length, offsets);
    if (labels.length > ROWS) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d rows in a chunk of %d", labels.length, ROWS));
    }
    this.dimension = dimension;
    this.features = features;
    this.starts = starts;
    this.rowIds = rowIds;
    this.lasts = lasts(starts);
    this.runs = runs;
    this.values = values;
    this.labels = labels;
    this.weights = weights;
    this.offsets = offsets;
  }

  private static long[] lasts(int[] starts) {
    long[] lasts = new long[(starts[starts.length - 1] + 63) >>> 6];
    for (int k = 1; k < starts.length; k++) {
      int last = starts[k] - 1;
      lasts[last >>> 6] |= 1L << last;
    }
    return lasts;
  }

  @Override
  public int rows() {
    return labels.length;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public double[] labels() {
    return labels;
  }

  @Override
  public double @Nullable [] weights() {
    return weights;
  }

  @Override
  public double @Nullable [] offsets() {
    return offsets;
  }

  @Override
  public long bytes() {
    return 4L * (features.length + starts.length + runs.length + values.length)
        + 2L * rowIds.length
        + 8L * lasts.length
        + Blocks.rowBytes(labels, weights)
        + (offsets == null ? 0 : 8L * rows());
  }

  @Override
  public long entries(int from, int until) {
    return from == 0 && until == rows() ? rowIds.length : rowwise().entries(from, until);
  }

  /** How many features some row has. */
  int width() {
    return features.length;
  }

  @Override
  public void addMargins(int from, int until, double[] w, double[] margins) {
    Blocks.checkRange(from, until, rows(), margins);
    if (from > 0 || until < rows()) {
      rowwise().addMargins(from, until, w, margins);
      return;
    }
    int value = 0;
    int k = 0;
    for (int run = 0; run < runs.length; run++) {
      if ((run & 1) == 0) {
        addValued(k, runs[run], value, w, margins);
        value += starts[runs[run]] - starts[k];
      } else {
        addOnes(k, runs[run], w, margins);
      }
      k = runs[run];
    }
  }

  private void addValued(int first, int last, int value, double[] w, double[] margins) {
    int ahead = value - starts[first];
    int k = first;
    int p = starts[first];
    int end = starts[last];
    while (p < end) {
      int until = Math.min(end, (p | 63) + 1);
      long word = lasts[p >>> 6] >>> p;
      if (word == 0) { // all of one feature
        double weight = w[features[k]];
        for (; p < until; p++) {
          margins[rowIds[p]] += weight * values[p + ahead];
        }
      }
      for (; p < until; p++) {
        margins[rowIds[p]] += w[features[k]] * values[p + ahead];
        k += (int) word & 1;
        word >>>= 1;
      }
    }
  }

  private void addOnes(int first, int last, double[] w, double[] margins) {
    int k = first;
    int p = starts[first];
    int end = starts[last];
    while (p < end) {
      int until = Math.min(end, (p | 63) + 1);
      long word = lasts[p >>> 6] >>> p;
      if (word == 0) {
        double weight = w[features[k]];
        for (; p < until; p++) {
          margins[rowIds[p]] += weight;
        }
      }
      for (; p < until; p++) {
        margins[rowIds[p]] += w[features[k]];
        k += (int) word & 1;
        word >>>= 1;
      }
    }
  }

  @Override
  public void addTransposed(int from, int until, double[] multipliers, double[] gradient) {
    Blocks.checkRange(from, until, rows(), multipliers);
    if (from > 0 || until < rows()) {
      rowwise().addTransposed(from, until, multipliers, gradient);
      return;
    }
    int value = 0;
    int k = 0;
    for (int run = 0; run < runs.length; run++) {
      if ((run & 1) == 0) {
        addTransposedValued(k, runs[run], value, multipliers, gradient);
        value += starts[runs[run]] - starts[k];
      } else {
        addTransposedOnes(k, runs[run], multipliers, gradient);
      }
      k = runs[run];
    }
  }

  private void addTransposedValued(
      int first, int last, int value, double[] multipliers, double[] gradient) {
    int ahead = value - starts[first];
    int k = first;
    int p = starts[first];
    int end = starts[last];
    while (p < end) {
      int until = Math.min(end, (p | 63) + 1);
      long word = lasts[p >>> 6] >>> p;
      if (word == 0) {
        double sum = gradient[features[k]];
        for (; p < until; p++) {
          sum += multipliers[rowIds[p]] * values[p + ahead];
        }
        gradient[features[k]] = sum;
      }
      for (; p < until; p++) {
        gradient[features[k]] += multipliers[rowIds[p]] * values[p + ahead];
        k += (int) word & 1;
        word >>>= 1;
      }
    }
  }

  private void addTransposedOnes(int first, int last, double[] multipliers, double[] gradient) {
    int k = first;
    int p = starts[first];
    int end = starts[last];
    while (p < end) {
      int until = Math.min(end, (p | 63) + 1);
      long word = lasts[p >>> 6] >>> p;
      if (word == 0) {
        double sum = gradient[features[k]];
        for (; p < until; p++) {
          sum += multipliers[rowIds[p]];
        }
        gradient[features[k]] = sum;
      }
      for (; p < until; p++) {
        gradient[features[k]] += multipliers[rowIds[p]];
        k += (int) word & 1;
        word >>>= 1;
      }
    }
  }

  @Override
  public void addSquares(double[] multipliers, double[] squares) {
    Blocks.checkRange(0, rows(), rows(), multipliers);
    int value = 0;
    int k = 0;
    for (int run = 0; run < runs.length; run++) {
      int last = runs[run];
      if ((run & 1) != 0) {
        addTransposedOnes(k, last, multipliers, squares);
        k = last;
      }
      for (; k < last; k++) {
        double sum = squares[features[k]];
        for (int p = starts[k]; p < starts[k + 1]; p++) {
          double x = values[value++];
          sum += multipliers[rowIds[p]] * x * x;
        }
        squares[features[k]] = sum;
      }
    }
  }

  @Override
  public void addMoments(double[] moments) {
    double @Nullable [] omega = weights;
    int value = 0;
    int k = 0;
    for (int run = 0; run < runs.length; run++) {
      boolean valued = (run & 1) == 0;
      for (; k < runs[run]; k++) {
        int at = 3 * features[k];
        double sum = moments[at];
        double squares = moments[at + 1];
        double products = moments[at + 2];
        for (int p = starts[k]; p < starts[k + 1]; p++) {
          double x = valued ? values[value++] : 1;
          int row = rowIds[p];
          double weighted = omega == null ? x : omega[row] * x;
          sum += weighted;
          squares += weighted * x;
          products += weighted * labels[row];
        }
        moments[at] = sum;
        moments[at + 1] = squares;
        moments[at + 2] = products;
      }
    }
  }

  @Override
  public void addGram(double[] multipliers, double[] gram) {
    rowwise().addGram(multipliers, gram);
  }

  @Override
  public double[] row(int i) {
    return rowwise().row(i);
  }

  @Override
  public void mark(long[] seen) {
    for (int feature : features) {
      seen[feature >>> 6] |= 1L << feature;
    }
  }

  @Override
  public Block renumbered(Numbering numbering, int ofDimension) {
    return new ChunkBlock(
        ofDimension,
        numbering.of(features, features.length),
        starts,
        rowIds,
        runs,
        values,
        labels,
        weights,
        offsets);
  }

  @Override
  public void visit(int from, int until, int first, int end, Entries entries) {
    rowwise().visit(from, until, first, end, entries);
  }

  @Override
  public Block kept(Numbering numbering, int ofDimension) {
    return rowwise().kept(numbering, ofDimension);
  }

  /** One pass over the row numbers, and a transposition of the entries that are picked. */
  @Override
  public Block select(int[] picked) {
    int[] places = new int[rows()];
    Arrays.fill(places, -1);
    for (int i = 0; i < picked.length; i++) {
      if (places[picked[i]] >= 0) {
        return rowwise().select(picked); // a row twice
      }
      places[picked[i]] = i;
    }
    return rowwise(
        places,
        Blocks.pick(labels, picked),
        Blocks.pickAny(weights, picked),
        Blocks.pickAny(offsets, picked));
  }

  @Override
  public CsrBlock sparse() {
    return rowwise();
  }

  /** The transposition back: as much work as two products. */
  @Override
  public CsrBlock rowwise() {
    int[] places = new int[rows()];
    Arrays.setAll(places, i -> i);
    return rowwise(places, labels, weights, offsets);
  }

  /** The rows at their new places; those with a negative one are left out. */
  private CsrBlock rowwise(
      int[] places,
      double[] newLabels,
      double @Nullable [] newWeights,
      double @Nullable [] newOffsets) {
    int[] begin = new int[newLabels.length + 1];
    for (char row : rowIds) {
      int place = places[row];
      if (place >= 0) {
        begin[place + 1]++;
      }
    }
    for (int i = 0; i < newLabels.length; i++) {
      begin[i + 1] += begin[i];
    }
    int[] next = begin.clone();
    int[] indices = new int[begin[newLabels.length]];
    float[] x = values.length == 0 ? null : new float[indices.length];
    int value = 0;
    int k = 0;
    for (int run = 0; run < runs.length; run++) {
      boolean valued = (run & 1) == 0;
      for (; k < runs[run]; k++) {
        int ahead = value - starts[k];
        for (int p = starts[k]; p < starts[k + 1]; p++) {
          int place = places[rowIds[p]];
          if (place >= 0) {
            int at = next[place]++;
            indices[at] = features[k];
            if (x != null) {
              x[at] = valued ? values[p + ahead] : 1;
            }
          }
        }
        value += valued ? starts[k + 1] - starts[k] : 0;
      }
    }
    return new CsrBlock(dimension, begin, indices, x, newLabels, newWeights, newOffsets);
  }
}
