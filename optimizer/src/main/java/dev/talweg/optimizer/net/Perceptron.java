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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A feed-forward net (Rumelhart, Hinton and Williams, Nature 323 (1986)).
 *
 * <p><b>Layout.</b> The weights of the first layer feature by feature, as {@link
 * dev.talweg.optimizer.model.SoftmaxModel} has them for classes: the weight of feature j for unit k
 * is at {@code j·width + k}. Then its biases, then the layers after it. So blocks of every layout
 * give the first products with their own loops for many classes, a one-hot feature costs its row of
 * weights and no product, and what follows the features stays together where features are numbered
 * anew.
 *
 * <p><b>Cost.</b> Rows go through in tiles, so that activations stay in cache ({@link Tile}).
 *
 * @param features d
 * @param head margins and loss
 */
public record Perceptron(int features, Architecture architecture, Head head) implements Model {
  private static final long serialVersionUID = 1L;

  public Perceptron {
    if ((features + 1L) * architecture.width(head.margins()) > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d features for %d units are more than 2^30 parameters",
              features,
              architecture.width(head.margins())));
    }
  }

  @Override
  public int margins() {
    return head.margins();
  }

  @Override
  public int width() {
    return architecture.width(head.margins());
  }

  /** A layer, its name and where its parameters begin. */
  private record Placed(Layer layer, String name, int at) {}

  /** The first layer and all that follow; those between two products have the first one's name. */
  private List<Placed> placed() {
    List<Placed> placed = new ArrayList<>();
    placed.add(new Placed(first(), "layer-1", 0));
    int at = first().parameters();
    int number = 1;
    for (Layer layer : layers()) {
      number += layer instanceof Dense ? 1 : 0;
      placed.add(new Placed(layer, "layer-" + number, at));
      at += layer.parameters();
    }
    return placed;
  }

  @Override
  public ParameterLayout layout() {
    return new ParameterLayout(
        placed().stream().flatMap(p -> p.layer.slices(p.name, p.at).stream()).toList());
  }

  @Override
  public List<String> units() {
    String last = architecture.norm() == Architecture.Norm.NONE ? ".biases" : ".shifts";
    return IntStream.rangeClosed(1, architecture.hidden().size())
        .mapToObj(layer -> "layer-" + layer + last)
        .toList();
  }

  @Override
  public Tensors tensors() {
    return new Tensors(
        placed().stream().flatMap(p -> p.layer.tensors(p.name, p.at).stream()).toList());
  }

  private Dense first() {
    return new Dense(features, width());
  }

  private List<Layer> layers() {
    return architecture.layers(margins());
  }

  /** The parameters that training begins at: a function of the seed. */
  public double[] initial(long seed) {
    double[] parameters = new double[layout().dimension()];
    List<Placed> placed = placed();
    for (int l = 0; l < placed.size(); l++) {
      Placed p = placed.get(l);
      long own = CounterRandom.bits(seed, l, 0, 6);
      p.layer.initialize(parameters, p.at, architecture.initializer(), own);
    }
    return parameters;
  }

  /** As if no entry of a row were 0. */
  @Override
  public double work(long rows, long bytes) {
    return (double) rows * layout().dimension();
  }

  @Override
  public Scores scores() {
    return head.scores();
  }

  /** Of the trained model: without dropout, with running statistics. */
  @Override
  public double accumulate(
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
  public double accumulate(
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
  public Sweep sweep() {
    return new NetSweep(this, layers());
  }

  /** Two for each layer that normalizes over the batch: forward, and back in the other order. */
  @Override
  public int rounds() {
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
  int round(int layer) {
    return (int) layers().subList(0, layer).stream().filter(BatchNorm.class::isInstance).count();
  }

  /** The round in which its sums on the way back do. */
  int roundBack(int layer) {
    return rounds() - 1 - round(layer);
  }

  /** The part that no rows have in a round. */
  double[] nothing(int round) {
    BatchNorm norm = norm(round);
    return 2 * round < rounds() ? norm.noMoments() : new double[2 * norm.inputs()];
  }

  @Override
  public double[] merge(int round, double[] first, double[] second) {
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
  public List<Slice> buffers() {
    return placed().stream().flatMap(p -> p.layer.buffers(p.name, p.at).stream()).toList();
  }

  @Override
  public void settle(List<double[]> known, double[] parameters, double[] gradient) {
    List<Placed> norms = norms();
    for (int n = 0; n < norms.size(); n++) {
      norm(n).settle(parameters, norms.get(n).at, known.get(n), gradient);
    }
  }

  @Override
  public void predict(Block block, int from, int until, double[] parameters, double[] margins) {
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
