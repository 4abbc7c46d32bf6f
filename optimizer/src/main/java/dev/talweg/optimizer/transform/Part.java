package dev.talweg.optimizer.transform;

import java.util.List;

/**
 * Some tensors of a vector, and the same as if there were no others.
 *
 * @param chosen where they are
 * @param packed where they are side by side
 */
record Part(List<Tensor> chosen, Tensors packed) {

  static Part of(Tensors all, List<Tensor> chosen) {
    return new Part(chosen, all.packed(chosen));
  }

  /** Lets a rule update these alone. */
  Chain.State update(Chain rule, double[] updates, Chain.State state, Step step) {
    double[] own = gathered(updates);
    Chain.State next = rule.update(own, state, step.of(this::gathered, packed));
    scatter(own, updates);
    return next;
  }

  /**
   * What a rule serves of these.
   *
   * @param served what has been served of others, in the place of the parameters
   */
  double[] served(Chain rule, double[] served, double[] parameters, Chain.State state) {
    double[] own = gathered(parameters);
    double[] instead = rule.served(own, state, packed);
    if (instead == own) {
      return served;
    }
    double[] result = served == parameters ? parameters.clone() : served;
    scatter(instead, result);
    return result;
  }

  private double[] gathered(double[] x) {
    double[] gathered = new double[packed.dimension()];
    for (int t = 0; t < chosen.size(); t++) {
      Tensor tensor = chosen.get(t);
      int at = packed.tensors().get(t).from();
      System.arraycopy(x, tensor.from(), gathered, at, tensor.length());
    }
    return gathered;
  }

  void scatter(double[] own, double[] x) {
    for (int t = 0; t < chosen.size(); t++) {
      Tensor tensor = chosen.get(t);
      int at = packed.tensors().get(t).from();
      System.arraycopy(own, at, x, tensor.from(), tensor.length());
    }
  }
}
