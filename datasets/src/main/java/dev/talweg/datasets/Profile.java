package dev.talweg.datasets;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the values of each column are distributed among the training rows: what tomorrow's data is
 * compared with.
 *
 * <p>Levels are counted. Of numbers a sample of some 8,000 rows, evenly spread over the partitions,
 * comes to the driver with what each partition says anyway, so no pass and no job is added, and
 * nothing of the size of the data. The population stability index of two samples of one
 * distribution is about χ² with (bins − 1) degrees of freedom times (1/n + 1/m) (Yurdakul 2018,
 * "Statistical properties of the population stability index"), for ten bins and 8,192 rows each
 * 0.0022 in the mean: far below 0.1, from where on it is said to mean something.
 *
 * @param columns numeric columns, then those with levels, then crosses
 */
public record Profile(List<Column> columns) {
  private static final int ROWS = 8192;

  /** Values that all partitions send at most: 8 MiB. */
  private static final int MOST_VALUES = 1 << 21;

  /** Levels with a bin of their own; the rest shares one. */
  private static final int MOST_LEVELS = 50;

  private static final int BINS = 10;

  /** What a bin of other levels is called. */
  public static final String OTHERS = "(others)";

  public Profile {
    columns = List.copyOf(columns);
  }

  /** How many training rows of each partition are sampled. */
  static int sampledRows(int numericColumns, int partitions) {
    int rows = Math.min(ROWS, MOST_VALUES / Math.max(1, numericColumns));
    return Math.max(1, (rows + partitions - 1) / Math.max(1, partitions));
  }

  /**
   * A part of a column's values.
   *
   * @param upper the largest number that is in it, those of earlier bins excepted; null for levels,
   *     for missing values and for the last one
   * @param level null for numbers
   * @param share of the rows, in [0, 1]
   * @param rows that the share was measured on
   */
  public record Bin(@Nullable Double upper, @Nullable String level, double share, long rows) {
    boolean isMissing() {
      return Encoding.MISSING.equals(level);
    }
  }

  /** One column's values. */
  public sealed interface Column permits Numbers, Levels {
    String column();

    Kind kind();

    /** Its own bins: tenths for numbers, the most frequent levels, missing values where any are. */
    List<Bin> bins();

    /** The same values in the bins of another profile of the column. */
    List<Bin> in(List<Bin> bins);
  }

  /**
   * A numeric column.
   *
   * @param values ascending, without those that are missing
   * @param until the share of the sampled rows that are up to each value
   * @param missing the share of all rows
   */
  record Numbers(String column, double[] values, double[] until, double missing, long rows)
      implements Column {

    /**
     * @param values in any order, NaN for missing
     * @param weights how many rows each stands for
     */
    static Numbers of(String column, float[] values, double[] weights, double missing) {
      Integer[] order = new Integer[values.length];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, Comparator.comparingDouble(i -> values[i])); // NaN is last
      int present = 0;
      double total = 0;
      for (int i : order) {
        if (!Float.isNaN(values[i])) {
          total += weights[i];
          present++;
        }
      }
      double[] sorted = new double[present];
      double[] until = new double[present];
      double sum = 0;
      for (int k = 0; k < present; k++) {
        sorted[k] = values[order[k]];
        sum += weights[order[k]];
        until[k] = sum / total;
      }
      return new Numbers(column, sorted, until, missing, values.length);
    }

    @Override
    public Kind kind() {
      return Kind.NUMERIC;
    }

    @Override
    public List<Bin> bins() {
      List<Bin> bins = new ArrayList<>();
      double below = Double.NEGATIVE_INFINITY;
      for (int tenth = 1; tenth < BINS && values.length > 0; tenth++) {
        double edge = quantile((double) tenth / BINS);
        if (edge > below && edge < values[values.length - 1]) {
          bins.add(new Bin(edge, null, 0, rows));
          below = edge;
        }
      }
      bins.add(new Bin(null, null, 0, rows));
      if (missing > 0) {
        bins.add(new Bin(null, Encoding.MISSING, 0, rows));
      }
      return in(bins);
    }

    /** The least value that so large a share of the rows does not exceed. */
    private double quantile(double share) {
      int k = 0;
      while (k < values.length - 1 && until[k] < share) {
        k++;
      }
      return values[k];
    }

    @Override
    public List<Bin> in(List<Bin> bins) {
      List<Bin> filled = new ArrayList<>();
      boolean apart = bins.stream().anyMatch(Bin::isMissing) || missing > 0;
      double before = 0;
      for (Bin bin : bins) {
        if (!bin.isMissing()) {
          double upTo = bin.upper() == null ? 1 : upTo(bin.upper());
          filled.add(new Bin(bin.upper(), null, (1 - missing) * (upTo - before), rows));
          before = upTo;
        }
      }
      if (apart) {
        filled.add(new Bin(null, Encoding.MISSING, missing, rows));
      }
      return filled;
    }

    private double upTo(double value) {
      int from = 0;
      int end = values.length;
      while (from < end) {
        int middle = (from + end) >>> 1;
        if (values[middle] <= value) {
          from = middle + 1;
        } else {
          end = middle;
        }
      }
      return from == 0 ? 0 : until[from - 1];
    }
  }

  /**
   * A column with levels.
   *
   * @param counts rows of each
   * @param missing rows without one
   */
  record Levels(String column, Kind kind, Map<String, Long> counts, long missing, long rows)
      implements Column {

    @Override
    public List<Bin> bins() {
      List<Bin> bins = new ArrayList<>();
      counts.entrySet().stream()
          .sorted(
              Map.Entry.<String, Long>comparingByValue()
                  .reversed()
                  .thenComparing(Map.Entry.comparingByKey()))
          .limit(MOST_LEVELS)
          .forEach(level -> bins.add(new Bin(null, level.getKey(), 0, rows)));
      if (missing > 0) {
        bins.add(new Bin(null, Encoding.MISSING, 0, rows));
      }
      return in(bins);
    }

    @Override
    public List<Bin> in(List<Bin> bins) {
      List<Bin> filled = new ArrayList<>();
      double named = 0;
      for (Bin bin : bins) {
        String level = bin.level();
        if (level != null && !level.equals(OTHERS) && !bin.isMissing()) {
          double share = share(counts.getOrDefault(level, 0L));
          filled.add(new Bin(null, level, share, rows));
          named += share;
        }
      }
      if (missing > 0 || bins.stream().anyMatch(Bin::isMissing)) {
        filled.add(new Bin(null, Encoding.MISSING, share(missing), rows));
      }
      double others = 1 - share(missing) - named;
      boolean known = bins.stream().anyMatch(bin -> OTHERS.equals(bin.level()));
      if (known || others * rows > 0.5) { // half a row: less is rounding
        filled.add(new Bin(null, OTHERS, Math.max(0, others), rows));
      }
      return filled;
    }

    private double share(long count) {
      return rows == 0 ? 0 : (double) count / rows;
    }
  }

  /**
   * The population stability index Σ (p − q) ln(p / q) over bins, ≥ 0: symmetric, 0 for equal
   * shares. A bin that is empty on one side has the share of half a row there.
   *
   * @param before bins of the reference
   * @param now of {@link Column#in} them
   */
  public static double stabilityIndex(List<Bin> before, List<Bin> now) {
    Map<Bin, Bin> earlier = new HashMap<>();
    before.forEach(bin -> earlier.put(key(bin), bin));
    double sum = 0;
    for (Bin bin : now) {
      Bin match = earlier.get(key(bin));
      double q = floored(match == null ? 0 : match.share(), before.get(0).rows());
      double p = floored(bin.share(), bin.rows());
      sum += (p - q) * Math.log(p / q);
    }
    return sum;
  }

  private static Bin key(Bin bin) {
    return new Bin(bin.upper(), bin.level(), 0, 0);
  }

  private static double floored(double share, long rows) {
    return Math.max(share, 0.5 / Math.max(1, rows));
  }
}
