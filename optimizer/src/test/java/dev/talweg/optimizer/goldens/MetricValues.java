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
import dev.talweg.optimizer.metric.Scores;
import java.nio.file.Path;
import java.util.Arrays;
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
          "ks", "ks");

  private static final Map<String, String> CLASSES =
      Map.of("log_loss", "log-loss", "accuracy", "accuracy", "f1_macro", "macro-f1");

  private static final Pattern OF_LOSS =
      Pattern.compile("(pinball|tweedie_deviance|poisson_deviance|gamma_deviance)_?([-\\d.]*).*");

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
    Scores scores = Scores.of(new LogisticLoss());
    double[] margins = Arrays.stream(p).map(q -> Math.log(q / (1 - q))).toArray();
    scores.add(margins, Json.numbers(set.get("y")), Json.numbers(set.get("w")), p.length);
    if (name.equals("at_threshold_0.5")) {
      if (Arrays.stream(p).anyMatch(q -> q == 0.5)) {
        throw new NotCovered("a probability of 0.5 is no prediction of the class here");
      }
      return found(scores, "accuracy", Json.map(value).get("accuracy"));
    }
    String ours = BINARY.get(name);
    return ours == null ? missing("no such metric") : found(scores, ours, value);
  }

  private static Found found(Scores scores, String metric, @Nullable Object expected) {
    double measured = scores.value(metric).orElseThrow().value();
    return Found.of(Json.number(expected), measured, TOLERANCE, 1e-3);
  }

  private Found real(String name, @Nullable Object value) {
    switch (name) {
      case "rmse", "mae", "r2" -> {
        return real(new SquaredLoss(), z -> z, y -> true, name, value);
      }
      default -> {}
    }
    Matcher of = OF_LOSS.matcher(name);
    if (!of.matches()) {
      return missing("no such metric");
    }
    DoublePredicate rows = name.contains("rows_y>0") ? y -> y > 0 : y -> true;
    double parameter = of.group(2).isEmpty() ? 0 : Double.parseDouble(of.group(2));
    return switch (of.group(1)) {
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
    double[] labels = Json.numbers(set.get("y_real"));
    double[] predictions = Json.numbers(set.get("p_real"));
    double[] weights = Json.numbers(set.get("w"));
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      if (rows.test(labels[i])) {
        predictions[count] = margin.applyAsDouble(predictions[i]);
        weights[count] = weights[i];
        labels[count++] = labels[i];
      }
    }
    Scores scores = Scores.of(loss);
    scores.add(predictions, labels, weights, count);
    return found(scores, metric, expected);
  }

  private Found classes(String name, @Nullable Object value) {
    String ours = CLASSES.get(name);
    if (ours == null) {
      return missing("no such metric");
    }
    Map<String, @Nullable Object> rows = Json.map(set.get("multiclass"));
    double[] shares = Json.flat(rows.get("p"));
    double[] labels = Json.numbers(rows.get("y"));
    Scores scores = Scores.of(new SoftmaxLoss(shares.length / labels.length));
    double[] margins = Arrays.stream(shares).map(StrictMath::log).toArray();
    scores.add(margins, labels, Json.numbers(rows.get("w")), labels.length);
    return found(scores, ours, value);
  }
}
