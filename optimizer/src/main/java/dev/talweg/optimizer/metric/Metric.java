package dev.talweg.optimizer.metric;

/**
 * A named number that tells how good predictions are.
 *
 * @param name in kebab case
 * @param labels two classes, many classes or real numbers
 * @param sense which of two values is better
 */
public record Metric(String name, Labels labels, Sense sense, String summary) {
  /** The kind of label it is for. */
  public enum Labels {
    BINARY,
    MULTICLASS,
    REAL
  }

  /** Which of two values is better. */
  public enum Sense {
    SMALLER_IS_BETTER,
    LARGER_IS_BETTER
  }
}
