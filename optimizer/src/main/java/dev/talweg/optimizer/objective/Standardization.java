package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

/**
 * A change of variables that standardizes features without touching the data: with standardized
 * parameters (u, c), a linear margin is Σ u_j (x_j − μ_j)/σ_j + c, which is the margin of the
 * parameters w_j = u_j/σ_j and b = c − Σ μ_j w_j. First-order methods, whose steps follow the scale
 * of each coordinate, need it on raw columns; L-BFGS has its preconditioner instead.
 *
 * <p>The gradient follows by the chain rule: ∂/∂u_j = (∂/∂w_j − μ_j ∂/∂b)/σ_j and ∂/∂c = ∂/∂b.
 *
 * @param means μ of each feature: 0 leaves it where it is
 * @param deviations σ of each feature, above 0: 1 leaves its scale
 * @param width weights of each feature, side by side, that as many intercepts and what has nothing
 *     to do with features follow; 0 where there are weights and intercepts alone
 */
public record Standardization(double[] means, double[] deviations, int width)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  public Standardization {
    if (means.length != deviations.length) {
      throw new IllegalArgumentException(
          "lengths differ: " + means.length + " != " + deviations.length);
    }
  }

  /** Of a model of weights and intercepts alone. */
  public Standardization(double[] means, double[] deviations) {
    this(means, deviations, 0);
  }

  /** The same for the first layer of a net. */
  public Standardization wide(int units) {
    return new Standardization(means, deviations, units);
  }

  /** The same scales, with every feature where it is. */
  public Standardization uncentred() {
    return new Standardization(new double[means.length], deviations, width);
  }

  /** Of the features at these places, and of what is none as it is. */
  Standardization of(int[] places) {
    return new Standardization(
        Arrays.stream(places).mapToDouble(this::mean).toArray(),
        Arrays.stream(places).mapToDouble(this::deviation).toArray());
  }

  private int width(double[] parameters) {
    return width > 0 ? width : parameters.length / (means.length + 1);
  }

  /** Whether features are moved, and not scaled alone. */
  boolean moves() {
    return Arrays.stream(means).anyMatch(mean -> mean != 0);
  }

  /** What is taken from a feature; 0 for what is none. */
  double mean(int feature) {
    return feature < means.length ? means[feature] : 0;
  }

  /** What a feature is divided by; 1 for what is none. */
  double deviation(int feature) {
    return feature < deviations.length ? deviations[feature] : 1;
  }

  /** Adds one for each feature that is moved or scaled. */
  private double changes(double before, int from, int until) {
    double changes = before;
    for (int j = from; j < until; j++) {
      changes += means[j] != 0 || deviations[j] != 1 ? 1 : 0;
    }
    return changes;
  }

  private boolean changesNothing() {
    return Strips.sum(means.length, this::changes) == 0;
  }

  /** Changes nothing, for d features. */
  public static Standardization none(int d) {
    double[] ones = new double[d];
    Arrays.fill(ones, 1);
    return new Standardization(new double[d], ones);
  }

  /**
   * The model's parameters, d weights and the intercept, of standardized ones; or K of each, the K
   * weights of a feature side by side.
   */
  public double[] parameters(double[] standardized) {
    int d = means.length;
    int classes = width(standardized);
    double[] parameters = standardized.clone();
    if (changesNothing()) {
      return parameters;
    }
    Strips.each(
        d,
        classes,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            divide(parameters, j, classes);
          }
        });
    double[] shifts = new double[classes];
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < classes; k++) {
        shifts[k] += means[j] * parameters[j * classes + k];
      }
    }
    for (int k = 0; k < classes; k++) {
      parameters[d * classes + k] -= shifts[k];
    }
    return parameters;
  }

  /** The inverse of {@link #parameters}. */
  public double[] standardized(double[] parameters) {
    int d = means.length;
    int classes = width(parameters);
    double[] standardized = parameters.clone();
    if (changesNothing()) {
      return standardized;
    }
    double[] shifts = new double[classes];
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < classes; k++) {
        int at = j * classes + k;
        standardized[at] *= deviations[j];
        shifts[k] += means[j] * parameters[at];
      }
    }
    for (int k = 0; k < classes; k++) {
      standardized[d * classes + k] += shifts[k];
    }
    return standardized;
  }

  /** An evaluation at {@link #parameters}, as one at the standardized ones; it is handed over. */
  Evaluation standardized(Evaluation at) {
    double[] gradient = at.gradient();
    int d = means.length;
    int classes = width(gradient);
    double[] intercepts = Arrays.copyOfRange(gradient, d * classes, (d + 1) * classes);
    Strips.each(
        d,
        classes,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            for (int k = 0; k < classes; k++) {
              gradient[j * classes + k] -= means[j] * intercepts[k];
            }
            divide(gradient, j, classes);
          }
        });
    return new Evaluation(at.value(), gradient);
  }

  /** What a feature has by its deviation: a loop over one array, which C2 has in lanes. */
  private void divide(double[] x, int feature, int classes) {
    double deviation = deviations[feature];
    int until = (feature + 1) * classes;
    for (int at = feature * classes; at < until; at++) {
      x[at] /= deviation;
    }
  }

  /** The same objective as a function of standardized parameters. */
  public BatchObjective of(BatchObjective objective) {
    return changesNothing() ? objective : new OfStandardized(objective, this);
  }

  /** The same, where partitions take steps of their own, which are of standardized parameters. */
  public LocalObjective of(LocalObjective objective) {
    return new RoundsOfStandardized(objective, this);
  }

  private static class OfStandardized implements BatchObjective {
    private final BatchObjective objective;
    private final Standardization coordinates;

    OfStandardized(BatchObjective objective, Standardization coordinates) {
      this.objective = objective;
      this.coordinates = coordinates;
    }

    @Override
    public int dimension() {
      return objective.dimension();
    }

    @Override
    public Tensors tensors() {
      return objective.tensors();
    }

    @Override
    public List<Slice> buffers() {
      return objective.buffers();
    }

    @Override
    public ParameterLayout layout() {
      return objective.layout();
    }

    @Override
    public long stepsPerEpoch() {
      return objective.stepsPerEpoch();
    }

    @Override
    public Evaluation evaluate(double[] standardized, long step) {
      return coordinates.standardized(
          objective.evaluate(coordinates.parameters(standardized), step));
    }

    @Override
    public Evaluation evaluateAll(double[] standardized) {
      return coordinates.standardized(objective.evaluateAll(coordinates.parameters(standardized)));
    }

    @Override
    public List<Integer> notFinite(double[] standardized, long step) {
      return objective.notFinite(coordinates.parameters(standardized), step);
    }
  }

  private static final class RoundsOfStandardized extends OfStandardized implements LocalObjective {
    private final LocalObjective objective;
    private final Standardization coordinates;

    RoundsOfStandardized(LocalObjective objective, Standardization coordinates) {
      super(objective, coordinates);
      this.objective = objective;
      this.coordinates = coordinates;
    }

    @Override
    public double[] sums(LocalRound round) {
      return objective.sums(round.in(coordinates));
    }

    @Override
    public List<Integer> notFinite(LocalRound round) {
      return objective.notFinite(round.in(coordinates));
    }
  }
}
