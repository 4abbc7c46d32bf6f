package dev.talweg.optimizer.transform;

import java.util.ArrayList;
import java.util.List;

/** Transforms one after the other. */
public record Chain(List<GradientTransform<?>> transforms) implements TensorTransform<Chain.State> {
  private static final long serialVersionUID = 1L;

  public Chain {
    transforms = List.copyOf(transforms);
  }

  /** The states of the transforms, in their order. */
  public record State(List<Record> parts) {}

  /** A chain of these; chains among them become flat. */
  public static Chain of(List<? extends GradientTransform<?>> transforms) {
    List<GradientTransform<?>> flat = new ArrayList<>();
    for (GradientTransform<?> transform : transforms) {
      if (transform instanceof Chain chain) {
        flat.addAll(chain.transforms());
      } else {
        flat.add(transform);
      }
    }
    return new Chain(flat);
  }

  @Override
  public State init(Tensors tensors) {
    List<Record> parts = new ArrayList<>();
    for (GradientTransform<?> transform : transforms) {
      parts.add(transform.init(tensors));
    }
    return new State(parts);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    List<Record> parts = new ArrayList<>();
    for (int k = 0; k < transforms.size(); k++) {
      parts.add(update(transforms.get(k), updates, state.parts().get(k), step));
    }
    return new State(parts);
  }

  @SuppressWarnings("unchecked") // the part k was made by the transform k, by init or update
  private static <S extends Record> S update(
      GradientTransform<S> transform, double[] updates, Record state, Step step) {
    return transform.update(updates, (S) state, step);
  }

  /** The rate of a step: the product of the schedules in the chain. */
  @Override
  public double learningRate(long step) {
    double rate = 1;
    for (GradientTransform<?> transform : transforms) {
      rate *= transform.learningRate(step);
    }
    return rate;
  }

  /** Those of the one transform that has any. */
  @Override
  public Repeats repeats() {
    return transforms.stream()
        .map(GradientTransform::repeats)
        .filter(repeats -> repeats.times() > 1)
        .findFirst()
        .orElse(Repeats.NONE);
  }

  @Override
  public List<Tensor> frozen(Tensors tensors) {
    return transforms.stream().flatMap(transform -> transform.frozen(tensors).stream()).toList();
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    double[] served = parameters;
    for (int k = 0; k < transforms.size(); k++) {
      served = served(transforms.get(k), served, state.parts().get(k), tensors);
    }
    return served;
  }

  @SuppressWarnings("unchecked") // the part k was made by the transform k, by init or update
  private static <S extends Record> double[] served(
      GradientTransform<S> transform, double[] parameters, Record state, Tensors tensors) {
    return transform.served(parameters, (S) state, tensors);
  }
}
