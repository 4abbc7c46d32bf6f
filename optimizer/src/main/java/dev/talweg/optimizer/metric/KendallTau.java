package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;
import java.util.Arrays;

/**
 * Kendall's τ-b: (pairs that scores and labels order alike − the others)/√(pairs not tied by score
 * · pairs not tied by label); rows count once whatever their weight is.
 *
 * <p>The pairs the other way round are those of rows in the order of scores, equal ones by label,
 * of which the second has the smaller label. By rank of the label rows fall into buckets. Pairs of
 * two buckets are counted along that order: a part of it is how many rows of each bucket it has.
 * Pairs within a bucket are counted where the bucket is, by merging (Knight, JASA 61 (1966)). Rows
 * of one label are in one bucket, which is held at once and so may be as large as they are many.
 */
final class KendallTau {
  private KendallTau() {}

  static double of(ScoredRows rows, int rowsOfBucket) {
    long n = rows.count();
    Order byScore = new Order(Scored::score, Scored::label);
    Order byLabel = Order.by(Scored::label);
    Ties scores = rows.sum(byScore, Ties::new);
    Ties labels = rows.sum(byLabel, Ties::new);
    // no rank reaches n: the last row's bucket is the last one
    ScoredRows.Key bucket = row -> Math.floor(row.label() / rowsOfBucket);
    int buckets = Math.toIntExact((n - 1) / rowsOfBucket + 1);
    ScoredRows ranked =
        rows.replaced(byLabel, (row, place) -> row.withLabel((double) place.first()))
            .replaced(byScore, (row, place) -> row.withScore((double) place.position()));
    long inverted = ranked.sum(() -> new Between(bucket, buckets)).inverted;
    Within within = ranked.sum(new Order(bucket, Scored::score), () -> new Within(bucket));
    within.close();
    inverted += within.inverted;
    long pairs = n % 2 == 0 ? n / 2 * (n - 1) : (n - 1) / 2 * n;
    long untied = pairs - scores.ofMajor - labels.ofMajor + scores.ofBoth;
    double ofScores = (double) (pairs - scores.ofMajor);
    double ofLabels = (double) (pairs - labels.ofMajor);
    return (untied - 2 * inverted) / (Math.sqrt(ofScores) * Math.sqrt(ofLabels));
  }

  /** Pairs of rows with equal keys: each row with those of them before it. */
  private static final class Ties implements ScoredRows.Sums<Ties> {
    private static final long serialVersionUID = 1L;

    private long ofMajor;
    private long ofBoth;

    @Override
    public void add(Scored row, Place place) {
      ofMajor += place.position() - place.firstOfMajor();
      ofBoth += place.position() - place.first();
    }

    @Override
    public void merge(Ties next) {
      ofMajor += next.ofMajor;
      ofBoth += next.ofBoth;
    }
  }

  /** Pairs of rows of two buckets, with sums of counts as a tree (Fenwick (1994)). */
  private static final class Between implements ScoredRows.Sums<Between> {
    private static final long serialVersionUID = 1L;

    private final ScoredRows.Key bucket;
    private final long[] counts;
    private final long[] tree;
    private long rows;
    private long inverted;

    Between(ScoredRows.Key bucket, int buckets) {
      this.bucket = bucket;
      this.counts = new long[buckets];
      this.tree = new long[buckets + 1];
    }

    @Override
    public void add(Scored row, Place place) {
      int own = (int) bucket.of(row);
      long upToOwn = 0;
      for (int node = own + 1; node > 0; node -= node & -node) {
        upToOwn += tree[node];
      }
      inverted += rows - upToOwn;
      for (int node = own + 1; node < tree.length; node += node & -node) {
        tree[node]++;
      }
      counts[own]++;
      rows++;
    }

    @Override
    public void merge(Between next) {
      inverted += next.inverted;
      long above = 0;
      for (int k = counts.length - 1; k >= 0; k--) {
        inverted += above * next.counts[k];
        above += counts[k];
        counts[k] += next.counts[k];
      }
    }
  }

  /** Pairs of rows of one bucket, which come one bucket after the other. */
  private static final class Within implements ScoredRows.Sums<Within> {
    private static final long serialVersionUID = 1L;

    private final ScoredRows.Key bucket;
    private double[] labels = new double[1024];
    private int rows;
    private double current = -1;
    private long inverted;

    Within(ScoredRows.Key bucket) {
      this.bucket = bucket;
    }

    @Override
    public void add(Scored row, Place place) {
      double own = bucket.of(row);
      if (own != current) {
        close();
        current = own;
      }
      if (rows == labels.length) {
        labels = Arrays.copyOf(labels, Math.multiplyExact(2, rows));
      }
      labels[rows++] = row.label();
    }

    void close() {
      inverted += sortedInversions(labels, rows);
      rows = 0;
    }

    @Override
    public void merge(Within next) {
      close();
      next.close();
      inverted += next.inverted;
    }
  }

  /** Sorts the first numbers and returns how many pairs of them were the other way round. */
  private static long sortedInversions(double[] numbers, int count) {
    double[] from = numbers;
    double[] to = new double[count];
    long inverted = 0;
    for (int width = 1; width < count; width *= 2) {
      for (int start = 0; start < count; start += 2 * width) {
        int middle = Math.min(start + width, count);
        int end = Math.min(middle + width, count);
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
          if (right == end || (left < middle && from[left] <= from[right])) {
            to[at] = from[left++];
          } else {
            inverted += middle - left;
            to[at] = from[right++];
          }
        }
      }
      double[] swap = from;
      from = to;
      to = swap;
    }
    return inverted;
  }
}
