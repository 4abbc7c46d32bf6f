package dev.talweg.optimizer.schedule;

/** Decay in stairs: r(t) = start · factor^⌊t/every⌋. */
public record StepDecay(double start, double factor, long every) implements Schedule {
  private static final long serialVersionUID = 1L;

  public StepDecay {
    Rates.check("start", start);
    Rates.checkFactor(factor);
    Rates.checkSteps("every", every);
  }

  @Override
  public double at(long step) {
    long decays = step / every;
    return start * StrictMath.pow(factor, (double) decays);
  }

  @Override
  public double most() {
    return start;
  }
}
