package dev.talweg.jobs.bench;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * How good scores are, by plain sums that belong to no side.
 *
 * @param logLoss mean
 * @param areaUnderCurve of the receiver operating characteristic, ties counted half
 */
record ScoreQuality(double logLoss, double areaUnderCurve, long rows) {

  /**
   * @param scores with columns label (0 or 1) and margin (the log-odds), none of them null
   */
  static ScoreQuality of(Dataset<Row> scores) {
    Dataset<Row> byMargin =
        scores
            .groupBy("margin")
            .agg(functions.sum("label").as("positive"), functions.count("label").as("rows"))
            .orderBy("margin");
    double loss = 0;
    double positives = 0;
    double negatives = 0;
    double pairs = 0;
    for (Iterator<Row> at = byMargin.toLocalIterator(); at.hasNext(); ) {
      Row row = at.next();
      double margin = row.getDouble(0);
      double ones = row.getDouble(1);
      double zeros = row.getLong(2) - ones;
      loss +=
          ones * NeutralPass.LOGISTIC.at(margin, 1) + zeros * NeutralPass.LOGISTIC.at(margin, 0);
      pairs += ones * (negatives + zeros / 2);
      positives += ones;
      negatives += zeros;
    }
    double rows = positives + negatives;
    return new ScoreQuality(loss / rows, pairs / (positives * negatives), (long) rows);
  }

  /** For a line, e.g. {@code test-auc}. */
  Map<String, Object> named(String rows) {
    Map<String, Object> named = new LinkedHashMap<>();
    named.put(rows + "-log-loss", logLoss);
    named.put(rows + "-auc", areaUnderCurve);
    return named;
  }
}
