package dev.talweg.datasets;

/** What a label is to the model that is to be trained. */
public enum LabelKind {
  /** Two classes, stored as 0 and 1. */
  BINARY,
  /** Any finite number. */
  REAL
}
