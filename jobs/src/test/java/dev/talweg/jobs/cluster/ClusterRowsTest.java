package dev.talweg.jobs.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.optimizer.metric.LocalRows;
import dev.talweg.optimizer.metric.Metric.Labels;
import dev.talweg.optimizer.metric.MetricOnDemand;
import dev.talweg.optimizer.metric.RowMetrics;
import dev.talweg.optimizer.metric.RowMetrics.OfRows;
import dev.talweg.optimizer.metric.Scored;
import dev.talweg.optimizer.metric.ScoredRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterRowsTest {
  private static final int ROWS = 2000;
  private static final int CLASSES = 3;

  static List<MetricOnDemand<OfRows>> metrics() {
    return RowMetrics.all();
  }

  /** Of each class a score with ties, of both signs of 0 too; some rows without weight. */
  private static List<List<Scored>> rows(Labels labels) {
    Random random = new Random(3);
    List<List<Scored>> all = new ArrayList<>();
    for (int k = 0; k < CLASSES; k++) {
      all.add(new ArrayList<>());
    }
    for (int i = 0; i < ROWS; i++) {
      double label =
          switch (labels) {
            case BINARY -> random.nextInt(2);
            case MULTICLASS -> random.nextInt(CLASSES);
            case REAL -> Math.max(1, random.nextInt(40)) / 4.0;
          };
      double weight = random.nextInt(5) / 4.0;
      for (List<Scored> ofClass : all) {
        double score = random.nextInt(25) == 0 ? -0.0 : Math.round(random.nextDouble() * 50) / 50.0;
        ofClass.add(new Scored(labels == Labels.REAL ? 0.1 + score : score, label, weight, i));
      }
    }
    return all;
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void everyMetricIsThatOfTheSameRowsInAList(MetricOnDemand<OfRows> metric) {
    SparkSession spark = LocalSpark.session();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<ScoredRows> local = new ArrayList<>();
    List<ScoredRows> cluster = new ArrayList<>();
    for (List<Scored> ofClass : rows(metric.labels().iterator().next())) {
      local.add(new LocalRows(ofClass, 1));
      cluster.add(new ClusterRows(spark, context.parallelize(ofClass, 5)));
    }
    double argument =
        switch (metric.argument()) {
          case SHARE -> 0.25;
          case POWER -> 3;
          default -> 13;
        };
    double expected = metric.measure().of(local, argument);
    assertTrue(Double.isFinite(expected), metric.name());
    // sums of 2000 terms in another order
    assertEquals(expected, metric.measure().of(cluster, argument), 1e-12, metric.name());
  }
}
