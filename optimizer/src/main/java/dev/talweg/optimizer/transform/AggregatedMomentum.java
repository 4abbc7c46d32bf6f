package dev.talweg.optimizer.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * AggMo (Lucas et al. 2019): K velocities of one gradient, vₖ ← βₖ vₖ + u, and their mean: u ← Σ
 * vₖ/K. Fast ones damp the oscillations of slow ones; a β of 0 is the gradient itself.
 *
 * @param decays βₖ, each in [0, 1)
 */
public record AggregatedMomentum(List<Double> decays) implements GradientTransform<Chain.State> {
  private static final long serialVersionUID = 1L;

  public AggregatedMomentum {
    decays = List.copyOf(decays);
    Ranges.checkCount("the number of decays", decays.size());
    decays.forEach(decay -> Ranges.checkShare("a decay", decay));
  }

  @Override
  public Chain.State init(int dimension) {
    List<Record> parts = new ArrayList<>();
    for (double decay : decays) {
      parts.add(velocity(decay).init(dimension));
    }
    return new Chain.State(parts);
  }

  @Override
  public Chain.State update(double[] updates, Chain.State state, Step step) {
    double[] gradient = updates.clone();
    Arrays.fill(updates, 0);
    List<Record> parts = new ArrayList<>();
    for (int k = 0; k < decays.size(); k++) {
      double[] own = gradient.clone();
      Momentum.State before = (Momentum.State) state.parts().get(k);
      parts.add(velocity(decays.get(k)).update(own, before, step));
      for (int j = 0; j < updates.length; j++) {
        updates[j] += own[j] / decays.size();
      }
    }
    return new Chain.State(parts);
  }

  private static Momentum velocity(double decay) {
    return new Momentum(decay, Momentum.Form.HEAVY_BALL);
  }
}
