package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.Kind;
import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Nets;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.net.Embedding;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.Standardization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The objective of a net over data that was read: batches of the shuffled rows, in the coordinates
 * where numeric columns are standardized, which the first layer of the saved model undoes.
 */
final class NetTraining implements Training {
  private final Ingested data;
  private final Net model;
  private final Penalty penalty;
  private final double l2;

  NetTraining(RunConfig config, Ingested data) {
    this.data = data;
    this.model =
        model(
            config.model().kind(),
            config.model().loss(),
            config.model().settings(),
            data.encoding().outline());
    this.penalty = FeaturePenalties.of(config.penalty(), data.encoding(), data.moments());
    this.l2 = config.penalty().l2();
  }

  /** The net of a loss and its settings over encoded rows. */
  static Net model(String kind, String loss, Settings settings, Encoding.Outline encoding) {
    double smoothing = settings.number("label-smoothing");
    Head head =
        loss.equals(SoftmaxLoss.NAME)
            ? new Head.OfClasses(new SoftmaxLoss(encoding.classes()), smoothing)
            : new Head.OfMargin(Catalog.loss(loss, settings), smoothing);
    int features = encoding.dimension();
    if (Nets.width(kind, settings, head.margins()) == 0) {
      checkVector(kind, settings, encoding);
    }
    try {
      return Nets.of(kind, settings, features, levels(encoding), head);
    } catch (IllegalArgumentException e) {
      throw new DataException(
          "model.hidden: " + e.getMessage() + "; hash into fewer bits, or take fewer units");
    }
  }

  private static List<Nets.Levels> levels(Encoding.Outline encoding) {
    return encoding.spans().stream()
        .filter(span -> span.ofLevels() && span.size() > 0)
        .map(span -> new Nets.Levels(span.column(), span.first(), span.size()))
        .toList();
  }

  private static void checkVector(String kind, Settings settings, Encoding.Outline encoding) {
    int features = encoding.dimension();
    long steps = settings.integer("steps");
    if (features == 0 || encoding.spans().get(0).kind() != Kind.VECTOR) {
      throw new DataException(
          "model: "
              + kind
              + " reads one vector column and nothing else; write features: {vector: NAME}");
    }
    if (features % steps != 0) {
      throw new DataException(
          "model.steps: found "
              + steps
              + ", but the longest row has "
              + features
              + " numbers, which are not as many in each step; write a divisor of "
              + features
              + ", or the numbers of a step, such as channels: 1");
    }
  }

  @Override
  public Encoding encoding() {
    return data.encoding();
  }

  @Override
  public Net model() {
    return model;
  }

  @Override
  public double[] start(RunConfig config) {
    return standardization().parameters(model.initial(config.seed()));
  }

  @Override
  public Penalty penalty() {
    return penalty;
  }

  /** None: the objective is not convex. */
  @Override
  public Optional<Certificate> certify(double[] parameters) {
    return Optional.empty();
  }

  /** Of the inputs of the first layer: units of tables are not standardized. */
  @Override
  public Standardization standardization() {
    if (model.products() == 0) {
      return Standardization.none(0);
    }
    Embedding embedding = model.embedding();
    Standardization ofFeatures = Training.standardization(encoding(), data.moments());
    Standardization inputs = Standardization.none(embedding.rest() + embedding.outputs());
    for (int number = 0; number < embedding.rest(); number++) {
      int feature = embedding.unnumbered(number);
      inputs.means()[number] = ofFeatures.means()[feature];
      inputs.deviations()[number] = ofFeatures.deviations()[feature];
    }
    return inputs.wide(model.products());
  }

  /** Of the batch, as it is trained; NaN where dropout or smoothed labels are in its loss. */
  @Override
  public double trainMetric(Metric metric, double value, Supplier<double[]> parameters) {
    if (model.dropout() > 0 || !measures(model.head(), metric)) {
      return Double.NaN;
    }
    double loss = l2 > 0 ? value - penaltyAt(parameters.get()) : value;
    return metric.name().equals("rmse") ? Math.sqrt(2 * Math.max(0, loss)) : loss;
  }

  private static boolean measures(Head head, Metric metric) {
    if (head instanceof Head.OfMargin one) {
      String measure =
          one.loss() instanceof LogisticLoss
              ? "log-loss"
              : one.loss() instanceof SquaredLoss ? "rmse" : "";
      return one.smoothing() == 0 && metric.name().equals(measure);
    }
    return head instanceof Head.OfClasses classes
        && classes.smoothing() == 0
        && metric.name().equals("log-loss");
  }

  private double penaltyAt(double[] parameters) {
    double[] all = penalties();
    double sum = 0;
    for (int j = 0; j < all.length; j++) {
      sum += all[j] * parameters[j] * parameters[j] / 2;
    }
    return sum;
  }

  @Override
  public ClusterBatches batches(long batch, long seed, UnaryOperator<Model> as) {
    return new ClusterBatches(
        data.shuffled(seed), as.apply(model), penalties(), data.report().trainRows(), batch, seed);
  }

  private double[] penalties() {
    double[] all = new double[model.layout().dimension()];
    if (l2 == 0) {
      return all;
    }
    for (Slice slice : model.layout().slices()) {
      Arrays.fill(all, slice.from(), slice.from() + slice.length(), slice.penalized() ? l2 : 0);
    }
    for (int at = 0; at < all.length; at++) {
      int feature = model.feature(at);
      if (feature >= 0) {
        all[at] = penalty.l2()[feature];
      }
    }
    return all;
  }

  /** Those of batches alone, which {@link ClusterBatches} counts. */
  @Override
  public double passes() {
    return 0;
  }

  @Override
  public long bytesReduced() {
    return 0;
  }

  @Override
  public double[] finished(double[] parameters) {
    return parameters;
  }

  @Override
  public double[] curvature(double[] parameters) {
    return new double[0];
  }

  @Override
  public void close() {}
}
