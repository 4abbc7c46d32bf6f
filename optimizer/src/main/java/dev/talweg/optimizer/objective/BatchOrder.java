package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.random.CounterRandom;

/**
 * The order of the batches of an epoch: a permutation of {@code [0, runs)} that is a function of
 * (seed, epoch).
 *
 * <p>A four-round Feistel network on the smallest even number of bits that holds {@code runs},
 * walked until it lands inside (Black and Rogaway 2002, "Ciphers with arbitrary finite domains"):
 * any entry costs a few hashes and the permutation is never stored.
 */
public final class BatchOrder {
  private static final int ROUNDS = 4;

  private BatchOrder() {}

  /** The run of rows that is the batch of {@code step}, counted from 0 over all epochs. */
  public static long run(long seed, long step, long runs) {
    long epoch = step / runs;
    int half = Math.max(1, (64 - Long.numberOfLeadingZeros(runs - 1) + 1) / 2);
    long place = step % runs;
    do {
      place = permute(seed, epoch, place, half);
    } while (place >= runs);
    return place;
  }

  private static long permute(long seed, long epoch, long place, int half) {
    long mask = (1L << half) - 1;
    long left = place >>> half;
    long right = place & mask;
    for (int round = 0; round < ROUNDS; round++) {
      long mixed = left ^ (CounterRandom.bits(seed, epoch, round, right) & mask);
      left = right;
      right = mixed;
    }
    return left << half | right;
  }
}
