package dev.talweg.optimizer.random;

/**
 * Random numbers as a function of what they depend on: (seed, a, b, c), for instance (seed, epoch,
 * partition, row). There is no state, so the draw of a row does not depend on the thread, the order
 * or the attempt in which it is made, and a resumed run continues the sequence.
 *
 * <p><b>Design.</b> Each word is absorbed by {@code h ← mix(h ⊕ word + γ)}, with γ the odd fraction
 * of the golden ratio and mix the finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable
 * pseudorandom number generators", OOPSLA 2014; constants: Stafford's variant 13). Every absorption
 * is a bijection of 64 bits for fixed other words, so two draws that differ in one word never
 * collide; draws that differ in several collide like random words, with probability 2⁻⁶⁴. Four
 * mixes cost about 4 ns. It is no cryptographic hash.
 *
 * <p>Gaussians use {@link StrictMath}, so that they have the same bits on every machine.
 */
public final class CounterRandom {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;
  private static final double UNIT = 0x1p-53;

  private CounterRandom() {}

  /** 64 random bits. */
  public static long bits(long seed, long a, long b, long c) {
    return absorb(absorb(absorb(absorb(0, seed), a), b), c);
  }

  /** Uniform in [0, 1): a multiple of 2⁻⁵³. */
  public static double uniform(long seed, long a, long b, long c) {
    return unit(bits(seed, a, b, c));
  }

  /** Standard normal (Box and Muller 1958); finite, at most 8.6 in size. */
  public static double gaussian(long seed, long a, long b, long c) {
    long first = bits(seed, a, b, c);
    double radius = Math.sqrt(-2 * StrictMath.log(1 - unit(first)));
    return radius * StrictMath.cos(2 * Math.PI * unit(absorb(first, GAMMA)));
  }

  /** Uniform in {@code [0, bound)}, with a bias below bound · 2⁻⁶⁴. */
  public static int below(int bound, long seed, long a, long b, long c) {
    if (bound < 1) {
      throw new IllegalArgumentException("the bound must be at least 1, not " + bound);
    }
    return (int) Math.multiplyHigh(bits(seed, a, b, c) >>> 1, 2L * bound);
  }

  /** The numbers below {@code count}, shuffled (Fisher and Yates). */
  public static int[] permutation(int count, long seed, long a, long b) {
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      int k = below(i + 1, seed, a, b, i);
      numbers[i] = numbers[k];
      numbers[k] = i;
    }
    return numbers;
  }

  private static double unit(long bits) {
    return (bits >>> 11) * UNIT;
  }

  private static long absorb(long hash, long word) {
    long z = (hash ^ word) + GAMMA;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
