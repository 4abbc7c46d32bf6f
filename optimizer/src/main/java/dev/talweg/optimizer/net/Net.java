package dev.talweg.optimizer.net;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.model.Sweep;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.transform.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * A model of layers, one after the other, and a loss of what comes out.
 *
 * <p>Where features have weights of their own ({@link #products} above 0) the first products are
 * those of the blocks and {@link #layers} follow them; elsewhere the rows as they are go into the
 * first layer. Columns with an {@link #embedding} go into the first products by their tables.
 *
 * <p><b>Cost.</b> Rows go through in tiles, so that activations stay in cache ({@link Tile}).
 */
public sealed interface Net extends Model permits Perceptron, Recurrent {

  /** Features of a row. */
  int features();

  /** Units that the first products give; 0 where rows go into the first layer as they are. */
  int products();

  /** Columns that are looked up in tables before the first products. */
  default Embedding embedding() {
    return Embedding.none(features());
  }

  /** The parameters that a feature has for itself, side by side; none where {@code count} is 0. */
  record Weights(int from, int count) {}

  /** Those of a feature. */
  default Weights weights(int feature) {
    return new Weights(feature * products(), products());
  }

  /** The feature that a parameter is one's own of; −1 where it is none's. */
  default int feature(int parameter) {
    return parameter < (long) features() * products() ? parameter / products() : -1;
  }

  /** Margins and loss. */
  Head head();

  /** What follows the first products, or the rows. */
  List<Layer> layers();

  /** All parameters in their order. */
  List<Placed> placed();

  /** How the weights of a layer begin. */
  Initializer initializer();

  /** Probability that a hidden unit is left out of a step. */
  double dropout();

  /** A layer, its name and where its parameters begin. */
  record Placed(Layer layer, String name, int at) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Layers with their places; those between two products have the first one's name, and tables
   * their own.
   */
  static List<Placed> placed(List<Layer> layers) {
    List<Placed> placed = new ArrayList<>();
    int at = 0;
    int number = 0;
    for (Layer layer : layers) {
      number += layer instanceof Dense || layer instanceof Recurrence ? 1 : 0;
      String name = layer instanceof Embedding ? Embedding.NAME : "layer-" + number;
      placed.add(new Placed(layer, name, at));
      at += layer.parameters();
    }
    return placed;
  }

  @Override
  default int margins() {
    return head().margins();
  }

  @Override
  default ParameterLayout layout() {
    return new ParameterLayout(
        placed().stream().flatMap(p -> p.layer.slices(p.name, p.at).stream()).toList());
  }

  @Override
  default Tensors tensors() {
    return new Tensors(
        placed().stream().flatMap(p -> p.layer.tensors(p.name, p.at).stream()).toList());
  }

  /** The names of the slices that the margins are made with. */
  default List<String> headSlices() {
    List<Placed> products = placed().stream().filter(p -> p.layer instanceof Dense).toList();
    Placed last = products.get(products.size() - 1);
    return last.layer.slices(last.name, last.at).stream().map(Slice::name).toList();
  }

  /** The parameters that training begins at: a function of the seed. */
  default double[] initial(long seed) {
    double[] parameters = new double[layout().dimension()];
    List<Placed> placed = placed();
    for (int l = 0; l < placed.size(); l++) {
      Placed p = placed.get(l);
      long own = CounterRandom.bits(seed, l, 0, 6);
      p.layer.initialize(parameters, p.at, initializer(), own);
    }
    return parameters;
  }

  /** As if no entry of a row were 0. */
  @Override
  default double work(long rows, long bytes) {
    return (double) rows * layout().dimension();
  }

  @Override
  default Scores scores() {
    return head().scores();
  }

  /** Of the trained model: without dropout, with running statistics. */
  @Override
  default double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient) {
    Tile tile = new Tile(this, layers());
    double[] sums = new double[parameters.length + 2];
    for (int start = from; start < until; start += Tile.ROWS) {
      tile.begin(block, start, Math.min(Tile.ROWS, until - start), null);
      tile.advance(parameters, List.of(), sums);
    }
    return added(sums, gradient);
  }

  /** As if these rows were the batch. */
  @Override
  default double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient, Draw draw) {
    Sweep sweep = sweep();
    sweep.begin(parameters);
    sweep.add(block, from, until, draw);
    List<double[]> known = new ArrayList<>();
    while (known.size() < rounds()) {
      known.add(sweep.advance(known));
    }
    sweep.advance(known);
    return added(sweep.sums(), gradient);
  }

  private static double added(double[] sums, double[] gradient) {
    int parameters = sums.length - 2;
    for (int j = 0; j < parameters; j++) {
      gradient[j] += sums[j];
    }
    return sums[parameters];
  }

  @Override
  default Sweep sweep() {
    return new NetSweep(this, layers());
  }

  /** Two for each layer that normalizes over the batch: forward, and back in the other order. */
  @Override
  default int rounds() {
    return 2 * norms().size();
  }

  private List<Placed> norms() {
    return placed().stream().filter(p -> p.layer instanceof BatchNorm).toList();
  }

  private BatchNorm norm(int round) {
    List<Placed> norms = norms();
    int n = round < norms.size() ? round : 2 * norms.size() - 1 - round;
    return (BatchNorm) norms.get(n).layer;
  }

  /** The round in which the layer's moments become known. */
  default int round(int layer) {
    return (int) layers().subList(0, layer).stream().filter(BatchNorm.class::isInstance).count();
  }

  /** The round in which its sums on the way back do. */
  default int roundBack(int layer) {
    return rounds() - 1 - round(layer);
  }

  /** The part that no rows have in a round. */
  default double[] nothing(int round) {
    BatchNorm norm = norm(round);
    return 2 * round < rounds() ? norm.noMoments() : new double[2 * norm.inputs()];
  }

  @Override
  default double[] merge(int round, double[] first, double[] second) {
    if (2 * round < rounds()) {
      return norm(round).merged(first, second);
    }
    double[] merged = first.clone();
    for (int k = 0; k < merged.length; k++) {
      merged[k] += second[k];
    }
    return merged;
  }

  @Override
  default List<Slice> buffers() {
    return placed().stream().flatMap(p -> p.layer.buffers(p.name, p.at).stream()).toList();
  }

  @Override
  default void settle(List<double[]> known, double[] parameters, double[] gradient) {
    List<Placed> norms = norms();
    for (int n = 0; n < norms.size(); n++) {
      norm(n).settle(parameters, norms.get(n).at, known.get(n), gradient);
    }
  }

  @Override
  default void predict(Block block, int from, int until, double[] parameters, double[] margins) {
    Tile tile = new Tile(this, layers());
    for (int start = from; start < until; start += Tile.ROWS) {
      int count = Math.min(Tile.ROWS, until - start);
      tile.begin(block, start, count, null);
      double[] found = tile.predict(parameters);
      tile.addOffsets(found);
      System.arraycopy(found, 0, margins, (start - from) * margins(), count * margins());
    }
  }
}
