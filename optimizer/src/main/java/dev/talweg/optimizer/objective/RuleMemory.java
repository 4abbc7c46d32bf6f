package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.state.Column;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The state of a rule as one array of numbers, so that those of several partitions can be averaged:
 * means of momenta and of mean squares (Yu, Jin and Yang, ICML 2019, for momentum). Whole numbers,
 * the same in all partitions that took the same steps, come back whole.
 */
public final class RuleMemory {
  private final Chain.State prototype;
  private final StateCodec<Chain.State> codec;

  public RuleMemory(Chain rule, Tensors tensors) {
    this.prototype = rule.init(tensors);
    this.codec = StateCodec.like(prototype);
  }

  /** That of a rule before its first step. */
  public double[] initial() {
    return flat(prototype);
  }

  public double[] flat(Chain.State state) {
    Map<String, Column> columns = codec.encode(state);
    double[] flat = new double[columns.values().stream().mapToInt(Column::size).sum()];
    int at = 0;
    for (Column column : columns.values()) {
      if (column instanceof Column.Doubles doubles) {
        System.arraycopy(doubles.values(), 0, flat, at, doubles.size());
      } else {
        long[] values = ((Column.Longs) column).values();
        for (int k = 0; k < values.length; k++) {
          flat[at + k] = values[k];
        }
      }
      at += column.size();
    }
    return flat;
  }

  /** The inverse of {@link #flat}, for averages too. */
  public Chain.State restored(double[] flat) {
    Map<String, Column> columns = new LinkedHashMap<>();
    int at = 0;
    for (Map.Entry<String, Column> like : codec.encode(prototype).entrySet()) {
      int size = like.getValue().size();
      columns.put(like.getKey(), column(like.getValue(), flat, at));
      at += size;
    }
    return codec.decode(columns);
  }

  private static Column column(Column like, double[] flat, int at) {
    if (like instanceof Column.Doubles) {
      double[] values = new double[like.size()];
      System.arraycopy(flat, at, values, 0, values.length);
      return new Column.Doubles(values);
    }
    long[] values = new long[like.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = (long) Math.rint(flat[at + k]);
    }
    return new Column.Longs(values);
  }
}
