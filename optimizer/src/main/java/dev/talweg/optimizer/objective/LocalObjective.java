package dev.talweg.optimizer.objective;

import java.util.List;

/**
 * A sampled objective whose partitions can take steps of their own between two reductions: what
 * they did is a function of the round, so a retried task does it again.
 */
public interface LocalObjective extends BatchObjective {

  /**
   * Lets every partition take the steps of a round and adds up what they have to tell, in the order
   * of partitions: {@link LocalRound#length} numbers.
   */
  double[] sums(LocalRound round);

  /** The partitions that have something to tell that is not finite, ascending. */
  List<Integer> notFinite(LocalRound round);
}
