package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * A rule that acts where a batch has something to say: entries whose gradient is exactly 0 stay as
 * they are, and so do the rule's memories of them. For a wide, sparse model an entry is touched by
 * the batches that have its feature: what PyTorch's SparseAdam does of Adam, and TensorFlow's
 * sparse updates of momentum, RMSprop, Adadelta and FTRL. The rule's clock counts all steps.
 *
 * <p><b>Decay.</b> Dense rules with decoupled decay shrink every parameter at every step: x ← (1 −
 * r_t) x. A lazy one owes it: L_t = Σ_{s&lt;t} log(1 − r_s) is one number for all entries, so the
 * debt of an entry that was last touched at step s is the factor e^{L_t − L_s}, whatever happened
 * in between. It is paid when the entry is touched, before the rule sees the parameter, and in what
 * is served. With the same gradients that is the dense rule wherever a gradient of 0 would leave
 * its memories and parameters alone: gradient descent, Adagrad, FTRL (whose proximal terms are in
 * closed form anyway). The gradient of a touch is taken before the debt is paid, as with the
 * penalties of Tsuruoka, Tsujii and Ananiadou (2009).
 *
 * <p><b>Cost.</b> A look at every gradient entry, where the caller does not know which are not 0,
 * and the rule on those; their parts of its memories are gathered and scattered ({@link Packed}).
 *
 * @param shrinking r of decoupled decay, below 1; 0 where nothing is owed
 * @param rule of single entries: one that measures norms sees the touched ones alone
 */
public record Lazily(Schedule shrinking, Chain rule) implements GradientTransform<Lazily.State> {
  private static final long serialVersionUID = 1L;

  /** So that a debt stays finite: beyond it a parameter is 0. */
  private static final double MOST = 1 - 0x1p-53;

  /** L now, L when each entry was touched last, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double owed, double[] paid, Chain.State inner) {}

  @Override
  public State init(int dimension) {
    return new State(0, new double[dimension], rule.init(dimension));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    Packed touched = Packed.where(updates);
    double[] own = touched.gathered(updates);
    State next = update(touched, own, state, step);
    touched.scatter(own, updates);
    return next;
  }

  /**
   * The same, of a gradient that is known entry by entry.
   *
   * @param at where it is not 0, ascending
   * @param own the gradient there, which the updates take the place of
   */
  public State update(int[] at, double[] own, State state, Step step) {
    return update(new Packed(at, state.paid().length), own, state, step);
  }

  private State update(Packed touched, double[] own, State state, Step step) {
    double r = step.now(shrinking);
    double owed = state.owed() + StrictMath.log1p(-Math.min(r, MOST));
    double[] paid = state.paid();
    Step ofTouched = step.of(touched::gathered, Tensors.flat(own.length));
    double[] raw = ofTouched.parameters();
    double[] x = raw.clone();
    for (int k = 0; k < x.length; k++) {
      x[k] *= factor(state.owed(), paid[touched.at()[k]]);
    }
    Chain.State memory = (Chain.State) touched.gathered(state.inner());
    Chain.State next = rule.update(own, memory, ofTouched.at(x));
    for (int k = 0; k < x.length; k++) {
      own[k] += (1 - r) * x[k] - raw[k];
      paid[touched.at()[k]] = owed;
    }
    return new State(owed, paid, (Chain.State) touched.scattered(next, state.inner()));
  }

  private static double factor(double owed, double paid) {
    return owed == paid ? 1 : StrictMath.exp(owed - paid);
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    if (state.owed() == 0) {
      return parameters;
    }
    double[] served = parameters.clone();
    for (int j = 0; j < served.length; j++) {
      served[j] *= factor(state.owed(), state.paid()[j]);
    }
    return served;
  }
}
