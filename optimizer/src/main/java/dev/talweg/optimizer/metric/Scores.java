package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.loss.PointwiseLoss;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the margins of many examples add up to: every metric of a split, from one pass over its
 * blocks. Mergeable; merged in partition order, it has the same bits on any number of executors.
 */
public sealed interface Scores extends Serializable permits BinaryScores, RealScores {

  /** Empty scores for the labels that a loss is for. */
  static Scores of(PointwiseLoss loss) {
    return loss.classifies() ? new BinaryScores(loss) : new RealScores(loss);
  }

  /** Adds a block's rows; the first {@code rows} entries are read. */
  void add(double[] margins, double[] labels, double @Nullable [] weights, int rows);

  /** Adds the rows of another part, of the same kind. */
  void merge(Scores other);

  /** Number of rows. */
  long rows();

  /** All metrics, in the order of {@link Metrics}. */
  List<Value> values();

  /** Points to draw, by curve: roc, precision-recall, calibration. */
  Map<String, List<Point>> curves();

  /** One metric; empty where it is not one of these labels'. */
  default Optional<Value> value(String metric) {
    return values().stream().filter(value -> value.metric().equals(metric)).findFirst();
  }

  /**
   * A metric with its standard error.
   *
   * @param standardError NaN where none is known
   */
  record Value(String metric, double value, double standardError) {}

  /**
   * A point of a curve.
   *
   * @param weight of the rows it stands for; NaN where it stands for none
   */
  record Point(double x, double y, double weight) {}
}
