package dev.talweg.optimizer.minimizer;

import java.util.Arrays;
import java.util.List;

/**
 * The BFGS matrix B itself, where L-BFGS has its inverse: what a model with kinks needs, a
 * coordinate at a time.
 *
 * <p><b>Coordinates</b> are those of the {@link CentredHessian} B₀. BFGS does not depend on
 * coordinates, so the pairs are taken there: s_c = s_b + mᵀs_w/h̄ and y_w − m y_b/h̄, for each
 * margin.
 *
 * <p><b>Form.</b> B = B₀ + Σ_k (y_k y_kᵀ − a_k a_kᵀ) with y_k scaled so that s_kᵀy_k = 1 and a_k =
 * B_k s_k/√(s_kᵀ B_k s_k). Each a_k is a combination of the B₀s and the y before it, whose
 * coefficients follow from inner products of pairs alone (Byrd, Nocedal and Schnabel, Mathematical
 * Programming 63 (1994), have another form of the same). So a row costs O(memory²), and where B₀ is
 * diagonal nothing of the size d × memory is kept beside the pairs; inner products run over the
 * entries that steps have.
 */
final class CompactHessian {
  private final CentredHessian base;
  private final List<Lbfgs.Pair> pairs;
  private final int memory;
  private final int d;
  private final double[] scales; // of each pair: 1/√(sᵀy)
  private final double[][] centred; // s_c of each pair, scaled
  private final double[][] images; // B₀s of each pair, scaled, where B₀ is not diagonal
  private final double[][] combinations; // a_k over the B₀s, then the y

  CompactHessian(CentredHessian base, List<Lbfgs.Pair> pairs) {
    this.base = base;
    this.pairs = pairs;
    this.memory = pairs.size();
    this.d = base.weights();
    this.scales = pairs.stream().mapToDouble(p -> 1 / Math.sqrt(p.curvature())).toArray();
    this.centred = new double[memory][];
    this.images = new double[memory][];
    this.combinations = new double[memory][];
    int[] support = support(pairs, d);
    for (int k = 0; k < memory; k++) {
      double[] step = pairs.get(k).step();
      centred[k] = Arrays.copyOfRange(step, d, step.length);
      for (int j : support) {
        int margin = base.margin(j);
        centred[k][margin] += base.mean(j) / base.total(margin) * step[j];
      }
      Vectors.scale(scales[k], centred[k]);
      images[k] = base.image(step, scales[k], centred[k]);
    }
    combine(products(support));
  }

  /** The weights that some pair moved. */
  private static int[] support(List<Lbfgs.Pair> pairs, int d) {
    int[] support = new int[d];
    int count = 0;
    for (int j = 0; j < d; j++) {
      boolean moved = false;
      for (int k = 0; k < pairs.size() && !moved; k++) {
        moved = pairs.get(k).step()[j] != 0;
      }
      support[count] = j;
      count += moved ? 1 : 0;
    }
    return Arrays.copyOf(support, count);
  }

  /** Row l, column k: (B₀s_l)ᵀs_k; below these rows y_lᵀs_k. */
  private double[][] products(int[] support) {
    double[][] products = new double[2 * memory][memory];
    for (int k = 0; k < memory; k++) {
      double[] step = pairs.get(k).step();
      for (int l = 0; l < memory; l++) {
        double quadratic = 0;
        double mixed = 0;
        for (int m = 0; m < centred[k].length; m++) {
          quadratic += image(l, d + m) * centred[k][m];
          mixed += scales[k] * scales[l] * pairs.get(l).change()[d + m] * step[d + m];
        }
        for (int j : support) {
          quadratic += scales[k] * image(l, j) * step[j];
          mixed += scales[k] * scales[l] * pairs.get(l).change()[j] * step[j];
        }
        products[l][k] = quadratic;
        products[memory + l][k] = mixed;
      }
    }
    return products;
  }

  private void combine(double[][] products) {
    for (int k = 0; k < memory; k++) {
      double[] a = new double[2 * memory];
      a[k] = 1;
      for (int i = 0; i < k; i++) {
        a[memory + i] += products[memory + i][k];
        double overlap = along(combinations[i], products, k);
        for (int l = 0; l < a.length; l++) {
          a[l] -= overlap * combinations[i][l];
        }
      }
      double norm = Math.sqrt(Math.max(along(a, products, k), Double.MIN_NORMAL));
      for (int l = 0; l < a.length; l++) {
        a[l] /= norm;
      }
      combinations[k] = a;
    }
  }

  private static double along(double[] combination, double[][] products, int column) {
    double sum = 0;
    for (int l = 0; l < combination.length; l++) {
      sum += combination[l] * products[l][column];
    }
    return sum;
  }

  /** (B₀s_k)_j, scaled. */
  private double image(int k, int j) {
    if (images[k].length > 0) {
      return images[k][j];
    }
    return j < d
        ? base.diagonal(j) * pairs.get(k).step()[j] * scales[k]
        : base.diagonal(j) * centred[k][j - d];
  }

  /** (y_k)_j, centred and scaled. */
  private double change(int k, int j) {
    double[] change = pairs.get(k).change();
    if (j >= d) {
      return scales[k] * change[j];
    }
    int margin = base.margin(j);
    return scales[k] * (change[j] - base.mean(j) / base.total(margin) * change[d + margin]);
  }

  /** Number of terms of low rank: y_1 … y_m, then a_1 … a_m. */
  int rank() {
    return 2 * memory;
  }

  /** The entries j of y_1 … y_m, a_1 … a_m, written from {@code at} on. */
  void row(int j, double[] rows, int at) {
    for (int k = 0; k < memory; k++) {
      double a = 0;
      for (int l = 0; l <= k; l++) {
        a += combinations[k][l] * image(l, j) + combinations[k][memory + l] * change(l, j);
      }
      rows[at + k] = change(k, j);
      rows[at + memory + k] = a;
    }
  }

  /** Weights of the B₀s and the y in Σ_k (y_k t_k − a_k t_{m+k}), for {@link #combined}. */
  double[] weights(double[] terms) {
    double[] weights = new double[2 * memory];
    for (int k = 0; k < memory; k++) {
      weights[memory + k] += terms[k];
      for (int l = 0; l < weights.length; l++) {
        weights[l] -= terms[memory + k] * combinations[k][l];
      }
    }
    return weights;
  }

  /** Entry j of the combination with these {@link #weights}. */
  double combined(int j, double[] weights) {
    double sum = 0;
    for (int k = 0; k < memory; k++) {
      sum += weights[k] * image(k, j) + weights[memory + k] * change(k, j);
    }
    return sum;
  }
}
