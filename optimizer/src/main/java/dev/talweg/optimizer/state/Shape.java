package dev.talweg.optimizer.state;

import dev.talweg.optimizer.state.Column.Doubles;
import dev.talweg.optimizer.state.Column.Longs;
import dev.talweg.optimizer.state.Column.Texts;
import dev.talweg.optimizer.state.StateCodec.Columns;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How values of one type become columns. */
sealed interface Shape {

  /** Writes the columns of {@code value} under {@code name}. */
  void write(String name, Object value, Map<String, Column> columns);

  /** Reads them back. */
  Object read(String name, Columns columns);

  /** The shape of a declared type; the prototype says more where the declaration is open. */
  static Shape of(Type declared, @Nullable Object prototype, String where) {
    if (declared instanceof Class<?> type) {
      for (Leaf leaf : Leaf.values()) {
        if (leaf.type == type) {
          return leaf;
        }
      }
      if (type.isRecord()) {
        return ofRecord(type, prototype, where);
      }
    }
    if (declared instanceof ParameterizedType parameterized
        && parameterized.getRawType() == List.class) {
      return ofList(parameterized.getActualTypeArguments()[0], prototype, where);
    }
    if (prototype instanceof Record value) {
      return ofRecord(value.getClass(), value, where);
    }
    throw new IllegalArgumentException(
        where
            + " is a "
            + declared.getTypeName()
            + ": a state holds long, int, boolean, double, String, long[], int[], double[], records"
            + " and lists of records");
  }

  static Shape ofRecord(Class<?> type, @Nullable Object prototype, String where) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      RecordComponent component = components[i];
      component.getAccessor().setAccessible(true);
      types[i] = component.getType();
      Object value = prototype == null ? null : Field.value(component, prototype);
      String name = component.getName();
      fields.add(new Field(component, of(component.getGenericType(), value, where + "." + name)));
    }
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return new OfRecord(constructor, fields);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  private static Shape ofList(Type element, @Nullable Object prototype, String where) {
    if (element instanceof Class<?> type && type.isRecord()) {
      return new OfList(ofRecord(type, null, where));
    }
    if (prototype instanceof List<?> values) {
      List<Shape> parts = new ArrayList<>();
      for (Object value : values) {
        parts.add(of(element, value, where + "." + parts.size()));
      }
      return new OfParts(parts);
    }
    throw new IllegalArgumentException(
        where + " is a list of " + element.getTypeName() + ": use a codec like a prototype");
  }

  /** A scalar or an array: one column. */
  enum Leaf implements Shape {
    LONG(long.class) {
      @Override
      Column column(Object value) {
        return new Longs(new long[] {(Long) value});
      }

      @Override
      public Object read(String name, Columns columns) {
        long[] values = columns.longs(name);
        return values[columns.one(name, values.length)];
      }
    },
    INT(int.class) {
      @Override
      Column column(Object value) {
        return new Longs(new long[] {(Integer) value});
      }

      @Override
      public Object read(String name, Columns columns) {
        long[] values = columns.longs(name);
        return toInt(name, values[columns.one(name, values.length)]);
      }
    },
    BOOLEAN(boolean.class) {
      @Override
      Column column(Object value) {
        return new Longs(new long[] {(Boolean) value ? 1 : 0});
      }

      @Override
      public Object read(String name, Columns columns) {
        long[] values = columns.longs(name);
        long value = values[columns.one(name, values.length)];
        if (value != 0 && value != 1) {
          throw new IllegalArgumentException("column " + name + " is " + value + ", not 0 or 1");
        }
        return value == 1;
      }
    },
    DOUBLE(double.class) {
      @Override
      Column column(Object value) {
        return new Doubles(new double[] {(Double) value});
      }

      @Override
      public Object read(String name, Columns columns) {
        double[] values = columns.doubles(name);
        return values[columns.one(name, values.length)];
      }
    },
    TEXT(String.class) {
      @Override
      Column column(Object value) {
        return new Texts(List.of((String) value));
      }

      @Override
      public Object read(String name, Columns columns) {
        return columns.text(name);
      }
    },
    LONGS(long[].class) {
      @Override
      Column column(Object value) {
        return new Longs(((long[]) value).clone());
      }

      @Override
      public Object read(String name, Columns columns) {
        return columns.longs(name).clone();
      }
    },
    INTS(int[].class) {
      @Override
      Column column(Object value) {
        int[] ints = (int[]) value;
        long[] values = new long[ints.length];
        for (int i = 0; i < ints.length; i++) {
          values[i] = ints[i];
        }
        return new Longs(values);
      }

      @Override
      public Object read(String name, Columns columns) {
        long[] values = columns.longs(name);
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
          ints[i] = toInt(name, values[i]);
        }
        return ints;
      }
    },
    DOUBLES(double[].class) {
      @Override
      Column column(Object value) {
        return new Doubles(((double[]) value).clone());
      }

      @Override
      public Object read(String name, Columns columns) {
        return columns.doubles(name).clone();
      }
    };

    private final Class<?> type;

    Leaf(Class<?> type) {
      this.type = type;
    }

    abstract Column column(Object value);

    @Override
    public void write(String name, Object value, Map<String, Column> columns) {
      columns.put(name, column(value));
    }

    static int toInt(String name, long value) {
      if (value != (int) value) {
        throw new IllegalArgumentException("column " + name + " holds " + value + ", no int");
      }
      return (int) value;
    }
  }

  /** A component and its shape. */
  record Field(RecordComponent component, Shape shape) {
    static Object value(RecordComponent component, Object owner) {
      try {
        Object value = component.getAccessor().invoke(owner);
        if (value == null) {
          throw new IllegalArgumentException("a state holds no null: " + component);
        }
        return value;
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("the accessor was made accessible", e);
      } catch (InvocationTargetException e) {
        throw new IllegalArgumentException("cannot read " + component, e);
      }
    }
  }

  /** A record: the columns of its components. */
  record OfRecord(Constructor<?> constructor, List<Field> fields) implements Shape {
    @Override
    public void write(String name, Object value, Map<String, Column> columns) {
      for (Field field : fields) {
        Object part = Field.value(field.component(), value);
        field.shape().write(join(name, field.component().getName()), part, columns);
      }
    }

    @Override
    public Object read(String name, Columns columns) {
      Object[] values = new Object[fields.size()];
      for (int i = 0; i < values.length; i++) {
        Field field = fields.get(i);
        values[i] = field.shape().read(join(name, field.component().getName()), columns);
      }
      try {
        return constructor.newInstance(values);
      } catch (InstantiationException | IllegalAccessException e) {
        throw new IllegalStateException("a record is not abstract, and was made accessible", e);
      } catch (InvocationTargetException e) {
        throw new IllegalArgumentException(
            "the stored state is refused: " + e.getTargetException().getMessage(), e);
      }
    }
  }

  /** A list of records of one type. */
  record OfList(Shape element) implements Shape {
    @Override
    public void write(String name, Object value, Map<String, Column> columns) {
      List<?> values = (List<?>) value;
      Leaf.LONG.write(join(name, "size"), (long) values.size(), columns);
      for (int k = 0; k < values.size(); k++) {
        element.write(join(name, Integer.toString(k)), values.get(k), columns);
      }
    }

    @Override
    public Object read(String name, Columns columns) {
      int size = (Integer) Leaf.INT.read(join(name, "size"), columns);
      List<Object> values = new ArrayList<>();
      for (int k = 0; k < size; k++) {
        values.add(element.read(join(name, Integer.toString(k)), columns));
      }
      return List.copyOf(values);
    }
  }

  /** A list of unlike records, as many as the prototype has. */
  record OfParts(List<Shape> parts) implements Shape {
    @Override
    public void write(String name, Object value, Map<String, Column> columns) {
      List<?> values = (List<?>) value;
      checkSize(name, values.size());
      Leaf.LONG.write(join(name, "size"), (long) values.size(), columns);
      for (int k = 0; k < parts.size(); k++) {
        parts.get(k).write(join(name, Integer.toString(k)), values.get(k), columns);
      }
    }

    @Override
    public Object read(String name, Columns columns) {
      checkSize(name, (Long) Leaf.LONG.read(join(name, "size"), columns));
      List<Object> values = new ArrayList<>();
      for (int k = 0; k < parts.size(); k++) {
        values.add(parts.get(k).read(join(name, Integer.toString(k)), columns));
      }
      return List.copyOf(values);
    }

    private void checkSize(String name, long size) {
      if (size != parts.size()) {
        throw new IllegalArgumentException(
            name + " has " + size + " parts where " + parts.size() + " are expected");
      }
    }
  }

  private static String join(String outer, String inner) {
    return outer.isEmpty() ? inner : outer + "." + inner;
  }
}
