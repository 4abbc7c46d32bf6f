package dev.talweg.ml;

import java.util.Arrays;

/**
 * The objectives of {@code spark.ml} as its documentation has them, in plain loops over doubles:
 * what both sides' models are judged by.
 *
 * @param l1 λα
 * @param l2 λ(1 − α)
 */
record NeutralObjective(SmallData data, Loss loss, double l1, double l2, double[] scales) {

  /** ℓ(z, y) of the margins of a row. */
  interface Loss {
    double at(double[] margins, double label);
  }

  static final Loss LOGISTIC =
      (z, y) -> {
        double m = (2 * y - 1) * z[0];
        return m > 0 ? Math.log1p(Math.exp(-m)) : -m + Math.log1p(Math.exp(m));
      };

  static final Loss SOFTMAX =
      (z, y) -> {
        double most = Arrays.stream(z).max().orElseThrow();
        double sum = 0;
        for (double each : z) {
          sum += Math.exp(each - most);
        }
        return Math.log(sum) + most - z[(int) y];
      };

  static final Loss SQUARED = (z, y) -> 0.5 * (z[0] - y) * (z[0] - y);

  static final Loss HINGE = (z, y) -> Math.max(0, 1 - (2 * y - 1) * z[0]);

  /** Deviations of the sample, or of the population, or 1. */
  static double[] deviations(SmallData data, boolean sample) {
    double[] deviations = new double[data.dimension()];
    for (int j = 0; j < deviations.length; j++) {
      double[] column = new double[data.labels().length];
      for (int i = 0; i < column.length; i++) {
        column[i] = data.features()[i][j];
      }
      deviations[j] = deviation(column, data.weights(), sample);
    }
    return deviations;
  }

  static double deviation(double[] values, double[] weights, boolean sample) {
    double weight = 0;
    double squares = 0;
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      weight += weights[i];
      squares += weights[i] * weights[i];
      sum += weights[i] * values[i];
    }
    double second = 0;
    for (int i = 0; i < values.length; i++) {
      double apart = values[i] - sum / weight;
      second += weights[i] * apart * apart;
    }
    return Math.sqrt(second / (sample ? weight - squares / weight : weight));
  }

  /**
   * @param weights by margin, then by feature
   */
  double value(double[][] weights, double[] intercepts) {
    double total = 0;
    double weight = 0;
    double[] margins = new double[intercepts.length];
    for (int i = 0; i < data.labels().length; i++) {
      for (int k = 0; k < margins.length; k++) {
        margins[k] = intercepts[k];
        for (int j = 0; j < weights[k].length; j++) {
          margins[k] += weights[k][j] * data.features()[i][j];
        }
      }
      total += data.weights()[i] * loss.at(margins, data.labels()[i]);
      weight += data.weights()[i];
    }
    double penalty = 0;
    for (double[] each : weights) {
      for (int j = 0; j < each.length; j++) {
        double scaled = scales[j] * each[j];
        penalty += l1 * Math.abs(scaled) + 0.5 * l2 * scaled * scaled;
      }
    }
    return total / weight + penalty;
  }
}
