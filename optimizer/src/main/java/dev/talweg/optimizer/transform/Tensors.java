package dev.talweg.optimizer.transform;

import java.util.ArrayList;
import java.util.List;

/**
 * How a flat vector of parameters falls into tensors: layers, biases, embeddings. Rules that
 * measure a layer (LARS, LAMB, Adafactor, Muon, clipping per layer) read it; all others see the
 * flat vector only.
 *
 * @param tensors in order and without gaps
 */
public record Tensors(List<Tensor> tensors) {
  public Tensors {
    tensors = List.copyOf(tensors);
    int next = 0;
    for (Tensor tensor : tensors) {
      if (tensor.from() != next) {
        throw new IllegalArgumentException(
            "tensor " + tensor.name() + " starts at " + tensor.from() + ", not at " + next);
      }
      next = tensor.end();
    }
  }

  /** All parameters as one vector. */
  public static Tensors flat(int dimension) {
    return new Tensors(List.of(new Tensor("parameters", 0, 1, dimension)));
  }

  /** Number of parameters. */
  public int dimension() {
    return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
  }

  /** Some of the tensors, moved together. */
  Tensors packed(List<Tensor> some) {
    List<Tensor> packed = new ArrayList<>();
    int next = 0;
    for (Tensor tensor : some) {
      packed.add(tensor.at(next));
      next += tensor.length();
    }
    return new Tensors(packed);
  }
}
