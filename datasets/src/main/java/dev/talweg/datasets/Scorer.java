package dev.talweg.datasets;

import dev.talweg.optimizer.block.Block;
import java.io.Serializable;

/** A trained model, as scoring needs it on executors. */
public interface Scorer extends Serializable {

  /** The margin of each row of the block, into the first {@code block.rows()} entries. */
  void margins(Block block, double[] margins);

  /** What a margin predicts. */
  double predict(double margin);

  /** The name of the predicted column: {@code probability} or {@code value}. */
  String column();
}
