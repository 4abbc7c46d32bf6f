package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Nets;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.Standardization;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The objective of a model over data that was read, in the forms that minimizers need. */
interface Training extends AutoCloseable {
  /** The kind of model with a margin for each class. */
  String MULTINOMIAL = "multinomial";

  /** What the model that a configuration asks for makes of data. */
  static Training of(RunConfig config, Ingested data) {
    if (Nets.isNet(config.model().kind())) {
      return new NetTraining(config, data);
    }
    return labels(config) == LabelKind.MULTICLASS
        ? new MultinomialTraining(config, data)
        : new LinearTraining(
            config, data, Catalog.loss(config.model().loss(), config.model().settings()));
  }

  /** What labels are to the model that a configuration asks for. */
  static LabelKind labels(RunConfig config) {
    if (config.model().loss().equals(SoftmaxLoss.NAME)) {
      return LabelKind.MULTICLASS;
    }
    return LabelKind.of(Catalog.loss(config.model().loss(), config.model().settings()));
  }

  /** Numeric columns on their standardized scale; what has no deviation stays as it is. */
  static Standardization standardization(Encoding encoding, Moments moments) {
    Standardization coordinates = Standardization.none(encoding.dimension());
    for (int j = 0; j < encoding.numeric(); j++) {
      if (moments.deviation(j) > 0) {
        coordinates.means()[j] = moments.sums()[j] / moments.weight();
        coordinates.deviations()[j] = moments.deviation(j);
      }
    }
    return coordinates;
  }

  Encoding encoding();

  Model model();

  /** The parameters to start from. */
  double[] start(RunConfig config);

  /** What is added to the mean loss, of the features' weights. */
  Penalty penalty();

  /** A certificate of optimality at some parameters. Empty where no dual is at hand. */
  Optional<Certificate> certify(double[] parameters);

  /** Why {@link #certify} is empty, without a full stop. */
  String uncertified();

  /**
   * The Euclidean norm of the gradient of the mean loss over all rows and the ridge; one pass. NaN
   * of nets, whose gradients are of batches.
   */
  double gradientNorm(double[] parameters);

  /** Of the parameters that first-order methods change, against the model's. */
  Standardization standardization();

  /**
   * A metric on the rows that a value of the objective is of, where it follows from the value: the
   * loss alone, without the penalty, or its root. NaN where it does not.
   */
  double trainMetric(Metric metric, double value, Supplier<double[]> parameters);

  /**
   * Batches of rows that were shuffled once.
   *
   * @param as what of the model sees them
   */
  ClusterBatches batches(long batch, long seed, UnaryOperator<Model> as);

  /** Passes over the data so far. */
  double passes();

  /** Bytes that tasks have sent to be summed so far. */
  long bytesReduced();

  /** The parameters as they are saved, of those that optimizing ended at. */
  double[] finished(double[] parameters);

  /**
   * The diagonal of the objective's Hessian; no pass for margins where they were certified last.
   */
  double[] curvature(double[] parameters);

  @Override
  void close();
}
