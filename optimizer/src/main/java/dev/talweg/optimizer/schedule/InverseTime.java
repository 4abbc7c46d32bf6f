package dev.talweg.optimizer.schedule;

/**
 * r(t) = start/(1 + factor · t/every), or with ⌊t/every⌋ in stairs: Keras' {@code
 * InverseTimeDecay}, PyTorch's {@code lr_decay} of Adagrad, the rate of Robbins and Monro (1951).
 */
public record InverseTime(double start, double factor, long every, Form form) implements Schedule {
  private static final long serialVersionUID = 1L;

  public InverseTime {
    Rates.check("start", start);
    Rates.check("factor", factor);
    Rates.checkSteps("every", every);
  }

  @Override
  public double at(long step) {
    return start / (1 + factor * form.periods(step, every));
  }
}
