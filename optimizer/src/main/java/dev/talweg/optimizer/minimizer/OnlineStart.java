package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.OnlinePass;
import dev.talweg.optimizer.state.StateCodec;

/**
 * L-BFGS from where one adaptive online pass leads ({@link OnlinePass}; Agarwal et al., JMLR 15
 * (2014)). What it is worth depends on partitions and on the order of rows: docs/decisions/0031.
 *
 * @param rate of the pass, above 0
 */
public record OnlineStart(Lbfgs then, double rate) implements LinearMinimizer<Lbfgs.State> {

  public OnlineStart {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("a rate of " + rate + ", which is not above 0");
    }
  }

  @Override
  public Lbfgs.State start(LinearObjective objective, double[] parameters) {
    return then.start(objective, objective.online(parameters, rate));
  }

  @Override
  public Lbfgs.State next(LinearObjective objective, Lbfgs.State state) {
    return then.next(objective, state);
  }

  @Override
  public StateCodec<Lbfgs.State> codec() {
    return then.codec();
  }
}
