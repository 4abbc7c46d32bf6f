package dev.talweg.ml.classification;

import dev.talweg.datasets.DataException;
import dev.talweg.ml.engine.Budget;
import dev.talweg.ml.engine.ElasticNet;
import dev.talweg.ml.engine.HingePath;
import dev.talweg.ml.engine.SparkMl;
import dev.talweg.ml.engine.TrainingRows;
import dev.talweg.ml.engine.TrainingRows.Deviation;
import dev.talweg.optimizer.model.Intercept;
import java.util.Arrays;
import org.apache.spark.SparkException;
import org.apache.spark.ml.classification.LinearSVCModel;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * {@code org.apache.spark.ml.classification.LinearSVC}, trained by Talweg: the same parameters, the
 * same model class, the same objective,
 *
 * <p>(1/Σω) Σ ω max(0, 1 − (2y − 1)(x·w + b)) + ½ λ Σ s_j² w_j²,
 *
 * <p>with λ = {@code regParam} and s_j the sample deviation of feature j, or 1 without {@code
 * standardization}.
 *
 * <p>It is fitted along smooth functions above the hinge, see {@link HingePath}. Where labels are
 * not of two classes, or a row cannot be used, Spark's own code trains, and says what Spark says.
 */
public final class LinearSVC extends org.apache.spark.ml.classification.LinearSVC {
  private static final long serialVersionUID = 1L;

  /** With the default parameters. */
  public LinearSVC() {
    super();
  }

  /** With an identifier of one's own. */
  public LinearSVC(String uid) {
    super(uid);
  }

  /** Reads what {@code write()} has saved; the reader's type is that of the class it hides. */
  public static MLReader<org.apache.spark.ml.classification.LinearSVC> read() {
    return SparkMl.reader(LinearSVC.class, LinearSVC::new);
  }

  /** Reads what {@code save} has saved. */
  public static LinearSVC load(String path) {
    return (LinearSVC) read().load(path);
  }

  @Override
  public LinearSVC copy(ParamMap extra) {
    return (LinearSVC) super.copy(extra);
  }

  @Override
  public LinearSVC setFeaturesCol(String value) {
    return (LinearSVC) super.setFeaturesCol(value);
  }

  @Override
  public LinearSVC setLabelCol(String value) {
    return (LinearSVC) super.setLabelCol(value);
  }

  @Override
  public LinearSVC setPredictionCol(String value) {
    return (LinearSVC) super.setPredictionCol(value);
  }

  @Override
  public LinearSVC setRawPredictionCol(String value) {
    return (LinearSVC) super.setRawPredictionCol(value);
  }

  @Override
  public LinearSVC setRegParam(double value) {
    return (LinearSVC) super.setRegParam(value);
  }

  @Override
  public LinearSVC setMaxIter(int value) {
    return (LinearSVC) super.setMaxIter(value);
  }

  @Override
  public LinearSVC setTol(double value) {
    return (LinearSVC) super.setTol(value);
  }

  @Override
  public LinearSVC setFitIntercept(boolean value) {
    return (LinearSVC) super.setFitIntercept(value);
  }

  @Override
  public LinearSVC setStandardization(boolean value) {
    return (LinearSVC) super.setStandardization(value);
  }

  @Override
  public LinearSVC setThreshold(double value) {
    return (LinearSVC) super.setThreshold(value);
  }

  @Override
  public LinearSVC setWeightCol(String value) {
    return (LinearSVC) super.setWeightCol(value);
  }

  @Override
  public LinearSVC setAggregationDepth(int value) {
    return (LinearSVC) super.setAggregationDepth(value);
  }

  @Override
  public LinearSVC setMaxBlockSizeInMB(double value) {
    return (LinearSVC) super.setMaxBlockSizeInMB(value);
  }

  @Override
  public LinearSVCModel train(Dataset<?> dataset) {
    try (TrainingRows rows =
        TrainingRows.read(SparkMl.binary(dataset, this, getLabelCol(), getFeaturesCol()))) {
      checkClasses(dataset, rows.histogram());
      ElasticNet penalty =
          new ElasticNet(
              0,
              getRegParam(),
              rows.deviations(Deviation.SAMPLE),
              ElasticNet.Scale.of(getStandardization()));
      HingePath path = new HingePath(rows, penalty, Intercept.of(getFitIntercept()));
      return SparkMl.model(this, dataset, path.fit(new Budget(getMaxIter(), getTol())));
    } catch (DataException e) {
      SparkMl.leftToSpark(log(), this, e);
      return super.train(dataset);
    } catch (SparkException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** What Spark has an error or a model of its own for. */
  private void checkClasses(Dataset<?> dataset, double[] histogram) {
    if (SparkMl.classes(dataset, getLabelCol()).orElse(2) != 2) {
      throw new DataException("the metadata of the label says other than two classes");
    }
    if (Arrays.stream(histogram).filter(weight -> weight > 0).count() < 2) {
      throw new DataException("all labels are of one class");
    }
  }
}
