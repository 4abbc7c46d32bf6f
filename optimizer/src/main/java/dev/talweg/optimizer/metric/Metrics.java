package dev.talweg.optimizer.metric;

import static dev.talweg.optimizer.metric.Metric.Labels.BINARY;
import static dev.talweg.optimizer.metric.Metric.Labels.MULTICLASS;
import static dev.talweg.optimizer.metric.Metric.Labels.REAL;
import static dev.talweg.optimizer.metric.Metric.Sense.LARGER_IS_BETTER;
import static dev.talweg.optimizer.metric.Metric.Sense.SMALLER_IS_BETTER;

import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.metric.Metric.Labels;
import java.util.List;

/**
 * The metrics there are. Unless said otherwise, the one that the loss measures itself is watched,
 * and where it has none the first of its kind of label.
 */
public final class Metrics {
  private static final List<Metric> ALL =
      List.of(
          new Metric(
              "log-loss", BINARY, SMALLER_IS_BETTER, "mean negative log likelihood, in nats"),
          new Metric("auc-roc", BINARY, LARGER_IS_BETTER, "area under the ROC curve"),
          new Metric("auc-pr", BINARY, LARGER_IS_BETTER, "average precision"),
          new Metric("ks", BINARY, LARGER_IS_BETTER, "Kolmogorov-Smirnov distance of the classes"),
          new Metric(
              "accuracy", BINARY, LARGER_IS_BETTER, "share of rows on the right side of 0.5"),
          new Metric("brier", BINARY, SMALLER_IS_BETTER, "mean squared error of the probability"),
          new Metric(
              "calibration-error",
              BINARY,
              SMALLER_IS_BETTER,
              "mean |predicted - observed| over ten bins of equal weight"),
          new Metric(
              "log-loss",
              MULTICLASS,
              SMALLER_IS_BETTER,
              "mean negative log likelihood of the class, in nats"),
          new Metric(
              "accuracy", MULTICLASS, LARGER_IS_BETTER, "share of rows whose class is predicted"),
          new Metric(
              "macro-f1", MULTICLASS, LARGER_IS_BETTER, "mean F1 of the classes, each as much"),
          new Metric(
              "top-3-accuracy",
              MULTICLASS,
              LARGER_IS_BETTER,
              "share of rows whose class is among the three most probable"),
          new Metric(
              "top-5-accuracy",
              MULTICLASS,
              LARGER_IS_BETTER,
              "share of rows whose class is among the five most probable"),
          new Metric("rmse", REAL, SMALLER_IS_BETTER, "root mean squared error"),
          new Metric("mae", REAL, SMALLER_IS_BETTER, "mean absolute error"),
          new Metric("r2", REAL, LARGER_IS_BETTER, "share of the label's variance explained"),
          new Metric("poisson-deviance", REAL, SMALLER_IS_BETTER, "mean of 2 (y log(y/μ) − y + μ)"),
          new Metric("gamma-deviance", REAL, SMALLER_IS_BETTER, "mean of 2 (log(μ/y) + y/μ − 1)"),
          new Metric(
              "tweedie-deviance",
              REAL,
              SMALLER_IS_BETTER,
              "mean of 2 (μ^(2−p)/(2 − p) + y μ^(1−p)/(p − 1) − y^(2−p)/((2 − p)(p − 1)))"),
          new Metric(
              "pinball",
              REAL,
              SMALLER_IS_BETTER,
              "mean of q r where r = y − z ≥ 0, else (q − 1) r"));

  private Metrics() {}

  /** All of them. */
  public static List<Metric> all() {
    return ALL;
  }

  /** The metric that is watched unless said otherwise. */
  public static Metric standard(PointwiseLoss loss) {
    return loss.metric()
        .flatMap(own -> ALL.stream().filter(metric -> metric.name().equals(own)).findFirst())
        .orElseGet(() -> standard(loss.classifies() ? BINARY : REAL));
  }

  /** The same for labels whose loss has no metric of its own. */
  public static Metric standard(Labels labels) {
    return ALL.stream().filter(metric -> metric.labels() == labels).findFirst().orElseThrow();
  }
}
