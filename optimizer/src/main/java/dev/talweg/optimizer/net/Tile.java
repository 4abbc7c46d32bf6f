package dev.talweg.optimizer.net;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.kernel.Kernels;
import dev.talweg.optimizer.model.Draw;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some rows on their way through a net and back, and the arrays they need: allocated once, used for
 * one run of rows after the other.
 *
 * <p>Rows that are mostly numbers other than 0 are written out, d numbers each, and multiplied as a
 * matrix; others by the loops of their block, which cost their own entries. Which it is follows
 * from the rows alone.
 *
 * @see NetSweep
 */
final class Tile {
  /** Rows at most, so that activations stay in cache. */
  static final int ROWS = 64;

  /** Rows are written out if this share of the numbers is not 0, and up to so many features. */
  private static final double DENSE = 0.25;

  private static final int MOST_FEATURES = 1 << 13;

  private final Net net;
  private final List<Layer> layers;
  private final double[][] units; // of the first products or the rows, then of each layer
  private final double[][] tapes; // of each layer
  private final @Nullable Lookup lookup; // null where no column has a table
  private double[] embedded = {}; // units of the tables
  private int[] lengths = {}; // of rows that were written out for the first layer
  private double[] x = {}; // rows that were written out
  private double[] slopes = {};
  private double[] before = {};
  private double[] labels = {};
  private double @Nullable [] weights;
  private @Nullable Block block;
  private int from;
  private int rows;
  private @Nullable Block multiplied; // the rows' features that have products, and where they begin
  private int multipliedFrom;
  private @Nullable Draw draw; // null where a trained model is used
  private boolean dense;
  private boolean begun;
  private boolean turned;
  private int layer; // layers that the rows are behind
  private int at; // where the parameters of that layer begin

  Tile(Net net, List<Layer> layers) {
    this.net = net;
    this.layers = layers;
    this.units = new double[layers.size() + 1][];
    this.tapes = new double[layers.size()][];
    this.lookup = net.embedding().tables().isEmpty() ? null : new Lookup(net.embedding());
    Arrays.fill(units, new double[0]);
    Arrays.fill(tapes, new double[0]);
  }

  /** Forgets what it had for these rows. */
  void begin(Block of, int first, int count, @Nullable Draw drawn) {
    block = of;
    from = first;
    rows = count;
    draw = drawn;
    begun = false;
    turned = false;
    layer = 0;
    weights = weights(of, first, first + count);
  }

  private static double @Nullable [] weights(Block block, int from, int until) {
    double @Nullable [] all = block.weights();
    return all == null ? null : Arrays.copyOfRange(all, from, until);
  }

  private Block block() {
    return given(block);
  }

  private static Block given(@Nullable Block of) {
    if (of == null) {
      throw new IllegalStateException("no rows were given");
    }
    return of;
  }

  private static double[] room(double[] array, int length) {
    return array.length >= length ? array : new double[length];
  }

  /** The margins of a trained model. */
  double[] predict(double[] parameters) {
    forward(parameters, List.of());
    return units[layers.size()];
  }

  /**
   * Goes on as far as what is known of the batch reaches: the part of these rows in what is
   * missing, or null once they have been added to the sums.
   */
  double @Nullable [] advance(double[] parameters, List<double[]> known, double[] sums) {
    if (!turned) {
      double @Nullable [] missing = forward(parameters, known);
      if (missing != null) {
        return missing;
      }
      turn(sums, parameters.length);
    }
    return backward(parameters, known, sums);
  }

  private double @Nullable [] forward(double[] parameters, List<double[]> known) {
    if (!begun) {
      first(parameters);
      begun = true;
    }
    for (; layer < layers.size(); layer++) {
      Layer next = layers.get(layer);
      double[] in = units[layer];
      double[] out = room(units[layer + 1], rows * next.outputs());
      units[layer + 1] = out;
      if (next instanceof BatchNorm norm && draw != null) {
        int round = net.round(layer);
        if (known.size() <= round) {
          return norm.moments(in, rows, weights);
        }
        norm.normalize(parameters, at, in, rows, known.get(round), out);
      } else {
        tapes[layer] = room(tapes[layer], rows * next.tape());
        @Nullable Draw drawn = drawn(layer);
        double[] tape = tapes[layer];
        next.forward(new Pass(parameters, at, in, rows, drawn, out, tape, lengths(layer)));
      }
      at += next.parameters();
    }
    return null;
  }

  /** The first products, and where the second layer's parameters begin. */
  private void first(double[] parameters) {
    Block of = block();
    int width = net.products();
    at = 0;
    if (width == 0) {
      units[0] = room(units[0], rows * of.dimension());
      of.expand(from, from + rows, units[0]);
      lengths = of.lengths(from, from + rows);
      return;
    }
    multiplied = of;
    multipliedFrom = from;
    int inputs = of.dimension();
    if (lookup != null) {
      lookup.take(of, from, from + rows);
      multiplied = lookup.others(of, from, from + rows);
      multipliedFrom = 0;
      inputs = lookup.rest() + lookup.outputs();
    }
    int biases = inputs * width;
    double[] out = room(units[0], rows * width);
    units[0] = out;
    for (int i = 0; i < rows; i++) {
      System.arraycopy(parameters, biases, out, i * width, width);
    }
    addProducts(given(multiplied), parameters, width, out);
    at = biases + width;
    if (lookup != null) {
      int m = lookup.outputs();
      embedded = room(embedded, rows * m);
      lookup.forward(parameters, at, rows, embedded);
      int weights = lookup.rest() * width;
      Kernels.addProduct(embedded, 0, m, 1, parameters, weights, out, 0, rows, m, width);
      at += net.embedding().parameters();
    }
  }

  private void addProducts(Block of, double[] parameters, int width, double[] out) {
    int d = of.dimension();
    int first = multipliedFrom;
    dense = d <= MOST_FEATURES && of.entries(first, first + rows) >= DENSE * rows * d;
    if (dense) {
      x = room(x, rows * d);
      of.expand(first, first + rows, x);
      Kernels.addProduct(x, 0, d, 1, parameters, 0, out, 0, rows, d, width);
    } else {
      of.addMargins(first, first + rows, parameters, width, out);
    }
  }

  /** Where rows go into the first layer as they are, it is told where they end. */
  private int @Nullable [] lengths(int of) {
    return of == 0 && net.products() == 0 ? lengths : null;
  }

  private @Nullable Draw drawn(int of) {
    return draw == null ? null : draw.of(of);
  }

  /** Margins with offsets to slopes. */
  private void turn(double[] sums, int parameters) {
    Block of = block();
    int margins = net.margins();
    double[] last = units[layers.size()];
    addOffsets(last);
    slopes = room(slopes, rows * margins);
    System.arraycopy(last, 0, slopes, 0, rows * margins);
    labels = Arrays.copyOfRange(of.labels(), from, from + rows);
    sums[parameters] += net.head().differentiate(slopes, labels, weights, rows);
    turned = true;
  }

  void addOffsets(double[] margins) {
    double @Nullable [] offsets = block().offsets();
    for (int i = 0; offsets != null && net.margins() == 1 && i < rows; i++) {
      margins[i] += offsets[from + i];
    }
  }

  private double @Nullable [] backward(double[] parameters, List<double[]> known, double[] sums) {
    for (; layer > 0; layer--) {
      Layer last = layers.get(layer - 1);
      double[] in = units[layer - 1];
      int start = at - last.parameters();
      before = room(before, rows * last.inputs());
      if (last instanceof BatchNorm norm && draw != null) {
        int round = net.roundBack(layer - 1);
        double[] moments = known.get(net.round(layer - 1));
        if (known.size() <= round) {
          return norm.sums(in, slopes, rows, moments);
        }
        double[] all = known.get(round);
        norm.backward(parameters, start, in, slopes, rows, weights, moments, all, sums, before);
      } else {
        @Nullable Draw drawn = drawn(layer - 1);
        double[] tape = tapes[layer - 1];
        int @Nullable [] ends = lengths(layer - 1);
        Pass pass = new Pass(parameters, start, in, rows, drawn, units[layer], tape, ends);
        last.backward(pass, slopes, sums, before);
      }
      at = start;
      double[] used = slopes;
      slopes = before;
      before = used;
    }
    if (net.products() > 0) {
      addFirst(parameters, sums);
    }
    return null;
  }

  private void addFirst(double[] parameters, double[] sums) {
    Block of = given(multiplied);
    int width = net.products();
    int d = of.dimension();
    if (dense) {
      Kernels.addProduct(x, 0, 1, d, slopes, 0, sums, 0, d, rows, width);
    } else {
      of.addTransposed(multipliedFrom, multipliedFrom + rows, slopes, width, sums);
    }
    int inputs = d + (lookup == null ? 0 : lookup.outputs());
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < width; k++) {
        sums[inputs * width + k] += slopes[i * width + k];
      }
    }
    if (lookup != null) {
      int m = lookup.outputs();
      Kernels.addProduct(embedded, 0, 1, m, slopes, 0, sums, d * width, m, rows, width);
      before = room(before, rows * m);
      new Dense(m, width).back(parameters, d * width, slopes, rows, before);
      lookup.backward(before, sums, (inputs + 1) * width);
    }
  }
}
