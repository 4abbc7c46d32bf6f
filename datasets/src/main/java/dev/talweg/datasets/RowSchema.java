package dev.talweg.datasets;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * What a task must know to read rows: the columns that were selected, by position.
 *
 * @param types by position
 * @param label −1 where there is none
 * @param weight −1 where there is none
 * @param offset −1 where there is none
 * @param labels what a label may be
 * @param corrupt the column with the text of a malformed line, or −1
 * @param vector the vector column, or −1
 * @param libsvm whether the vector column is a LIBSVM line, which holds the label too
 * @param seed of the splits
 */
record RowSchema(
    List<String> names,
    List<DataType> types,
    FeaturePlan plan,
    int label,
    int weight,
    int offset,
    DataSpec.Offset.Form offsetForm,
    LabelKind labels,
    int corrupt,
    int[] numeric,
    int[] dictionaries,
    int[] hashed,
    int[][] crosses,
    int vector,
    boolean libsvm,
    SplitColumn validation,
    SplitColumn test,
    long seed)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * How a row finds its split.
   *
   * @param kind none, by position, by a column that holds a hash, by a column that is true
   * @param from of a fraction: rows with from ≤ u &lt; until, u uniform in [0, 1)
   */
  record SplitColumn(Kind kind, int ordinal, double from, double until) implements Serializable {
    private static final long serialVersionUID = 1L;

    enum Kind {
      NONE,
      POSITION,
      HASH,
      FLAG,
      /** Every row: files of their own. */
      ALL
    }

    static final SplitColumn NONE = new SplitColumn(Kind.NONE, -1, 0, 0);
    static final SplitColumn ALL = new SplitColumn(Kind.ALL, -1, 0, 1);
  }

  /** Whether some rows can be held out. */
  boolean holdsOut() {
    return validation.kind() != SplitColumn.Kind.NONE || test.kind() != SplitColumn.Kind.NONE;
  }

  /** What numeric column c's numbers become. */
  NumericTransform transform(int c) {
    return plan.numeric().get(c).transform();
  }

  @Nullable String labelName() {
    return libsvm ? "label" : label < 0 ? null : names.get(label);
  }
}
