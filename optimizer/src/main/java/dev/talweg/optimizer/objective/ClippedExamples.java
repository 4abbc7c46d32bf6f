package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.metric.Scores;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.model.LinearRows;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.transform.Norms;
import dev.talweg.optimizer.transform.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model whose rows pull by no more than a limit: each row's own gradient, before its weight, is
 * cut to a Euclidean norm (Abadi et al., CCS 2016, without their noise), so that no outlier decides
 * a batch. Values stay what they are.
 *
 * <p>Norms are of the coordinates that steps are taken in, where numeric columns have one scale.
 *
 * <p><b>Cost.</b> Of {@link LinearRows} the entries of the rows: with x̃ = (x − m)/σ a row's norm
 * is ‖ℓ'‖ √(1 + ‖x̃‖²), without the 1 where there is no intercept, and ‖x̃‖² is Σ m²/σ² plus Σ ((x
 * − m)² − m²)/σ² over the entries. Of nets every row costs all parameters.
 *
 * @param coordinates of the steps, against the model's
 * @param most the largest norm, above 0
 */
public record ClippedExamples(Model model, Standardization coordinates, double most)
    implements Model {
  private static final long serialVersionUID = 1L;

  public ClippedExamples {
    if (!(most > 0)) {
      throw new IllegalArgumentException("a norm of at most " + most + ", which is not above 0");
    }
    if (model.rounds() > 0) {
      throw new IllegalArgumentException("rows that see each other have no gradients of their own");
    }
  }

  @Override
  public int margins() {
    return model.margins();
  }

  @Override
  public int width() {
    return model.width();
  }

  @Override
  public ParameterLayout layout() {
    return model.layout();
  }

  @Override
  public List<String> units() {
    return model.units();
  }

  @Override
  public Tensors tensors() {
    return model.tensors();
  }

  @Override
  public double work(long rows, long bytes) {
    return model.work(rows, bytes);
  }

  @Override
  public Scores scores() {
    return model.scores();
  }

  @Override
  public void predict(Block block, int from, int until, double[] parameters, double[] margins) {
    model.predict(block, from, until, parameters, margins);
  }

  @Override
  public double accumulate(
      Block block, int from, int until, double[] parameters, double[] gradient) {
    return accumulate(block, from, until, parameters, gradient, null);
  }

  @Override
  public double accumulate(
      Block block,
      int from,
      int until,
      double[] parameters,
      double[] gradient,
      @Nullable Draw draw) {
    return model instanceof LinearRows linear
        ? together(linear, block, from, until, parameters, gradient)
        : oneByOne(block, from, until, parameters, gradient, draw);
  }

  private double oneByOne(
      Block block,
      int from,
      int until,
      double[] parameters,
      double[] gradient,
      @Nullable Draw draw) {
    double value = 0;
    double[] own = new double[model.layout().dimension()];
    for (int i = from; i < until; i++) {
      Arrays.fill(own, 0);
      value +=
          draw == null
              ? model.accumulate(block, i, i + 1, parameters, own)
              : model.accumulate(block, i, i + 1, parameters, own, draw.after(i - from));
      double[] moved = coordinates.standardized(new Evaluation(0, own.clone())).gradient();
      double factor = factor(Norms.euclidean(moved, 0, moved.length), block.weight(i, i + 1));
      for (int k = 0; k < own.length; k++) {
        gradient[k] += factor * own[k];
      }
    }
    return value;
  }

  /** Of a row whose weighted gradient has this norm. */
  private double factor(double norm, double weight) {
    double limit = most * weight;
    return norm > limit ? limit / norm : 1;
  }

  private double together(
      LinearRows linear, Block block, int from, int until, double[] parameters, double[] gradient) {
    int margins = linear.margins();
    double[] slopes = new double[(until - from) * margins];
    double value = linear.differentiate(block, from, until, parameters, slopes);
    double[] squares = squares(block, from, until);
    double constant = linear.intercept() == Intercept.FREE ? 1 : 0;
    for (int i = 0; i < until - from; i++) {
      int first = i * margins;
      double norm =
          Norms.euclidean(slopes, first, first + margins) * Math.sqrt(constant + squares[i]);
      double factor = factor(norm, block.weight(from + i, from + i + 1));
      for (int k = first; k < first + margins; k++) {
        slopes[k] *= factor;
      }
    }
    linear.pull(block, from, until, slopes, gradient);
    return value;
  }

  /** ‖x̃‖² of rows. */
  private double[] squares(Block block, int from, int until) {
    double atZero = 0;
    int d = block.dimension();
    for (int j = 0; j < d; j++) {
      double moved = coordinates.mean(j) / coordinates.deviation(j);
      atZero += moved * moved;
    }
    double[] squares = new double[until - from];
    Arrays.fill(squares, atZero);
    block.visit(
        from,
        until,
        0,
        d,
        (row, feature, x) -> {
          double mean = coordinates.mean(feature);
          double deviation = coordinates.deviation(feature);
          squares[row] += x * (x - 2 * mean) / (deviation * deviation);
        });
    for (int i = 0; i < squares.length; i++) {
      squares[i] = Math.max(squares[i], 0); // a row at the means, to rounding
    }
    return squares;
  }
}
