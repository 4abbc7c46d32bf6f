package dev.talweg.optimizer.metric;

import java.io.Serializable;

/**
 * Scored rows wherever they are, and the little that a metric asks of them which needs their order:
 * sums over rows in an order, and rows made anew in one. Who holds the rows sorts them in parts;
 * none has to hold them all.
 */
public interface ScoredRows {
  /** How many. */
  long count();

  /** Sums over the rows as they come, without places. */
  <S extends Sums<S>> S sum(Empty<S> empty);

  /** Sums over the rows in an order. */
  <S extends Sums<S>> S sum(Order order, Empty<S> empty);

  /** Other rows in their places, which come in that order. */
  ScoredRows replaced(Order order, Replacement replacement);

  /** A number that rows are sorted by. */
  interface Key extends Serializable {
    double of(Scored row);
  }

  /** Ascending, by two keys and then by the row's number. */
  record Order(Key major, Key minor) implements Serializable {
    private static final long serialVersionUID = 1L;

    public static Order by(Key key) {
      return new Order(key, row -> 0);
    }
  }

  /**
   * Where a row is in an order.
   *
   * @param position how many rows are before it
   * @param firstOfMajor the position of the first row that has its major key
   * @param first the position of the first row that has both its keys
   * @param weight of the rows before it
   */
  record Place(long position, long firstOfMajor, long first, double weight) {
    /** That of a row of no order. */
    public static final Place NONE = new Place(-1, -1, -1, Double.NaN);
  }

  /** A row that takes another's place. */
  interface Replacement extends Serializable {
    Scored of(Scored row, Place place);
  }

  /** What rows add up to. Rows of one major key are always added to the same part. */
  interface Sums<S> extends Serializable {
    void add(Scored row, Place place);

    /** Adds the part of the rows that come next. */
    void merge(S next);
  }

  /** Makes sums of no rows. */
  interface Empty<S> extends Serializable {
    S sums();
  }
}
