package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import dev.talweg.optimizer.objective.LinearObjective.Ray;
import dev.talweg.optimizer.objective.MultinomialPasses.RowWeight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * f(W, b) = (1/Ω) Σ ω ℓ(Wᵀx + b, y) + Σ_jk h_j(w_jk): the mean softmax loss of K classes with a
 * {@link Penalty} that spares the intercepts, over any {@link MultinomialPasses}. Values, gradients
 * and rays are of the mean loss and the ridge.
 *
 * <p><b>Intercepts.</b> K numbers are free beside the step of a ray. Their Newton step, with that
 * of the step, comes from sums over cached margins ({@link ClassSlopes}); the search then runs in
 * the plane of the ray and of that one direction, whose Newton step is the joint one. Where the
 * penalty has kinks, the direction is the intercepts' own Newton step.
 *
 * <p><b>Curvature.</b> At margins that are equal for all rows the Hessian is (diag p − ppᵀ) ⊗ C
 * with C the Gram matrix of the centred features (Böhning 1992 bounds it by ½(I − 11ᵀ/K) ⊗ C
 * everywhere). So up to {@link #SHARED} features all classes share one matrix, of a sample of rows
 * where there are many, scaled to the curvature of each class; classes within a factor of two share
 * its factorization. Up to 300 features, and with no rare class, its rows are weighted by their own
 * curvature Σ_k p_k(1 − p_k) and it is taken again on the way. Otherwise it is taken once: local
 * curvature tells too little of where rare classes or many pixels will be, and a class counts at
 * least half of {@link #bound} (docs/decisions/0010). Above SHARED, each class has the diagonal of
 * its own.
 *
 * <p>Intercepts may also stay at zero ({@link PinnedMultinomialPasses}): nothing is free beside the
 * step then, and the dual has no constraint.
 *
 * <p><b>Certificate.</b> The conjugate of the loss is the negative entropy of a distribution q over
 * the classes. Σ_i ω_i q_ik must be the weight n_k of each class (the dual constraint of a free
 * intercept): the intercepts are first minimized on cached margins, and what is left of a class's
 * surplus is given, in each row, to classes that lack in proportion to what they lack, so that q
 * stays a distribution. Then f* ≥ −(1/Ω) Σ ω ℓ* − Σ_jk h_j*(−(XᵀΘ)_jk/Ω), as for one margin. Where
 * h* is finite only up to l1, s Θ with s < 1 takes the place of Θ: ℓ* is convex and ℓ*(0) = 0, so
 * that ℓ*(sΘ) ≤ s ℓ*(Θ), which asks for no job.
 */
public final class MultinomialProblem implements RayObjective {
  /** At most this many features share a curvature matrix: 500,000 numbers on the wire. */
  public static final int SHARED = 1000;

  /** Rows for each feature that such a matrix is a mean of, and no fewer than 10,000. */
  private static final int ROWS_PER_FEATURE = 10;

  /** A class with a smaller share of the weight is rare. */
  private static final double RARE = 0.05;

  private static final int MOST_POLISHES = 30;

  private final MultinomialPasses passes;
  private final double[] classWeights;
  private final Penalty penalty; // of each weight
  private final double[] penalties; // the ridge's, of each feature
  private final double near;
  private final double weight;
  private final int every;
  private double[] placed = {}; // the parameters that the passes' margins are at

  /**
   * @param penalty of each feature's weights
   * @param rows how many rows there are
   * @param gap that is asked for, as in {@link LinearProblem}
   */
  public MultinomialProblem(MultinomialPasses passes, Penalty penalty, long rows, double gap) {
    if (penalty.features() != passes.features()) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT, "lengths differ: %d != %d", penalty.features(), passes.features()));
    }
    this.passes = passes;
    this.penalty = penalty.ofMargins(passes.classes());
    this.penalties = penalty.l2();
    this.near = LinearProblem.near(gap);
    this.classWeights = passes.classWeights();
    this.weight = Arrays.stream(classWeights).sum();
    long wanted = (long) ROWS_PER_FEATURE * Math.max(passes.features(), 1000);
    this.every = (int) Math.max(1, Math.min(Integer.MAX_VALUE, rows / wanted));
  }

  /** With a ridge, for an accuracy that is not known. */
  public MultinomialProblem(MultinomialPasses passes, double[] penalties, long rows) {
    this(passes, Penalty.ridge(penalties), rows, Double.POSITIVE_INFINITY);
  }

  @Override
  public int dimension() {
    return (penalties.length + 1) * passes.classes();
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
  public double near() {
    return near;
  }

  /** Σω of the rows of each class. */
  public double[] classWeights() {
    return classWeights.clone();
  }

  /**
   * The logarithms of the classes' shares, where intercepts are free; a class without weight gets
   * that of half a row.
   */
  @Override
  public double[] prior() {
    int classes = passes.classes();
    double[] parameters = new double[dimension()];
    if (passes.pinned()) {
      return parameters;
    }
    for (int k = 0; k < classes; k++) {
      parameters[penalties.length * classes + k] =
          StrictMath.log(Math.max(classWeights[k], 0.5) / weight);
    }
    return SoftmaxModel.centred(parameters, classes);
  }

  @Override
  public Evaluation evaluate(double[] parameters) {
    placed = parameters.clone();
    return evaluation(passes.evaluate(parameters), parameters);
  }

  private Evaluation evaluation(double[] sums, double[] parameters) {
    int classes = passes.classes();
    double ridge = 0;
    double[] gradient = new double[parameters.length];
    for (int j = 0; j <= penalties.length; j++) {
      double lambda = j < penalties.length ? penalties[j] : 0;
      for (int at = j * classes; at < (j + 1) * classes; at++) {
        double pull = lambda * parameters[at];
        ridge += 0.5 * pull * parameters[at];
        gradient[at] = sums[at] / weight + pull;
      }
    }
    return new Evaluation(sums[parameters.length] / weight + ridge, gradient);
  }

  /** Margins there, unless they are. */
  private void place(double[] parameters) {
    if (!Arrays.equals(placed, parameters)) {
      passes.place(parameters);
      placed = parameters.clone();
    }
  }

  @Override
  public Ray along(double[] parameters, double[] direction) {
    place(parameters);
    return new MultinomialRay(parameters.clone(), direction.clone());
  }

  @Override
  public Curvatures curvatures(double[] parameters, int block, BlockOf of) {
    place(parameters);
    // 1/(1 − 1/K): what sums to zero over the classes sees diag(p) − ppᵀ, not its diagonal alone
    double classes = passes.classes();
    double scale = classes / (classes - 1) / weight;
    if (penalties.length > SHARED || block == 0) {
      return diagonals(scale);
    }
    double least = Arrays.stream(classWeights).min().orElseThrow();
    boolean frequent = penalties.length <= LinearProblem.EXACT_CURVATURE && least >= RARE * weight;
    // without intercepts all classes begin as frequent as one another
    return frequent || passes.pinned()
        ? shared(scale, RowWeight.CURVATURE)
        : shared(scale, RowWeight.OWN);
  }

  @Override
  public Curvatures curvatures(double[] parameters) {
    return curvatures(parameters, SHARED, BlockOf.ALL);
  }

  private Curvatures shared(double scale, RowWeight h) {
    int classes = passes.classes();
    double[] sums = passes.gram(every, h);
    int size = sums.length - classes;
    double sampled = sums[size - 1];
    double[] totals = new double[classes];
    Map<Integer, List<Integer>> alike = new TreeMap<>();
    for (int k = 0; k < classes; k++) {
      double local = scale * sums[size + k];
      totals[k] = h == RowWeight.OWN ? Math.max(local, 0.5 * bound(k)) : local;
      alike.computeIfAbsent(Math.getExponent(totals[k]), e -> new ArrayList<>()).add(k);
    }
    List<Curvature> blocks = new ArrayList<>();
    int[] blockOf = new int[classes];
    for (List<Integer> members : alike.values()) {
      double total = 0;
      for (int k : members) {
        blockOf[k] = blocks.size();
        total += totals[k] / members.size();
      }
      double[] gram = new double[size];
      for (int at = 0; at < size; at++) {
        gram[at] = sampled > 0 ? sums[at] * (total / sampled) : 0;
      }
      blocks.add(Curvature.exact(gram, penalties.length));
    }
    return new Curvatures(blocks, blockOf, h == RowWeight.OWN ? Validity.ANYWHERE : Validity.HERE);
  }

  /**
   * The curvature of a parabola that is above the logistic loss of class k against all others and
   * touches it at the class's log-odds ξ: tanh(ξ/2)/(2ξ) (Jaakkola and Jordan 2000). Of a class
   * with one row in 100,000 it is 0.04, where the second derivative is 1e-5 and a Newton step
   * thousands of times too long.
   */
  private double bound(int k) {
    double p = Math.min(Math.max(classWeights[k] / weight, 1e-12), 1 - 1e-12);
    double xi = Math.abs(StrictMath.log(p / (1 - p)));
    return xi < 1e-3 ? 0.25 : StrictMath.tanh(xi / 2) / (2 * xi);
  }

  /** What {@link MultinomialPasses#squares} gives at {@code parameters}. */
  public double[] squares(double[] parameters) {
    place(parameters);
    return passes.squares();
  }

  private Curvatures diagonals(double scale) {
    int classes = passes.classes();
    int d = penalties.length;
    double[] sums = passes.squares();
    List<Curvature> blocks = new ArrayList<>();
    int[] blockOf = new int[classes];
    for (int k = 0; k < classes; k++) {
      double[] squares = new double[d];
      double[] means = new double[d];
      for (int j = 0; j < d; j++) {
        squares[j] = scale * sums[j * classes + k];
        means[j] = scale * sums[(d + j) * classes + k];
      }
      blockOf[k] = k;
      blocks.add(Curvature.diagonal(squares, means, scale * sums[2 * d * classes + k]));
    }
    return new Curvatures(blocks, blockOf, Validity.HERE);
  }

  @Override
  public Optional<Certificate> certify(double[] parameters) {
    passes.place(parameters); // anew, though margins may be there: they have the search's rounding
    placed = parameters.clone();
    ClassSlopes here = passes.interceptSlopes(new double[passes.classes()]);
    double primal = here.value() / weight + penalty.value(parameters);
    double bound = bound(here);
    return Double.isNaN(bound) ? Optional.empty() : Optional.of(new Certificate(primal, bound));
  }

  @Override
  public double lowerBound(double[] parameters, double[] gradient) {
    return bound(passes.interceptSlopes(new double[passes.classes()]));
  }

  /**
   * The dual at the margins; NaN where h* leaves none.
   *
   * @param here slopes of the intercepts there
   */
  private double bound(ClassSlopes here) {
    int classes = passes.classes();
    double[] shifts = passes.pinned() ? new double[classes] : polished(here);
    double[] kept = new double[classes];
    double[] shares = new double[classes];
    double lacking = 0;
    double[] imbalance = passes.interceptSlopes(shifts).shifts();
    for (int k = 0; k < classes; k++) {
      kept[k] = imbalance[k] > 0 ? classWeights[k] / (classWeights[k] + imbalance[k]) : 1;
      shares[k] = Math.max(0, -imbalance[k]);
      lacking += shares[k];
    }
    for (int k = 0; k < classes; k++) {
      shares[k] = lacking > 0 ? shares[k] / lacking : 1.0 / classes;
    }
    double[] dual = passes.dual(shifts, kept, shares);
    double[] pulls = new double[penalty.features()];
    double feasible = 1;
    double lasso = 1;
    for (int at = 0; at < pulls.length; at++) {
      pulls[at] = -dual[at] / weight;
      if (pulls[at] != 0 && !penalty.certifies(at)) {
        return Double.NaN;
      }
      feasible = Math.min(feasible, penalty.feasibleScale(at, pulls[at], pulls[at]));
      lasso = Math.min(lasso, penalty.lassoScale(at, pulls[at], pulls[at]));
    }
    double entropy = -dual[dual.length - 1] / weight;
    double best = Double.NEGATIVE_INFINITY;
    for (double scale : LinearProblem.scales(feasible, lasso)) {
      double value = scale * entropy;
      for (int at = 0; at < pulls.length; at++) {
        value -= penalty.conjugate(at, scale * pulls[at]);
      }
      best = Math.max(best, value);
    }
    return best;
  }

  /** Newton's method for the intercepts alone, damped, on cached margins. */
  private double[] polished(ClassSlopes start) {
    double[] shifts = new double[passes.classes()];
    ClassSlopes here = start;
    for (int n = 0; n < MOST_POLISHES; n++) {
      double[] step = here.newtonShifts();
      double fraction = 1;
      ClassSlopes there = here;
      double[] next = shifts;
      while (fraction > 1e-3 && !(there.value() < here.value())) {
        next = shifts.clone();
        for (int k = 0; k < next.length; k++) {
          next[k] += fraction * step[k];
        }
        there = passes.interceptSlopes(next);
        fraction *= 0.25;
      }
      if (!(there.value() < here.value())) {
        // values differ by rounding alone: the gradients tell more
        return norm(there.shifts()) < norm(here.shifts()) ? next : shifts;
      }
      shifts = next;
      here = there;
    }
    return shifts;
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value * value;
    }
    return sum;
  }

  /** φ(α, b), whose penalty is a quadratic in α with coefficients that the driver knows. */
  private final class MultinomialRay implements Ray {
    private final double[] origin;
    private final double[] direction;
    private final double[] intercepts; // the direction that a shift of 1 is
    private final Slopes first;
    private double constant;
    private double linear;
    private double quadratic;

    MultinomialRay(double[] origin, double[] direction) {
      this.origin = origin;
      this.direction = direction;
      int classes = passes.classes();
      for (int j = 0; j < penalties.length; j++) {
        for (int at = j * classes; at < (j + 1) * classes; at++) {
          constant += penalties[j] * origin[at] * origin[at];
          linear += penalties[j] * origin[at] * direction[at];
          quadratic += penalties[j] * direction[at] * direction[at];
        }
      }
      ClassSlopes slopes = penalized(passes.project(direction, 1, new double[classes]), 1);
      // what kinks the slope along α has is not known here: then the step is left where it is
      this.intercepts = (penalty.smooth() ? slopes : slopes.withoutAlpha()).newtonShifts();
      this.first = slopes.along(intercepts);
    }

    private ClassSlopes penalized(ClassSlopes sums, double step) {
      return sums.penalized(
          1 / weight,
          0.5 * constant + step * (linear + 0.5 * step * quadratic),
          linear + step * quadratic,
          quadratic);
    }

    private double[] shifts(double shift) {
      double[] shifts = new double[intercepts.length];
      for (int k = 0; k < shifts.length; k++) {
        shifts[k] = shift * intercepts[k];
      }
      return shifts;
    }

    @Override
    public Slopes at(double step, double shift) {
      return step == 1 && shift == 0
          ? first
          : penalized(passes.slopes(step, shifts(shift)), step).along(intercepts);
    }

    @Override
    public Evaluation move(double step, double shift) {
      double[] sums = passes.move(step, shifts(shift));
      placed = point(step, shift);
      return evaluation(sums, placed);
    }

    @Override
    public double[] point(double step, double shift) {
      double[] point = new double[origin.length];
      double[] shifts = shifts(shift);
      for (int at = 0; at < point.length; at++) {
        point[at] = origin[at] + step * direction[at];
      }
      int weights = penalties.length * shifts.length;
      for (int k = 0; k < shifts.length; k++) {
        point[weights + k] += shifts[k];
      }
      penalty.clamp(point); // w + 1 · (bound − w) may miss the bound by a rounding
      return point;
    }
  }
}
