package dev.talweg.optimizer.schedule;

import java.util.List;

/**
 * r(t) = start · factor^n with n the milestones that t has reached; a milestone may count twice.
 */
public record MultiStep(double start, double factor, List<Long> milestones) implements Schedule {
  private static final long serialVersionUID = 1L;

  public MultiStep {
    Rates.check("start", start);
    Rates.checkFactor(factor);
    milestones = List.copyOf(milestones);
  }

  @Override
  public double at(long step) {
    long reached = milestones.stream().filter(milestone -> milestone <= step).count();
    return start * StrictMath.pow(factor, (double) reached);
  }

  @Override
  public double most() {
    return start;
  }

  @Override
  public long horizon() {
    return milestones.stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
