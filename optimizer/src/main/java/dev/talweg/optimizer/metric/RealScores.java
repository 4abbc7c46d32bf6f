package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.loss.LabelRange;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Scores of real labels: sums of residuals, of labels and of what the loss measures itself. */
public final class RealScores implements Scores {
  private static final long serialVersionUID = 1L;

  private final PointwiseLoss loss;
  private final Mean squared = new Mean();
  private final Mean absolute = new Mean();
  private final Mean own = new Mean(); // of the loss's metric, where it has one
  private final Mean ofUnit = new Mean(); // of the loss's metric where everything predicted is 1
  private final Mean relative = new Mean();
  private final Mean symmetric = new Mean();
  private final Mean ofLogarithms = new Mean();
  private final Spread spread = new Spread();
  private double largest;
  private long rows;

  RealScores(PointwiseLoss loss) {
    this.loss = loss;
  }

  @Override
  public void add(double[] margins, double[] labels, double @Nullable [] weights, int count) {
    boolean measures = loss.metric().isPresent();
    for (int i = 0; i < count; i++) {
      double w = weights == null ? 1 : weights[i];
      double y = labels[i];
      double predicted = loss.predict(margins[i]);
      double residual = predicted - y;
      double size = Math.abs(residual);
      squared.add(residual * residual, w);
      absolute.add(size, w);
      relative.add(size / Math.max(Math.abs(y), Math.ulp(1.0)), w);
      symmetric.add(size == 0 ? 0 : 2 * size / (Math.abs(y) + Math.abs(predicted)), w);
      spread.add(y, residual, w);
      largest = w > 0 ? Math.max(largest, size) : largest;
      if (measures) {
        own.add(loss.score(margins[i], y), w);
      }
      if (loss.scoresDeviance()) {
        ofUnit.add(loss.score(0, y), w);
      }
      if (loss.labels() != LabelRange.ANY) {
        double ratio = StrictMath.log1p(predicted) - StrictMath.log1p(y);
        ofLogarithms.add(ratio * ratio, w);
      }
    }
    rows += count;
  }

  @Override
  public double[] predicted(double[] margins) {
    return Arrays.stream(margins).map(loss::predict).toArray();
  }

  @Override
  public void merge(Scores scores) {
    RealScores other = (RealScores) scores;
    squared.merge(other.squared);
    absolute.merge(other.absolute);
    own.merge(other.own);
    ofUnit.merge(other.ofUnit);
    relative.merge(other.relative);
    symmetric.merge(other.symmetric);
    ofLogarithms.merge(other.ofLogarithms);
    spread.merge(other.spread);
    largest = Math.max(largest, other.largest);
    rows += other.rows;
  }

  @Override
  public Metric.Labels labels() {
    return Metric.Labels.REAL;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public List<Value> values() {
    double r2 = 1 - squared.mean() * spread.weight() / spread.labels();
    List<Value> values = new ArrayList<>();
    loss.metric().ifPresent(name -> values.add(new Value(name, own.mean(), own.standardError())));
    Stream.of(
            root("rmse", squared),
            new Value("mae", absolute.mean(), absolute.standardError()),
            new Value("r2", r2, Double.NaN),
            new Value("mape", relative.mean(), relative.standardError()),
            new Value("smape", symmetric.mean(), symmetric.standardError()),
            new Value("max-error", largest, Double.NaN),
            new Value("explained-variance", spread.explained(), Double.NaN),
            new Value("pearson", spread.correlation(), Double.NaN))
        .filter(value -> !loss.metric().equals(Optional.of(value.metric()))) // which is there
        .forEach(values::add);
    if (loss.labels() != LabelRange.ANY) {
      values.add(root("rmsle", ofLogarithms));
    }
    if (loss.scoresDeviance()) {
      values.add(new Value("d2", 1 - own.mean() / leastOfConstants(), Double.NaN));
    }
    return values;
  }

  /** By the delta method: d√m = dm/(2√m). */
  private static Value root(String name, Mean squares) {
    double root = Math.sqrt(squares.mean());
    return new Value(name, root, root > 0 ? squares.standardError() / (2 * root) : 0);
  }

  /**
   * The mean deviance where the mean label is predicted for every row. What a deviance of one
   * prediction is more than that of another is affine in the label, and 0 is that of the mean label
   * at itself: so any constant will do, less what it measures at the mean label.
   */
  private double leastOfConstants() {
    return ofUnit.mean() - loss.score(0, spread.label());
  }

  @Override
  public Map<String, List<Point>> curves() {
    return Map.of();
  }
}
