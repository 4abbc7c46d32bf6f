package dev.talweg.jobs.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * spark.ml's logistic regression (L-BFGS; OWL-QN with L1) behind its own feature stages.
 *
 * <p>{@code tol} 0 and a number of iterations; {@code standardization} off, so that regParam
 * (elasticNetParam ‖w‖₁ + (1 − elasticNetParam)/2 ‖w‖²) is the penalty as it stands; the intercept
 * is free. Before the first clock it is tried with its default block size and with blocks of 16 MB,
 * then with its vectors cached, and keeps what was fastest.
 */
final class SparkLogistic implements Side {
  private static final int LONG = 300;
  private static final int TRIAL = 3;
  private static final double LARGE_BLOCKS_MB = 16;

  private final String name;
  private final Supplier<Dataset<Row>> rows;
  private final List<PipelineStage> stages;
  private final double l1;
  private final double l2;
  private final Function<Trained, Map<String, Object>> examine;
  private final Map<Integer, double[]> histories = new HashMap<>();
  private Setting setting = new Setting(0, Storage.NONE);

  /** Feature stages, and the regression on what they make. */
  record Trained(PipelineModel features, LogisticRegressionModel regression) {
    NeutralPass.Linear linear() {
      return new NeutralPass.Linear(regression.coefficients().toArray(), regression.intercept());
    }
  }

  private enum Storage {
    NONE,
    CACHED
  }

  /**
   * @param blockMegabytes maxBlockSizeInMB, where 0 stands for spark.ml's default
   */
  private record Setting(double blockMegabytes, Storage vectors) {}

  /**
   * @param rows reads the rows anew: columns label and features, or what the stages want
   * @param stages that make the features; none where they are there
   */
  SparkLogistic(
      String name,
      Supplier<Dataset<Row>> rows,
      List<PipelineStage> stages,
      double l1,
      double l2,
      Function<Trained, Map<String, Object>> examine) {
    this.name = name;
    this.rows = rows;
    this.stages = List.copyOf(stages);
    this.l1 = l1;
    this.l2 = l2;
    this.examine = examine;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Reference reference() {
    double least = Arrays.stream(history(0, LONG)).min().orElseThrow();
    return new Reference(least, Double.NaN);
  }

  @Override
  public double[] history(double target, int most) {
    return histories.computeIfAbsent(
        most,
        m -> {
          double[] history = trained(m, () -> {}).regression().summary().objectiveHistory();
          choose();
          return history;
        });
  }

  private void choose() {
    if (histories.isEmpty()) {
      Setting large = new Setting(LARGE_BLOCKS_MB, Storage.NONE);
      double best = Math.min(tried(setting), Double.POSITIVE_INFINITY);
      double other = tried(large);
      if (other < best) {
        setting = large;
        best = other;
      }
      Setting cached = new Setting(setting.blockMegabytes(), Storage.CACHED);
      if (tried(cached) < best) {
        setting = cached;
      }
    }
  }

  private double tried(Setting candidate) {
    Setting before = setting;
    setting = candidate;
    long begun = System.nanoTime();
    trained(TRIAL, () -> {});
    setting = before;
    return (System.nanoTime() - begun) * 1e-9;
  }

  @Override
  public Fitted fit(double target, int iterations, Clock clock) {
    Trained trained = trained(iterations, clock::stop);
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("iterations", trained.regression().summary().totalIterations());
    found.put("features", trained.regression().numFeatures());
    found.put("vectors", setting.vectors() == Storage.CACHED ? "cached" : "not cached");
    found.put("block-mb", setting.blockMegabytes() == 0 ? 1 : setting.blockMegabytes());
    return new Fitted(found, () -> examine.apply(trained));
  }

  private Trained trained(int iterations, Runnable done) {
    Dataset<Row> read = rows.get();
    PipelineModel features =
        new Pipeline().setStages(stages.toArray(PipelineStage[]::new)).fit(read);
    Dataset<Row> vectors = features.transform(read).select("label", "features");
    if (setting.vectors() == Storage.CACHED) {
      vectors = vectors.cache();
    }
    double all = l1 + l2;
    LogisticRegressionModel regression =
        new LogisticRegression()
            .setRegParam(all)
            .setElasticNetParam(all == 0 ? 0 : l1 / all)
            .setStandardization(false)
            .setMaxBlockSizeInMB(setting.blockMegabytes())
            .setMaxIter(iterations)
            .setTol(0)
            .fit(vectors);
    done.run();
    vectors.unpersist(true);
    return new Trained(features, regression);
  }
}
