package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.naming.Glob;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * Several rules, each for some tensors: Muon for matrices beside Adam for vectors, another rate for
 * an embedding, no decay of biases and norms. A tensor goes by the first branch that has it, and a
 * branch sees its tensors as if there were no others, as a parameter group of PyTorch does. What no
 * branch has stays where it is.
 *
 * @param branches the last one's rate is that of the whole
 */
public record ByTensor(List<Branch> branches) implements TensorTransform<ByTensor.State> {
  private static final long serialVersionUID = 1L;

  public ByTensor {
    branches = List.copyOf(branches);
  }

  /** One rule for some tensors, another for the others. */
  public ByTensor(Selection some, Chain rule, Chain otherwise) {
    this(List.of(new Branch(some, rule), new Branch(new All(), otherwise)));
  }

  /** A rule, and which tensors it has of those that no branch before has. */
  public record Branch(Selection some, Chain rule) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** Chooses tensors. */
  public sealed interface Selection extends Serializable {
    /** Whether a rule has the tensor. */
    boolean has(Tensor tensor);
  }

  /** All of them. */
  public record All() implements Selection {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean has(Tensor tensor) {
      return true;
    }
  }

  /** Those with rows and columns. */
  public record Matrices() implements Selection {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean has(Tensor tensor) {
      return tensor.matrix();
    }
  }

  /**
   * Those of these names.
   *
   * @param names or globs
   */
  public record Named(List<String> names) implements Selection {
    private static final long serialVersionUID = 1L;

    public Named {
      names = List.copyOf(names);
    }

    @Override
    public boolean has(Tensor tensor) {
      return names.stream().anyMatch(name -> new Glob(name).matches(tensor.name()));
    }
  }

  /** Of a selection, those that no penalty acts on: biases, scales, shifts. */
  public record Spared(Selection of) implements Selection {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean has(Tensor tensor) {
      return !tensor.penalized() && of.has(tensor);
    }
  }

  /**
   * Of a selection, those of some size.
   *
   * @param more entries than so many
   * @param longest side that they may have
   */
  public record Sized(int more, int longest, Selection of) implements Selection {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean has(Tensor tensor) {
      return tensor.length() > more
          && Math.max(tensor.rows(), tensor.columns()) <= longest
          && of.has(tensor);
    }
  }

  /** The states of the rules, in the order of branches: {@link Chain.State}s. */
  public record State(List<Record> parts) {
    private Chain.State part(int branch) {
      return (Chain.State) parts.get(branch);
    }
  }

  @Override
  public State init(Tensors tensors) {
    List<Record> parts = new ArrayList<>();
    for (int b = 0; b < branches.size(); b++) {
      parts.add(branches.get(b).rule.init(Part.of(tensors, chosen(tensors, b)).packed()));
    }
    return new State(parts);
  }

  private List<Tensor> chosen(Tensors tensors, int branch) {
    return tensors.tensors().stream().filter(tensor -> branch(tensor) == branch).toList();
  }

  private int branch(Tensor tensor) {
    int b = 0;
    while (b < branches.size() && !branches.get(b).some.has(tensor)) {
      b++;
    }
    return b;
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    List<Record> next = new ArrayList<>();
    for (int b = 0; b < branches.size(); b++) {
      Part part = Part.of(step.tensors(), chosen(step.tensors(), b));
      next.add(part.update(branches.get(b).rule, updates, state.part(b), step));
    }
    Part none = Part.of(step.tensors(), chosen(step.tensors(), branches.size()));
    none.scatter(new double[none.packed().dimension()], updates);
    return new State(next);
  }

  @Override
  public double learningRate(long step) {
    return branches.get(branches.size() - 1).rule.learningRate(step);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    double[] served = parameters;
    for (int b = 0; b < branches.size(); b++) {
      Part part = Part.of(tensors, chosen(tensors, b));
      served = part.served(branches.get(b).rule, served, parameters, state.part(b));
    }
    return served;
  }
}
