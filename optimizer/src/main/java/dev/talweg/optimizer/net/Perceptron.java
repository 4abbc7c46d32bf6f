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
 * @param features d
 * @param head margins and loss
 */
public record Perceptron(int features, Architecture architecture, Head head) implements Net {
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
  public int width() {
    return architecture.width(head.margins());
  }

  @Override
  public List<Layer> layers() {
    return architecture.layers(margins());
  }

  @Override
  public List<Placed> placed() {
    List<Layer> all = new ArrayList<>();
    all.add(new Dense(features, width()));
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
