package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.RunObserver;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;

/** Where optimizing begins: at the prior, or at the model of an earlier run. */
final class WarmStart {
  private WarmStart() {}

  /**
   * Weights of an earlier model by the names of their features; features it did not have are 0.
   *
   * @param run the earlier run's directory
   */
  static double[] of(
      SparkSession spark,
      RunConfig config,
      Optional<String> run,
      Training training,
      RunObserver observer) {
    double[] start = training.start(config);
    if (run.isEmpty()) {
      return start;
    }
    Map<String, Double> earlier = SavedModel.load(spark, run.get()).byFeature();
    Encoding encoding = training.encoding();
    int known = 0;
    List<String> suffixes = SavedModel.suffixes(encoding);
    for (int j = 0; j < encoding.dimension(); j++) {
      boolean found = false;
      for (int k = 0; k < suffixes.size(); k++) {
        Double weight = earlier.get(encoding.feature(j).name() + suffixes.get(k));
        if (weight != null) {
          start[j * suffixes.size() + k] = weight;
          found = true;
        }
      }
      known += found ? 1 : 0;
    }
    for (int k = 0; k < suffixes.size(); k++) {
      int at = encoding.dimension() * suffixes.size() + k;
      // a class that the earlier model did not have keeps what its share suggests
      double otherwise = suffixes.size() == 1 ? 0 : start[at];
      start[at] = earlier.getOrDefault(SavedModel.INTERCEPT + suffixes.get(k), otherwise);
    }
    observer.note(
        "warm start from "
            + run.get()
            + ": "
            + known
            + " of "
            + encoding.dimension()
            + " features have a weight there");
    return start;
  }
}
