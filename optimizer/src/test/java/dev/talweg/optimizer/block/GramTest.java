package dev.talweg.optimizer.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GramTest {

  /** Numeric columns around the unrolled width of four, and fields with missing entries. */
  private static ColumnBlock block(int rows, int numeric, int fields) {
    Random random = new Random(numeric);
    int d = numeric + 3 * fields;
    float[] values = new float[rows * numeric];
    for (int k = 0; k < values.length; k++) {
      values[k] = random.nextInt(4) == 0 ? 0 : (float) random.nextGaussian();
    }
    int[] ids = new int[rows * fields];
    for (int k = 0; k < ids.length; k++) {
      int level = random.nextInt(4);
      ids[k] = level == 3 ? -1 : numeric + 3 * (k / rows) + level;
    }
    return new ColumnBlock(rows, d, numeric, values, fields, ids, new double[rows], null);
  }

  @ParameterizedTest
  @CsvSource({"40, 1, 2", "40, 4, 0", "33, 5, 3", "64, 9, 1", "7, 0, 3", "0, 2, 2"})
  void columnByColumnHasTheBitsOfRowByRow(int rows, int numeric, int fields) {
    ColumnBlock block = block(rows, numeric, fields);
    int width = block.dimension() + 1;
    double[] multipliers = new Random(1).doubles(rows, 0, 1).toArray();
    double[] columns = new double[width * width];
    double[] byRows = new double[width * width];
    for (int times = 0; times < 2; times++) { // the second time onto what is there
      block.addGram(multipliers, columns);
      block.sparse().addGram(multipliers, byRows);
    }
    assertArrayEquals(byRows, columns);
  }

  @ParameterizedTest
  @CsvSource({"33, 5, 3", "64, 9, 1"})
  void aGramMatrixOfSomeFeaturesIsAPartOfTheWhole(int rows, int numeric, int fields) {
    CsrBlock block = block(rows, numeric, fields).sparse();
    int d = block.dimension();
    double[] multipliers = new Random(1).doubles(rows, 0, 1).toArray();
    double[] whole = new double[(d + 1) * (d + 1)];
    block.addGram(multipliers, whole);
    int[] places = new int[d];
    int count = 0;
    for (int j = 0; j < d; j++) {
      places[j] = j % 3 == 1 ? -1 : count++;
    }
    double[] part = new double[(count + 1) * (count + 1)];
    block.addGram(multipliers, places, count, part);
    for (int j = 0; j < d; j++) {
      for (int k = j; k < d; k++) {
        if (places[j] >= 0 && places[k] >= 0) {
          assertEquals(whole[j * (d + 1) + k], part[places[j] * (count + 1) + places[k]]);
        }
      }
      if (places[j] >= 0) {
        assertEquals(whole[j * (d + 1) + d], part[places[j] * (count + 1) + count]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"33, 5, 3", "7, 0, 3", "9, 2, 0"})
  void sparseRowsAreTheSameRows(int rows, int numeric, int fields) {
    ColumnBlock block = block(rows, numeric, fields);
    for (int i = 0; i < rows; i++) {
      assertArrayEquals(block.row(i), block.sparse().row(i));
    }
  }
}
