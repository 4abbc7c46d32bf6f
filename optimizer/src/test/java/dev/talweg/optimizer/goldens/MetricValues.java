package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.QuantileLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import dev.talweg.optimizer.metric.BinaryScores;
import dev.talweg.optimizer.metric.Confusion;
import dev.talweg.optimizer.metric.RankedBins;
import dev.talweg.optimizer.metric.Scores;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Metrics of weighted rows with ties: {@code metrics.json}. */
final class MetricValues {
  /** Margins are logarithms of p, 1e-16 each, and sums have some hundred terms. */
  private static final double TOLERANCE = 1e-12;

  private static final Map<String, String> BINARY =
      Map.of(
          "roc_auc", "auc-roc",
          "average_precision", "auc-pr",
          "log_loss", "log-loss",
          "brier", "brier",
          "ks", "ks",
          "gini", "gini",
          "pr_auc_trapezoid", "trapezoid-auc-pr",
          "normalized_entropy", "normalized-entropy");

  private static final Map<String, String> CLASSES =
      Map.of(
          "log_loss", "log-loss",
          "accuracy", "accuracy",
          "f1_macro", "macro-f1",
          "f1_micro", "accuracy", // of one label a row they are the same
          "f1_weighted", "weighted-f1",
          "top2_accuracy", "top-2-accuracy",
          "mcc", "mcc",
          "brier_multiclass", "brier");

  private static final Map<String, String> REAL =
      Map.of(
          "rmse", "rmse",
          "mae", "mae",
          "r2", "r2",
          "mape", "mape",
          "explained_variance", "explained-variance");

  /** Those that the library has no weights for. */
  private static final Map<String, String> UNWEIGHTED =
      Map.of("max_error", "max-error", "pearson", "pearson");

  private static final Map<String, String> WHY_NOT =
      Map.of(
          "roc_curve", "curves are thinned to 200 points",
          "median_ae", "an order statistic of all residuals, which parts do not add up to",
          "d2_absolute", "an order statistic of all labels, which parts do not add up to",
          "d2_pinball_0.9", "an order statistic of all labels, which parts do not add up to",
          "spearman", "ranks among all rows, which parts do not add up to",
          "kendall_tau_b", "ranks among all rows, which parts do not add up to",
          "roc_auc_ovr_macro", "areas of each class would need a histogram of each",
          "roc_auc_ovo_macro", "areas of each class would need a histogram of each");

  private static final Pattern OF_BINS =
      Pattern.compile("(at_threshold|roc_auc_max_fpr|ece|mce)_([\\d.]+)(_equal_width)?");

  private static final Pattern BY_ROWS =
      Pattern.compile("[em]ce_\\d+_equal_mass|(precision|lift|recall)_at_\\d+");

  private static final Pattern OF_LOSS =
      Pattern.compile(
          "(pinball|d2_tweedie|tweedie_deviance|poisson_deviance|gamma_deviance)_?([-\\d.]*).*");

  private final Map<String, @Nullable Object> set;

  private MetricValues(Map<String, @Nullable Object> set) {
    this.set = set;
  }

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally) {
    for (Object each : Json.list(file.get("sets"))) {
      MetricValues values = new MetricValues(Json.map(each));
      String id = String.valueOf(values.set.get("id"));
      Json.map(values.set.get("binary")).forEach((n, v) -> values.named("binary", n, v, id, tally));
      Json.map(values.set.get("regression"))
          .forEach((n, v) -> values.named("regression", n, v, id, tally));
      Json.map(values.set.get("multiclass"))
          .forEach((n, v) -> values.named("multiclass", n, v, id, tally));
      for (String kind : values.set.keySet()) {
        if (kind.equals("ranking") || kind.equals("gauc")) {
          tally.run("", kind, id, () -> missing("no metric of ranks within queries"));
        }
      }
    }
  }

  private static Found missing(String why) {
    throw new NotCovered(why);
  }

  private void named(String kind, String name, @Nullable Object value, String id, Tally tally) {
    if (kind.equals("multiclass") && (name.equals("y") || name.equals("p") || name.equals("w"))) {
      return;
    }
    String metric = kind + "/" + name;
    tally.run(
        metric,
        metric,
        id,
        () ->
            switch (kind) {
              case "binary" -> binary(name, value);
              case "regression" -> real(name, value);
              default -> classes(name, value);
            });
  }

  private Found binary(String name, @Nullable Object value) {
    double[] p = Json.numbers(set.get("p"));
    BinaryScores scores = (BinaryScores) Scores.of(new LogisticLoss());
    double[] margins = Arrays.stream(p).map(q -> Math.log(q / (1 - q))).toArray();
    scores.add(margins, Json.numbers(set.get("y")), Json.numbers(set.get("w")), p.length);
    RankedBins bins = scores.bins();
    if (name.equals("ks_threshold")) {
      return found(bins.thresholdOfMostDistance(), value);
    }
    if (BY_ROWS.matcher(name).matches()) {
      return missing("parts rows of equal probability by their order, which parts do not know");
    }
    Matcher of = OF_BINS.matcher(name);
    if (!of.matches()) {
      String ours = BINARY.get(name);
      return ours == null ? absent(name) : found(scores, ours, value);
    }
    double parameter = Double.parseDouble(of.group(2));
    return switch (of.group(1)) {
      case "at_threshold" ->
          at(scores.from(Math.log(parameter / (1 - parameter))), Json.map(value));
      case "roc_auc_max_fpr" -> found(bins.partialArea(parameter), value);
      case "ece" -> found(bins.calibration((int) parameter).mean(), value);
      default -> found(bins.calibration((int) parameter).largest(), value);
    };
  }

  private static Found at(Confusion ours, Map<String, @Nullable Object> golden) {
    Found found =
        Found.of(Json.numbers(golden.get("confusion_tn_fp_fn_tp")), ours.cells(), TOLERANCE, 1e-3);
    for (Map.Entry<String, @Nullable Object> each : golden.entrySet()) {
      if (each.getKey().startsWith("confusion")) {
        continue;
      }
      double measured =
          switch (each.getKey()) {
            case "accuracy" -> ours.accuracy();
            case "balanced_accuracy" -> ours.balancedAccuracy();
            case "precision" -> ours.precision(1);
            case "recall" -> ours.recall(1);
            case "mcc" -> ours.matthews();
            case "cohen_kappa" -> ours.kappa();
            default -> ours.f(Double.parseDouble(each.getKey().substring(1)), 1);
          };
      found = found.and(found(measured, each.getValue()));
    }
    return found;
  }

  private static Found absent(String name) {
    return missing(WHY_NOT.getOrDefault(name, "no such metric"));
  }

  private static Found found(Scores scores, String metric, @Nullable Object expected) {
    return found(scores.value(metric).orElseThrow().value(), expected);
  }

  private static Found found(double measured, @Nullable Object expected) {
    return Found.of(Json.number(expected), measured, TOLERANCE, 1e-3);
  }

  private static double squared(Scores scores, String root) {
    double value = scores.value(root).orElseThrow().value();
    return value * value;
  }

  private Found real(String name, @Nullable Object value) {
    double[] weights = Json.numbers(set.get("w"));
    DoublePredicate all = y -> true;
    String ours = REAL.get(name);
    if (ours != null) {
      return found(scores(new SquaredLoss(), z -> z, all, weights), ours, value);
    }
    String unweighted = UNWEIGHTED.get(name);
    if (unweighted != null) {
      return found(scores(new SquaredLoss(), z -> z, all, null), unweighted, value);
    }
    switch (name) {
      case "mse", "tweedie_deviance_0.0" -> {
        return found(squared(scores(new SquaredLoss(), z -> z, all, weights), "rmse"), value);
      }
      case "msle" -> {
        Scores scores = scores(new PoissonLoss(), StrictMath::log, all, weights);
        return found(squared(scores, "rmsle"), value);
      }
      case "rmsle" -> {
        return found(scores(new PoissonLoss(), StrictMath::log, all, weights), name, value);
      }
      default -> {}
    }
    Matcher of = OF_LOSS.matcher(name);
    if (!of.matches()) {
      return absent(name);
    }
    DoublePredicate rows = name.contains("rows_y>0") ? y -> y > 0 : y -> true;
    double parameter = of.group(2).isEmpty() ? 0 : Double.parseDouble(of.group(2));
    return switch (of.group(1)) {
      case "d2_tweedie" -> real(new TweedieLoss(parameter), StrictMath::log, rows, "d2", value);
      case "pinball" -> real(new QuantileLoss(parameter, 0), z -> z, rows, "pinball", value);
      case "poisson_deviance" ->
          real(new PoissonLoss(), StrictMath::log, rows, "poisson-deviance", value);
      case "gamma_deviance" ->
          real(new GammaLoss(), StrictMath::log, rows, "gamma-deviance", value);
      default ->
          parameter > 1 && parameter < 2
              ? real(new TweedieLoss(parameter), StrictMath::log, rows, "tweedie-deviance", value)
              : missing("powers are between 1 and 2");
    };
  }

  private Found real(
      PointwiseLoss loss,
      DoubleUnaryOperator margin,
      DoublePredicate rows,
      String metric,
      @Nullable Object expected) {
    return found(scores(loss, margin, rows, Json.numbers(set.get("w"))), metric, expected);
  }

  private Scores scores(
      PointwiseLoss loss,
      DoubleUnaryOperator margin,
      DoublePredicate rows,
      double @Nullable [] weights) {
    double[] labels = Json.numbers(set.get("y_real"));
    double[] predictions = Json.numbers(set.get("p_real"));
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (rows.test(labels[i])) {
        predictions[count] = margin.applyAsDouble(predictions[i]);
        if (weights != null) {
          weights[count] = weights[i];
        }
        labels[count++] = labels[i];
      }
    }
    Scores scores = Scores.of(loss);
    scores.add(predictions, labels, weights, count);
    return scores;
  }

  private Found classes(String name, @Nullable Object value) {
    String ours = CLASSES.get(name);
    if (ours == null && !name.equals("confusion")) {
      return absent(name);
    }
    Map<String, @Nullable Object> rows = Json.map(set.get("multiclass"));
    double[] shares = Json.flat(rows.get("p"));
    double[] labels = Json.numbers(rows.get("y"));
    Scores scores = Scores.of(new SoftmaxLoss(shares.length / labels.length));
    double[] margins = Arrays.stream(shares).map(StrictMath::log).toArray();
    scores.add(margins, labels, Json.numbers(rows.get("w")), labels.length);
    if (ours != null) {
      return found(scores, ours, value);
    }
    double[] cells = Json.flat(value);
    double[] measured = new double[cells.length];
    for (Scores.Point cell : scores.curves().getOrDefault("confusion", List.of())) {
      int label = (int) cell.x();
      measured[label * (shares.length / labels.length) + (int) cell.y()] = cell.weight();
    }
    return Found.of(cells, measured, TOLERANCE, 1e-3);
  }
}
