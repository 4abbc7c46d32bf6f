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
import dev.talweg.optimizer.metric.AskedMetric;
import dev.talweg.optimizer.metric.BinaryScores;
import dev.talweg.optimizer.metric.Confusion;
import dev.talweg.optimizer.metric.LocalRows;
import dev.talweg.optimizer.metric.RankedBins;
import dev.talweg.optimizer.metric.RowMetrics;
import dev.talweg.optimizer.metric.RowMetrics.OfRows;
import dev.talweg.optimizer.metric.Scored;
import dev.talweg.optimizer.metric.ScoredRows;
import dev.talweg.optimizer.metric.Scores;
import java.nio.file.Path;
import java.util.ArrayList;
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

  /** As many runs as a cluster would have partitions. */
  private static final int PARTS = 4;

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

  /** Metrics on demand; what follows their name is their argument. */
  private static final Map<String, String> ON_DEMAND =
      Map.ofEntries(
          Map.entry("ece_equal_mass", "ece-equal-mass"),
          Map.entry("mce_equal_mass", "mce-equal-mass"),
          Map.entry("precision_at", "precision"),
          Map.entry("recall_at", "recall"),
          Map.entry("lift_at", "lift"),
          Map.entry("median_ae", "median-ae"),
          Map.entry("d2_absolute", "d2-absolute"),
          Map.entry("d2_pinball", "d2-pinball"),
          Map.entry("tweedie_deviance", "tweedie-deviance"),
          Map.entry("spearman", "spearman"),
          Map.entry("kendall_tau_b", "kendall"),
          Map.entry("roc_auc_ovr_macro", "macro-auc-ovr"),
          Map.entry("roc_auc_ovr_weighted", "weighted-auc-ovr"),
          Map.entry("roc_auc_ovo_macro", "macro-auc-ovo"),
          Map.entry("roc_auc_ovo_weighted", "weighted-auc-ovo"));

  private static final Pattern ARGUMENT = Pattern.compile("_(-?\\d+(?:\\.\\d+)?)");

  private static final Pattern OF_BINS =
      Pattern.compile("(at_threshold|roc_auc_max_fpr|ece|mce)_([\\d.]+)(_equal_width)?");

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
      RankingValues.compare(Json.map(values.set.get("ranking")), id, tally);
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
    if (name.equals("roc_curve")) {
      return curve(bins.roc(), Json.map(value));
    }
    Matcher of = OF_BINS.matcher(name);
    if (!of.matches()) {
      String ours = BINARY.get(name);
      return ours == null
          ? onDemand(name, List.of(local(p, "y")), value)
          : found(scores, ours, value);
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

  private static Found curve(List<RankedBins.RocPoint> ours, Map<String, @Nullable Object> golden) {
    return Found.of(
            Json.numbers(golden.get("fpr")),
            ours.stream().mapToDouble(RankedBins.RocPoint::falsePositives).toArray(),
            TOLERANCE,
            1e-3)
        .and(
            Found.of(
                Json.numbers(golden.get("tpr")),
                ours.stream().mapToDouble(RankedBins.RocPoint::truePositives).toArray(),
                TOLERANCE,
                1e-3))
        .and(
            Found.of(
                Json.numbers(golden.get("thresholds")),
                ours.stream().mapToDouble(RankedBins.RocPoint::threshold).toArray(),
                TOLERANCE,
                1e-3));
  }

  private static Found onDemand(String name, List<ScoredRows> rows, @Nullable Object expected) {
    String plain = name.replace("_rows_y>0", "");
    Matcher argument = ARGUMENT.matcher(plain);
    String ours = ON_DEMAND.get(argument.replaceAll(""));
    if (ours == null) {
      return missing("no such metric");
    }
    String asked = argument.reset().find() ? ours + "@" + argument.group(1) : ours;
    AskedMetric<OfRows> metric =
        RowMetrics.all().stream()
            .flatMap(each -> each.asked(asked).stream())
            .findFirst()
            .orElseThrow();
    return found(metric.measure().of(rows, metric.argument()), expected);
  }

  private ScoredRows local(double[] predictions, String labels) {
    return local(predictions, Json.numbers(set.get(labels)), Json.numbers(set.get("w")));
  }

  private static ScoredRows local(
      double[] predictions, double[] labels, double @Nullable [] weights) {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      rows.add(new Scored(predictions[i], labels[i], weights == null ? 1 : weights[i], i));
    }
    return new LocalRows(rows, PARTS);
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
      return onDemand(name, List.of(local(Json.numbers(set.get("p_real")), "y_real")), value);
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
              : onDemand(name, List.of(positive(rows)), value);
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

  private ScoredRows positive(DoublePredicate rows) {
    LocalRows all = (LocalRows) local(Json.numbers(set.get("p_real")), "y_real");
    return new LocalRows(all.rows().stream().filter(row -> rows.test(row.label())).toList(), PARTS);
  }

  /** The library has no weights for pairs of classes. */
  private Found areas(String name, @Nullable Object value) {
    Map<String, @Nullable Object> rows = Json.map(set.get("multiclass"));
    double[][] shares = Json.rows(rows.get("p"));
    double[] weights = name.contains("_ovo_") ? null : Json.numbers(rows.get("w"));
    List<ScoredRows> classes = new ArrayList<>();
    for (int k = 0; k < shares[0].length; k++) {
      int own = k;
      double[] ofClass = Arrays.stream(shares).mapToDouble(row -> row[own]).toArray();
      classes.add(local(ofClass, Json.numbers(rows.get("y")), weights));
    }
    return onDemand(name, classes, value);
  }

  private Found classes(String name, @Nullable Object value) {
    String ours = CLASSES.get(name);
    if (ours == null && !name.equals("confusion")) {
      return areas(name, value);
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
