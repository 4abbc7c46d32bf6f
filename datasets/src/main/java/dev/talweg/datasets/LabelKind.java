package dev.talweg.datasets;

import dev.talweg.optimizer.loss.LabelRange;
import dev.talweg.optimizer.loss.PointwiseLoss;

/** What a label is to the model that is to be trained. */
public enum LabelKind {
  /** Two classes, stored as 0 and 1. */
  BINARY(LabelRange.ANY),
  /** Two classes or more, texts or numbers, stored as their place in {@link Encoding#classes}. */
  MULTICLASS(LabelRange.ANY),
  /** Any finite number. */
  REAL(LabelRange.ANY),
  /** A finite number of at least 0, such as a count. */
  NOT_NEGATIVE(LabelRange.NOT_NEGATIVE),
  /** A finite number above 0, such as an amount. */
  POSITIVE(LabelRange.POSITIVE);

  private final LabelRange range;

  LabelKind(LabelRange range) {
    this.range = range;
  }

  /** What a loss needs. */
  public static LabelKind of(PointwiseLoss loss) {
    if (loss.classifies()) {
      return BINARY;
    }
    return switch (loss.labels()) {
      case ANY -> REAL;
      case NOT_NEGATIVE -> NOT_NEGATIVE;
      case POSITIVE -> POSITIVE;
    };
  }

  /** The numbers that can be read as labels. */
  LabelRange range() {
    return range;
  }
}
