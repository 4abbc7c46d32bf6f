package dev.talweg.ml.engine;

import breeze.linalg.DenseVector$;
import breeze.optimize.LBFGS;
import dev.talweg.datasets.DataException;
import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Sigmoid;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.Objective;
import dev.talweg.optimizer.objective.Standardization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Fits the perceptron of {@code spark.ml}: sigmoids in hidden layers, a softmax on top, all rows in
 * every step. Its weights have the order that ours have: of each layer those of an input side by
 * side, then the biases.
 *
 * <p>Spark's objective is the mean over blocks of {@code blockSize} rows of the block's mean, where
 * a partition's last block may have fewer; here every row counts the same.
 */
public final class NetFit {
  private static final int MEMORY = 10;
  private static final double CLOSER = 1e-3;

  /** Up to so many features are never numbered anew within a partition. */
  private static final int OWN_NUMBERS = 8192;

  private final TrainingRows rows;
  private final BatchObjective objective;
  private final int width;
  private final double[] start;

  /**
   * @param layers inputs, units of hidden layers, classes
   * @param start the weights to begin with
   * @throws DataException where layers, rows and weights do not fit each other
   */
  public NetFit(TrainingRows rows, int[] layers, double[] start) {
    this.rows = rows;
    this.start = start.clone();
    int classes = layers[layers.length - 1];
    if (layers[0] != rows.size() || layers[0] != rows.features()) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%d inputs for vectors of %d numbers", layers[0], rows.size()));
    }
    if (classes < 2) {
      throw new DataException("there is one class");
    }
    Perceptron net =
        new Perceptron(
            layers[0],
            new Architecture(
                Arrays.stream(layers, 1, layers.length - 1).boxed().toList(),
                new Sigmoid(),
                Architecture.Norm.NONE,
                0,
                Initializer.GLOROT),
            new Head.OfClasses(new SoftmaxLoss(classes), 0));
    int parameters = net.layout().dimension();
    if (start.length != parameters) {
      throw new DataException(
          String.format(
              Locale.ROOT, "%d initial weights for %d parameters", start.length, parameters));
    }
    this.width = net.width();
    long count = rows.data().moments().rows();
    this.objective =
        new ClusterBatches(
            layers[0] > OWN_NUMBERS ? rows.data().shuffled(0) : rows.data().blocks(),
            net,
            new double[parameters],
            count,
            count,
            0);
  }

  /**
   * By Breeze's L-BFGS, which Spark has too, in standardized coordinates of the features: from the
   * same function, with gradients that no feature's scale rules.
   */
  public LinearFit.Walk lbfgs(Budget budget) {
    Standardization coordinates = coordinates();
    LinearFit.Walk walk =
        BreezeFit.walk(
            new LBFGS<>(
                budget.steps(),
                MEMORY,
                budget.tolerance() * CLOSER,
                DenseVector$.MODULE$.space_Double()),
            new OfAllRows(coordinates.of(objective)),
            coordinates.standardized(start));
    return new LinearFit.Walk(coordinates.parameters(walk.parameters()), walk.objectives());
  }

  private Standardization coordinates() {
    double[] deviations = rows.deviations(TrainingRows.Deviation.POPULATION);
    double[] means = rows.means();
    for (int j = 0; j < deviations.length; j++) {
      if (deviations[j] == 0) {
        deviations[j] = 1;
        means[j] = 0;
      }
    }
    return new Standardization(means, deviations, width);
  }

  /**
   * Down the gradient by a constant step, until a step is shorter than {@code tol} of the weights:
   * as Spark's, in the coordinates of the data, since that is what {@code stepSize} is of.
   */
  public LinearFit.Walk descended(Budget budget, double stepSize) {
    Objective all = new OfAllRows(objective);
    List<Double> objectives = new ArrayList<>();
    double[] weights = start.clone();
    for (int step = 0; true; step++) {
      Evaluation evaluation = all.evaluate(weights);
      objectives.add(evaluation.value());
      if (step == budget.steps()) {
        break;
      }
      double moved = 0;
      double size = 0;
      for (int k = 0; k < weights.length; k++) {
        double change = stepSize * evaluation.gradient()[k];
        weights[k] -= change;
        moved += change * change;
        size += weights[k] * weights[k];
      }
      double least = budget.tolerance() * Math.max(Math.sqrt(size), 1);
      if (step > 0 && Math.sqrt(moved) < least) { // Spark does not ask after its first step
        break;
      }
    }
    return new LinearFit.Walk(
        weights, objectives.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** A batch that has all rows is the first, and the last. */
  private record OfAllRows(BatchObjective batches) implements Objective {
    @Override
    public int dimension() {
      return batches.dimension();
    }

    @Override
    public Evaluation evaluate(double[] parameters) {
      return batches.evaluate(parameters, 0);
    }
  }
}
