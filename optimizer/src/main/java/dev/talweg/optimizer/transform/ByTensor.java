package dev.talweg.optimizer.transform;

import java.io.Serializable;
import java.util.List;
import java.util.function.Predicate;

/**
 * One rule for some tensors, another for the others: Muon for matrices beside Adam for vectors,
 * another rate for an embedding, no decay of biases and norms. Each rule sees its tensors as if
 * there were no others. What they would serve is not: averages belong around this.
 *
 * @param some which tensors the first rule has
 * @param rule of these
 * @param otherwise of the others
 */
public record ByTensor(Selection some, Chain rule, Chain otherwise)
    implements GradientTransform<ByTensor.State> {
  private static final long serialVersionUID = 1L;

  /** Chooses tensors. */
  public sealed interface Selection extends Serializable {
    /** Whether the first rule has the tensor. */
    boolean has(Tensor tensor);
  }

  /** Those with rows and columns. */
  public record Matrices() implements Selection {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean has(Tensor tensor) {
      return tensor.matrix();
    }
  }

  /** Those of these names. */
  public record Named(List<String> names) implements Selection {
    private static final long serialVersionUID = 1L;

    public Named {
      names = List.copyOf(names);
    }

    @Override
    public boolean has(Tensor tensor) {
      return names.contains(tensor.name());
    }
  }

  /** The states of both rules. */
  public record State(Chain.State first, Chain.State second) {}

  @Override
  public State init(int dimension) {
    return init(Tensors.flat(dimension));
  }

  @Override
  public State init(Tensors tensors) {
    return new State(
        rule.init(tensors.packed(chosen(tensors, some::has))),
        otherwise.init(tensors.packed(chosen(tensors, t -> !some.has(t)))));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    return new State(
        update(rule, updates, state.first(), step, chosen(step.tensors(), some::has)),
        update(
            otherwise, updates, state.second(), step, chosen(step.tensors(), t -> !some.has(t))));
  }

  private static List<Tensor> chosen(Tensors tensors, Predicate<Tensor> which) {
    return tensors.tensors().stream().filter(which).toList();
  }

  private static Chain.State update(
      Chain rule, double[] updates, Chain.State state, Step step, List<Tensor> chosen) {
    Tensors packed = step.tensors().packed(chosen);
    double[] own = gathered(updates, chosen, packed.dimension());
    double[] at = gathered(step.parameters(), chosen, packed.dimension());
    Chain.State next = rule.update(own, state, new Step(step.number(), step.value(), at, packed));
    int from = 0;
    for (Tensor tensor : chosen) {
      System.arraycopy(own, from, updates, tensor.from(), tensor.length());
      from += tensor.length();
    }
    return next;
  }

  private static double[] gathered(double[] x, List<Tensor> chosen, int length) {
    double[] gathered = new double[length];
    int from = 0;
    for (Tensor tensor : chosen) {
      System.arraycopy(x, tensor.from(), gathered, from, tensor.length());
      from += tensor.length();
    }
    return gathered;
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }
}
