package dev.talweg.optimizer.net;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers of a net, as a configuration says them: each hidden one is products with weights, a
 * norm, an activation and dropout, in this order.
 *
 * @param hidden units of each hidden layer; none makes the model linear
 * @param dropout probability after each activation, in [0, 1)
 */
public record Architecture(
    List<Integer> hidden, Activation activation, Norm norm, double dropout, Initializer initializer)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** PyTorch's. */
  private static final double EPSILON = 1e-5;

  /** What is normalized before an activation. */
  public enum Norm {
    NONE,
    LAYER,
    BATCH,
    BATCH_CUMULATIVE,
    BATCH_OF_KERAS
  }

  public Architecture {
    hidden = List.copyOf(hidden);
    if (hidden.stream().anyMatch(units -> units < 1)) {
      throw new IllegalArgumentException("a layer of no units in " + hidden);
    }
  }

  /** Units that the first products with the features give. */
  public int width(int margins) {
    return hidden.isEmpty() ? margins : hidden.get(0);
  }

  /** What follows the first products. */
  List<Layer> layers(int margins) {
    List<Layer> layers = new ArrayList<>();
    for (int h = 0; h < hidden.size(); h++) {
      int units = hidden.get(h);
      switch (norm) {
        case NONE -> {}
        case LAYER -> layers.add(new LayerNorm(units, EPSILON));
        case BATCH -> layers.add(new BatchNorm(units, BatchNorm.Form.PYTORCH));
        case BATCH_CUMULATIVE -> layers.add(new BatchNorm(units, BatchNorm.Form.CUMULATIVE));
        case BATCH_OF_KERAS -> layers.add(new BatchNorm(units, BatchNorm.Form.KERAS));
      }
      layers.add(new Activated(units, activation));
      if (dropout > 0) {
        layers.add(new Dropout(units, dropout));
      }
      layers.add(new Dense(units, h + 1 < hidden.size() ? hidden.get(h + 1) : margins));
    }
    return layers;
  }
}
