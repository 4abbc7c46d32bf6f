package dev.talweg.optimizer.schedule;

/**
 * PyTorch's {@code CosineAnnealingLR}: r(t) = end + (start − end)(1 + cos(π t/steps))/2 for all t,
 * so that it rises again after {@code steps}. {@link Cosine} stays at its end.
 */
public record CosineWave(double start, double end, long steps) implements Schedule {
  private static final long serialVersionUID = 1L;

  public CosineWave {
    Rates.check("start", start);
    Rates.check("end", end);
    Rates.checkSteps("steps", steps);
  }

  @Override
  public double at(long step) {
    double phase = (double) (step % (2 * steps)) / steps;
    return end + (start - end) * 0.5 * (1 + StrictMath.cos(Math.PI * phase));
  }

  @Override
  public double most() {
    return Math.max(start, end);
  }
}
