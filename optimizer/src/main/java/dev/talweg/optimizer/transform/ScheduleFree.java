package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Schedule;

/**
 * Schedule-free training (Defazio et al. 2024) around a rule without momentum: gradients are taken
 * at y = (1 − β) z + β x; z moves by the rule; x, which is served, is the average of z with weights
 * w_t = t^r (max_{s≤t} η_s)^p, so that a warm-up's small steps weigh little.
 *
 * <p>Keras weights all steps alike (p = 0) and serves y, which it also decays, to find x from it:
 * so x ← x − r_t y/β. The state holds z and x, so that y of a checkpoint needs no division by β.
 *
 * @param interpolation β, in [0, 1)
 * @param rate η of the rule, for the weights
 * @param stepPower r, at least 0
 * @param ratePower p, at least 0; 2
 * @param seen the parameters that the rule sees, and so the place of its decay
 * @param shrinking r, of y; 0 but for Keras' decay
 * @param rule its output is what is added to z
 */
public record ScheduleFree(
    double interpolation,
    Schedule rate,
    double stepPower,
    double ratePower,
    Seen seen,
    Schedule shrinking,
    Chain rule)
    implements TensorTransform<ScheduleFree.State> {
  private static final long serialVersionUID = 1L;

  /** What the rule takes for the parameters. */
  public enum Seen {
    /** y, where the gradient is taken. */
    POINT,
    /** z, what it moves: {@code decay_at_z}. */
    ITERATE
  }

  public ScheduleFree {
    Ranges.checkShare("interpolation", interpolation);
    Ranges.checkNotNegative("stepPower", stepPower);
    Ranges.checkNotNegative("ratePower", ratePower);
    boolean shrinks = !shrinking.equals(new Constant(0));
    if (shrinks && interpolation == 0) {
      throw new IllegalArgumentException("decay of the average needs a beta above 0");
    }
  }

  /** With a rule that sees y. */
  public ScheduleFree(
      double interpolation, Schedule rate, double stepPower, double ratePower, Chain rule) {
    this(interpolation, rate, stepPower, ratePower, Seen.POINT, new Constant(0), rule);
  }

  /** z, x, the sum of weights, the largest rate, the steps, and the rule's own state. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] iterate,
      double[] average,
      double weights,
      double largest,
      long steps,
      Chain.State inner) {}

  @Override
  public State init(Tensors tensors) {
    int d = tensors.dimension();
    return new State(new double[d], new double[d], 0, 0, 0, rule.init(tensors));
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] z = state.iterate();
    double[] x = state.average();
    double[] y = step.parameters();
    if (state.steps() == 0) {
      System.arraycopy(y, 0, z, 0, z.length);
      System.arraycopy(y, 0, x, 0, x.length);
    }
    long steps = state.steps() + 1;
    double largest = Math.max(state.largest(), step.now(rate));
    double weight = StrictMath.pow((double) steps, stepPower) * StrictMath.pow(largest, ratePower);
    double weights = state.weights() + weight;
    double share = weights == 0 ? 0 : weight / weights;
    Step at = seen == Seen.ITERATE ? step.at(z.clone()) : step;
    Chain.State inner = rule.update(updates, state.inner(), at);
    double shrink = step.now(shrinking);
    for (int j = 0; j < updates.length; j++) {
      z[j] += updates[j];
      if (shrink > 0) {
        x[j] -= shrink * y[j] / interpolation;
      }
      x[j] = (1 - share) * x[j] + share * z[j];
      updates[j] = (1 - interpolation) * z[j] + interpolation * x[j] - y[j];
    }
    return new State(z, x, weights, largest, steps, inner);
  }

  @Override
  public double learningRate(long step) {
    return rule.learningRate(step);
  }

  @Override
  public double[] served(double[] parameters, State state, Tensors tensors) {
    return state.steps() == 0 ? parameters : state.average();
  }
}
