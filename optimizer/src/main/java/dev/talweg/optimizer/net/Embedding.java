package dev.talweg.optimizer.net;

import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.transform.Tensor;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A table of numbers for each of some categorical columns, a row of it for each level (Bengio,
 * Ducharme, Vincent and Jauvin, JMLR 3 (2003); Guo and Berkhahn, arXiv:1604.06737). What comes out
 * are the rows of the levels that a row of the data has, one column's after the other's; zeros
 * where it has none, as of a level that training never saw.
 *
 * <p><b>Layout.</b> Table after table, each level by level: the weights of PyTorch's {@code
 * nn.Embedding}. The features without a table are the rest, which {@link #number} counts.
 *
 * <p><b>Cost.</b> A row costs the widths of its tables, forward and back ({@link Lookup}).
 *
 * @param features of a row, those without a table among them
 * @param tables by ascending features; none makes it nothing at all
 */
public record Embedding(int features, List<Table> tables, Start start) implements Layer {
  private static final long serialVersionUID = 1L;

  /** What the slices of the tables begin with: {@code embedding.COLUMN}. */
  public static final String NAME = "embedding";

  /**
   * Of one column.
   *
   * @param first its first feature
   * @param levels how many features it has, one after the other; at least 1
   * @param width numbers of a row, at least 1
   */
  public record Table(String column, int first, int levels, int width) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Table {
      if (first < 0 || levels < 1 || width < 1 || (long) levels * width > Integer.MAX_VALUE / 2) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "an embedding of %s with %d levels of %d numbers",
                column,
                levels,
                width));
      }
    }

    int end() {
      return first + levels;
    }

    int parameters() {
      return levels * width;
    }
  }

  /** The numbers that training begins at. */
  public enum Start {
    /** Normal with variance 1. */
    PYTORCH {
      @Override
      void fill(double[] w, int at, int count, long seed) {
        Initializer.normal(w, at, count, 1, seed);
      }
    },
    /** Uniform in ±0.05. */
    KERAS {
      @Override
      void fill(double[] w, int at, int count, long seed) {
        Initializer.uniform(w, at, count, 0.05, seed);
      }
    };

    abstract void fill(double[] w, int at, int count, long seed);
  }

  public Embedding {
    tables = List.copyOf(tables);
    int end = 0;
    for (Table table : tables) {
      if (table.first < end || table.end() > features) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "the levels of %s begin at feature %d of %d, after %d",
                table.column,
                table.first,
                features,
                end));
      }
      end = table.end();
    }
  }

  /** No tables. */
  public static Embedding none(int features) {
    return new Embedding(features, List.of(), Start.PYTORCH);
  }

  @Override
  public int inputs() {
    return features;
  }

  @Override
  public int outputs() {
    return tables.stream().mapToInt(Table::width).sum();
  }

  /** How many features have no table. */
  public int rest() {
    return features - tables.stream().mapToInt(Table::levels).sum();
  }

  /** The number of the table with a row for a feature; −1 where there is none. */
  public int table(int feature) {
    for (int t = 0; t < tables.size(); t++) {
      if (feature < tables.get(t).end()) {
        return feature >= tables.get(t).first ? t : -1;
      }
    }
    return -1;
  }

  /** The number of a feature among those without a table; −1 of one that has one. */
  public int number(int feature) {
    int before = 0;
    for (Table table : tables) {
      if (feature < table.first) {
        break;
      } else if (feature < table.end()) {
        return -1;
      }
      before += table.levels;
    }
    return feature - before;
  }

  /** The feature that has a number among those without a table. */
  public int unnumbered(int number) {
    int feature = number;
    for (Table table : tables) {
      if (feature < table.first) {
        break;
      }
      feature += table.levels;
    }
    return feature;
  }

  /** Where the row of a feature begins among the parameters of all tables. */
  int row(int feature) {
    int t = table(feature);
    int before = tables.subList(0, t).stream().mapToInt(Table::parameters).sum();
    return before + (feature - tables.get(t).first) * tables.get(t).width;
  }

  /** The feature that has the parameter in its row. */
  int feature(int parameter) {
    int at = parameter;
    for (Table table : tables) {
      if (at < table.parameters()) {
        return table.first + at / table.width;
      }
      at -= table.parameters();
    }
    throw new IllegalArgumentException("no parameter " + parameter + " in the tables");
  }

  @Override
  public List<Tensor> tensors(String name, int at) {
    List<Tensor> tensors = new ArrayList<>();
    int from = at;
    for (Table table : tables) {
      tensors.add(new Tensor(name + "." + table.column, from, table.levels, table.width));
      from += table.parameters();
    }
    return tensors;
  }

  @Override
  public int parameters() {
    return tables.stream().mapToInt(Table::parameters).sum();
  }

  /** As {@link Start} says, whatever the initializer of other layers. */
  @Override
  public void initialize(double[] parameters, int at, Initializer initializer, long seed) {
    int from = at;
    for (int t = 0; t < tables.size(); t++) {
      int count = tables.get(t).parameters();
      start.fill(parameters, from, count, CounterRandom.bits(seed, t, 0, 9));
      from += count;
    }
  }

  /** Of rows that are written out. */
  @Override
  public void forward(Pass pass) {
    lookup(pass).forward(pass.parameters(), pass.at(), pass.rows(), pass.out());
  }

  @Override
  public void backward(Pass pass, double[] slopes, double[] gradient, double[] before) {
    lookup(pass).backward(slopes, gradient, pass.at());
    Arrays.fill(before, 0, pass.rows() * features, 0);
    int outputs = outputs();
    for (int i = 0; i < pass.rows(); i++) {
      int to = 0;
      for (Table table : tables) {
        for (int j = table.first; j < table.end(); j++) {
          int from = pass.at() + row(j);
          double sum = 0;
          for (int c = 0; c < table.width; c++) {
            sum += slopes[i * outputs + to + c] * pass.parameters()[from + c];
          }
          before[i * features + j] = sum;
        }
        to += table.width;
      }
    }
  }

  private Lookup lookup(Pass pass) {
    Lookup lookup = new Lookup(this);
    for (int i = 0; i < pass.rows(); i++) {
      for (int j = 0; j < features; j++) {
        double x = pass.in()[i * features + j];
        if (x != 0) {
          lookup.add(i, j, x);
        }
      }
    }
    return lookup;
  }
}
