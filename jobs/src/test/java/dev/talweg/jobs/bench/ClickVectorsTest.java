package dev.talweg.jobs.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClickVectorsTest {

  /** The hashes are of the generator that the published figures were measured with. */
  @ParameterizedTest
  @CsvSource({"0, -7089890031124720776", "7, -787713877698222949"})
  void theRowsAreThoseOfThePublishedSetBitForBit(long file, long expected) {
    SplittableRandom random = new SplittableRandom(file * 7919 + 1);
    ClickVectors click = new ClickVectors(1 << 20);
    long hash = 0;
    for (int i = 0; i < 1000; i++) {
      Row row = click.row(random);
      hash = 31 * hash + Double.doubleToLongBits(row.getDouble(0));
      SparseVector features = row.getAs(1);
      for (int k = 0; k < features.indices().length; k++) {
        hash = 31 * hash + features.indices()[k];
        hash = 31 * hash + Double.doubleToLongBits(features.values()[k]);
      }
    }
    assertEquals(expected, hash);
  }
}
