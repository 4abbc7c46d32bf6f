package dev.talweg.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.jdk.javaapi.CollectionConverters;

/** What the suites of {@code spark.ml} ask of every estimator alike. */
class EveryEstimatorTest {
  private static double[] trained(Estimators each, Dataset<Row> rows, Object... parameters) {
    Predictor<Vector, ?, ?> ours = each.ours().get();
    return Estimators.parameters(ours.fit(rows, Estimators.those(ours, parameters)));
  }

  @ParameterizedTest
  @MethodSource("dev.talweg.ml.Estimators#all")
  void labelsAndWeightsMayBeOfAnyNumericType(Estimators each) {
    Object[] parameters = {"maxIter", 2, "weightCol", "weight"};
    double[] doubles = trained(each, each.rows(), parameters);
    for (DataType type :
        List.of(
            DataTypes.ByteType,
            DataTypes.ShortType,
            DataTypes.IntegerType,
            DataTypes.LongType,
            DataTypes.FloatType,
            DataTypes.createDecimalType(10, 0))) {
      Dataset<Row> cast =
          each.rows()
              .withColumn("label", col("label").cast(type))
              .withColumn("weight", col("weight").cast(type));
      assertArrayEquals(doubles, trained(each, cast, parameters), type.simpleString());
    }
  }

  @ParameterizedTest
  @MethodSource("dev.talweg.ml.Estimators#all")
  void typesThatAreNoNumbersAreRefusedAsBySpark(Estimators each) {
    boolean weights = each.ours().get().hasParam("weightCol");
    for (String column : weights ? List.of("label", "weight") : List.of("label")) {
      for (Object value : List.of("one", true)) {
        Dataset<Row> rows = each.rows().withColumn(column, lit(value));
        assertEquals(refusal(each.stock().get(), rows), refusal(each.ours().get(), rows));
      }
    }
  }

  private static String refusal(Predictor<Vector, ?, ?> estimator, Dataset<Row> rows) {
    ParamMap parameters = Estimators.those(estimator, "maxIter", 1, "weightCol", "weight");
    Exception thrown = assertThrows(Exception.class, () -> estimator.fit(rows, parameters));
    return thrown.getClass() + ": " + SparkMlTest.steady(thrown);
  }

  /** Every objective is a mean over weights, and a power of two rounds nothing. */
  @ParameterizedTest
  @MethodSource("dev.talweg.ml.Estimators#weighted")
  void aPowerOfTwoInAllWeightsChangesNoBit(Estimators each) {
    Object[] parameters = {"weightCol", "weight", "regParam", 0.01};
    Dataset<Row> heavier = each.rows().withColumn("weight", col("weight").multiply(1024));
    assertArrayEquals(trained(each, each.rows(), parameters), trained(each, heavier, parameters));
  }

  @ParameterizedTest
  @MethodSource("dev.talweg.ml.Estimators#all")
  void howSparkAddsUpChangesNothing(Estimators each) {
    assertArrayEquals(
        trained(each, each.rows(), "maxIter", 5),
        trained(
            each,
            each.rows(),
            "maxIter",
            5,
            "aggregationDepth",
            3,
            "maxBlockSizeInMB",
            0.25,
            "blockSize",
            7));
  }

  @ParameterizedTest
  @MethodSource("dev.talweg.ml.Estimators#all")
  void parametersOfAFitAreItsOwn(Estimators each) {
    Predictor<Vector, ?, ?> ours = each.ours().get();
    Model<?> model =
        ours.fit(each.rows(), Estimators.those(ours, "maxIter", 1, "predictionCol", "mine"));
    assertEquals(ours.getClass(), model.parent().getClass());
    assertNotSame(ours, model.parent());
    assertEquals(ours.uid(), model.uid());
    assertEquals("mine", model.getOrDefault(model.getParam("predictionCol")));
    assertEquals(1, model.parent().getOrDefault(model.parent().getParam("maxIter")));
    assertEquals("prediction", ours.getOrDefault(ours.getParam("predictionCol")));
    Model<?> copy = model.copy(new ParamMap());
    assertSame(model.parent(), copy.parent());
    assertArrayEquals(Estimators.parameters(model), Estimators.parameters(copy));
  }

  /** As {@code CrossValidator} asks for a grid. */
  @ParameterizedTest
  @MethodSource("dev.talweg.ml.Estimators#all")
  void aGridOfParametersIsAModelForEach(Estimators each) {
    Object[] one = {"maxIter", 1, "regParam", 0.01};
    Object[] other = {"maxIter", 3, "regParam", 1.0};
    Predictor<Vector, ?, ?> ours = each.ours().get();
    List<?> models =
        CollectionConverters.asJava(
            ours.fit(
                each.rows(),
                CollectionConverters.asScala(
                        List.of(Estimators.those(ours, one), Estimators.those(ours, other)))
                    .toSeq()));
    double[] first = Estimators.parameters((Model<?>) models.get(0));
    double[] second = Estimators.parameters((Model<?>) models.get(1));
    assertArrayEquals(trained(each, each.rows(), one), first);
    assertArrayEquals(trained(each, each.rows(), other), second);
    assertFalse(Arrays.equals(first, second));
  }
}
