package dev.talweg.ml.engine;

import dev.talweg.optimizer.model.SoftmaxModel;

/**
 * Parameters of K margins, at their places in the vectors.
 *
 * @param weights K side by side for each entry of a vector
 * @param intercepts K
 * @param objectives of the start and after each step
 */
public record Fitted(double[] weights, double[] intercepts, double[] objectives) {

  /**
   * Of parameters by feature. A constant feature is the intercept's in {@code spark.ml}: its weight
   * is 0, and what it adds to every margin goes to the intercept, which changes no margin.
   */
  static Fitted of(TrainingRows rows, double[] parameters, int margins, double[] objectives) {
    int d = rows.features();
    double[] deviations = rows.deviations(TrainingRows.Deviation.POPULATION);
    double[] means = rows.means();
    double[] weights = new double[d * margins];
    double[] intercepts = new double[margins];
    System.arraycopy(parameters, d * margins, intercepts, 0, margins);
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < margins; k++) {
        if (deviations[j] > 0) {
          weights[j * margins + k] = parameters[j * margins + k];
        } else {
          intercepts[k] += means[j] * parameters[j * margins + k];
        }
      }
    }
    return new Fitted(rows.placed(weights, margins), intercepts, objectives);
  }

  /** What {@link #centred} is of. */
  public enum Centred {
    INTERCEPTS,
    WEIGHTS_AND_INTERCEPTS
  }

  /** With sums of zero over the margins, which changes no probability of a softmax. */
  public Fitted centred(Centred what) {
    int margins = intercepts.length;
    return new Fitted(
        what == Centred.INTERCEPTS ? weights : SoftmaxModel.centred(weights, margins),
        SoftmaxModel.centred(intercepts, margins),
        objectives);
  }

  /** The weights of one margin. */
  public double[] margin(int k) {
    int margins = intercepts.length;
    double[] margin = new double[weights.length / margins];
    for (int j = 0; j < margin.length; j++) {
      margin[j] = weights[j * margins + k];
    }
    return margin;
  }
}
