package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.model.Intercept;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * f(w, b) = (1/W) Σ ω ℓ(x·w + b, y) + Σ h_j(w_j): the mean loss of a linear model with a {@link
 * Penalty} that spares the intercept, over any {@link LinearPasses}. Values, gradients and rays are
 * of the mean loss and the ridge.
 *
 * <p>Standardizing a feature means l2_j = λ₂σ_j², l1_j = λ₁σ_j and nothing else: w_j σ_j is the
 * weight of the standardized feature, and centring moves only the intercept, which is free.
 *
 * <p><b>Certificate.</b> With θ_i = ω_i ∂ℓ/∂z_i, scaled where positive or where negative so that Σθ
 * = 0 (the intercept's dual constraint; θ shrinks, so it stays in the domain of ℓ*), weak duality
 * gives f* ≥ −(1/W) Σ ω ℓ*(θ/ω) − Σ h_j*(−(Xᵀθ)_j/W) (Fenchel's dual; see Dünner et al., ICML
 * 2016). Any s θ with s in [0, 1] will do as well; where h* is finite only up to l1, s makes it so.
 * At the minimizer along b, no balance is needed, and with a ridge the gap is ½ Σ (∂f/∂w_j)²/l2_j.
 *
 * <p><b>Without a pass.</b> {@link #lowerBound} has Xᵀθ from the gradient, but not after balancing.
 * What balancing takes away is r ≥ 0 (or ≤ 0) with Σr = Σθ, a known number, and Xᵀr = (Σr) μ + X̃ᵀr
 * for the centred X̃, whose last term is at most √W σ_j √(Σ r²/ω) by Cauchy and Schwarz. So each
 * (Xᵀθ)_j is known up to an interval that closes as Σθ → 0, and the worst of h_j* over it still is
 * a bound.
 */
public final class LinearProblem implements LinearObjective {
  /** At most this many features get an exact curvature matrix: 45,000 numbers on the wire. */
  public static final int EXACT_CURVATURE = 300;

  private static final int MOST_PRIOR_STEPS = 30;

  /** The largest that {@link #near} is. */
  private static final double FAR = 1e-2;

  /** About how many rows the driver holds for a block of the curvature. */
  public static final int SAMPLED_ROWS = 30_000;

  /** The rows of a sample have about so many values at most: 48 MB. */
  private static final long SAMPLED_ENTRIES = 6_000_000;

  /** Five for each feature of a block of 300, and as many again: full rows are no fewer. */
  private static final int FEWEST_SAMPLED = 3_000;

  private static final long SAMPLE_SEED = 0x7A1E;

  private final LinearPasses passes;
  private final PointwiseLoss loss;
  private final Moments moments;
  private final Penalty penalty;
  private final double[] penalties; // the ridge's
  private final double near;
  private @Nullable CurvatureSample sample;
  private double[] placed = {}; // the parameters that the passes' margins are at

  /**
   * @param gap that is asked for: estimates of more than ten times that are worth no lower bound
   */
  public LinearProblem(
      LinearPasses passes, PointwiseLoss loss, Moments moments, Penalty penalty, double gap) {
    if (penalty.features() != passes.features()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "lengths differ: %d != %d", penalty.features(), passes.features()));
    }
    this.passes = passes;
    this.loss = loss;
    this.moments = moments;
    this.penalty = penalty;
    this.penalties = penalty.l2();
    this.near = near(gap);
  }

  /** For an accuracy that is not known. */
  public LinearProblem(LinearPasses passes, PointwiseLoss loss, Moments moments, Penalty penalty) {
    this(passes, loss, moments, penalty, Double.POSITIVE_INFINITY);
  }

  /** With a ridge. */
  public LinearProblem(
      LinearPasses passes, PointwiseLoss loss, Moments moments, double[] penalties) {
    this(passes, loss, moments, Penalty.ridge(penalties));
  }

  @Override
  public int dimension() {
    return penalties.length + 1;
  }

  @Override
  public double near() {
    return near;
  }

  /** See {@link #near()}. */
  static double near(double gap) {
    return Math.min(FAR, 10 * gap);
  }

  @Override
  public double[] penalties() {
    return penalties;
  }

  @Override
  public Penalty penalty() {
    return penalty;
  }

  @Override
  public double[] prior() {
    int d = penalties.length;
    double[] parameters = new double[d + 1];
    if (passes.pinned()) {
      return parameters;
    }
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

  /** The objective; no pass over features where the margins are at these parameters. */
  double value(double[] parameters) {
    place(parameters);
    return passes.value() / moments.weight() + penalty.quadratic(parameters);
  }

  /** Margins there, unless they are. */
  private void place(double[] parameters) {
    if (!Arrays.equals(placed, parameters)) {
      passes.place(parameters);
      placed = parameters.clone();
    }
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
   * Whether gradient and curvature follow from moments: all weights are 0, no row has an offset, so
   * that all margins are equal, and no parameter is pinned.
   */
  private boolean isMomentous(double[] parameters) {
    return loss.canonical()
        && moments.offsetSize() == 0
        && !passes.pinned()
        && PartitionPasses.zero(parameters, penalties.length);
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
    return Curvature.diagonal(
        scaled(moments.squares(), scale), scaled(moments.sums(), scale), curvature[0]);
  }

  private Evaluation evaluation(double[] sums, double[] parameters) {
    int d = penalties.length;
    double weight = moments.weight();
    double[] gradient = new double[d + 1];
    double ridge =
        Strips.sum(
            d,
            (before, from, until) -> {
              double sum = before;
              for (int j = from; j < until; j++) {
                double pull = penalties[j] * parameters[j];
                sum += 0.5 * pull * parameters[j];
                gradient[j] = sums[j] / weight + pull;
              }
              return sum;
            });
    gradient[d] = sums[d] / weight;
    return new Evaluation(sums[d + 1] / weight + ridge, gradient);
  }

  @Override
  public double[] online(double[] parameters, double rate) {
    OnlinePass pass = new OnlinePass(parameters, rate, Intercept.of(!passes.pinned()));
    double[] merged = pass.merged(passes.online(pass), penalties, moments.weight());
    double before = value(parameters);
    return value(merged) < before ? merged : parameters;
  }

  @Override
  public Ray along(double[] parameters, double[] direction) {
    place(parameters);
    Slopes first = passes.project(direction, 1, 0);
    return new LinearRay(parameters.clone(), direction.clone(), first);
  }

  @Override
  public Quadratic model(double[] parameters) {
    place(parameters);
    passes.settle();
    return new LinearQuadratic(parameters.clone());
  }

  /** H = XᵀDX/W + diag λ. */
  private final class LinearQuadratic implements Quadratic {
    private final double[] origin;

    LinearQuadratic(double[] origin) {
      this.origin = origin;
    }

    @Override
    public double[] times(double[] direction) {
      double[] product = scaled(passes.curve(direction), 1 / moments.weight());
      for (int j = 0; j < penalties.length; j++) {
        product[j] += penalties[j] * direction[j];
      }
      return product;
    }

    @Override
    public void extend(double step) {
      passes.extend(step);
    }

    @Override
    public Ray ray(double[] sum) {
      return new LinearRay(origin, sum.clone(), passes.slopes(1, 0));
    }
  }

  @Override
  public Curvature curvature(double[] parameters) {
    return curvature(parameters, penalties.length <= EXACT_CURVATURE ? EXACT_CURVATURE : 0);
  }

  @Override
  public Curvature curvature(double[] parameters, int block) {
    place(parameters);
    int d = penalties.length;
    double scale = 1 / moments.weight();
    if (d <= block) {
      return Curvature.exact(scaled(passes.gram(), scale), d);
    }
    if (block > 0) {
      return sampledCurvature(parameters, block);
    }
    if (isMomentous(parameters)) {
      return constantCurvature(parameters[d]);
    }
    double[] sums = scaled(passes.squares(), scale);
    return Curvature.diagonal(
        Arrays.copyOfRange(sums, 0, d), Arrays.copyOfRange(sums, d, 2 * d), sums[2 * d]);
  }

  @Override
  public Curvature sampledCurvature(double[] parameters, int block) {
    Curvature sampled = sample().at(parameters, loss, block);
    return passes.pinned() ? sampled.uncentred() : sampled;
  }

  private CurvatureSample sample() {
    CurvatureSample found = sample;
    if (found == null) {
      double share = Math.min(1, sampledRows(moments) / moments.rows());
      found =
          new CurvatureSample(
              passes.sample(share, SAMPLE_SEED).stream().map(Block::sparse).toList(),
              moments,
              penalties);
      sample = found;
    }
    return found;
  }

  /** About how many, of many: the fuller they are, the fewer. */
  static double sampledRows(Moments moments) {
    double perRow = (double) moments.entries() / moments.rows();
    return Math.max(FEWEST_SAMPLED, Math.min(SAMPLED_ROWS, SAMPLED_ENTRIES / perRow));
  }

  private static double[] scaled(double[] values, double factor) {
    double[] scaled = new double[values.length];
    Strips.each(
        values.length,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            scaled[j] = factor * values[j];
          }
        });
    return scaled;
  }

  @Override
  public Dual dual() {
    for (int j = 0; j < penalties.length; j++) {
      if (!(penalties[j] > 0) || !penalty.smooth()) {
        throw new IllegalArgumentException(
            "the dual of a ridge alone is climbed, and feature " + j + " has none");
      }
    }
    return new LinearDual();
  }

  /**
   * Centred features: with Σωθ = 0 they give the same dual, and their intercept c = b + m·w meets
   * the weights only through the rows. Without an intercept nothing is centred, Σωθ is free, and c
   * stays 0.
   */
  private final class LinearDual implements Dual {
    private final double[] scales;
    private final double[] means;
    private final boolean free = !passes.pinned();

    LinearDual() {
      int d = penalties.length;
      this.scales = new double[d + 1];
      this.means = new double[d + 1];
      for (int j = 0; j < d; j++) {
        scales[j] = 1 / penalties[j];
      }
      if (free) {
        centre(d);
      }
    }

    private void centre(int d) {
      for (int j = 0; j < d; j++) {
        means[j] = moments.sums()[j] / moments.weight();
        double square = moments.squares()[j] / moments.weight();
        // as much for the intercept as for all features together: a row's step halves at most
        scales[d] += scales[j] * Math.max(square - means[j] * means[j], 0);
      }
      scales[d] = scales[d] > 0 ? scales[d] : 1;
    }

    @Override
    public List<double[]> multipliers(double[] parameters) {
      passes.place(parameters);
      placed = parameters.clone();
      return passes.slopes();
    }

    @Override
    public Point climb(Point from, double centre, double safety, int passesOver, long round) {
      double[] start = at(from.sums(), centre);
      return point(
          passes.climb(
              new DualAscent(start, scales, means, moments.weight(), safety, passesOver, round),
              from.multipliers()),
          centre);
    }

    @Override
    public Point point(List<double[]> multipliers, double centre) {
      double[] none = new double[penalties.length + 1];
      return point(
          passes.climb(new DualAscent(none, scales, means, moments.weight(), 1, 0, 0), multipliers),
          centre);
    }

    private Point point(LinearPasses.Climbed climbed, double centre) {
      return new Point(climbed.multipliers(), climbed.sums(), at(climbed.sums(), centre));
    }

    /** w = −S X̃ᵀωθ/W and c = c₀ − s_b Σωθ/W. */
    private double[] at(double[] sums, double centre) {
      int d = penalties.length;
      double excess = sums[2 * d] + sums[2 * d + 2];
      double[] parameters = new double[d + 1];
      for (int j = 0; j < d; j++) {
        double centred = sums[j] + sums[d + j] - means[j] * excess;
        parameters[j] = -scales[j] * centred / moments.weight();
      }
      parameters[d] = centre - scales[d] * excess / moments.weight();
      return parameters;
    }

    @Override
    public int partitions(Point point) {
      return point.multipliers().size();
    }

    @Override
    public double bound(Point point) {
      int d = penalties.length;
      double[] sums = point.sums();
      Balance balance =
          free ? Balance.of(Arrays.copyOfRange(sums, 2 * d, 2 * d + 4)) : Balance.NONE_NEEDED;
      double value =
          -passes.conjugate(point.multipliers(), balance.positive, balance.negative)
              / moments.weight();
      for (int j = 0; j < d; j++) {
        double pull = balance.positive * sums[j] + balance.negative * sums[d + j];
        value -= penalty.conjugate(j, -pull / moments.weight());
      }
      return value;
    }

    @Override
    public double[] primal(Point point) {
      int d = penalties.length;
      double[] parameters = point.parameters().clone();
      if (!free) {
        return parameters;
      }
      for (int j = 0; j < d; j++) {
        parameters[d] -= means[j] * parameters[j];
      }
      passes.place(parameters);
      parameters[d] += bestShift(1 + Math.abs(parameters[d]));
      placed = new double[0];
      return parameters;
    }

    /**
     * The shift of the intercept at the least value on the cached margins, which may have kinks:
     * nine values at a time, closer by four each time and further where the best is at the edge.
     */
    private double bestShift(double first) {
      double shift = 0;
      double width = 0.1 * first;
      for (int k = 0; k < MOST_PRIOR_STEPS && width > 1e-9 * first; k++) {
        double[] shifts = new double[9];
        for (int i = 0; i < shifts.length; i++) {
          shifts[i] = shift + 0.25 * (i - 4) * width;
        }
        double[] values = passes.values(shifts);
        int best = 4;
        for (int i = 0; i < values.length; i++) {
          best = values[i] < values[best] ? i : best;
        }
        shift = shifts[best];
        width *= best == 0 || best == 8 ? 8 : 0.25;
      }
      return shift;
    }
  }

  @Override
  public Optional<Certificate> certify(double[] parameters) {
    if (!loss.convex()) {
      return Optional.empty();
    }
    passes.place(parameters); // anew, though margins may be there: they have the search's rounding
    placed = parameters.clone();
    double[] sums = passes.multiplierSums();
    double primal =
        sums[4] / moments.weight() + penalty.quadratic(parameters) + penalty.lasso(parameters);
    Balance balance = Balance.of(sums);
    double bound = boundByPass(balance);
    return Double.isNaN(bound) ? Optional.empty() : Optional.of(new Certificate(primal, bound));
  }

  /** The bound from Xᵀθ of the balanced point itself; NaN where h* leaves none. */
  private double boundByPass(Balance balance) {
    double[] dual = passes.dual(balance.positive, balance.negative);
    int d = penalties.length;
    double[] pulls = new double[d];
    for (int j = 0; j < d; j++) {
      pulls[j] = -dual[j] / moments.weight();
      if (pulls[j] != 0 && !penalty.certifies(j)) {
        return Double.NaN;
      }
    }
    return bound(pulls, new double[d], balance);
  }

  @Override
  public double lowerBound(double[] parameters, double[] gradient) {
    if (!loss.convex()) {
      return Double.NaN;
    }
    Balance balance = Balance.of(passes.multiplierSums());
    if (passes.wire() != Wire.DOUBLE) {
      return boundByPass(balance); // a gradient that was rounded proves nothing
    }
    int d = penalties.length;
    double[] pulls = new double[d];
    double[] slack = new double[d];
    for (int j = 0; j < d; j++) {
      double mean = moments.sums()[j] / moments.weight();
      double square = moments.squares()[j] / moments.weight();
      double loss = gradient[j] - penalties[j] * parameters[j];
      pulls[j] = -(loss - balance.excess / moments.weight() * mean);
      // the variance of an off-centre column is known up to the rounding of its mean square
      slack[j] =
          Math.sqrt(Math.max(square - mean * mean, 0) + 1e-14 * square)
              * Math.sqrt(balance.excessSquares / moments.weight());
      if (pulls[j] != 0 && !penalty.certifies(j)) {
        return Double.NaN;
      }
    }
    return bound(pulls, slack, balance);
  }

  /**
   * How multipliers are made to sum to zero.
   *
   * @param positive the scale of those above zero, at most 1
   * @param negative the scale of those below zero
   * @param excess Σ of what is taken away
   * @param excessSquares Σ r²/ω of what is taken away
   */
  private record Balance(double positive, double negative, double excess, double excessSquares) {
    /** Where no intercept asks for a sum of zero. */
    static final Balance NONE_NEEDED = new Balance(1, 1, 0, 0);

    static Balance of(double[] sums) {
      double above = sums[0];
      double below = -sums[2];
      double balance = Math.min(above, below);
      double positive = above > 0 ? balance / above : 0;
      double negative = below > 0 ? balance / below : 0;
      return new Balance(
          positive,
          negative,
          above - below,
          (1 - positive) * (1 - positive) * sums[1] + (1 - negative) * (1 - negative) * sums[3]);
    }
  }

  /** The best dual value over some scales s of a balanced point whose −Xᵀθ/W is pulls ± slack. */
  private double bound(double[] pulls, double[] slack, Balance balance) {
    double feasible = 1;
    double lasso = 1;
    for (int j = 0; j < pulls.length; j++) {
      double low = pulls[j] - slack[j];
      double high = pulls[j] + slack[j];
      feasible = Math.min(feasible, penalty.feasibleScale(j, low, high));
      lasso = Math.min(lasso, penalty.lassoScale(j, low, high));
    }
    double[] scales = scales(feasible, lasso);
    double[] positive = Arrays.stream(scales).map(s -> s * balance.positive).toArray();
    double[] negative = Arrays.stream(scales).map(s -> s * balance.negative).toArray();
    double[] conjugates = passes.conjugates(positive, negative);
    double best = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < scales.length; k++) {
      double value = -conjugates[k] / moments.weight();
      for (int j = 0; j < pulls.length; j++) {
        value -=
            Math.max(
                penalty.conjugate(j, scales[k] * (pulls[j] - slack[j])),
                penalty.conjugate(j, scales[k] * (pulls[j] + slack[j])));
      }
      best = Math.max(best, value);
    }
    return best;
  }

  /** With a tiny ridge the lasso's scale may be the better one, or one between them. */
  static double[] scales(double feasible, double lasso) {
    return lasso < feasible
        ? new double[] {feasible, Math.sqrt(feasible * lasso), lasso}
        : new double[] {feasible};
  }

  /** φ(α, β), whose ridge is a quadratic in α with coefficients that the driver knows. */
  private final class LinearRay implements Ray {
    private final double[] origin;
    private final double[] direction;
    private final Slopes first;
    private final double constant;
    private final double linear;
    private final double quadratic;

    LinearRay(double[] origin, double[] direction, Slopes sums) {
      this.origin = origin;
      this.direction = direction;
      this.constant = weighted(origin, origin);
      this.linear = weighted(origin, direction);
      this.quadratic = weighted(direction, direction);
      this.first = penalized(sums, 1);
    }

    private double weighted(double[] x, double[] y) {
      return Strips.sum(
          penalties.length,
          (before, from, until) -> {
            double sum = before;
            for (int j = from; j < until; j++) {
              sum += penalties[j] * x[j] * y[j];
            }
            return sum;
          });
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
      double[] point = Rays.point(origin, direction, step, shift);
      penalty.clamp(point); // w + 1 · (bound − w) may miss the bound by a rounding
      return point;
    }
  }
}
