package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Ingested;
import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.cluster.ClusterMultinomialPasses;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.objective.MultinomialProblem;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.PinnedMultinomialPasses;
import dev.talweg.optimizer.objective.Standardization;
import java.util.Arrays;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The softmax objective over data that was read. */
final class MultinomialTraining implements RayTraining {
  private final Ingested data;
  private final SoftmaxModel model;
  private final Penalty penalty;
  private final ClusterMultinomialPasses passes;
  private final MultinomialProblem problem;

  MultinomialTraining(RunConfig config, Ingested data) {
    this.data = data;
    Encoding encoding = data.encoding();
    SoftmaxLoss loss = new SoftmaxLoss(encoding.classes().size());
    if ((encoding.dimension() + 1L) * loss.classes() > Integer.MAX_VALUE - 8) {
      throw new DataException(
          encoding.dimension()
              + " features of "
              + loss.classes()
              + " classes are more than 2^31 parameters; hash into fewer bits, or group classes");
    }
    Intercept intercept = config.model().intercept();
    this.model = new SoftmaxModel(loss, encoding.dimension(), intercept);
    this.penalty = FeaturePenalties.of(config.penalty(), encoding, data.moments());
    this.passes =
        new ClusterMultinomialPasses(
            data.blocks(), loss, model.features(), data.entries(), config.wire());
    Double gap = config.stopping().gap();
    this.problem =
        new MultinomialProblem(
            PinnedMultinomialPasses.of(passes, intercept),
            penalty,
            data.report().trainRows(),
            gap == null ? Double.POSITIVE_INFINITY : gap);
    double[] weights = problem.classWeights();
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] == 0) {
        throw new DataException(
            "data.weight: every row of class "
                + encoding.classes().get(k)
                + " has weight 0; leave these rows out with data.where");
      }
    }
  }

  @Override
  public Encoding encoding() {
    return data.encoding();
  }

  @Override
  public SoftmaxModel model() {
    return model;
  }

  @Override
  public MultinomialProblem problem() {
    return problem;
  }

  /** Of each feature, for all classes alike. */
  @Override
  public Penalty penalty() {
    return penalty;
  }

  @Override
  public Standardization standardization() {
    return Training.standardization(encoding(), data.moments());
  }

  @Override
  public double trainMetric(Metric metric, double value, Supplier<double[]> parameters) {
    return metric.name().equals("log-loss")
        ? value - problem.penalty().value(parameters.get())
        : Double.NaN;
  }

  @Override
  public ClusterBatches batches(long batch, long seed, UnaryOperator<Model> as) {
    double[] all = Arrays.copyOf(problem.penalty().l2(), model.layout().dimension());
    return new ClusterBatches(
        data.shuffled(seed), as.apply(model), all, data.report().trainRows(), batch, seed);
  }

  @Override
  public double passes() {
    return passes.passes();
  }

  @Override
  public long bytesReduced() {
    return passes.bytesReduced();
  }

  /**
   * Centred over the classes: what no probability depends on is taken out. Not of the weights where
   * l1 or bounds say which of them are there.
   */
  @Override
  public double[] finished(double[] parameters) {
    double[] centred = SoftmaxModel.centred(parameters, model.margins());
    if (!penalty.smooth()) {
      System.arraycopy(parameters, 0, centred, 0, problem.penalty().features());
    }
    return centred;
  }

  @Override
  public double[] curvature(double[] parameters) {
    int classes = model.margins();
    double[] ridge = problem.penalty().l2();
    int weights = ridge.length;
    double total = data.moments().weight();
    double[] sums = problem.squares(parameters);
    double[] diagonal = new double[weights + classes];
    for (int at = 0; at < weights; at++) {
      diagonal[at] = sums[at] / total + ridge[at];
    }
    for (int k = 0; k < classes; k++) {
      diagonal[weights + k] = sums[2 * weights + k] / total;
    }
    return diagonal;
  }

  @Override
  public void close() {
    passes.close();
  }
}
