package dev.talweg.jobs.run;

import dev.talweg.datasets.Scorer;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.model.SoftmaxModel;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * Scores of many classes: the predicted class as the label's column has it, its probability, and
 * the probabilities of all classes in the order of {@code model.json}.
 *
 * @param names of the classes
 * @param kind of the names
 */
record ClassScorer(SoftmaxModel model, double[] parameters, List<String> names, Names kind)
    implements Scorer {
  private static final long serialVersionUID = 1L;

  /** What the names of classes are. */
  enum Names {
    NUMBERS,
    TEXTS
  }

  static ClassScorer of(SoftmaxModel model, double[] parameters, List<String> names) {
    try {
      names.forEach(Double::parseDouble);
      return new ClassScorer(model, parameters, names, Names.NUMBERS);
    } catch (NumberFormatException e) {
      return new ClassScorer(model, parameters, names, Names.TEXTS);
    }
  }

  @Override
  public int width() {
    return names.size();
  }

  @Override
  public void margins(Block block, double[] margins) {
    model.predict(block, 0, block.rows(), parameters, margins);
  }

  @Override
  public StructType columns() {
    DataType type = kind == Names.NUMBERS ? DataTypes.DoubleType : DataTypes.StringType;
    return new StructType()
        .add("prediction", type)
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
    model.loss().probabilities(p, 1);
    String name = names.get(predicted);
    Object prediction =
        kind == Names.NUMBERS ? (Object) Double.parseDouble(name) : UTF8String.fromString(name);
    return List.of(prediction, p[predicted], new GenericArrayData(p));
  }
}
