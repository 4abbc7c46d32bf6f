package dev.talweg.optimizer.net;

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
 * <p>With an embedding the first layer reads the features that have no table, numbered among
 * themselves, then the units of the tables: its weights are one matrix of all of them. The tables
 * follow its biases, so that what is standardized lies where it lies without them.
 *
 * @param embedding of the d features
 * @param head margins and loss
 */
public record Perceptron(Embedding embedding, Architecture architecture, Head head) implements Net {
  private static final long serialVersionUID = 1L;

  public Perceptron {
    int units = architecture.width(head.margins());
    long tables = embedding.tables().stream().mapToLong(t -> (long) t.levels() * t.width()).sum();
    if ((embedding.rest() + embedding.outputs() + 1L) * units + tables > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%d features for %d units are more than 2^30 parameters",
              embedding.features(),
              units));
    }
  }

  /** Without tables. */
  public Perceptron(int features, Architecture architecture, Head head) {
    this(Embedding.none(features), architecture, head);
  }

  @Override
  public int features() {
    return embedding.features();
  }

  @Override
  public int products() {
    return architecture.width(head.margins());
  }

  /** None with tables, which are not as wide as the first layer. */
  @Override
  public int width() {
    return embedding.tables().isEmpty() ? products() : 0;
  }

  private Dense first() {
    return new Dense(embedding.rest() + embedding.outputs(), products());
  }

  @Override
  public Weights weights(int feature) {
    int number = embedding.number(feature);
    return number >= 0
        ? new Weights(number * products(), products())
        : new Weights(
            first().parameters() + embedding.row(feature),
            embedding.tables().get(embedding.table(feature)).width());
  }

  @Override
  public int feature(int parameter) {
    if (parameter < embedding.rest() * products()) {
      return embedding.unnumbered(parameter / products());
    }
    int inTables = parameter - first().parameters();
    return inTables >= 0 && inTables < embedding.parameters() ? embedding.feature(inTables) : -1;
  }

  /** A row costs the widths of the tables, and not their levels. */
  @Override
  public double work(long rows, long bytes) {
    int tables = embedding.parameters();
    return (double) rows * (layout().dimension() - tables + embedding.outputs());
  }

  @Override
  public List<Layer> layers() {
    return architecture.layers(margins());
  }

  @Override
  public List<Placed> placed() {
    List<Layer> all = new ArrayList<>();
    all.add(first());
    if (!embedding.tables().isEmpty()) {
      all.add(embedding);
    }
    all.addAll(layers());
    return Net.placed(all);
  }

  @Override
  public Initializer initializer() {
    return architecture.initializer();
  }

  @Override
  public double dropout() {
    return architecture.dropout();
  }

  @Override
  public List<String> units() {
    String last = architecture.norm() == Architecture.Norm.NONE ? ".biases" : ".shifts";
    return IntStream.rangeClosed(1, architecture.hidden().size())
        .mapToObj(layer -> "layer-" + layer + last)
        .toList();
  }
}
