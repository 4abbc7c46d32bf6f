package dev.talweg.datasets;

import java.io.Serializable;

/**
 * Arrays of a vector column that are sequences: each row has its own length, in steps of so many
 * numbers.
 *
 * @param channels numbers of a step; 0 where that is not known
 * @param most numbers of a row at most; 0 where the longest one tells
 * @param longer what becomes of a row that is longer
 */
public record Sequence(int channels, int most, Longer longer) implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Of rows that are longer. */
  public enum Longer {
    /** They are bad rows. */
    FAIL,
    /** Their last numbers are kept. */
    TRUNCATE
  }

  /** The features of rows of which the longest is so long. */
  int size(int longest) {
    return channels > 0 && most > 0 ? most : longest;
  }

  /** As it is read again, once it is known how many features there are. */
  Sequence of(int size) {
    return new Sequence(channels, size, longer);
  }
}
