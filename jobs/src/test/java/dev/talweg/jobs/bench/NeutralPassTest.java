package dev.talweg.jobs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.datasets.LocalSpark;
import java.util.List;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class NeutralPassTest {
  private static final StructType VECTORS =
      new StructType().add("label", DataTypes.DoubleType).add("features", new VectorUDT());

  @Test
  void theObjectiveIsThatOfTheFormula() {
    List<Row> rows =
        List.of(
            RowFactory.create(1.0, Vectors.dense(2, 0, -1)),
            RowFactory.create(0.0, Vectors.sparse(3, new int[] {1}, new double[] {4})));
    Dataset<Row> data = LocalSpark.session().createDataFrame(rows, VECTORS);
    NeutralPass.Linear model = new NeutralPass.Linear(new double[] {0.5, 0.25, -2}, 0.125);
    double first = 0.5 * 2 + 2 + 0.125;
    double second = 0.25 * 4 + 0.125;
    double loss = (Math.log(1 + Math.exp(-first)) + Math.log(1 + Math.exp(second))) / 2;
    double penalty = 0.1 * 2.75 + 0.3 / 2 * (0.25 + 0.0625 + 4);
    // a handful of roundings of numbers below 4
    assertEquals(
        loss + penalty, NeutralPass.objective(data, NeutralPass.LOGISTIC, model, 0.1, 0.3), 1e-14);
  }

  @Test
  void anOffsetIsAddedToTheMargin() {
    StructType schema = VECTORS.add("offset", DataTypes.DoubleType);
    List<Row> rows = List.of(RowFactory.create(2.0, Vectors.dense(1), Math.log(3)));
    Dataset<Row> data = LocalSpark.session().createDataFrame(rows, schema);
    NeutralPass.Linear model = new NeutralPass.Linear(new double[] {1}, 0);
    // exp(1 + log 3) − 2 (1 + log 3), a few roundings of numbers below 10
    assertEquals(
        3 * Math.E - 2 * (1 + Math.log(3)),
        NeutralPass.objective(data, NeutralPass.POISSON, model, 0, 0),
        1e-13);
  }

  @Test
  void theAreaUnderTheCurveCountsTiesHalf() {
    StructType schema =
        new StructType().add("label", DataTypes.DoubleType).add("margin", DataTypes.DoubleType);
    List<Row> rows =
        List.of(
            RowFactory.create(1.0, 2.0),
            RowFactory.create(1.0, 0.5),
            RowFactory.create(0.0, 0.5),
            RowFactory.create(0.0, -1.0));
    ScoreQuality quality = ScoreQuality.of(LocalSpark.session().createDataFrame(rows, schema));
    assertEquals(3.5 / 4, quality.areaUnderCurve()); // of four pairs three are right, one is tied
    double loss = 0;
    loss += Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-0.5));
    loss += Math.log1p(Math.exp(0.5)) + Math.log1p(Math.exp(-1));
    assertEquals(loss / 4, quality.logLoss(), 1e-15);
  }
}
