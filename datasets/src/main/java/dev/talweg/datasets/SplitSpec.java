package dev.talweg.datasets;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where held-out rows come from. */
public sealed interface SplitSpec {

  /** No such split. */
  record None() implements SplitSpec {}

  /**
   * A fraction of the training source: rows whose hash of (seed, {@code by} columns) falls below
   * it. {@code by} empty means the data's keys, or, where there are none, the row's position (which
   * depends on files and partitions).
   */
  record Fraction(double fraction, List<String> by) implements SplitSpec {}

  /** Files of their own. */
  record Path(List<String> paths) implements SplitSpec {}

  /** A table or a view of the session's catalog. */
  record Table(String table) implements SplitSpec {}

  /**
   * Rows of the training source whose {@code column} is at least {@code from} and below {@code
   * until}: a split by time.
   */
  record Range(String column, String from, @Nullable String until) implements SplitSpec {}
}
