package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelectionTest {
  private static final SparkSession spark = LocalSpark.session();

  @TempDir Path dir;

  @Test
  void filesArePackedAsSparkPacksThem() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 20; round++) {
      List<Long> sizes = new ArrayList<>();
      Path files = Files.createDirectory(dir.resolve("round-" + round));
      for (int k = random.nextInt(1, 12); k > 0; k--) {
        int size = random.nextInt(1, 3000);
        Files.write(files.resolve("part-" + k + ".txt"), new byte[size]);
        sizes.add((long) size);
      }
      long most = random.nextInt(500, 6000);
      Map<String, String> settings =
          Map.of(
              "spark.sql.files.minPartitionNum", "1",
              "spark.sql.files.maxPartitionBytes", Long.toString(most),
              "spark.sql.files.openCostInBytes", "0");
      Partitioned rows = new Partitioned(spark.read().text(files.toString()), -1, settings);
      int expected = Selection.packed(sizes, most);
      assertEquals(expected, rows.partitions(), sizes + " by " + most);
    }
  }

  @Test
  void filesOfNearlyOneSizeAreAsManyPartitionsAsWereAskedForAndAlikeInSize() {
    List<Long> sizes = List.of(8_743_511L, 8_738_052L, 8_827_750L, 8_772_195L);
    long even = sizes.stream().mapToLong(Long::longValue).sum() / 2;
    long most = Selection.perPartition(sizes, 2, 2);
    assertTrue(Selection.packed(sizes, even) > 2); // what no slack makes of them
    assertEquals(2, Selection.packed(sizes, most));
    assertTrue(most < 1.05 * even, most + " of " + even);
  }

  @Test
  void oneLargeFileIsCutIntoAsManyPartsAsWereAskedFor() {
    for (int wanted = 1; wanted < 40; wanted++) {
      List<Long> one = List.of(100_000_007L);
      assertEquals(wanted, Selection.packed(one, Selection.perPartition(one, wanted, wanted)));
    }
  }
}
