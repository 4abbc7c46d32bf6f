package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.ScoredRows.Order;
import dev.talweg.optimizer.metric.ScoredRows.Place;

/** Counts places along a run of rows that begins with a major key of its own. */
public final class Places {
  private final Order order;
  private long position;
  private double weight;
  private double major = Double.NaN;
  private double minor = Double.NaN;
  private long firstOfMajor;
  private long first;

  /**
   * Places of a run.
   *
   * @param position how many rows are before it
   * @param weight of these
   */
  public Places(Order order, long position, double weight) {
    this.order = order;
    this.position = position;
    this.weight = weight;
  }

  /** The place of the next row. */
  public Place next(Scored row) {
    double ofMajor = order.major().of(row);
    double ofMinor = order.minor().of(row);
    if (ofMajor != major) {
      firstOfMajor = position;
    }
    if (ofMajor != major || ofMinor != minor) {
      first = position;
    }
    major = ofMajor;
    minor = ofMinor;
    Place place = new Place(position, firstOfMajor, first, weight);
    position++;
    weight += row.weight();
    return place;
  }
}
