package dev.talweg.optimizer.schedule;

/**
 * Warm restarts (SGDR, Loshchilov and Hutter 2017): half a cosine from {@code start} to {@code end}
 * again and again. The cycle i has first · growth^i steps and the height of {@code decay}^i: r =
 * end + (start − end) decay^i (1 + cos(π t_i/T_i))/2.
 *
 * @param first steps of the first cycle
 * @param growth of the cycles' length, at least 1; PyTorch's default is 1, Keras' 2
 * @param decay of the cycles' height, in (0, 1]
 */
public record CosineRestarts(double start, double end, long first, double growth, double decay)
    implements Schedule {
  private static final long serialVersionUID = 1L;

  public CosineRestarts {
    Rates.check("start", start);
    Rates.check("end", end);
    Rates.checkSteps("first", first);
    Rates.checkFactor(decay);
    if (!(growth >= 1 && growth < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("growth is at least 1, not " + growth);
    }
  }

  @Override
  public double at(long step) {
    double within = step;
    double length = first;
    double height = 1;
    if (growth == 1) {
      long cycle = step / first;
      within = step - cycle * first;
      height = StrictMath.pow(decay, (double) cycle);
    } else {
      while (within >= length) {
        within -= length;
        length *= growth;
        height *= decay;
      }
    }
    return end + (start - end) * height * 0.5 * (1 + StrictMath.cos(Math.PI * (within / length)));
  }

  @Override
  public double most() {
    return Math.max(start, end);
  }
}
