package dev.talweg.optimizer.minimizer;

/** Of one margin: M, dense or diagonal, and h̄. */
final class MarginHessian implements CentredHessian {
  private final Preconditioner base;
  private final int d;
  private final double[] matrix; // M where it is exact, else empty
  private final double[] product; // Mp where M is exact

  MarginHessian(Preconditioner base) {
    this.base = base;
    this.d = base.means().length;
    this.matrix = base.matrix();
    this.product = new double[matrix.length > 0 ? d : 0];
  }

  @Override
  public int weights() {
    return d;
  }

  @Override
  public int margins() {
    return 1;
  }

  @Override
  public double mean(int at) {
    return base.means()[at];
  }

  @Override
  public double total(int margin) {
    return base.total();
  }

  private boolean isDense(int at) {
    return matrix.length > 0 && at < d;
  }

  @Override
  public double diagonal(int at) {
    return at == d ? base.total() : isDense(at) ? matrix[at * d + at] : base.diagonal(at);
  }

  @Override
  public double[] image(double[] vector, double factor, double[] centred) {
    if (matrix.length == 0) {
      return new double[0];
    }
    double[] image = new double[d + 1];
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < d; k++) {
        image[j] += factor * matrix[j * d + k] * vector[k];
      }
    }
    image[d] = base.total() * centred[0];
    return image;
  }

  @Override
  public double[] times(int[] coordinates, double[] vector) {
    double[] times = new double[coordinates.length];
    for (int i = 0; i < coordinates.length; i++) {
      int row = coordinates[i];
      if (!isDense(row)) {
        times[i] = diagonal(row) * vector[i];
        continue;
      }
      for (int l = 0; l < coordinates.length; l++) {
        int column = coordinates[l];
        times[i] += column < d ? matrix[row * d + column] * vector[l] : 0;
      }
    }
    return times;
  }

  @Override
  public double product(int at, double moved) {
    return isDense(at) ? product[at] : diagonal(at) * moved;
  }

  @Override
  public void move(int at, double by) {
    if (isDense(at)) {
      for (int i = 0; i < d; i++) {
        product[i] += by * matrix[at * d + i];
      }
    }
  }
}
