package dev.talweg.datasets;

import java.util.Locale;

/** How a column becomes features. */
public enum Kind {
  /** One feature: the number itself, the mean where it is missing. */
  NUMERIC,
  /** One feature: 1 where a numeric column has no value. */
  FLAG,
  /** One feature per level of a dictionary. */
  CATEGORICAL,
  /** Levels hashed into a fixed number of features. */
  HASHED,
  /** As many features as the vector has entries. */
  VECTOR,
  /** One feature per combination of levels of two or more columns. */
  CROSS;

  /** The name in tables and messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
