package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Scorer;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.Model;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Scores of many classes: the predicted class as the label's column has it, its probability, and
 * the probabilities of all classes in the order of {@code model.json}.
 */
record ClassScorer(Model model, SoftmaxLoss loss, double[] parameters, Encoding encoding)
    implements Scorer {
  private static final long serialVersionUID = 1L;

  @Override
  public int width() {
    return model.margins();
  }

  @Override
  public void margins(Block block, double[] margins) {
    model.predict(block, 0, block.rows(), parameters, margins);
  }

  @Override
  public StructType columns() {
    return new StructType()
        .add("prediction", encoding.classType())
        .add("probability", DataTypes.DoubleType)
        .add("probabilities", DataTypes.createArrayType(DataTypes.DoubleType, false));
  }

  @Override
  public List<@Nullable Object> predict(double[] margins, int row) {
    double[] p = Arrays.copyOfRange(margins, row * width(), (row + 1) * width());
    int predicted = 0;
    for (int k = 1; k < p.length; k++) {
      predicted = p[k] > p[predicted] ? k : predicted; // of margins: the first of equals
    }
    loss.probabilities(p, 1);
    return List.of(encoding.classValue(predicted), p[predicted], new GenericArrayData(p));
  }
}
