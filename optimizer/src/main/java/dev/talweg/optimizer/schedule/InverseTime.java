package dev.talweg.optimizer.schedule;

/**
 * r(t) = start/(1 + factor · t/every)ᵖ, or with ⌊t/every⌋ in stairs. With p = 1 Keras' {@code
 * InverseTimeDecay}, PyTorch's {@code lr_decay} of Adagrad, the rate of Robbins and Monro (1951)
 * and, with factor 1/t₀, scikit-learn's {@code optimal}; with factor 1 its {@code invscaling}.
 *
 * @param power p, at least 0
 */
public record InverseTime(double start, double factor, long every, double power, Form form)
    implements Schedule {
  private static final long serialVersionUID = 1L;

  public InverseTime {
    Rates.check("start", start);
    Rates.check("factor", factor);
    Rates.checkSteps("every", every);
    Rates.check("power", power);
  }

  /** With p = 1. */
  public InverseTime(double start, double factor, long every, Form form) {
    this(start, factor, every, 1, form);
  }

  @Override
  public double at(long step) {
    double divisor = 1 + factor * form.periods(step, every);
    return start / (power == 1 ? divisor : StrictMath.pow(divisor, power));
  }

  @Override
  public double most() {
    return start;
  }
}
