package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.RunObserver;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Where optimizing begins: at the prior, or at the model of an earlier run. */
final class WarmStart {
  private WarmStart() {}

  /** Weights of an earlier model by the names of their features; features it did not have are 0. */
  static double[] of(
      SparkSession spark, RunConfig config, LinearTraining training, RunObserver observer) {
    double[] start = training.problem().prior();
    if (config.warmStart() == null) {
      return start;
    }
    Map<String, Double> earlier = SavedModel.load(spark, config.warmStart()).byFeature();
    Encoding encoding = training.encoding();
    int known = 0;
    for (int j = 0; j < encoding.dimension(); j++) {
      Double weight = earlier.get(encoding.feature(j).name());
      if (weight != null) {
        start[j] = weight;
        known++;
      }
    }
    start[encoding.dimension()] = earlier.getOrDefault(SavedModel.INTERCEPT, 0.0);
    observer.note(
        "warm start from "
            + config.warmStart()
            + ": "
            + known
            + " of "
            + encoding.dimension()
            + " features have a weight there");
    return start;
  }
}
