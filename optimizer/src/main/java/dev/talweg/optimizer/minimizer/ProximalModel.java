package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.kernel.Strips;
import dev.talweg.optimizer.objective.Penalty;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The model q(p) = gᵀp + ½ pᵀBp + Σ_j (h_j(w_j + p_j) − h_j(w_j)) of an objective with l1 and
 * bounds, and its minimizer by coordinate descent on the driver.
 *
 * <p>B is the {@link CompactHessian}; the ridge is in g and B, so h is what has kinks. Coordinate
 * descent runs over a working set: weights that are not zero or whose slope leaves the
 * subdifferential. It grows by those that violate the model's own conditions, until none does
 * (GLMNET: Friedman, Hastie and Tibshirani, J. Statistical Software 33 (2010); newGLMNET: Yuan, Ho
 * and Lin, JMLR 13 (2012); inexact proximal Newton: Lee, Sun and Saunders, SIAM J. Optimization 24
 * (2014)). An update costs 4 · memory flops, and d more where M is exact.
 *
 * <p>Where B is nearly singular, coordinate descent crawls once it has found which weights are at
 * no kink. So after every tenth sweep conjugate gradients minimize over these alone.
 */
final class ProximalModel {
  private static final int MOST_SWEEPS = 200;
  private static final int SWEEPS_BETWEEN = 10;
  private static final int MOST_GRADIENTS = 100;
  private static final int MOST_GROWTHS = 20;

  /** A sweep that lowers the model by less than this share of what all did is the last. */
  private static final double ENOUGH = 1e-6;

  private final Penalty penalty;
  private final CentredHessian base; // B₀, and B₀p
  private final CompactHessian hessian;
  private final double[] origin;
  private final double[] slopes; // centred: g_w − m g_b/h̄, then g_b
  private final double[] target; // w + p, then c
  private final double[] terms; // y_kᵀp, then a_kᵀp
  private int[] working = {};
  private double[] rows = {};
  private double[] curvatures = {};

  private ProximalModel(
      Penalty penalty,
      double[] origin,
      double[] gradient,
      CentredHessian base,
      List<Lbfgs.Pair> pairs) {
    int d = penalty.features();
    this.penalty = penalty;
    this.base = base;
    this.hessian = new CompactHessian(base, pairs);
    this.origin = origin;
    this.terms = new double[hessian.rank()];
    this.slopes = gradient.clone();
    this.target = origin.clone();
    Arrays.fill(target, d, target.length, 0);
    double[] lifts = new double[base.margins()];
    for (int margin = 0; margin < lifts.length; margin++) {
      lifts[margin] = gradient[d + margin] / base.total(margin);
    }
    for (int j = 0; j < d; j++) {
      slopes[j] -= base.mean(j) * lifts[base.margin(j)];
    }
  }

  /**
   * Where the model is least.
   *
   * @param direction p of the weights, then of the intercepts
   * @param decrease −q(p), not negative
   */
  record Minimum(double[] direction, double decrease) {}

  static Minimum minimize(
      Penalty penalty,
      double[] parameters,
      double[] gradient,
      ClassPreconditioner base,
      List<Lbfgs.Pair> pairs) {
    CentredHessian centred = CentredHessian.of(base, penalty.l2());
    ProximalModel model = new ProximalModel(penalty, parameters, gradient, centred, pairs);
    model.descend();
    return model.minimum();
  }

  private Minimum minimum() {
    int d = penalty.features();
    double[] direction = new double[target.length];
    double decrease = 0;
    System.arraycopy(target, d, direction, d, base.margins());
    for (int slot = 0; slot < slots(); slot++) {
      int j = index(slot);
      double p = moved(j);
      if (p == 0) {
        continue;
      }
      decrease -= p * (slopes[j] + 0.5 * curved(slot));
      if (j < d) {
        decrease -= penalty.l1(j) * (Math.abs(target[j]) - Math.abs(origin[j]));
        direction[j] = p;
        int margin = base.margin(j);
        direction[d + margin] -= base.mean(j) * p / base.total(margin);
      }
    }
    return new Minimum(direction, Math.max(decrease, 0));
  }

  private void descend() {
    double[] none = hessian.weights(terms);
    work(violating(none));
    for (int growth = 0; growth < MOST_GROWTHS; growth++) {
      sweeps();
      int[] grown = violating(hessian.weights(terms));
      if (grown.length == working.length) {
        return;
      }
      work(grown);
    }
  }

  /** The working set and whatever violates the model's conditions outside it, in order. */
  private int[] violating(double[] weights) {
    int d = penalty.features();
    boolean[] in = new boolean[d];
    for (int j : working) {
      in[j] = true;
    }
    Strips.each(
        d,
        (from, until) -> {
          for (int j = from; j < until; j++) {
            in[j] = in[j] || origin[j] != 0 || violates(j, weights);
          }
        });
    int[] found = new int[d];
    int count = 0;
    for (int j = 0; j < d; j++) {
      found[count] = j;
      count += in[j] ? 1 : 0;
    }
    return Arrays.copyOf(found, count);
  }

  private boolean violates(int j, double[] weights) {
    double slope = slopes[j] + hessian.combined(j, weights) + base.product(j, 0);
    return penalty.residual(j, origin[j], slope) != 0;
  }

  private void work(int[] indices) {
    working = indices;
    int rank = hessian.rank();
    rows = new double[slots() * rank];
    curvatures = new double[slots()];
    Strips.each(
        slots(),
        Math.max(1, rank),
        (from, until) -> {
          for (int slot = from; slot < until; slot++) {
            curvatures[slot] = curvature(slot);
          }
        });
  }

  /** B_jj of a slot, whose row is filled in. */
  private double curvature(int slot) {
    int j = index(slot);
    int rank = hessian.rank();
    hessian.row(j, rows, slot * rank);
    double diagonal = base.diagonal(j);
    double curvature = diagonal;
    for (int k = 0; k < rank; k++) {
      double entry = rows[slot * rank + k];
      curvature += k < rank / 2 ? entry * entry : -entry * entry;
    }
    // B is positive definite; what rounding may have left of it is bounded from below
    return Math.max(curvature, 1e-12 * diagonal);
  }

  /** Those of the working set, then one for each intercept. */
  private int slots() {
    return working.length + base.margins();
  }

  /** The coordinate in a slot. */
  private int index(int slot) {
    return slot < working.length ? working[slot] : penalty.features() + slot - working.length;
  }

  private double moved(int j) {
    return j < penalty.features() ? target[j] - origin[j] : target[j];
  }

  /** (Bp)_j. */
  private double curved(int slot) {
    int j = index(slot);
    int rank = terms.length;
    double sum = base.product(j, moved(j));
    for (int k = 0; k < rank; k++) {
      double term = rows[slot * rank + k] * terms[k];
      sum += k < rank / 2 ? term : -term;
    }
    return sum;
  }

  private void move(int slot, double by) {
    int rank = terms.length;
    for (int k = 0; k < rank; k++) {
      terms[k] += by * rows[slot * rank + k];
    }
    base.move(index(slot), by);
  }

  private void sweeps() {
    double all = 0;
    for (int sweep = 1; sweep <= MOST_SWEEPS; sweep++) {
      double gain = 0;
      for (int slot = 0; slot < slots(); slot++) {
        gain += update(slot);
      }
      all += gain;
      if (!(gain > ENOUGH * all)) {
        return;
      }
      if (sweep % SWEEPS_BETWEEN == 0) {
        conjugateGradients();
      }
    }
  }

  /**
   * Minimizes over the coordinates that are at no kink and no bound, as far as the first of them
   * meets one.
   */
  private void conjugateGradients() {
    int[] free = IntStream.range(0, slots()).filter(this::isFree).toArray();
    int n = free.length;
    double[] residual = new double[n];
    double[] step = new double[n];
    double[] direction = new double[n];
    double energy = 0;
    for (int i = 0; i < n; i++) {
      residual[i] = -(slopes[index(free[i])] + curved(free[i]) + kink(index(free[i])));
      direction[i] = residual[i] / curvatures[free[i]];
      energy += residual[i] * direction[i];
    }
    double first = energy;
    for (int k = 0; k < MOST_GRADIENTS && energy > ENOUGH * ENOUGH * first; k++) {
      double[] image = image(free, direction);
      double curvature = Vectors.dot(direction, image);
      if (!(curvature > 0)) {
        break;
      }
      Vectors.add(energy / curvature, direction, step);
      Vectors.add(-energy / curvature, image, residual);
      double before = energy;
      energy = 0;
      double[] next = new double[n];
      for (int i = 0; i < n; i++) {
        next[i] = residual[i] / curvatures[free[i]];
        energy += residual[i] * next[i];
      }
      Vectors.add(energy / before, direction, next);
      direction = next;
    }
    double length = 1;
    for (int i = 0; i < n; i++) {
      length = Math.min(length, room(index(free[i]), step[i]));
    }
    for (int i = 0; i < n; i++) {
      int j = index(free[i]);
      double after = target[j] + length * step[i];
      double by = (j < penalty.features() ? penalty.clamped(j, after) : after) - target[j];
      target[j] += by;
      move(free[i], by);
    }
  }

  private boolean isFree(int slot) {
    int j = index(slot);
    return j >= penalty.features()
        || ((target[j] != 0 || penalty.l1(j) == 0)
            && target[j] > penalty.lower(j)
            && target[j] < penalty.upper(j));
  }

  /** The slope of l1 at a coordinate that is free. */
  private double kink(int j) {
    return j >= penalty.features() || target[j] == 0 ? 0 : Math.copySign(penalty.l1(j), target[j]);
  }

  /** The share of a step until a free coordinate is at its kink or bound. */
  private double room(int j, double step) {
    if (j >= penalty.features() || step == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double end = step > 0 ? penalty.upper(j) : penalty.lower(j);
    if (penalty.l1(j) > 0 && target[j] * step < 0) {
      end = step > 0 ? Math.min(end, 0) : Math.max(end, 0);
    }
    return (end - target[j]) / step;
  }

  /** B times a vector over some slots, at these slots. */
  private double[] image(int[] slots, double[] vector) {
    int rank = terms.length;
    double[] products = new double[rank];
    for (int i = 0; i < slots.length; i++) {
      for (int k = 0; k < rank; k++) {
        products[k] += vector[i] * rows[slots[i] * rank + k];
      }
    }
    double[] image = base.times(IntStream.of(slots).map(this::index).toArray(), vector);
    for (int i = 0; i < slots.length; i++) {
      for (int k = 0; k < rank; k++) {
        double term = rows[slots[i] * rank + k] * products[k];
        image[i] += k < rank / 2 ? term : -term;
      }
    }
    return image;
  }

  /** Minimizes the model over one coordinate; returns a measure of its decrease. */
  private double update(int slot) {
    int j = index(slot);
    double slope = slopes[j] + curved(slot);
    double before = target[j];
    double curvature = curvatures[slot];
    double after =
        j < penalty.features()
            ? penalty.proximal(j, before, slope, curvature)
            : before - slope / curvature;
    double by = after - before;
    if (by == 0) {
      return 0;
    }
    target[j] = after;
    move(slot, by);
    return 0.5 * curvature * by * by;
  }
}
