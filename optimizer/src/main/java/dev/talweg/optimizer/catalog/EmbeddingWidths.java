package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.naming.Glob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How wide the embeddings of categorical columns are: one width for all of them, or {@code
 * {columns: {GLOB: width}, others: width}}. A width is a whole number, {@code auto} or {@code
 * none}.
 *
 * @param columns widths by names or globs; what is written later overrides
 * @param others that of the columns that none of these names
 */
public record EmbeddingWidths(Map<String, Object> columns, Object others) {
  public static final String COLUMNS = "columns";
  public static final String OTHERS = "others";
  public static final String ALLOWED = "a whole number of at least 1, auto or none";

  /** What {@code auto} and {@code none} are, as they are written. */
  public static final String NONE = "none";

  private static final String AUTO = "auto";

  /** A wider row is a slip of the pen. */
  private static final long MOST = 1 << 16;

  /**
   * Of a checked value; null, as a model has it that was saved before there were embeddings, is
   * none.
   */
  static EmbeddingWidths of(@Nullable Object value) {
    if (value instanceof Map<?, ?> block) {
      Map<String, Object> columns = new LinkedHashMap<>();
      if (block.get(COLUMNS) instanceof Map<?, ?> byName) {
        byName.forEach((name, width) -> columns.put((String) name, width));
      }
      Object others = block.get(OTHERS);
      return new EmbeddingWidths(columns, others == null ? NONE : others);
    }
    return new EmbeddingWidths(Map.of(), value == null ? NONE : value);
  }

  /** Whether a value is a width. */
  public static boolean isWidth(Object value) {
    return value instanceof Number number
        ? number.longValue() == number.doubleValue()
            && number.longValue() >= 1
            && number.longValue() <= MOST
        : AUTO.equals(value) || NONE.equals(value);
  }

  static boolean isAllowed(Object value) {
    if (!(value instanceof Map<?, ?> block)) {
      return isWidth(value);
    }
    EmbeddingWidths widths = of(value);
    return !block.isEmpty()
        && List.of(COLUMNS, OTHERS).containsAll(block.keySet())
        && isWidth(widths.others)
        && widths.columns.values().stream().allMatch(EmbeddingWidths::isWidth);
  }

  /** Whether no column has one. */
  boolean isNone() {
    return NONE.equals(others) && columns.values().stream().allMatch(NONE::equals);
  }

  /** That of a column with so many levels; 0 where it has no embedding. */
  int width(String column, int levels) {
    Object width = others;
    for (Map.Entry<String, Object> each : columns.entrySet()) {
      if (new Glob(each.getKey()).matches(column)) {
        width = each.getValue();
      }
    }
    if (width instanceof Number number) {
      return number.intValue();
    }
    return AUTO.equals(width) ? auto(levels) : 0;
  }

  /** fastai's {@code emb_sz_rule}: min(600, round(1.6 n^0.56)). */
  static int auto(int levels) {
    return (int) Math.min(600, Math.round(1.6 * StrictMath.pow(levels, 0.56)));
  }
}
