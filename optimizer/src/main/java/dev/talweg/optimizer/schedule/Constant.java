package dev.talweg.optimizer.schedule;

/** The same rate at every step. */
public record Constant(double value) implements Schedule {
  private static final long serialVersionUID = 1L;

  public Constant {
    Rates.check("value", value);
  }

  @Override
  public double at(long step) {
    return value;
  }

  @Override
  public double most() {
    return value;
  }
}
