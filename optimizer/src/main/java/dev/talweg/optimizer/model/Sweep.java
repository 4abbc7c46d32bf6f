package dev.talweg.optimizer.model;

import dev.talweg.optimizer.block.Block;
import java.util.List;

/**
 * What the rows of a batch that one partition has contribute, round by round: a model whose rows
 * see each other in training (batch norm) needs sums over the whole batch before it can go on.
 *
 * <p>A sweep goes on from where it stands as far as what is known reaches, so it may be asked for
 * one round after the other and keep what it has computed, or be made anew for each and go there
 * from the start: the bits are the same. It is used by one thread at a time, for batch after batch.
 */
public interface Sweep {

  /** Forgets all rows: what follows is at these parameters. */
  void begin(double[] parameters);

  /**
   * Takes the rows {@code from ≤ i < until} of a block, and does nothing with them yet.
   *
   * @param draw of a step of training; its first row is row {@code from}
   */
  void add(Block block, int from, int until, Draw draw);

  /**
   * Goes on while what is known suffices.
   *
   * @param known of the whole batch, an array for each round so far
   * @return this partition's part of the next round, for {@link Model#merge}; nothing after the
   *     last round, when all rows are in the sums
   */
  double[] advance(List<double[]> known);

  /** Σ ω ∂ℓ/∂parameters, then Σ ω ℓ and Σ ω; after the last round, and until the next batch. */
  double[] sums();
}
