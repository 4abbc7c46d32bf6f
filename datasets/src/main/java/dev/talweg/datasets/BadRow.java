package dev.talweg.datasets;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A row that cannot be used.
 *
 * @param file where it was read, empty when the source has no files
 * @param row its number, from 1, among the rows of that file that {@code where} lets through
 *     (headers are not counted)
 * @param column the column at fault, empty when it is the whole row
 * @param value what was found there, null when nothing was
 * @param reason what is wrong with it and what would be right
 * @param raw the row as text
 */
public record BadRow(
    String file, long row, String column, @Nullable String value, String reason, String raw)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** One line for people. */
  public String describe() {
    return (file.isEmpty() ? "" : file.replaceFirst("^file:/+", "/") + ": ")
        + "row "
        + row
        + ", column "
        + column
        + ": "
        + (value == null ? "null" : value)
        + " "
        + reason;
  }
}
