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
          new Metric("gini", BINARY, LARGER_IS_BETTER, "2 auc-roc − 1"),
          new Metric(
              "partial-auc-roc",
              BINARY,
              LARGER_IS_BETTER,
              "area under the ROC curve up to a tenth of false positives, scaled to 1/2 and 1"),
          new Metric(
              "trapezoid-auc-pr",
              BINARY,
              LARGER_IS_BETTER,
              "area under the curve of precision over recall in straight lines"),
          new Metric(
              "normalized-entropy",
              BINARY,
              SMALLER_IS_BETTER,
              "log-loss as a multiple of that of the share of class 1"),
          new Metric(
              "lift",
              BINARY,
              LARGER_IS_BETTER,
              "share of class 1 in the tenth of highest margins, as a multiple of that in all"),
          new Metric(
              "ece",
              BINARY,
              SMALLER_IS_BETTER,
              "mean |predicted − observed| over ten bins of equal width"),
          new Metric(
              "mce",
              BINARY,
              SMALLER_IS_BETTER,
              "largest |predicted − observed| of ten bins of equal width"),
          new Metric(
              "precision",
              BINARY,
              LARGER_IS_BETTER,
              "share of the rows above 0.5 that are of class 1"),
          new Metric("recall", BINARY, LARGER_IS_BETTER, "share of class 1 above 0.5"),
          new Metric(
              "specificity", BINARY, LARGER_IS_BETTER, "share of class 0 that is not above 0.5"),
          new Metric("f1", BINARY, LARGER_IS_BETTER, "harmonic mean of precision and recall"),
          new Metric(
              "balanced-accuracy", BINARY, LARGER_IS_BETTER, "mean of recall and specificity"),
          new Metric(
              "mcc",
              BINARY,
              LARGER_IS_BETTER,
              "correlation of the class and of being above 0.5 (Matthews)"),
          new Metric(
              "cohen-kappa",
              BINARY,
              LARGER_IS_BETTER,
              "accuracy beyond that of chance, as a share of what is beyond it"),
          new Metric(
              "jaccard",
              BINARY,
              LARGER_IS_BETTER,
              "rows of class 1 above 0.5 among those that are either"),
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
              "top-2-accuracy",
              MULTICLASS,
              LARGER_IS_BETTER,
              "share of rows whose class is among the two most probable"),
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
          new Metric(
              "brier",
              MULTICLASS,
              SMALLER_IS_BETTER,
              "mean of the summed squared errors of the probabilities"),
          new Metric(
              "weighted-f1",
              MULTICLASS,
              LARGER_IS_BETTER,
              "mean F1 of the classes by their weight"),
          new Metric(
              "balanced-accuracy", MULTICLASS, LARGER_IS_BETTER, "mean recall of the classes"),
          new Metric(
              "mcc",
              MULTICLASS,
              LARGER_IS_BETTER,
              "correlation of labels and predictions (Gorodkin)"),
          new Metric(
              "cohen-kappa",
              MULTICLASS,
              LARGER_IS_BETTER,
              "accuracy beyond that of chance, as a share of what is beyond it"),
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
              "mean of q r where r = y − z ≥ 0, else (q − 1) r"),
          new Metric(
              "negative-binomial-deviance",
              REAL,
              SMALLER_IS_BETTER,
              "mean of 2 (y log(y/μ) − (y + 1/α) log((1 + αy)/(1 + αμ)))"),
          new Metric(
              "mape", REAL, SMALLER_IS_BETTER, "mean absolute error by the size of the label"),
          new Metric(
              "smape",
              REAL,
              SMALLER_IS_BETTER,
              "mean absolute error by the mean size of label and prediction"),
          new Metric("max-error", REAL, SMALLER_IS_BETTER, "largest absolute error"),
          new Metric(
              "explained-variance",
              REAL,
              LARGER_IS_BETTER,
              "share of the label's variance that is not the residual's"),
          new Metric("pearson", REAL, LARGER_IS_BETTER, "correlation of labels and predictions"),
          new Metric(
              "rmsle",
              REAL,
              SMALLER_IS_BETTER,
              "root mean squared error of log(1 + y), where labels are not negative"),
          new Metric(
              "d2",
              REAL,
              LARGER_IS_BETTER,
              "share explained of the deviance of the mean label, of losses with a deviance"));

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
