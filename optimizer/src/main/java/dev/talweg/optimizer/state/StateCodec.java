package dev.talweg.optimizer.state;

import dev.talweg.optimizer.state.Column.Doubles;
import dev.talweg.optimizer.state.Column.Longs;
import dev.talweg.optimizer.state.Column.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Turns a state record into named columns and back through its canonical constructor, with every
 * bit, so that a new method is checkpointed with no code.
 *
 * <p>A record may hold {@code long}, {@code int}, {@code boolean}, {@code double}, {@code String},
 * {@code long[]}, {@code int[]}, {@code double[]}, records of these, and lists of records. The
 * column of a component is its name; of a nested one {@code outer.inner}; of the entry k of a list
 * {@code pairs.k.step}, with the length in {@code pairs.size}.
 *
 * <p>Types are those that the record declares. Where it declares only {@code Record} or an
 * interface (a chain of transforms holds a list of unlike states), they are those of a prototype of
 * the same shape ({@link #like}): no class is ever looked up by a stored name.
 */
public final class StateCodec<S> {
  private final Shape shape;
  private final Class<S> type;

  private StateCodec(Class<S> type, Shape shape) {
    this.type = type;
    this.shape = shape;
  }

  /** A codec of a record that declares all its types. */
  public static <S> StateCodec<S> of(Class<S> type) {
    return new StateCodec<>(type, Shape.of(type, null, type.getSimpleName()));
  }

  /** A codec of the records shaped as {@code prototype}; arrays may have other lengths. */
  public static <S> StateCodec<S> like(S prototype) {
    @SuppressWarnings("unchecked") // the class of an S is a Class<? extends S>; records are final
    Class<S> type = (Class<S>) prototype.getClass();
    return new StateCodec<>(type, Shape.of(type, prototype, type.getSimpleName()));
  }

  /** The columns in the order of the record's components; arrays are copied. */
  public Map<String, Column> encode(S state) {
    Map<String, Column> columns = new LinkedHashMap<>();
    shape.write("", type.cast(state), columns);
    return columns;
  }

  /**
   * The state; its arrays are its own.
   *
   * @throws IllegalArgumentException when a column is missing, left over, or not of the type
   */
  public S decode(Map<String, Column> columns) {
    Columns reader = new Columns(columns);
    S state = type.cast(shape.read("", reader));
    reader.checkAllRead();
    return state;
  }

  /** Columns, of which it is remembered what was read. */
  static final class Columns {
    private final Map<String, Column> columns;
    private final TreeSet<String> unread;

    Columns(Map<String, Column> columns) {
      this.columns = columns;
      this.unread = new TreeSet<>(columns.keySet());
    }

    long[] longs(String name) {
      if (column(name) instanceof Longs column) {
        return column.values();
      }
      throw new IllegalArgumentException("column " + name + " does not hold integers");
    }

    double[] doubles(String name) {
      if (column(name) instanceof Doubles column) {
        return column.values();
      }
      throw new IllegalArgumentException("column " + name + " does not hold doubles");
    }

    String text(String name) {
      if (column(name) instanceof Texts column) {
        return column.values().get(one(name, column.size()));
      }
      throw new IllegalArgumentException("column " + name + " does not hold text");
    }

    /** Index 0, of a column that must have one entry. */
    int one(String name, int size) {
      if (size != 1) {
        throw new IllegalArgumentException(
            "column " + name + " has " + size + " entries where 1 is expected");
      }
      return 0;
    }

    private Column column(String name) {
      Column column = columns.get(name);
      if (column == null) {
        throw new IllegalArgumentException(
            "column " + name + " is missing among " + columns.keySet());
      }
      unread.remove(name);
      return column;
    }

    private void checkAllRead() {
      if (!unread.isEmpty()) {
        throw new IllegalArgumentException("the state has no place for the columns " + unread);
      }
    }
  }
}
