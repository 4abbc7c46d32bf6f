package dev.talweg.optimizer.random;

/**
 * Randomness without state: a hash of a seed and of what the number is for (step, partition, row),
 * so that a retried task draws the same, whoever runs it and in whatever order.
 *
 * <p>Each word is added and mixed by the finalizer of SplitMix64 (Steele, Lea and Flood, OOPSLA
 * 2014; constants of Stafford's variant 13), which passes BigCrush as a counter-based generator.
 */
public final class CounterRandom {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private CounterRandom() {}

  /** 64 random bits for (seed, a, b, c). */
  public static long bits(long seed, long a, long b, long c) {
    return mix(mix(mix(mix(seed + GOLDEN) + a + GOLDEN) + b + GOLDEN) + c + GOLDEN);
  }

  /** A uniform number in [0, 1), with 53 random bits. */
  public static double uniform(long seed, long a, long b, long c) {
    return (bits(seed, a, b, c) >>> 11) * 0x1p-53;
  }

  /** The finalizer of SplitMix64: a bijection of 64 bits. */
  public static long mix(long word) {
    long z = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
