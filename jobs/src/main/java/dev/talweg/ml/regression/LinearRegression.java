package dev.talweg.ml.regression;

import dev.talweg.datasets.DataException;
import dev.talweg.ml.engine.Budget;
import dev.talweg.ml.engine.ElasticNet;
import dev.talweg.ml.engine.Fitted;
import dev.talweg.ml.engine.LinearFit;
import dev.talweg.ml.engine.SparkMl;
import dev.talweg.ml.engine.StandardErrors;
import dev.talweg.ml.engine.TrainingRows;
import dev.talweg.ml.engine.TrainingRows.Deviation;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.Penalty;
import java.util.Arrays;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.LinearRegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * {@code org.apache.spark.ml.regression.LinearRegression}, trained by Talweg: the same parameters,
 * the same model class, the same objective,
 *
 * <p>(1/2Σω) Σ ω (x·w + b − y)² + λα Σ s_j |w_j| + ½ λ(1 − α)/σ_y Σ s_j² w_j²,
 *
 * <p>with λ = {@code regParam}, α = {@code elasticNetParam}, σ_y the deviation of the label, and
 * s_j that of feature j, or 1 without {@code standardization}. Spark's deviations are those of the
 * population where it solves normal equations ({@code solver} {@code auto} up to 4096 features), of
 * the sample where it iterates: so are these.
 *
 * <p>Spark's own code trains with {@code solver} {@code normal} and with {@code loss} {@code
 * huber}, whose scale is a parameter too, and where labels are constant or a row cannot be used.
 */
public final class LinearRegression extends org.apache.spark.ml.regression.LinearRegression {
  private static final long serialVersionUID = 1L;

  /** With the default parameters. */
  public LinearRegression() {
    super();
  }

  /** With an identifier of one's own. */
  public LinearRegression(String uid) {
    super(uid);
  }

  /** Reads what {@code write()} has saved; the reader's type is that of the class it hides. */
  public static MLReader<org.apache.spark.ml.regression.LinearRegression> read() {
    return SparkMl.reader(LinearRegression.class, LinearRegression::new);
  }

  /** Reads what {@code save} has saved. */
  public static LinearRegression load(String path) {
    return (LinearRegression) read().load(path);
  }

  @Override
  public LinearRegression copy(ParamMap extra) {
    return (LinearRegression) super.copy(extra);
  }

  @Override
  public LinearRegression setFeaturesCol(String value) {
    return (LinearRegression) super.setFeaturesCol(value);
  }

  @Override
  public LinearRegression setLabelCol(String value) {
    return (LinearRegression) super.setLabelCol(value);
  }

  @Override
  public LinearRegression setPredictionCol(String value) {
    return (LinearRegression) super.setPredictionCol(value);
  }

  @Override
  public LinearRegression setRegParam(double value) {
    return (LinearRegression) super.setRegParam(value);
  }

  @Override
  public LinearRegression setElasticNetParam(double value) {
    return (LinearRegression) super.setElasticNetParam(value);
  }

  @Override
  public LinearRegression setMaxIter(int value) {
    return (LinearRegression) super.setMaxIter(value);
  }

  @Override
  public LinearRegression setTol(double value) {
    return (LinearRegression) super.setTol(value);
  }

  @Override
  public LinearRegression setFitIntercept(boolean value) {
    return (LinearRegression) super.setFitIntercept(value);
  }

  @Override
  public LinearRegression setStandardization(boolean value) {
    return (LinearRegression) super.setStandardization(value);
  }

  @Override
  public LinearRegression setWeightCol(String value) {
    return (LinearRegression) super.setWeightCol(value);
  }

  @Override
  public LinearRegression setSolver(String value) {
    return (LinearRegression) super.setSolver(value);
  }

  @Override
  public LinearRegression setLoss(String value) {
    return (LinearRegression) super.setLoss(value);
  }

  @Override
  public LinearRegression setEpsilon(double value) {
    return (LinearRegression) super.setEpsilon(value);
  }

  @Override
  public LinearRegression setAggregationDepth(int value) {
    return (LinearRegression) super.setAggregationDepth(value);
  }

  @Override
  public LinearRegression setMaxBlockSizeInMB(double value) {
    return (LinearRegression) super.setMaxBlockSizeInMB(value);
  }

  @Override
  public LinearRegressionModel train(Dataset<?> dataset) {
    if (!getLoss().equals("squaredError") || getSolver().equals("normal")) {
      return super.train(dataset);
    }
    try (TrainingRows rows =
        TrainingRows.read(SparkMl.measured(dataset, this, getLabelCol(), getFeaturesCol()))) {
      return fitted(dataset, rows);
    } catch (DataException e) {
      SparkMl.leftToSpark(log(), this, e);
      return super.train(dataset);
    } catch (SparkException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private LinearRegressionModel fitted(Dataset<?> dataset, TrainingRows rows)
      throws SparkException {
    boolean normal =
        getSolver().equals("auto")
            && rows.size()
                <= org.apache.spark.ml.regression.LinearRegression.MAX_FEATURES_FOR_NORMAL_SOLVER();
    Deviation kind = normal ? Deviation.POPULATION : Deviation.SAMPLE;
    double deviation = rows.labelDeviation(kind);
    if (!(deviation > 0)) {
      throw new DataException("all labels are the same");
    }
    ElasticNet net =
        new ElasticNet(
            getRegParam() * getElasticNetParam(),
            getRegParam() * (1 - getElasticNetParam()) / deviation,
            rows.deviations(kind),
            ElasticNet.Scale.of(getStandardization()));
    Penalty penalty = net.penalty();
    Intercept intercept = Intercept.of(getFitIntercept());
    try (LinearFit fit = new LinearFit(rows, new SquaredLoss(), penalty, intercept)) {
      Fitted fitted = fit.fit(new Budget(getMaxIter(), getTol()), Optional.empty());
      double[] variances =
          normal && penalty.smooth() ? StandardErrors.of(fit, rows) : new double[0];
      // Spark's history is of labels in units of their deviation
      double[] history =
          Arrays.stream(fitted.objectives()).map(v -> v / (deviation * deviation)).toArray();
      return SparkMl.model(
          this, dataset, new Fitted(fitted.weights(), fitted.intercepts(), history), variances);
    }
  }
}
