package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Tanh;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClippedExamplesTest {
  private static final int ROWS = 40;
  private static final int FEATURES = 6;

  /** Two numeric columns far from 0 and one of four levels; some rows weigh nothing. */
  private static Block block() {
    float[] numeric = new float[2 * ROWS];
    int[] ids = new int[ROWS];
    double[] labels = new double[ROWS];
    double[] weights = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      numeric[i] = (float) (50 + 10 * CounterRandom.gaussian(1, i, 0, 0));
      numeric[ROWS + i] = (float) CounterRandom.gaussian(1, i, 1, 0);
      ids[i] = 2 + CounterRandom.below(4, 2, i, 0, 0);
      labels[i] = CounterRandom.below(2, 3, i, 0, 0);
      weights[i] = i % 7 == 0 ? 0 : 0.5 + i % 3;
    }
    return new ColumnBlock(ROWS, FEATURES, 2, numeric, 1, ids, labels, weights);
  }

  private static Standardization coordinates(Model model) {
    Standardization some =
        new Standardization(new double[] {50, 0.1, 0, 0, 0, 0}, new double[] {10, 0.9, 1, 1, 1, 1});
    if (model instanceof LinearModel linear && linear.intercept() == Intercept.NONE) {
      return some.uncentred();
    }
    return model instanceof Perceptron ? some.wide(3) : some;
  }

  static Stream<Model> models() {
    return Stream.of(
        new LinearModel(new LogisticLoss(), FEATURES),
        new LinearModel(new LogisticLoss(), FEATURES, Intercept.NONE),
        new SoftmaxModel(new SoftmaxLoss(2), FEATURES),
        net(Norm.LAYER));
  }

  private static Perceptron net(Norm norm) {
    return new Perceptron(
        FEATURES,
        new Architecture(List.of(3), new Tanh(), norm, 0, Initializer.HE),
        new Head.OfMargin(new LogisticLoss(), 0));
  }

  private static double[] parameters(Model model) {
    double[] parameters = new double[model.layout().dimension()];
    double scale = model instanceof Perceptron ? 0.5 : 0.02; // which slopes are large differs
    Arrays.setAll(parameters, k -> scale * CounterRandom.gaussian(5, k, 0, 0));
    return parameters;
  }

  /** Of each row's own gradient in the coordinates of steps, without its weight. */
  private static double[] norms(Model model, Block block, double[] parameters) {
    double[] norms = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      double[] own = new double[parameters.length];
      model.accumulate(block, i, i + 1, parameters, own);
      double[] moved = coordinates(model).standardized(new Evaluation(0, own)).gradient();
      double weight = Math.max(block.weight(i, i + 1), 1e-300);
      norms[i] = Math.sqrt(Arrays.stream(moved).map(x -> x * x).sum()) / weight;
    }
    return norms;
  }

  /** Cut by hand to the median. */
  @ParameterizedTest
  @MethodSource("models")
  void everyRowPullsByItsOwnGradientCutToTheNorm(Model model) {
    Block block = block();
    double[] parameters = parameters(model);
    double[] norms = norms(model, block, parameters);
    double most = Arrays.stream(norms).sorted().toArray()[ROWS / 2];
    double[] expected = new double[parameters.length];
    double loss = 0;
    for (int i = 0; i < ROWS; i++) {
      double[] own = new double[parameters.length];
      loss += model.accumulate(block, i, i + 1, parameters, own);
      for (int k = 0; k < own.length; k++) {
        expected[k] += Math.min(1, most / Math.max(norms[i], 1e-300)) * own[k];
      }
    }
    double[] found = new double[parameters.length];
    ClippedExamples clipped = new ClippedExamples(model, coordinates(model), most);
    assertEquals(loss, clipped.accumulate(block, 0, ROWS, parameters, found), 1e-12 * loss);
    // forty terms of at most 60, whose factors cancel some two digits of (x − 50)²
    assertArrayEquals(expected, found, 40 * 60 * 1e-13);
    double[] plain = new double[parameters.length];
    model.accumulate(block, 0, ROWS, parameters, plain);
    double change = 0;
    for (int k = 0; k < plain.length; k++) {
      change = Math.max(change, Math.abs(plain[k] - found[k]));
    }
    assertTrue(change > 1e-2, "what was cut changes " + change);
  }

  @Test
  void aRowWhoseSquaresOverflowIsCutAndNotLeftOut() {
    Block one =
        new ColumnBlock(1, 1, 1, new float[] {1}, 0, new int[0], new double[] {1e200}, null);
    LinearModel model = new LinearModel(new SquaredLoss(), 1);
    double[] found = new double[2];
    new ClippedExamples(model, Standardization.none(1), 2)
        .accumulate(one, 0, 1, new double[2], found);
    double each = -2 / Math.sqrt(2); // a feature of 1 and the intercept
    assertArrayEquals(new double[] {each, each}, found, 8 * Math.ulp(each));
  }

  @ParameterizedTest
  @MethodSource("models")
  void aNormThatNoRowHasChangesNothing(Model model) {
    double[] parameters = parameters(model);
    double[] plain = new double[parameters.length];
    double[] found = new double[parameters.length];
    double value = model.accumulate(block(), 0, ROWS, parameters, plain);
    ClippedExamples clipped = new ClippedExamples(model, coordinates(model), 1e9);
    assertEquals(value, clipped.accumulate(block(), 0, ROWS, parameters, found), 1e-12 * value);
    assertArrayEquals(plain, found, 40 * 60 * 0x1p-52); // the same terms, row by row
  }

  @Test
  void rowsThatSeeEachOtherAreRefused() {
    Perceptron net = net(Norm.BATCH);
    assertThrows(
        IllegalArgumentException.class, () -> new ClippedExamples(net, coordinates(net), 1));
  }
}
