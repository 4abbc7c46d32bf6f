package dev.talweg.optimizer.schedule;

/**
 * The inverse square root of Transformers (Vaswani et al. 2017), with a linear warm-up: r(t) =
 * scale · min((t + 1)^{−1/2}, (t + 1) warmup^{−3/2}). Its peak, at the end of the warm-up, is
 * scale/√warmup; Noam's scale is d^{−1/2}.
 *
 * @param warmup at least 1: 1 has no warm-up
 */
public record InverseRoot(double scale, long warmup) implements Schedule {
  private static final long serialVersionUID = 1L;

  public InverseRoot {
    Rates.check("scale", scale);
    Rates.checkSteps("warmup", warmup);
  }

  @Override
  public double at(long step) {
    double t = step + 1.0;
    return scale * Math.min(1 / Math.sqrt(t), t / (warmup * Math.sqrt((double) warmup)));
  }

  @Override
  public double most() {
    return at(warmup - 1);
  }

  @Override
  public long horizon() {
    return warmup;
  }
}
