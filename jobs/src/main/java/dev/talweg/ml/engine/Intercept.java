package dev.talweg.ml.engine;

/** What {@code fitIntercept} asks for. */
public enum Intercept {
  FREE,
  /** Zero; {@code spark.ml} then leaves the weights of constant features zero as well. */
  NONE;

  public static Intercept of(boolean fitIntercept) {
    return fitIntercept ? FREE : NONE;
  }
}
