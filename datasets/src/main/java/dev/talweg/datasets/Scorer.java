package dev.talweg.datasets;

import dev.talweg.optimizer.block.Block;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A trained model, as scoring needs it on executors. */
public interface Scorer extends Serializable {

  /** Margins of a row: one, or one for each class. */
  int width();

  /** The margins of each row of the block, row by row, into the first entries. */
  void margins(Block block, double[] margins);

  /** The predicted columns, all nullable. */
  StructType columns();

  /**
   * What the margins of a row predict: a value for each of {@link #columns}, as Spark's rows hold
   * it.
   *
   * @param margins of rows, of which the row's are at {@code row · width()}
   */
  List<@Nullable Object> predict(double[] margins, int row);
}
