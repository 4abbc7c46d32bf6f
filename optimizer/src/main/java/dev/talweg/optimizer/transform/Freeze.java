package dev.talweg.optimizer.transform;

import java.util.Arrays;
import java.util.List;

/**
 * Leaves some tensors where they are, and shows a rule the others as if these were no parameters:
 * their gradients count in no norm, and nothing decays, averages or disturbs them. What an
 * optimizer of PyTorch has where {@code requires_grad} is false.
 *
 * @param names of tensors, or globs
 * @param rule of the others
 */
public record Freeze(List<String> names, Chain rule) implements TensorTransform<Chain.State> {
  private static final long serialVersionUID = 1L;

  public Freeze {
    names = List.copyOf(names);
  }

  @Override
  public List<Tensor> frozen(Tensors tensors) {
    ByTensor.Named named = new ByTensor.Named(names);
    return tensors.tensors().stream().filter(named::has).toList();
  }

  private Part rest(Tensors tensors) {
    return besides(frozen(tensors), tensors);
  }

  private static Part besides(List<Tensor> frozen, Tensors tensors) {
    return Part.of(tensors, tensors.tensors().stream().filter(t -> !frozen.contains(t)).toList());
  }

  @Override
  public Chain.State init(Tensors tensors) {
    return rule.init(rest(tensors).packed());
  }

  @Override
  public Chain.State update(double[] updates, Chain.State state, Step step) {
    List<Tensor> frozen = frozen(step.tensors());
    Chain.State next = besides(frozen, step.tensors()).update(rule, updates, state, step);
    for (Tensor tensor : frozen) {
      Arrays.fill(updates, tensor.from(), tensor.end(), 0);
    }
    return next;
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public Repeats repeats() {
    return rule.repeats();
  }

  @Override
  public double[] served(double[] parameters, Chain.State state, Tensors tensors) {
    return rest(tensors).served(rule, parameters, parameters, state);
  }
}
