package dev.talweg.optimizer.net;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.net.Embedding.Table;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of an {@link Embedding}'s tables that some rows of data look up: which they are is read
 * off a block once, and used on the way forward and back. Arrays are kept from one run of rows to
 * the next.
 */
final class Lookup {
  private final int outputs;
  private final int rest;
  private final int[] firsts; // of each table: its first feature, and the one after its last
  private final int[] ends;
  private final int[] widths;
  private final int[] tablesAt; // where its parameters and its units begin
  private final int[] unitsAt;
  private int[] rows = {}; // of what was looked up: the row of data, the table, the feature
  private int[] tables = {};
  private int[] found = {};
  private double[] values = {};
  private int count;

  Lookup(Embedding embedding) {
    List<Table> all = embedding.tables();
    outputs = embedding.outputs();
    rest = embedding.rest();
    firsts = all.stream().mapToInt(Table::first).toArray();
    ends = all.stream().mapToInt(Table::end).toArray();
    widths = all.stream().mapToInt(Table::width).toArray();
    tablesAt = new int[widths.length];
    unitsAt = new int[widths.length];
    for (int t = 1; t < widths.length; t++) {
      tablesAt[t] = tablesAt[t - 1] + all.get(t - 1).parameters();
      unitsAt[t] = unitsAt[t - 1] + widths[t - 1];
    }
  }

  int outputs() {
    return outputs;
  }

  /** Takes some rows of a block, in the place of what it had. */
  void take(Block block, int from, int until) {
    count = 0;
    block.visit(from, until, firsts[0], ends[ends.length - 1], this::add);
  }

  /** What the rows have of other features, numbered among themselves. */
  Block others(Block block, int from, int until) {
    int[] picked = new int[until - from];
    Arrays.setAll(picked, i -> from + i);
    return block.select(picked).kept(this::numbers, rest);
  }

  private int[] numbers(int[] of, int length) {
    int[] numbers = new int[length];
    for (int p = 0; p < length; p++) {
      numbers[p] = of[p] < 0 ? -1 : number(of[p]);
    }
    return numbers;
  }

  private int number(int feature) {
    int before = 0;
    for (int t = 0; t < ends.length && feature >= firsts[t]; t++) {
      if (feature < ends[t]) {
        return -1;
      }
      before += ends[t] - firsts[t];
    }
    return feature - before;
  }

  /** A value of a row; features without a table are passed over. */
  void add(int row, int feature, double value) {
    int t = 0;
    while (t < ends.length && feature >= ends[t]) {
      t++;
    }
    if (t == ends.length || feature < firsts[t]) {
      return;
    }
    if (count == rows.length) {
      int room = Math.max(Tile.ROWS, 2 * count);
      rows = Arrays.copyOf(rows, room);
      tables = Arrays.copyOf(tables, room);
      found = Arrays.copyOf(found, room);
      values = Arrays.copyOf(values, room);
    }
    rows[count] = row;
    tables[count] = t;
    found[count] = feature;
    values[count++] = value;
  }

  /** Writes the units of so many rows. */
  void forward(double[] parameters, int at, int ofRows, double[] out) {
    Arrays.fill(out, 0, ofRows * outputs, 0);
    for (int p = 0; p < count; p++) {
      int from = at + rowAt(p);
      int to = rows[p] * outputs + unitsAt[tables[p]];
      double x = values[p];
      int width = widths[tables[p]];
      for (int c = 0; c < width; c++) {
        out[to + c] += x * parameters[from + c];
      }
    }
  }

  /** Adds to the rows of the tables that were looked up, and touches no others. */
  void backward(double[] slopes, double[] gradient, int at) {
    for (int p = 0; p < count; p++) {
      int to = at + rowAt(p);
      int from = rows[p] * outputs + unitsAt[tables[p]];
      double x = values[p];
      int width = widths[tables[p]];
      for (int c = 0; c < width; c++) {
        gradient[to + c] += x * slopes[from + c];
      }
    }
  }

  private int rowAt(int p) {
    int t = tables[p];
    return tablesAt[t] + (found[p] - firsts[t]) * widths[t];
  }

  /** Features without a table. */
  int rest() {
    return rest;
  }
}
