package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.loss.PointwiseLoss;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * f(w, b) = (1/W) Σ ω ℓ(x·w + b, y) + ½ Σ λ_j w_j²: the mean loss of a linear model with a ridge
 * penalty that spares the intercept, over any {@link LinearPasses}.
 *
 * <p>Standardizing a feature means λ_j = λσ_j² and nothing else: w_j σ_j is the weight of the
 * standardized feature, and centring moves only the intercept, which is free.
 *
 * <p><b>Certificate.</b> With θ_i = ω_i ∂ℓ/∂z_i, scaled where positive or where negative so that Σθ
 * = 0 (the intercept's dual constraint; θ shrinks, so it stays in the domain of ℓ*), weak duality
 * gives f* ≥ −(1/W) Σ ω ℓ*(θ/ω) − ½ Σ ((Xᵀθ)_j/W)²/λ_j (Fenchel's dual; see Dünner et al., ICML
 * 2016). At the minimizer along b, no scaling is needed and the gap is ½ Σ (∂f/∂w_j)²/λ_j.
 */
public final class LinearProblem implements LinearObjective {
  /** At most this many features get an exact curvature matrix: 45,000 numbers on the wire. */
  public static final int EXACT_CURVATURE = 300;

  private static final int MOST_PRIOR_STEPS = 30;

  private final LinearPasses passes;
  private PointwiseLoss loss;
  private final Moments moments;
  private final double[] penalties;
  private double[] placed = {}; // the parameters that the passes' margins are at

  public LinearProblem(
      LinearPasses passes, PointwiseLoss loss, Moments moments, double[] penalties) {
    if (penalties.length != passes.features()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "lengths differ: %d != %d", penalties.length, passes.features()));
    }
    this.passes = passes;
    this.loss = loss;
    this.moments = moments;
    this.penalties = penalties.clone();
  }

  @Override
  public int dimension() {
    return penalties.length + 1;
  }

  @Override
  public double[] penalties() {
    return penalties.clone();
  }

  @Override
  public double[] prior() {
    int d = penalties.length;
    double[] parameters = new double[d + 1];
    parameters[d] =
        loss.prior(moments.label() / moments.weight()) - moments.offset() / moments.weight();
    if (moments.offsetSize() > 0) {
      parameters[d] = fitted(parameters, parameters[d]);
    }
    return parameters;
  }

  /**
   * The intercept that is best beside these weights, near enough to begin with. Offsets, such as
   * exposures over five orders of magnitude, may be far from their mean on most rows. Newton's
   * method in one variable, damped by the value; no pass over features.
   */
  private double fitted(double[] weights, double guess) {
    double[] intercept = new double[dimension()];
    intercept[penalties.length] = 1;
    Ray ray = along(weights, intercept);
    double shift = 0;
    Slopes here = ray.at(0, 0);
    for (int k = 0; k < MOST_PRIOR_STEPS; k++) {
      double step = -here.beta() / here.betaBeta();
      if (!(Math.abs(step) > 1e-3)) { // near enough, or flat
        break;
      }
      step = Math.copySign(Math.min(Math.abs(step), 8), step);
      Slopes there = ray.at(0, shift + step);
      while (!(there.value() < here.value()) && Math.abs(step) > 1e-3) {
        step *= 0.25;
        there = ray.at(0, shift + step);
      }
      if (!(there.value() < here.value())) {
        break;
      }
      shift += step;
      here = there;
    }
    return guess + shift;
  }

  /** Goes on with another loss, at the same margins. */
  void under(PointwiseLoss other) {
    loss = other;
    passes.under(other);
  }

  /** The objective; no pass over features where the margins are at these parameters. */
  double value(double[] parameters) {
    if (!Arrays.equals(placed, parameters)) {
      passes.place(parameters);
      placed = parameters.clone();
    }
    double penalty = 0;
    for (int j = 0; j < penalties.length; j++) {
      penalty += 0.5 * penalties[j] * parameters[j] * parameters[j];
    }
    return passes.value() / moments.weight() + penalty;
  }

  @Override
  public Evaluation evaluate(double[] parameters) {
    placed = parameters.clone();
    if (isMomentous(parameters)) {
      passes.place(parameters);
      return evaluation(constantSums(parameters[penalties.length]), parameters);
    }
    return evaluation(passes.evaluate(parameters), parameters);
  }

  /**
   * Whether gradient and curvature follow from moments: all weights are 0 and no row has an offset,
   * so that all margins are equal.
   */
  private boolean isMomentous(double[] parameters) {
    return loss.canonical()
        && moments.offsetSize() == 0
        && Arrays.stream(parameters, 0, penalties.length).allMatch(w -> w == 0);
  }

  /** What {@link LinearPasses#evaluate} gives, from moments. */
  private double[] constantSums(double margin) {
    int d = penalties.length;
    double[] slope = {margin};
    loss.differentiate(slope, new double[1], null, 1);
    double[] sums = new double[d + 2];
    for (int j = 0; j < d; j++) {
      sums[j] = slope[0] * moments.sums()[j] - moments.labelled()[j];
    }
    sums[d] = slope[0] * moments.weight() - moments.label();
    sums[d + 1] = passes.value();
    return sums;
  }

  private Curvature constantCurvature(double margin) {
    double[] curvature = {margin};
    loss.curve(curvature, new double[1], null, 1);
    double scale = curvature[0] / moments.weight();
    return new Curvature(
        new double[0],
        scaled(moments.squares(), scale),
        scaled(moments.sums(), scale),
        curvature[0]);
  }

  private Evaluation evaluation(double[] sums, double[] parameters) {
    int d = penalties.length;
    double penalty = 0;
    double[] gradient = new double[d + 1];
    for (int j = 0; j < d; j++) {
      double pull = penalties[j] * parameters[j];
      penalty += 0.5 * pull * parameters[j];
      gradient[j] = sums[j] / moments.weight() + pull;
    }
    gradient[d] = sums[d] / moments.weight();
    return new Evaluation(sums[d + 1] / moments.weight() + penalty, gradient);
  }

  @Override
  public Ray along(double[] parameters, double[] direction) {
    if (!Arrays.equals(placed, parameters)) {
      passes.place(parameters);
      placed = parameters.clone();
    }
    return new LinearRay(parameters.clone(), direction.clone());
  }

  @Override
  public Curvature curvature() {
    int d = penalties.length;
    double scale = 1 / moments.weight();
    if (d <= EXACT_CURVATURE) {
      double[] gram = scaled(passes.gram(), scale);
      return new Curvature(gram, new double[0], new double[0], gram[gram.length - 1]);
    }
    if (placed.length > 0 && isMomentous(placed)) {
      return constantCurvature(placed[d]);
    }
    double[] sums = scaled(passes.squares(), scale);
    return new Curvature(
        new double[0],
        Arrays.copyOfRange(sums, 0, d),
        Arrays.copyOfRange(sums, d, 2 * d),
        sums[2 * d]);
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = new double[values.length];
    for (int j = 0; j < values.length; j++) {
      scaled[j] = factor * values[j];
    }
    return scaled;
  }

  @Override
  public Optional<Certificate> certify(double[] parameters) {
    double primal = evaluate(parameters).value();
    double[] sums = passes.multiplierSums();
    double positive = sums[0];
    double negative = -sums[1];
    double balance = Math.min(positive, negative);
    double[] dual =
        passes.dual(positive > 0 ? balance / positive : 0, negative > 0 ? balance / negative : 0);
    double penalty = 0;
    for (int j = 0; j < penalties.length; j++) {
      double pull = dual[j] / moments.weight();
      if (pull != 0 && penalties[j] == 0) {
        return Optional.empty();
      }
      penalty += pull == 0 ? 0 : 0.5 * pull * pull / penalties[j];
    }
    double value = -dual[penalties.length + 1] / moments.weight() - penalty;
    return Optional.of(new Certificate(primal, value));
  }

  /** φ(α, β), whose penalty is a quadratic in α with coefficients that the driver knows. */
  private final class LinearRay implements Ray {
    private final double[] origin;
    private final double[] direction;
    private final Slopes first;
    private double constant;
    private double linear;
    private double quadratic;

    LinearRay(double[] origin, double[] direction) {
      this.origin = origin;
      this.direction = direction;
      for (int j = 0; j < penalties.length; j++) {
        constant += penalties[j] * origin[j] * origin[j];
        linear += penalties[j] * origin[j] * direction[j];
        quadratic += penalties[j] * direction[j] * direction[j];
      }
      this.first = penalized(passes.project(direction, 1, 0), 1);
    }

    private Slopes penalized(Slopes sums, double step) {
      return sums.scaled(1 / moments.weight())
          .plusAlpha(
              0.5 * constant + step * (linear + 0.5 * step * quadratic),
              linear + step * quadratic,
              quadratic);
    }

    @Override
    public Slopes at(double step, double shift) {
      return step == 1 && shift == 0 ? first : penalized(passes.slopes(step, shift), step);
    }

    @Override
    public Evaluation move(double step, double shift) {
      double[] sums = passes.move(step, shift);
      placed = point(step, shift);
      return evaluation(sums, placed);
    }

    @Override
    public double[] point(double step, double shift) {
      return Rays.point(origin, direction, step, shift);
    }
  }
}
