package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the margins of many examples add up to: every metric of a split, from one pass over its
 * blocks. Mergeable; merged in partition order, it has the same bits on any number of executors.
 */
public sealed interface Scores extends Serializable permits BinaryScores, ClassScores, RealScores {

  /** Empty scores for the labels that a loss is for. */
  static Scores of(PointwiseLoss loss) {
    return loss.classifies() ? new BinaryScores(loss) : new RealScores(loss);
  }

  /** Empty scores for the classes of a loss. */
  static Scores of(SoftmaxLoss loss) {
    return new ClassScores(loss);
  }

  /**
   * Adds a block's rows; as many entries are read as {@code rows} have, of margins K for each row
   * where there are K classes.
   */
  void add(double[] margins, double[] labels, double @Nullable [] weights, int rows);

  /** What rows with these margins are predicted: a number for each margin. */
  double[] predicted(double[] margins);

  /** Adds the rows of another part, of the same kind. */
  void merge(Scores other);

  /** The kind of labels that are scored. */
  Metric.Labels labels();

  /** Number of rows. */
  long rows();

  /** All metrics, in the order of {@link Metrics}. */
  List<Value> values();

  /** The metrics of each class, where there are classes: the k-th is of class k. */
  default List<OfClass> byClass() {
    return List.of();
  }

  /** Points to draw, by curve: roc, precision-recall, calibration; the cells of confusion. */
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
   * The metrics of one class against all others.
   *
   * @param rows whose label it is
   */
  record OfClass(long rows, List<Value> values) {}

  /**
   * A point of a curve.
   *
   * @param weight of the rows it stands for; NaN where it stands for none
   */
  record Point(double x, double y, double weight) {}
}
