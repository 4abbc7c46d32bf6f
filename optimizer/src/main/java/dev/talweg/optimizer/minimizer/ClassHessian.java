package dev.talweg.optimizer.minimizer;

import java.util.List;

/**
 * Of K margins of a softmax: the curvature over the classes of a feature is D − s ddᵀ/Σd + λI with
 * D = diag d the blocks of the {@link ClassPreconditioner} without the ridge.
 *
 * <p>On gradients that sum to zero over the classes, as those of softmax do, D⁻¹ between two
 * projections is a pseudo-inverse of D − ddᵀ/Σd: the two classes have one model. At equal margins
 * of all rows, where d is a multiple of the probabilities p, it is the curvature diag(p) − ppᵀ
 * itself. Along a common shift of a feature's weights it has none, nor have the data: there l1
 * decides, and its kinks are as far as they are. So s is a little below 1.
 *
 * <p>Where all classes share one matrix C, d_k is a number t_k and the curvature of two classes
 * (t_k δ_kl − s t_k t_l/Σt) C.
 */
final class ClassHessian implements CentredHessian {
  /** s: a hundredth of the curvature is left along common shifts. */
  private static final double COUPLED = 0.99;

  private final List<Preconditioner> blocks;
  private final int[] blockOf;
  private final double[] ridge;
  private final int classes;
  private final int features;
  private final int weights;
  private final double[] shared; // C where the blocks are exact, else empty
  private final double[] curvatures; // d
  private final double[] shares; // d/Σd
  private final Product moved;

  ClassHessian(ClassPreconditioner base, double[] ridge) {
    this.blocks = base.blocks();
    this.blockOf = base.blockOf();
    this.ridge = ridge;
    this.classes = blockOf.length;
    this.features = blocks.get(0).means().length;
    this.weights = features * classes;
    this.shared = blocks.get(0).matrix();
    for (int j = 0; j < features && shared.length > 0; j++) {
      shared[j * features + j] -= ridge[j * classes];
    }
    for (int i = 0; i < shared.length; i++) {
      shared[i] /= blocks.get(0).total();
    }
    this.curvatures = new double[weights + classes];
    this.shares = new double[weights + classes];
    for (int from = 0; from < curvatures.length; from += classes) {
      fill(from);
    }
    this.moved = new Product();
  }

  /** d and its shares, of the classes of a feature. */
  private void fill(int from) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      curvatures[from + k] = from == weights ? total(k) : Math.max(curvature(from / classes, k), 0);
      sum += curvatures[from + k];
    }
    for (int k = 0; k < classes; k++) {
      shares[from + k] = sum > 0 ? curvatures[from + k] / sum : 0;
    }
  }

  private double curvature(int j, int k) {
    return shared.length > 0
        ? total(k) * shared[j * features + j]
        : blocks.get(blockOf[k]).diagonal(j) - ridge[j * classes];
  }

  @Override
  public int weights() {
    return weights;
  }

  @Override
  public int margins() {
    return classes;
  }

  @Override
  public double mean(int at) {
    return blocks.get(blockOf[at % classes]).means()[at / classes];
  }

  @Override
  public double total(int margin) {
    return blocks.get(blockOf[margin]).total();
  }

  private double ridge(int at) {
    return at < weights ? ridge[at] : 0;
  }

  @Override
  public double diagonal(int at) {
    return curvatures[at] * (1 - COUPLED * shares[at]) + ridge(at);
  }

  @Override
  public double[] image(double[] vector, double factor, double[] centred) {
    double[] scaled = new double[weights + classes];
    for (int at = 0; at < weights; at++) {
      scaled[at] = factor * vector[at];
    }
    System.arraycopy(centred, 0, scaled, weights, classes);
    Product product = new Product();
    for (int at = 0; at < scaled.length; at++) {
      product.move(at, scaled[at]);
    }
    double[] image = new double[scaled.length];
    for (int at = 0; at < image.length; at++) {
      image[at] = product.at(at, scaled[at]);
    }
    return image;
  }

  @Override
  public double[] times(int[] coordinates, double[] vector) {
    Product product = new Product();
    for (int i = 0; i < coordinates.length; i++) {
      product.move(coordinates[i], vector[i]);
    }
    double[] times = new double[coordinates.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = product.at(coordinates[i], vector[i]);
    }
    return times;
  }

  @Override
  public double product(int at, double p) {
    return moved.at(at, p);
  }

  @Override
  public void move(int at, double by) {
    moved.move(at, by);
  }

  /** B₀p, and Σ_k d_k p_k of each feature, which its classes share. */
  private final class Product {
    private final double[] sums = new double[features + 1];
    private final double[] images = new double[shared.length > 0 ? weights : 0]; // Cp_k by class

    void move(int at, double by) {
      if (by == 0) {
        return;
      }
      if (images.length == 0 || at >= weights) {
        sums[at / classes] += curvatures[at] * by;
        return;
      }
      int row = at / classes * features;
      int k = at % classes;
      double total = total(k);
      for (int i = 0; i < features; i++) {
        double image = by * shared[row + i];
        images[k * features + i] += image;
        sums[i] += total * image;
      }
    }

    double at(int at, double p) {
      int j = at / classes;
      int k = at % classes;
      double own =
          images.length == 0 || at >= weights
              ? curvatures[at] * p
              : total(k) * images[k * features + j];
      return own - COUPLED * shares[at] * sums[j] + ridge(at) * p;
    }
  }
}
