package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.loss.PointwiseLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Scores of real labels: sums of residuals, of labels and of what the loss measures itself. */
public final class RealScores implements Scores {
  private static final long serialVersionUID = 1L;

  private final PointwiseLoss loss;
  private final Mean squared = new Mean();
  private final Mean absolute = new Mean();
  private final Mean own = new Mean(); // of the loss's metric, where it has one
  private long rows;
  private double weight;
  private double labelMean; // running, so that labels far from zero lose no digits
  private double labelSpread; // Σ ω (y − mean)²

  RealScores(PointwiseLoss loss) {
    this.loss = loss;
  }

  @Override
  public void add(double[] margins, double[] labels, double @Nullable [] weights, int count) {
    boolean measures = loss.metric().isPresent();
    for (int i = 0; i < count; i++) {
      double w = weights == null ? 1 : weights[i];
      double residual = loss.predict(margins[i]) - labels[i];
      squared.add(residual * residual, w);
      absolute.add(Math.abs(residual), w);
      if (measures) {
        own.add(loss.score(margins[i], labels[i]), w);
      }
      if (w > 0) {
        combine(w, labels[i], 0);
      }
    }
    rows += count;
  }

  /** Chan, Golub and LeVeque's update of a mean and a sum of squares. */
  private void combine(double otherWeight, double otherMean, double otherSpread) {
    double total = weight + otherWeight;
    double difference = otherMean - labelMean;
    labelMean += difference * otherWeight / total;
    labelSpread += otherSpread + difference * difference * weight * otherWeight / total;
    weight = total;
  }

  @Override
  public void merge(Scores scores) {
    RealScores other = (RealScores) scores;
    squared.merge(other.squared);
    absolute.merge(other.absolute);
    own.merge(other.own);
    rows += other.rows;
    if (other.weight > 0) {
      combine(other.weight, other.labelMean, other.labelSpread);
    }
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
    double rmse = Math.sqrt(squared.mean());
    List<Value> values = new ArrayList<>();
    loss.metric().ifPresent(name -> values.add(new Value(name, own.mean(), own.standardError())));
    values.addAll(
        List.of(
            // the delta method: d√m = dm/(2√m)
            new Value("rmse", rmse, rmse > 0 ? squared.standardError() / (2 * rmse) : 0),
            new Value("mae", absolute.mean(), absolute.standardError()),
            new Value("r2", 1 - squared.mean() * weight / labelSpread, Double.NaN)));
    return values;
  }

  @Override
  public Map<String, List<Point>> curves() {
    return Map.of();
  }
}
