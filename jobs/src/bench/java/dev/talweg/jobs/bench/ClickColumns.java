package dev.talweg.jobs.bench;

import dev.talweg.optimizer.random.CounterRandom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Raw columns of clicks, simulated: label, 13 numbers and 26 texts, with nulls.
 *
 * <p>A number is exponential with mean 5, in steps of 1e-4; a column's shares of nulls are 0, 5, 20
 * and 45 % in turn. A text names one of 10^(1 + i mod 6) levels, skewed as u⁴; 0, 2 and 30 % are
 * null in turn. The label is Bernoulli of a logistic model with intercept −1: a number adds
 * (log1p(number) − 1.5) times a coefficient from N(0, 0.25²), 0.1 where it is null; a text adds its
 * level's effect from N(0, 0.35²), whether it is null or not.
 *
 * <p>Each value is a hash of its row and column, so the files are the same on every machine.
 */
final class ClickColumns {
  static final List<String> NUMBERS = names("i", 13);
  static final List<String> TEXTS = names("c", 26);

  private static final long SEED = 7;
  private static final double[] NUMBERS_NULL = {0, 0.05, 0.2, 0.45};
  private static final double[] TEXTS_NULL = {0, 0.02, 0.3};
  private static final int[] LEVELS = {10, 100, 1_000, 10_000, 100_000, 1_000_000};
  private static final int LABEL = NUMBERS.size() + TEXTS.size();

  /** What a draw of a column decides. */
  private static final int VALUE = 0;

  private static final int NULL = 1;
  private static final int EFFECT = 2;

  private ClickColumns() {}

  /** How many levels text i, from 0, may have. */
  static int levels(int i) {
    return LEVELS[i % LEVELS.length];
  }

  /** Writes the first nine tenths of so many rows unless they are there; returns the directory. */
  static String training(SparkSession spark, Path directory, long rows) {
    Path files = directory.resolve("raw-columns-" + rows + "-train.parquet");
    return written(spark, files, 0, trained(rows));
  }

  /** The rows that {@link #training} does not hold. */
  static String heldOut(SparkSession spark, Path directory, long rows) {
    Path files = directory.resolve("raw-columns-" + rows + "-test.parquet");
    return written(spark, files, trained(rows), rows);
  }

  private static long trained(long rows) {
    return rows * 9 / 10;
  }

  private static String written(SparkSession spark, Path files, long from, long until) {
    if (!Files.exists(files.resolve("_SUCCESS"))) {
      spark
          .range(from, until, 1, SimulatedRows.FILES)
          .map((MapFunction<Long, Row>) ClickColumns::row, Encoders.row(schema()))
          .write()
          .mode("overwrite")
          .parquet(files.toString());
    }
    return files.toString();
  }

  /** The row of a number. */
  static Row row(long id) {
    Object[] cells = new Object[1 + NUMBERS.size() + TEXTS.size()];
    double margin = -1;
    for (int i = 0; i < NUMBERS.size(); i++) {
      double number = -5 * StrictMath.log(1 - uniform(id, i, VALUE));
      if (uniform(id, i, NULL) < NUMBERS_NULL[i % NUMBERS_NULL.length]) {
        margin += 0.1;
      } else {
        margin += (StrictMath.log1p(number) - 1.5) * 0.25 * effect(i, 0);
        cells[1 + i] = Math.rint(1e4 * number) / 1e4;
      }
    }
    for (int i = 0; i < TEXTS.size(); i++) {
      int column = NUMBERS.size() + i;
      double u = uniform(id, column, VALUE);
      int level = (int) (levels(i) * (u * u * u * u));
      margin += 0.35 * effect(column, level);
      if (uniform(id, column, NULL) >= TEXTS_NULL[i % TEXTS_NULL.length]) {
        cells[1 + column] = text(i, level);
      }
    }
    cells[0] = uniform(id, LABEL, VALUE) < 1 / (1 + StrictMath.exp(-margin)) ? 1.0 : 0.0;
    return RowFactory.create(cells);
  }

  /** What names a level of the i-th text: eight hexadecimal digits. */
  static String text(int i, int level) {
    long token = (level * 2654435761L) ^ ((i * 97531L + 12345) * 40503);
    return HexFormat.of().toHexDigits((int) token);
  }

  private static double uniform(long id, int column, int draw) {
    return CounterRandom.uniform(SEED, id, column, draw);
  }

  /** Standard normal. */
  private static double effect(int column, int level) {
    return CounterRandom.gaussian(SEED, level, column, EFFECT);
  }

  private static StructType schema() {
    StructType schema = new StructType().add("label", DataTypes.DoubleType);
    for (String name : NUMBERS) {
      schema = schema.add(name, DataTypes.DoubleType);
    }
    for (String name : TEXTS) {
      schema = schema.add(name, DataTypes.StringType);
    }
    return schema;
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(k -> prefix + k).toList();
  }
}
