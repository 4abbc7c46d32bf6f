package dev.talweg.optimizer.transform;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Some entries of a vector side by side, and of whatever a rule remembers of the vector: the arrays
 * of a state that are as long as it.
 *
 * @param at where they are, ascending
 * @param dimension of the vector
 */
@SuppressWarnings("ArrayRecordComponent") // made and used within one step, never compared
record Packed(int[] at, int dimension) {

  /** The entries that are not 0. */
  static Packed where(double[] updates) {
    int[] at = new int[updates.length];
    int count = 0;
    for (int j = 0; j < updates.length; j++) {
      if (updates[j] != 0) {
        at[count++] = j;
      }
    }
    return new Packed(Arrays.copyOf(at, count), updates.length);
  }

  double[] gathered(double[] x) {
    double[] gathered = new double[at.length];
    for (int k = 0; k < at.length; k++) {
      gathered[k] = x[at[k]];
    }
    return gathered;
  }

  void scatter(double[] own, double[] x) {
    for (int k = 0; k < at.length; k++) {
      x[at[k]] = own[k];
    }
  }

  /** A state of these entries alone. */
  Record gathered(Record state) {
    return (Record) mapped(state, state);
  }

  /** The state of all entries after these have changed; arrays of {@code all} go into it. */
  Record scattered(Record own, Record all) {
    return (Record) mapped(own, all);
  }

  /** Walks both; where they are the same it gathers, else it scatters. */
  private Object mapped(Object own, Object all) {
    if (all instanceof double[] x && x.length == dimension) {
      if (own == all) {
        return gathered(x);
      }
      scatter((double[]) own, x);
      return x;
    }
    if (all instanceof List<?> parts) {
      List<Object> mapped = new ArrayList<>();
      for (int k = 0; k < parts.size(); k++) {
        mapped.add(mapped(((List<?>) own).get(k), parts.get(k)));
      }
      return mapped;
    }
    return all instanceof Record ? record(own, all) : own;
  }

  private Object record(Object own, Object all) {
    RecordComponent[] components = all.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    try {
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        Object ofAll = components[i].getAccessor().invoke(all);
        Object ofOwn = own == all ? ofAll : components[i].getAccessor().invoke(own);
        values[i] = mapped(ofOwn, ofAll);
      }
      Constructor<?> constructor = all.getClass().getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (NoSuchMethodException
        | InstantiationException
        | IllegalAccessException
        | InvocationTargetException e) {
      throw new IllegalStateException("a state is a public record: " + all.getClass(), e);
    }
  }
}
