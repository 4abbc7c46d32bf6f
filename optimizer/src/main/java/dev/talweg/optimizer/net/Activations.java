package dev.talweg.optimizer.net;

import java.util.List;

/** Every activation that a configuration can ask for, the default first. */
public final class Activations {
  private static final List<Activation> ALL =
      List.of(
          new Relu(),
          new Gelu(),
          new GeluTanh(),
          new Tanh(),
          new Sigmoid(),
          new Selu(),
          new Elu(),
          new Silu(),
          new Softplus(),
          new LogSigmoid(),
          new Identity());

  private Activations() {}

  public static List<Activation> all() {
    return ALL;
  }

  /** The one of a name. */
  public static Activation named(String name) {
    return ALL.stream()
        .filter(activation -> activation.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no activation " + name));
  }
}
