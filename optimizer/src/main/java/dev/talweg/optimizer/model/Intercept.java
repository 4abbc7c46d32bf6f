package dev.talweg.optimizer.model;

/** What linear margins have beside x·w and the offset of the row. */
public enum Intercept {
  /** A parameter without a penalty. */
  FREE,
  /** Zero: the model goes through the origin. */
  NONE;

  /** What {@code intercept: …}, or Spark's {@code fitIntercept}, asks for. */
  public static Intercept of(boolean fitted) {
    return fitted ? FREE : NONE;
  }
}
