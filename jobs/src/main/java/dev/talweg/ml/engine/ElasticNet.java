package dev.talweg.ml.engine;

import dev.talweg.optimizer.objective.Penalty;

/**
 * {@code regParam}, {@code elasticNetParam} and {@code standardization} on the scale of the data:
 * l1_j = λα s_j and l2_j = λ(1 − α) s_j², where s_j is the deviation σ_j of the feature, or 1.
 *
 * <p>A constant feature has no penalty in {@code spark.ml} and the weight 0. Here it has a ridge,
 * beside which a free intercept makes 0 the minimum, whatever the ridge.
 *
 * @param l1 λα
 * @param l2 λ(1 − α)
 * @param deviations σ_j
 * @param scale whether s_j is σ_j
 */
public record ElasticNet(double l1, double l2, double[] deviations, Scale scale) {

  /** What {@code standardization} asks for. */
  public enum Scale {
    STANDARDIZED,
    AS_IT_IS;

    public static Scale of(boolean standardization) {
      return standardization ? STANDARDIZED : AS_IT_IS;
    }
  }

  /** No penalty. */
  static ElasticNet none(TrainingRows rows) {
    return new ElasticNet(0, 0, rows.deviations(TrainingRows.Deviation.POPULATION), Scale.AS_IT_IS);
  }

  private double scale(int j) {
    return scale == Scale.STANDARDIZED ? deviations[j] : 1;
  }

  double[] ridge() {
    double[] ridge = new double[deviations.length];
    for (int j = 0; j < ridge.length; j++) {
      ridge[j] = deviations[j] > 0 ? l2 * scale(j) * scale(j) : 1;
    }
    return ridge;
  }

  /** l1_j; empty for none. */
  public double[] lasso() {
    double[] lasso = new double[l1 > 0 ? deviations.length : 0];
    for (int j = 0; j < lasso.length; j++) {
      lasso[j] = deviations[j] > 0 ? l1 * scale(j) : 0;
    }
    return lasso;
  }

  /** Without bounds. */
  public Penalty penalty() {
    return within(new double[0], new double[0]);
  }

  /** With bounds on the weights; empty for none. A constant feature has none. */
  public Penalty within(double[] lower, double[] upper) {
    return new Penalty(
        ridge(),
        lasso(),
        ofVarying(lower, Double.NEGATIVE_INFINITY),
        ofVarying(upper, Double.POSITIVE_INFINITY));
  }

  private double[] ofVarying(double[] bounds, double none) {
    double[] varying = bounds.clone();
    for (int j = 0; j < varying.length; j++) {
      varying[j] = deviations[j] > 0 ? varying[j] : none;
    }
    return varying;
  }
}
