package dev.talweg.ml.classification;

import dev.talweg.datasets.DataException;
import dev.talweg.ml.engine.BreezeFit;
import dev.talweg.ml.engine.BreezeFit.Centring;
import dev.talweg.ml.engine.Budget;
import dev.talweg.ml.engine.ElasticNet;
import dev.talweg.ml.engine.Fitted;
import dev.talweg.ml.engine.LinearFit;
import dev.talweg.ml.engine.SoftmaxFit;
import dev.talweg.ml.engine.SparkMl;
import dev.talweg.ml.engine.TrainingRows;
import dev.talweg.ml.engine.TrainingRows.Deviation;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.model.Intercept;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.jspecify.annotations.Nullable;

/**
 * {@code org.apache.spark.ml.classification.LogisticRegression}, trained by Talweg: the same
 * parameters, the same model class, the same objective,
 *
 * <p>(1/Σω) Σ ω ℓ(x·w + b, y) + λα Σ s_j |w_j| + ½ λ(1 − α) Σ s_j² w_j²,
 *
 * <p>with λ = {@code regParam}, α = {@code elasticNetParam}, and s_j the sample deviation of
 * feature j, or 1 without {@code standardization}.
 *
 * <p>Two classes, and more with a ridge, are fitted by Talweg's own methods to a proven gap; more
 * classes with l1, with bounds or without an intercept, and intercepts with bounds, by Breeze's
 * over Talweg's passes. Where all labels are one class, where bounds or thresholds have a wrong
 * shape, where a row cannot be used, Spark's own code trains, and says what Spark says.
 */
public final class LogisticRegression
    extends org.apache.spark.ml.classification.LogisticRegression {
  private static final long serialVersionUID = 1L;

  /** With the default parameters. */
  public LogisticRegression() {
    super();
  }

  /** With an identifier of one's own. */
  public LogisticRegression(String uid) {
    super(uid);
  }

  /** Reads what {@code write()} has saved; the reader's type is that of the class it hides. */
  public static MLReader<org.apache.spark.ml.classification.LogisticRegression> read() {
    return SparkMl.reader(LogisticRegression.class, LogisticRegression::new);
  }

  /** Reads what {@code save} has saved. */
  public static LogisticRegression load(String path) {
    return (LogisticRegression) read().load(path);
  }

  @Override
  public LogisticRegression copy(ParamMap extra) {
    return (LogisticRegression) super.copy(extra);
  }

  @Override
  public LogisticRegression setFeaturesCol(String value) {
    return (LogisticRegression) super.setFeaturesCol(value);
  }

  @Override
  public LogisticRegression setLabelCol(String value) {
    return (LogisticRegression) super.setLabelCol(value);
  }

  @Override
  public LogisticRegression setPredictionCol(String value) {
    return (LogisticRegression) super.setPredictionCol(value);
  }

  @Override
  public LogisticRegression setRawPredictionCol(String value) {
    return (LogisticRegression) super.setRawPredictionCol(value);
  }

  @Override
  public LogisticRegression setProbabilityCol(String value) {
    return (LogisticRegression) super.setProbabilityCol(value);
  }

  @Override
  public LogisticRegression setRegParam(double value) {
    return (LogisticRegression) super.setRegParam(value);
  }

  @Override
  public LogisticRegression setElasticNetParam(double value) {
    return (LogisticRegression) super.setElasticNetParam(value);
  }

  @Override
  public LogisticRegression setMaxIter(int value) {
    return (LogisticRegression) super.setMaxIter(value);
  }

  @Override
  public LogisticRegression setTol(double value) {
    return (LogisticRegression) super.setTol(value);
  }

  @Override
  public LogisticRegression setFitIntercept(boolean value) {
    return (LogisticRegression) super.setFitIntercept(value);
  }

  @Override
  public LogisticRegression setFamily(String value) {
    return (LogisticRegression) super.setFamily(value);
  }

  @Override
  public LogisticRegression setStandardization(boolean value) {
    return (LogisticRegression) super.setStandardization(value);
  }

  @Override
  public LogisticRegression setThreshold(double value) {
    return (LogisticRegression) super.setThreshold(value);
  }

  @Override
  public LogisticRegression setThresholds(double[] value) {
    return (LogisticRegression) super.setThresholds(value);
  }

  @Override
  public LogisticRegression setWeightCol(String value) {
    return (LogisticRegression) super.setWeightCol(value);
  }

  @Override
  public LogisticRegression setAggregationDepth(int value) {
    return (LogisticRegression) super.setAggregationDepth(value);
  }

  @Override
  public LogisticRegression setMaxBlockSizeInMB(double value) {
    return (LogisticRegression) super.setMaxBlockSizeInMB(value);
  }

  @Override
  public LogisticRegression setLowerBoundsOnCoefficients(Matrix value) {
    return (LogisticRegression) super.setLowerBoundsOnCoefficients(value);
  }

  @Override
  public LogisticRegression setUpperBoundsOnCoefficients(Matrix value) {
    return (LogisticRegression) super.setUpperBoundsOnCoefficients(value);
  }

  @Override
  public LogisticRegression setLowerBoundsOnIntercepts(Vector value) {
    return (LogisticRegression) super.setLowerBoundsOnIntercepts(value);
  }

  @Override
  public LogisticRegression setUpperBoundsOnIntercepts(Vector value) {
    return (LogisticRegression) super.setUpperBoundsOnIntercepts(value);
  }

  private transient @Nullable LogisticRegressionModel initial;

  @Override
  public LogisticRegression setInitialModel(LogisticRegressionModel model) {
    initial = model;
    return (LogisticRegression) super.setInitialModel(model);
  }

  @Override
  public LogisticRegressionModel train(Dataset<?> dataset) {
    try (TrainingRows rows =
        TrainingRows.read(SparkMl.classified(dataset, this, getLabelCol(), getFeaturesCol()))) {
      double[] histogram = rows.histogram();
      int classes =
          Math.max(
              SparkMl.classes(dataset, getLabelCol()).orElse(histogram.length), histogram.length);
      check(rows, histogram, classes, dataset);
      boolean multinomial = isMultinomial(classes);
      return SparkMl.model(
          this,
          dataset,
          multinomial ? softmax(rows, classes) : binomial(rows),
          classes,
          Intercept.of(getFitIntercept()));
    } catch (DataException e) {
      SparkMl.leftToSpark(log(), this, e);
      return super.train(dataset);
    } catch (SparkException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private boolean isMultinomial(int classes) {
    String family = getFamily().toLowerCase(Locale.ROOT);
    return family.equals("multinomial") || (family.equals("auto") && classes > 2);
  }

  /** What Spark has an error or a model of its own for. */
  private void check(TrainingRows rows, double[] histogram, int classes, Dataset<?> dataset) {
    if (SparkMl.classes(dataset, getLabelCol()).orElse(classes) < histogram.length) {
      throw new DataException("the metadata of the label has fewer classes than the rows");
    }
    if (Arrays.stream(histogram).filter(weight -> weight > 0).count() < 2) {
      throw new DataException("all labels are of one class");
    }
    int sets = isMultinomial(classes) ? classes : 1;
    if (sets == 1 && classes > 2) {
      throw new DataException("the family is binomial, and there are more classes");
    }
    if (isDefined(thresholds()) && $(thresholds()).length != classes) {
      throw new DataException("there are other thresholds than classes");
    }
    checkBounds(lowerBoundsOnCoefficients(), upperBoundsOnCoefficients(), sets, rows.size());
    checkInterceptBounds(sets);
  }

  private void checkBounds(Param<Matrix> lower, Param<Matrix> upper, int sets, int features) {
    for (Param<Matrix> each : List.of(lower, upper)) {
      if (isSet(each) && ($(each).numRows() != sets || $(each).numCols() != features)) {
        throw new DataException("bounds on coefficients have another shape");
      }
    }
    if (isSet(lower) && isSet(upper)) {
      checkOrder($(lower).toArray(), $(upper).toArray());
    }
  }

  private void checkInterceptBounds(int sets) {
    Param<Vector> lower = lowerBoundsOnIntercepts();
    Param<Vector> upper = upperBoundsOnIntercepts();
    for (Param<Vector> each : List.of(lower, upper)) {
      if (isSet(each) && $(each).size() != sets) {
        throw new DataException("bounds on intercepts have another size");
      }
    }
    if (isSet(lower) && isSet(upper)) {
      checkOrder($(lower).toArray(), $(upper).toArray());
    }
  }

  private static void checkOrder(double[] lower, double[] upper) {
    for (int k = 0; k < lower.length; k++) {
      if (!(lower[k] <= upper[k])) {
        throw new DataException("a lower bound is above its upper bound");
      }
    }
  }

  private ElasticNet penalty(TrainingRows rows) {
    return new ElasticNet(
        getRegParam() * getElasticNetParam(),
        getRegParam() * (1 - getElasticNetParam()),
        rows.deviations(Deviation.SAMPLE),
        ElasticNet.Scale.of(getStandardization()));
  }

  private Budget budget() {
    return new Budget(getMaxIter(), getTol());
  }

  private boolean boundsIntercepts() {
    return isSet(lowerBoundsOnIntercepts()) || isSet(upperBoundsOnIntercepts());
  }

  private Fitted binomial(TrainingRows rows) throws SparkException {
    Intercept intercept = Intercept.of(getFitIntercept());
    ElasticNet penalty = penalty(rows);
    Optional<double[]> start = start(rows, 1);
    if (boundsIntercepts()) {
      try (LinearFit fit = new LinearFit(rows, new LogisticLoss(), penalty.penalty(), intercept)) {
        double[] from = start.orElseGet(fit.problem()::prior);
        return BreezeFit.of(rows, fit, intercept, Centring.AS_IT_IS)
            .within(budget(), from, bounds(rows, 1, Side.LOWER), bounds(rows, 1, Side.UPPER));
      }
    }
    double[] lower = weightBounds(rows, Side.LOWER);
    double[] upper = weightBounds(rows, Side.UPPER);
    try (LinearFit fit =
        new LinearFit(rows, new LogisticLoss(), penalty.within(lower, upper), intercept)) {
      return fit.fit(budget(), start);
    }
  }

  private Fitted softmax(TrainingRows rows, int classes) throws SparkException {
    Intercept intercept = Intercept.of(getFitIntercept());
    ElasticNet penalty = penalty(rows);
    try (SoftmaxFit fit = new SoftmaxFit(rows, classes, penalty)) {
      Optional<double[]> start = start(rows, classes);
      if (usingBoundConstrainedOptimization()) {
        Centring centring = boundsIntercepts() ? Centring.AS_IT_IS : Centring.CENTRED;
        return BreezeFit.of(rows, fit, classes, intercept, centring)
            .within(
                budget(),
                start.orElseGet(() -> prior(fit, rows, classes)),
                bounds(rows, classes, Side.LOWER),
                bounds(rows, classes, Side.UPPER));
      }
      if (intercept == Intercept.FREE) {
        return centred(fit.fit(budget(), start));
      }
      BreezeFit breeze = BreezeFit.of(rows, fit, classes, intercept, Centring.CENTRED);
      double[] from = start.orElseGet(() -> prior(fit, rows, classes));
      return centred(
          penalty.l1() > 0
              ? breeze.lasso(budget(), from, penalty.lasso())
              : breeze.ridge(budget(), from));
    }
  }

  private double[] prior(SoftmaxFit fit, TrainingRows rows, int classes) {
    return getFitIntercept() ? fit.prior() : new double[(rows.features() + 1) * classes];
  }

  /**
   * What no probability depends on is taken out, as Spark does: the mean over classes of the
   * intercepts and, without a penalty, of the weights of each feature.
   */
  private Fitted centred(Fitted fitted) {
    return fitted.centred(
        getRegParam() == 0 ? Fitted.Centred.WEIGHTS_AND_INTERCEPTS : Fitted.Centred.INTERCEPTS);
  }

  private enum Side {
    LOWER,
    UPPER
  }

  /** Of one margin's weights; empty for none. */
  private double[] weightBounds(TrainingRows rows, Side side) {
    Param<Matrix> param =
        side == Side.LOWER ? lowerBoundsOnCoefficients() : upperBoundsOnCoefficients();
    return isSet(param) ? rows.gathered($(param).toArray()) : new double[0];
  }

  /** Of K weights for each feature, then of K intercepts. */
  private double[] bounds(TrainingRows rows, int sets, Side side) {
    double none = side == Side.LOWER ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    double[] bounds = new double[(rows.features() + 1) * sets];
    Arrays.fill(bounds, none);
    Param<Matrix> weights =
        side == Side.LOWER ? lowerBoundsOnCoefficients() : upperBoundsOnCoefficients();
    if (isSet(weights)) {
      place($(weights), rows, sets, bounds);
    }
    Param<Vector> intercepts =
        side == Side.LOWER ? lowerBoundsOnIntercepts() : upperBoundsOnIntercepts();
    if (isSet(intercepts)) {
      System.arraycopy($(intercepts).toArray(), 0, bounds, rows.features() * sets, sets);
    }
    return bounds;
  }

  /** A matrix of classes by entries as weights by feature. */
  private static void place(Matrix matrix, TrainingRows rows, int sets, double[] parameters) {
    for (int k = 0; k < sets; k++) {
      double[] row = new double[matrix.numCols()];
      for (int j = 0; j < row.length; j++) {
        row[j] = matrix.apply(k, j);
      }
      double[] gathered = rows.gathered(row);
      for (int j = 0; j < gathered.length; j++) {
        parameters[j * sets + k] = gathered[j];
      }
    }
  }

  /** Of the initial model, where it fits. */
  private Optional<double[]> start(TrainingRows rows, int sets) {
    LogisticRegressionModel model = initial;
    if (model == null
        || model.coefficientMatrix().numRows() != sets
        || model.coefficientMatrix().numCols() != rows.size()
        || model.getFitIntercept() != getFitIntercept()) {
      return Optional.empty();
    }
    double[] start = new double[(rows.features() + 1) * sets];
    place(model.coefficientMatrix(), rows, sets, start);
    double[] intercepts = model.interceptVector().toArray();
    System.arraycopy(intercepts, 0, start, rows.features() * sets, sets);
    return Optional.of(start);
  }
}
