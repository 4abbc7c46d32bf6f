package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.Profile.Bin;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Bins of a column, and what the population stability index makes of them. */
class ProfileTest {
  private static final double ULP = 1e-15; // of shares that are sums of a few parts of 1

  private static Profile.Numbers numbers(double missing, float... values) {
    double[] weights = new double[values.length];
    Arrays.fill(weights, 1);
    return Profile.Numbers.of("x", values, weights, missing);
  }

  private static double sum(List<Bin> bins) {
    return bins.stream().mapToDouble(Bin::share).sum();
  }

  private static Profile.Levels levels(Map<String, Long> counts, long missing) {
    long rows = missing + counts.values().stream().mapToLong(Long::longValue).sum();
    return new Profile.Levels("c", Kind.CATEGORICAL, counts, missing, rows);
  }

  @Test
  void tenthsOfDistinctNumbersHoldATenthEach() {
    float[] values = new float[1000];
    for (int i = 0; i < values.length; i++) {
      values[(i * 7) % 1000] = i;
    }
    List<Bin> bins = numbers(0, values).bins();
    assertEquals(10, bins.size());
    bins.forEach(bin -> assertEquals(0.1, bin.share(), ULP));
    assertEquals(99.0, bins.get(0).upper());
  }

  @Test
  void numbersThatAreOftenTheSameHaveABinOfTheirOwn() {
    float[] values = new float[100];
    values[3] = 7; // one of a hundred
    List<Bin> bins = numbers(0.5, values).bins();
    assertEquals(
        List.of(
            new Bin(0.0, null, 0.495, 100),
            new Bin(null, null, bins.get(1).share(), 100),
            new Bin(null, "(missing)", 0.5, 100)),
        bins);
    assertEquals(0.005, bins.get(1).share(), ULP);
  }

  @Test
  void aRowOfALargePartitionWeighsAsManyAsItStandsFor() {
    List<Bin> bins =
        Profile.Numbers.of("x", new float[] {2, 1, Float.NaN}, new double[] {300, 100, 50}, 0)
            .in(List.of(new Bin(1.0, null, 0, 1), new Bin(null, null, 0, 1)));
    assertEquals(0.25, bins.get(0).share());
    assertEquals(0.75, bins.get(1).share());
  }

  @Test
  void theIndexIsTheSumOfItsDefinition() {
    List<Bin> before = List.of(new Bin(1.0, null, 0.4, 1000), new Bin(null, null, 0.6, 1000));
    List<Bin> now = List.of(new Bin(1.0, null, 0.7, 1000), new Bin(null, null, 0.3, 1000));
    double expected = 0.3 * StrictMath.log(0.7 / 0.4) - 0.3 * StrictMath.log(0.3 / 0.6);
    assertEquals(expected, Profile.stabilityIndex(before, now), ULP);
    assertEquals(
        Profile.stabilityIndex(now, before), Profile.stabilityIndex(before, now), ULP, "symmetric");
  }

  @Test
  void anEmptyBinCountsAsHalfARow() {
    List<Bin> before = List.of(new Bin(1.0, null, 0, 100), new Bin(null, null, 1, 100));
    List<Bin> now = List.of(new Bin(1.0, null, 0.5, 50), new Bin(null, null, 0.5, 50));
    double expected = (0.5 - 0.005) * StrictMath.log(0.5 / 0.005) + (0.5 - 1) * StrictMath.log(0.5);
    assertEquals(expected, Profile.stabilityIndex(before, now), ULP);
  }

  @Test
  void levelsThatTheReferenceDidNotHaveShareABin() {
    Map<String, Long> today = new HashMap<>(Map.of("a", 50L, "new", 30L, "newer", 10L));
    List<Bin> before = levels(Map.of("a", 60L, "b", 40L), 0).bins();
    List<Bin> now = levels(today, 10).in(before);
    assertEquals(
        Map.of("a", 0.5, "b", 0.0, "(missing)", 0.1, "(others)", 1 - 0.1 - 0.5), byLevel(now));
  }

  private static Map<String, Double> byLevel(List<Bin> bins) {
    Map<String, Double> shares = new HashMap<>();
    bins.forEach(bin -> shares.put(String.valueOf(bin.level()), bin.share()));
    return shares;
  }

  @Test
  void manyLevelsAreCutToTheMostFrequent() {
    Map<String, Long> counts = new HashMap<>();
    for (int k = 1; k <= 80; k++) {
      counts.put("level " + k, (long) k);
    }
    List<Bin> bins = levels(counts, 0).bins();
    assertEquals(51, bins.size());
    assertEquals("level 80", bins.get(0).level());
    assertEquals(30 * 31 / 2.0 / (80 * 81 / 2.0), bins.get(50).share(), 50 * ULP);
    assertEquals(1, sum(bins), 50 * ULP);
  }

  /** Any column against any other has shares that sum to 1, and against itself the index 0. */
  @Property(tries = 200)
  void sharesAddUpToOneInAnyBins(
      @ForAll @IntRange(min = 1, max = 60) int size,
      @ForAll @IntRange(min = 1, max = 60) int other,
      @ForAll @IntRange(min = 1, max = 20) int distinct,
      @ForAll long seed) {
    Profile.Numbers a = random(size, distinct, seed);
    Profile.Numbers b = random(other, distinct, seed + 1);
    assertEquals(1, sum(a.bins()), 1e-12);
    assertEquals(1, sum(b.in(a.bins())), 1e-12);
    assertEquals(a.bins(), a.in(a.bins()));
    assertEquals(0, Profile.stabilityIndex(a.bins(), a.in(a.bins())));
    assertTrue(Profile.stabilityIndex(a.bins(), b.in(a.bins())) >= 0);
  }

  private static Profile.Numbers random(int size, int distinct, long seed) {
    float[] values = new float[size];
    int missing = 0;
    for (int i = 0; i < size; i++) {
      int drawn = CounterRandom.below(distinct + 1, seed, i, 0, 0);
      values[i] = drawn == distinct ? Float.NaN : drawn;
      missing += drawn == distinct ? 1 : 0;
    }
    return numbers((double) missing / size, values);
  }

  @Test
  void aSampleIsOfBoundedSizeHoweverManyColumnsAndPartitions() {
    assertEquals(8192, Profile.sampledRows(20, 1));
    assertEquals(82, Profile.sampledRows(20, 100));
    assertEquals(20, Profile.sampledRows(1000, 105));
    assertEquals(1, Profile.sampledRows(5_000_000, 64));
  }
}
