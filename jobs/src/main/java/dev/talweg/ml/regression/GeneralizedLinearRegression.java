package dev.talweg.ml.regression;

import dev.talweg.datasets.DataException;
import dev.talweg.ml.engine.Budget;
import dev.talweg.ml.engine.GeneralizedFit;
import dev.talweg.ml.engine.LinkedFamily;
import dev.talweg.ml.engine.SparkMl;
import dev.talweg.ml.engine.TrainingRows;
import dev.talweg.optimizer.model.Intercept;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.SparkException;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.GeneralizedLinearRegressionModel;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * {@code org.apache.spark.ml.regression.GeneralizedLinearRegression}, trained by Talweg: the same
 * parameters, the same model class, the same solution, with all that the summary has.
 *
 * <p>Ours are gaussian with the identity, binomial with the logit, poisson, gamma and tweedie
 * (variance powers from 1 to 2) with the logarithm as link; weights, offsets and {@code regParam}
 * as in Spark's reweighting ({@link GeneralizedFit}). Spark's own code trains with other links, and
 * where a label is none of the family, all labels are the same or a row cannot be used.
 */
public final class GeneralizedLinearRegression
    extends org.apache.spark.ml.regression.GeneralizedLinearRegression {
  private static final long serialVersionUID = 1L;

  /** With the default parameters. */
  public GeneralizedLinearRegression() {
    super();
  }

  /** With an identifier of one's own. */
  public GeneralizedLinearRegression(String uid) {
    super(uid);
  }

  /** Reads what {@code write()} has saved; the reader's type is that of the class it hides. */
  public static MLReader<org.apache.spark.ml.regression.GeneralizedLinearRegression> read() {
    return SparkMl.reader(GeneralizedLinearRegression.class, GeneralizedLinearRegression::new);
  }

  /** Reads what {@code save} has saved. */
  public static GeneralizedLinearRegression load(String path) {
    return (GeneralizedLinearRegression) read().load(path);
  }

  @Override
  public GeneralizedLinearRegression copy(ParamMap extra) {
    return (GeneralizedLinearRegression) super.copy(extra);
  }

  @Override
  public GeneralizedLinearRegression setFeaturesCol(String value) {
    return (GeneralizedLinearRegression) super.setFeaturesCol(value);
  }

  @Override
  public GeneralizedLinearRegression setLabelCol(String value) {
    return (GeneralizedLinearRegression) super.setLabelCol(value);
  }

  @Override
  public GeneralizedLinearRegression setPredictionCol(String value) {
    return (GeneralizedLinearRegression) super.setPredictionCol(value);
  }

  @Override
  public GeneralizedLinearRegression setFamily(String value) {
    return (GeneralizedLinearRegression) super.setFamily(value);
  }

  @Override
  public GeneralizedLinearRegression setVariancePower(double value) {
    return (GeneralizedLinearRegression) super.setVariancePower(value);
  }

  @Override
  public GeneralizedLinearRegression setLinkPower(double value) {
    return (GeneralizedLinearRegression) super.setLinkPower(value);
  }

  @Override
  public GeneralizedLinearRegression setLink(String value) {
    return (GeneralizedLinearRegression) super.setLink(value);
  }

  @Override
  public GeneralizedLinearRegression setFitIntercept(boolean value) {
    return (GeneralizedLinearRegression) super.setFitIntercept(value);
  }

  @Override
  public GeneralizedLinearRegression setMaxIter(int value) {
    return (GeneralizedLinearRegression) super.setMaxIter(value);
  }

  @Override
  public GeneralizedLinearRegression setTol(double value) {
    return (GeneralizedLinearRegression) super.setTol(value);
  }

  @Override
  public GeneralizedLinearRegression setRegParam(double value) {
    return (GeneralizedLinearRegression) super.setRegParam(value);
  }

  @Override
  public GeneralizedLinearRegression setWeightCol(String value) {
    return (GeneralizedLinearRegression) super.setWeightCol(value);
  }

  @Override
  public GeneralizedLinearRegression setOffsetCol(String value) {
    return (GeneralizedLinearRegression) super.setOffsetCol(value);
  }

  @Override
  public GeneralizedLinearRegression setSolver(String value) {
    return (GeneralizedLinearRegression) super.setSolver(value);
  }

  @Override
  public GeneralizedLinearRegression setLinkPredictionCol(String value) {
    return (GeneralizedLinearRegression) super.setLinkPredictionCol(value);
  }

  @Override
  public GeneralizedLinearRegression setAggregationDepth(int value) {
    return (GeneralizedLinearRegression) super.setAggregationDepth(value);
  }

  @Override
  public GeneralizedLinearRegressionModel train(Dataset<?> dataset) {
    Optional<LinkedFamily> family = ofTalweg();
    int features = SparkMl.features(dataset, getFeaturesCol());
    if (family.isEmpty() || features == 0 || features > GeneralizedFit.mostFeatures()) {
      return super.train(dataset);
    }
    try (TrainingRows rows = TrainingRows.read(SparkMl.measured(dataset, this))) {
      GeneralizedFit fit =
          new GeneralizedFit(
              rows,
              family.get(),
              Intercept.of(getFitIntercept()),
              getRegParam(),
              new Budget(getMaxIter(), getTol()));
      return SparkMl.model(this, dataset, fit.found());
    } catch (DataException e) {
      SparkMl.leftToSpark(log(), this, e);
      return super.train(dataset);
    } catch (SparkException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Of those that Talweg has a loss of. */
  private Optional<LinkedFamily> ofTalweg() {
    String family = getFamily().toLowerCase(Locale.ROOT);
    if (family.equals("tweedie")) {
      return LinkedFamily.ofPowers(
          getVariancePower(), isSet(linkPower()) ? getLinkPower() : Double.NaN);
    }
    return LinkedFamily.named(family, isSet(link()) ? getLink().toLowerCase(Locale.ROOT) : "");
  }
}
