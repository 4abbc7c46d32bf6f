package dev.talweg.optimizer.net;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.transform.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
 * <p><b>Cost.</b> Rows go through in tiles of {@value #TILE}, so that activations stay in cache and
 * memory does not grow with the batch.
 *
 * @param features d
 * @param head margins and loss
 */
public record Perceptron(int features, Architecture architecture, Head head) implements Model {
  private static final long serialVersionUID = 1L;
  private static final int TILE = 64;

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
    String last = architecture.norm() == Architecture.Norm.LAYER ? ".shifts" : ".biases";
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

  /** Without dropout: the loss of the trained model. */
  @Override
  public double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient) {
    return tiles(block, from, until, parameters, gradient, null);
  }

  @Override
  public double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient, Draw draw) {
    return tiles(block, from, until, parameters, gradient, draw);
  }

  private double tiles(
      Block block,
      int from,
      int until,
      double[] parameters,
      double[] gradient,
      @Nullable Draw draw) {
    double value = 0;
    for (int start = from; start < until; start += TILE) {
      int end = Math.min(until, start + TILE);
      @Nullable Draw drawn = draw == null ? null : draw.after(start - from);
      value += tile(block, start, end, parameters, gradient, drawn);
    }
    return value;
  }

  private double tile(
      Block block,
      int from,
      int until,
      double[] parameters,
      double[] gradient,
      @Nullable Draw draw) {
    int rows = until - from;
    List<Layer> layers = layers();
    List<double[]> units = forward(block, from, until, parameters, layers, draw);
    double[] slopes = units.get(layers.size()).clone();
    double value =
        head.differentiate(
            slopes,
            Arrays.copyOfRange(block.labels(), from, until),
            weights(block, from, until),
            rows);
    int at = parameters.length;
    for (int l = layers.size() - 1; l >= 0; l--) {
      Layer layer = layers.get(l);
      at -= layer.parameters();
      double[] before = new double[rows * layer.inputs()];
      @Nullable Draw drawn = draw == null ? null : draw.of(l);
      double[] in = units.get(l);
      layer.backward(parameters, at, in, units.get(l + 1), slopes, rows, drawn, gradient, before);
      slopes = before;
    }
    int width = width();
    block.addTransposed(from, until, slopes, width, gradient);
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < width; k++) {
        gradient[features * width + k] += slopes[i * width + k];
      }
    }
    return value;
  }

  private static double @Nullable [] weights(Block block, int from, int until) {
    double @Nullable [] all = block.weights();
    return all == null ? null : Arrays.copyOfRange(all, from, until);
  }

  /** The first products, and what each layer makes of them. */
  private List<double[]> forward(
      Block block,
      int from,
      int until,
      double[] parameters,
      List<Layer> layers,
      @Nullable Draw draw) {
    int rows = until - from;
    int width = width();
    int at = block.dimension() * width;
    double[] in = new double[rows * width];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(parameters, at, in, i * width, width);
    }
    block.addMargins(from, until, parameters, width, in);
    at += width;
    List<double[]> units = new ArrayList<>(List.of(in));
    for (int l = 0; l < layers.size(); l++) {
      Layer layer = layers.get(l);
      double[] out = new double[rows * layer.outputs()];
      layer.forward(parameters, at, in, rows, draw == null ? null : draw.of(l), out);
      at += layer.parameters();
      units.add(out);
      in = out;
    }
    double @Nullable [] offsets = block.offsets();
    for (int i = 0; offsets != null && margins() == 1 && i < rows; i++) {
      in[i] += offsets[from + i];
    }
    return units;
  }

  @Override
  public void predict(Block block, int from, int until, double[] parameters, double[] margins) {
    List<Layer> layers = layers();
    for (int start = from; start < until; start += TILE) {
      int end = Math.min(until, start + TILE);
      List<double[]> units = forward(block, start, end, parameters, layers, null);
      double[] last = units.get(layers.size());
      System.arraycopy(last, 0, margins, (start - from) * margins(), (end - start) * margins());
    }
  }
}
