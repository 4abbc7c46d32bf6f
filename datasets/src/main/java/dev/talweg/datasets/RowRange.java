package dev.talweg.datasets;

/**
 * What is known of a number of rows.
 *
 * @param least at least 0
 * @param most at least as many
 */
public record RowRange(long least, long most) {
  /** Of rows that nothing has counted. */
  public static final RowRange UNKNOWN = new RowRange(0, Long.MAX_VALUE);

  /** Of rows that were counted. */
  public static RowRange of(long rows) {
    return new RowRange(rows, rows);
  }
}
