package dev.talweg.ml.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.model.Intercept;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The driver makes the passes over few rows: with the bits that jobs give, and without jobs. */
class FewRowsTest {
  private static final long FEW = 1L << 20;
  private static final long NONE = 0;
  private static final Dataset<Row> ROWS = rows().cache();

  /** Labels 0, 1 and 2 in three partitions, of which the last one is empty. */
  private static Dataset<Row> rows() {
    Dataset<Row> numbers =
        LocalSpark.session()
            .range(0, 900, 1, 3)
            .where("id < 600")
            .selectExpr(
                "double(pmod(hash(id), 3)) as label",
                "double(1 + id % 4) as weight",
                "sin(id) + pmod(hash(id), 3) as a",
                "if(id % 5 = 0, sqrt(id), 0) as b",
                "cos(7 * id) as c");
    return new VectorAssembler()
        .setInputCols(new String[] {"a", "b", "c"})
        .setOutputCol("features")
        .transform(numbers)
        .select("label", "weight", "features");
  }

  private static Dataset<Row> whether() {
    return ROWS.selectExpr("double(label > 0) as label", "weight", "features");
  }

  private static ElasticNet net(TrainingRows rows, double l1) {
    return new ElasticNet(
        l1, 0.01, rows.deviations(TrainingRows.Deviation.SAMPLE), ElasticNet.Scale.STANDARDIZED);
  }

  private static Fitted linear(long few, double l1, Intercept intercept, int steps)
      throws Exception {
    try (TrainingRows rows = TrainingRows.read(whether(), few);
        LinearFit fit =
            new LinearFit(rows, new LogisticLoss(), net(rows, l1).penalty(), intercept)) {
      return fit.fit(new Budget(steps, 1e-6), Optional.empty());
    }
  }

  private static Fitted softmax(long few) throws Exception {
    try (TrainingRows rows = TrainingRows.read(ROWS, few);
        SoftmaxFit fit = new SoftmaxFit(rows, 3, net(rows, 0))) {
      return fit.fit(new Budget(50, 1e-6), Optional.empty());
    }
  }

  private static GeneralizedFit.Found poisson(long few) throws Exception {
    try (TrainingRows rows = TrainingRows.read(ROWS, few)) {
      LinkedFamily family = LinkedFamily.named("poisson", "log").orElseThrow();
      return new GeneralizedFit(rows, family, Intercept.FREE, 0.1, new Budget(50, 1e-6)).found();
    }
  }

  private static void assertSame(Fitted jobs, Fitted driver) {
    assertArrayEquals(jobs.weights(), driver.weights());
    assertArrayEquals(jobs.intercepts(), driver.intercepts());
    assertArrayEquals(jobs.objectives(), driver.objectives());
  }

  @ParameterizedTest
  @EnumSource
  void aMarginHasTheSameBits(Intercept intercept) throws Exception {
    assertSame(linear(NONE, 0, intercept, 50), linear(FEW, 0, intercept, 50));
    assertSame(linear(NONE, 0.01, intercept, 50), linear(FEW, 0.01, intercept, 50));
  }

  @Test
  void aMarginForEachClassHasTheSameBits() throws Exception {
    assertSame(softmax(NONE), softmax(FEW));
  }

  @Test
  void reweightedSumsHaveTheSameBits() throws Exception {
    GeneralizedFit.Found jobs = poisson(NONE);
    GeneralizedFit.Found driver = poisson(FEW);
    assertSame(jobs.fitted(), driver.fitted());
    assertArrayEquals(jobs.variances(), driver.variances());
    assertEquals(4, driver.variances().length);
    assertEquals(jobs.steps(), driver.steps());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01})
  void stepsNeedNoJobs(double l1) throws Exception {
    assertEquals(jobs(FEW, l1, 1), jobs(FEW, l1, 20));
    assertTrue(jobs(NONE, l1, 1) < jobs(NONE, l1, 20), "passes over the cluster are jobs");
  }

  private static int jobs(long few, double l1, int steps) throws Exception {
    SparkContext context = LocalSpark.session().sparkContext();
    String group = "few rows " + few + " " + l1 + " " + steps;
    context.setJobGroup(group, "", false);
    try {
      linear(few, l1, Intercept.FREE, steps);
    } finally {
      context.clearJobGroup();
    }
    context.listenerBus().waitUntilEmpty();
    return context.statusTracker().getJobIdsForGroup(group).length;
  }
}
