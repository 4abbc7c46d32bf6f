package dev.talweg.jobs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClickColumnsTest {
  private static final List<Row> SAMPLE =
      LongStream.range(0, 20_000).mapToObj(ClickColumns::row).toList();

  @Test
  void theRowsAreTheSameOnEveryMachineBitForBit() {
    long hash = 0;
    for (Row row : SAMPLE.subList(0, 1000)) {
      for (int k = 0; k < row.length(); k++) {
        hash = 31 * hash + Objects.hashCode(row.get(k));
      }
    }
    assertEquals(-3934598982894362396L, hash);
  }

  @Test
  void numbersAreExponentialWithMeanFiveAndMissingAsOftenAsSaid() {
    double[] missing = {0, 0.05, 0.2, 0.45};
    for (int i = 0; i < 13; i++) {
      int column = 1 + i;
      List<Row> there = SAMPLE.stream().filter(row -> !row.isNullAt(column)).toList();
      assertShare(1 - missing[i % 4], there.size(), SAMPLE.size());
      // quartiles of an exponential
      for (double share : new double[] {0.25, 0.5, 0.75}) {
        double quartile = -5 * Math.log(1 - share);
        long below = there.stream().filter(row -> row.getDouble(column) < quartile).count();
        assertShare(share, below, there.size());
      }
    }
  }

  /** Of levels that are u⁴ times their number, the first of N has the share N^(-1/4). */
  @Test
  void textsAreSkewedAndMissingAsOftenAsSaid() {
    double[] missing = {0, 0.02, 0.3};
    for (int i = 0; i < 26; i++) {
      int column = 14 + i;
      List<Row> there = SAMPLE.stream().filter(row -> !row.isNullAt(column)).toList();
      assertShare(1 - missing[i % 3], there.size(), SAMPLE.size());
      String first = ClickColumns.text(i, 0);
      long firsts = there.stream().filter(row -> row.getString(column).equals(first)).count();
      assertShare(Math.pow(10, -(1 + i % 6) / 4.0), firsts, there.size());
    }
  }

  /** Made by the generator that the published figures were measured with. */
  @ParameterizedTest
  @CsvSource({"0, 0, 1dcd8a3f", "0, 9, 923ecd06", "5, 999999, e970c96f", "25, 99, 3340a317"})
  void levelsHaveTheirPublishedNames(int i, int level, String expected) {
    assertEquals(expected, ClickColumns.text(i, level));
  }

  /** Within five standard deviations, as all 65 columns' shares are but once in 10,000 seeds. */
  private static void assertShare(double expected, long count, long rows) {
    double deviation = Math.sqrt(expected * (1 - expected) / rows);
    assertEquals(expected, (double) count / rows, 5 * deviation);
  }
}
