package dev.talweg.ml.classification;

import dev.talweg.datasets.DataException;
import dev.talweg.ml.engine.Budget;
import dev.talweg.ml.engine.NetFit;
import dev.talweg.ml.engine.SparkMl;
import dev.talweg.ml.engine.TrainingRows;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;

/**
 * {@code org.apache.spark.ml.classification.MultilayerPerceptronClassifier}, trained by Talweg: the
 * same parameters, the same model class with its weights in the same order, the mean cross entropy
 * over all rows as objective, from the weights that Spark begins with for the same {@code seed} or
 * from {@code initialWeights}.
 *
 * <p>{@code solver} {@code l-bfgs} is Breeze's, as in Spark, over Talweg's passes and in
 * standardized coordinates of the features; {@code gd} goes down the gradient of all rows by {@code
 * stepSize}, in the coordinates of the data. Where the vectors or {@code initialWeights} have
 * another length than {@code layers} says, where there is one class, or a row cannot be used,
 * Spark's own code trains, and says what Spark says.
 */
public final class MultilayerPerceptronClassifier
    extends org.apache.spark.ml.classification.MultilayerPerceptronClassifier {
  private static final long serialVersionUID = 1L;

  /** With the default parameters. */
  public MultilayerPerceptronClassifier() {
    super();
    seedLikeSpark();
  }

  /** With an identifier of one's own. */
  public MultilayerPerceptronClassifier(String uid) {
    super(uid);
    seedLikeSpark();
  }

  /** By default a seed is a hash of the class's name, which here is to be that of Spark's. */
  private void seedLikeSpark() {
    String name = org.apache.spark.ml.classification.MultilayerPerceptronClassifier.class.getName();
    setDefault(seed(), (long) name.hashCode());
  }

  /** Reads what {@code write()} has saved; the reader's type is that of the class it hides. */
  public static MLReader<org.apache.spark.ml.classification.MultilayerPerceptronClassifier> read() {
    return SparkMl.reader(
        MultilayerPerceptronClassifier.class, MultilayerPerceptronClassifier::new);
  }

  /** Reads what {@code save} has saved. */
  public static MultilayerPerceptronClassifier load(String path) {
    return (MultilayerPerceptronClassifier) read().load(path);
  }

  @Override
  public MultilayerPerceptronClassifier copy(ParamMap extra) {
    return (MultilayerPerceptronClassifier) super.copy(extra);
  }

  @Override
  public MultilayerPerceptronClassifier setFeaturesCol(String value) {
    return (MultilayerPerceptronClassifier) super.setFeaturesCol(value);
  }

  @Override
  public MultilayerPerceptronClassifier setLabelCol(String value) {
    return (MultilayerPerceptronClassifier) super.setLabelCol(value);
  }

  @Override
  public MultilayerPerceptronClassifier setPredictionCol(String value) {
    return (MultilayerPerceptronClassifier) super.setPredictionCol(value);
  }

  @Override
  public MultilayerPerceptronClassifier setRawPredictionCol(String value) {
    return (MultilayerPerceptronClassifier) super.setRawPredictionCol(value);
  }

  @Override
  public MultilayerPerceptronClassifier setProbabilityCol(String value) {
    return (MultilayerPerceptronClassifier) super.setProbabilityCol(value);
  }

  @Override
  public MultilayerPerceptronClassifier setThresholds(double[] value) {
    return (MultilayerPerceptronClassifier) super.setThresholds(value);
  }

  @Override
  public MultilayerPerceptronClassifier setLayers(int[] value) {
    return (MultilayerPerceptronClassifier) super.setLayers(value);
  }

  @Override
  public MultilayerPerceptronClassifier setBlockSize(int value) {
    return (MultilayerPerceptronClassifier) super.setBlockSize(value);
  }

  @Override
  public MultilayerPerceptronClassifier setSolver(String value) {
    return (MultilayerPerceptronClassifier) super.setSolver(value);
  }

  @Override
  public MultilayerPerceptronClassifier setMaxIter(int value) {
    return (MultilayerPerceptronClassifier) super.setMaxIter(value);
  }

  @Override
  public MultilayerPerceptronClassifier setTol(double value) {
    return (MultilayerPerceptronClassifier) super.setTol(value);
  }

  @Override
  public MultilayerPerceptronClassifier setSeed(long value) {
    return (MultilayerPerceptronClassifier) super.setSeed(value);
  }

  @Override
  public MultilayerPerceptronClassifier setInitialWeights(Vector value) {
    return (MultilayerPerceptronClassifier) super.setInitialWeights(value);
  }

  @Override
  public MultilayerPerceptronClassifier setStepSize(double value) {
    return (MultilayerPerceptronClassifier) super.setStepSize(value);
  }

  @Override
  public MultilayerPerceptronClassificationModel train(Dataset<?> dataset) {
    int[] layers = getLayers();
    int classes = layers[layers.length - 1];
    try (TrainingRows rows =
        TrainingRows.read(SparkMl.classified(dataset, getLabelCol(), getFeaturesCol(), classes))) {
      NetFit fit = new NetFit(rows, layers, start(layers));
      Budget budget = new Budget(getMaxIter(), getTol());
      return SparkMl.model(
          this,
          dataset,
          getSolver().equals("gd") ? fit.descended(budget, getStepSize()) : fit.lbfgs(budget));
    } catch (DataException e) {
      SparkMl.leftToSpark(log(), this, e);
      return super.train(dataset);
    }
  }

  private double[] start(int[] layers) {
    return isDefined(initialWeights())
        ? getInitialWeights().toArray()
        : SparkMl.initialWeights(layers, getSeed());
  }
}
