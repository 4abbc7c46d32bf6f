package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Ingested;
import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.cluster.ClusterPasses;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.Standardization;
import java.util.Arrays;

/** The objective of a linear model over data that was read, in the forms that minimizers need. */
final class LinearTraining implements AutoCloseable {
  private final Ingested data;
  private final LinearModel model;
  private final Penalty penalty;
  private final ClusterPasses passes;
  private final LinearProblem problem;

  LinearTraining(RunConfig config, Ingested data, PointwiseLoss loss) {
    this.data = data;
    this.model = new LinearModel(loss, data.encoding().dimension());
    this.penalty = FeaturePenalties.of(config.penalty(), data.encoding(), data.moments());
    this.passes = new ClusterPasses(data.blocks(), loss, model.features(), data.entries());
    this.problem = new LinearProblem(passes, loss, data.moments(), penalty);
  }

  /** Numeric columns on their standardized scale; what has no deviation stays as it is. */
  Standardization standardization() {
    Moments moments = data.moments();
    Standardization coordinates = Standardization.none(encoding().dimension());
    for (int j = 0; j < encoding().numeric(); j++) {
      if (moments.deviation(j) > 0) {
        coordinates.means()[j] = moments.sums()[j] / moments.weight();
        coordinates.deviations()[j] = moments.deviation(j);
      }
    }
    return coordinates;
  }

  Encoding encoding() {
    return data.encoding();
  }

  LinearModel model() {
    return model;
  }

  ClusterPasses passes() {
    return passes;
  }

  LinearProblem problem() {
    return problem;
  }

  /**
   * A metric on the rows that a value of the objective is of, where it follows from the value: the
   * loss alone, without the penalty, or its root. NaN where it does not.
   */
  double trainMetric(Metric metric, double value, double[] parameters) {
    double loss = value - penalty.value(parameters);
    if (metric.name().equals("log-loss") && model.loss() instanceof LogisticLoss) {
      return loss;
    }
    return metric.name().equals("rmse") && model.loss() instanceof SquaredLoss
        ? Math.sqrt(2 * Math.max(0, loss))
        : Double.NaN;
  }

  /** Batches of rows that were shuffled once. */
  ClusterBatches batches(long batch, long seed) {
    double[] all = Arrays.copyOf(penalty.l2(), model.layout().dimension());
    return new ClusterBatches(
        data.shuffled(seed), model, all, data.report().trainRows(), batch, seed);
  }

  @Override
  public void close() {
    passes.close();
  }
}
