package dev.talweg.optimizer.goldens;

/** Why a configuration is not compared. */
final class NotCovered extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotCovered(String why) {
    super(why);
  }
}
