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
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.PinnedPasses;
import dev.talweg.optimizer.objective.Standardization;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The objective of a linear model over data that was read. */
final class LinearTraining implements RayTraining {
  private final Ingested data;
  private final LinearModel model;
  private final Penalty penalty;
  private final ClusterPasses passes;
  private final LinearProblem problem;

  LinearTraining(RunConfig config, Ingested data, PointwiseLoss loss) {
    this.data = data;
    Intercept intercept = config.model().intercept();
    this.model = new LinearModel(loss, data.encoding().dimension(), intercept);
    this.penalty = FeaturePenalties.of(config.penalty(), data.encoding(), data.moments());
    this.passes =
        new ClusterPasses(data.blocks(), loss, model.features(), data.entries(), config.wire());
    Double gap = config.stopping().gap();
    this.problem =
        new LinearProblem(
            PinnedPasses.of(passes, intercept),
            loss,
            data.moments(),
            penalty,
            gap == null ? Double.POSITIVE_INFINITY : gap);
  }

  @Override
  public Standardization standardization() {
    return Training.standardization(encoding(), data.moments());
  }

  @Override
  public Encoding encoding() {
    return data.encoding();
  }

  @Override
  public LinearModel model() {
    return model;
  }

  @Override
  public double passes() {
    return passes.passes();
  }

  @Override
  public long bytesReduced() {
    return passes.bytesReduced();
  }

  @Override
  public LinearProblem problem() {
    return problem;
  }

  @Override
  public double trainMetric(Metric metric, double value, Supplier<double[]> parameters) {
    double loss = value - penalty.value(parameters.get());
    if (metric.name().equals("log-loss") && model.loss() instanceof LogisticLoss) {
      return loss;
    }
    return metric.name().equals("rmse") && model.loss() instanceof SquaredLoss
        ? Math.sqrt(2 * Math.max(0, loss))
        : Double.NaN;
  }

  @Override
  public ClusterBatches batches(long batch, long seed, UnaryOperator<Model> as) {
    double[] all = Arrays.copyOf(penalty.l2(), model.layout().dimension());
    return new ClusterBatches(
        data.shuffled(seed), as.apply(model), all, data.report().trainRows(), batch, seed);
  }

  @Override
  public double[] finished(double[] parameters) {
    return parameters;
  }

  @Override
  public double[] curvature(double[] parameters) {
    Curvature curvature = problem.curvature(parameters);
    int d = penalty.features();
    double[] diagonal = new double[d + 1];
    for (int j = 0; j < d; j++) {
      diagonal[j] = curvature.squares()[j] + penalty.l2()[j];
    }
    diagonal[d] = curvature.total();
    return diagonal;
  }

  @Override
  public void close() {
    passes.close();
  }
}
