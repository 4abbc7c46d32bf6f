package dev.talweg.optimizer.loss;

/** Which numbers a loss can have as labels. */
public enum LabelRange {
  ANY("a finite number"),
  NOT_NEGATIVE("a finite number of at least 0"),
  POSITIVE("a finite number above 0");

  private final String allowed;

  LabelRange(String allowed) {
    this.allowed = allowed;
  }

  /** Whether a label is one of them. */
  public boolean contains(double label) {
    boolean above =
        switch (this) {
          case ANY -> true;
          case NOT_NEGATIVE -> label >= 0;
          case POSITIVE -> label > 0;
        };
    return above && Math.abs(label) <= Double.MAX_VALUE;
  }

  /** For messages: "a finite number above 0". */
  public String allowed() {
    return allowed;
  }
}
