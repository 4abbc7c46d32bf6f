package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.kernel.Normal;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PerceptronTest {
  private static final int ROWS = 150; // three tiles, the last one short
  private static final int FEATURES = 9;

  /** Three numbers and two fields, of four levels and of two. */
  private static Block block(int classes) {
    float[] numeric = new float[3 * ROWS];
    int[] ids = new int[2 * ROWS];
    double[] labels = new double[ROWS];
    double[] weights = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < 3; j++) {
        numeric[j * ROWS + i] = (float) CounterRandom.gaussian(1, i, j, 0);
      }
      ids[i] =
          CounterRandom.below(5, 2, i, 0, 0) == 4 ? -1 : 3 + CounterRandom.below(4, 3, i, 0, 0);
      ids[ROWS + i] = 7 + CounterRandom.below(2, 4, i, 0, 0);
      labels[i] = CounterRandom.below(classes, 5, i, 0, 0);
      weights[i] = CounterRandom.uniform(6, i, 0, 0);
    }
    return new ColumnBlock(ROWS, FEATURES, 3, numeric, 2, ids, labels, weights);
  }

  private static Architecture of(double dropout, Norm norm, Activation activation, int... hidden) {
    List<Integer> units = Arrays.stream(hidden).boxed().toList();
    return new Architecture(units, activation, norm, dropout, Initializer.HE);
  }

  static Stream<Perceptron> nets() {
    Head classes = new Head.OfClasses(new SoftmaxLoss(3), 0);
    Head smooth = new Head.OfClasses(new SoftmaxLoss(3), 0.1);
    Head two = new Head.OfMargin(new LogisticLoss(), 0.1);
    Head real = new Head.OfMargin(new SquaredLoss(), 0);
    return Stream.of(
        new Perceptron(FEATURES, of(0, Norm.NONE, new Tanh(), 6), classes),
        new Perceptron(FEATURES, of(0.3, Norm.LAYER, new Gelu(), 6, 5), smooth),
        new Perceptron(FEATURES, of(0.5, Norm.NONE, new Relu(), 20, 4, 3), two),
        new Perceptron(FEATURES, of(0, Norm.LAYER, new Selu(), 3), real),
        new Perceptron(FEATURES, of(0, Norm.BATCH, new Silu(), 6, 5), smooth),
        new Perceptron(FEATURES, of(0.3, Norm.BATCH_OF_KERAS, new Elu(), 4), real),
        new Perceptron(FEATURES, of(0, Norm.NONE, new Sigmoid()), two));
  }

  private static double value(Perceptron net, double[] parameters) {
    Block block = block(net.margins() == 1 ? 2 : 3);
    return net.accumulate(
        block, 0, ROWS, parameters, new double[parameters.length], new Draw(8, 2, 100));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void theGradientIsThatOfFiniteDifferences(Perceptron net) {
    double[] parameters = net.initial(11);
    for (int k = 0; k < parameters.length; k++) { // biases of 0 are where rectifiers have a kink
      parameters[k] += 0.1 * CounterRandom.gaussian(12, k, 0, 0);
    }
    double[] gradient = new double[parameters.length];
    Block block = block(net.margins() == 1 ? 2 : 3);
    net.accumulate(block, 0, ROWS, parameters, gradient, new Draw(8, 2, 100));
    // what runs has no part in training: both are 0
    FiniteDifferences.check(at -> value(net, at), parameters, gradient, net.toString());
  }

  @ParameterizedTest
  @MethodSource("nets")
  void rowsInTwoPartsGiveTheirMarginsAndDropouts(Perceptron net) {
    double[] parameters = net.initial(11);
    Block block = block(net.margins() == 1 ? 2 : 3);
    double[] all = new double[ROWS * net.margins()];
    net.predict(block, 0, ROWS, parameters, all);
    double[] part = new double[(ROWS - 70) * net.margins()];
    net.predict(block, 70, ROWS, parameters, part);
    assertArrayEquals(Arrays.copyOfRange(all, 70 * net.margins(), all.length), part);

    if (net.rounds() > 0) {
      return; // rows of a part have the statistics of the part
    }
    double[] gradient = new double[parameters.length];
    double whole = net.accumulate(block, 0, ROWS, parameters, gradient, new Draw(8, 2, 0));
    double first = net.accumulate(block, 0, 70, parameters, gradient, new Draw(8, 2, 0));
    double rest = net.accumulate(block, 70, ROWS, parameters, gradient, new Draw(8, 2, 70));
    // the same terms in other sums of at most 150 rounded terms
    assertEquals(whole, first + rest, ROWS * 0x1p-52 * whole);
  }

  @Test
  void withoutHiddenLayersItIsTheModelThatIsLinear() {
    Architecture none = of(0, Norm.NONE, new Relu());
    SoftmaxLoss softmax = new SoftmaxLoss(3);
    assertSame(
        new SoftmaxModel(softmax, FEATURES),
        new Perceptron(FEATURES, none, new Head.OfClasses(softmax, 0)),
        block(3));
    assertSame(
        new LinearModel(new LogisticLoss(), FEATURES),
        new Perceptron(FEATURES, none, new Head.OfMargin(new LogisticLoss(), 0)),
        block(2));
  }

  private static void assertSame(Model model, Perceptron net, Block block) {
    double[] parameters = net.initial(3);
    double[] expected = new double[parameters.length];
    double[] found = new double[parameters.length];
    double value = model.accumulate(block, 0, ROWS, parameters, expected);
    // rows go through in tiles, so sums of 150 terms are cut elsewhere
    assertEquals(value, net.accumulate(block, 0, ROWS, parameters, found), 1e-12 * value);
    assertArrayEquals(expected, found, 1e-12 * value);
  }

  /** The same rows beside many features that none of them has, hence not written out. */
  @Test
  void rowsThatAreWrittenOutHaveTheBitsOfTheirBlocksLoops() {
    Perceptron narrow = nets().findFirst().orElseThrow();
    Perceptron wide = new Perceptron(50 * FEATURES, narrow.architecture(), narrow.head());
    double[] all = wide.initial(4);
    int width = wide.width();
    double[] some = new double[narrow.layout().dimension()];
    System.arraycopy(all, 0, some, 0, FEATURES * width);
    int after = some.length - FEATURES * width;
    System.arraycopy(all, all.length - after, some, FEATURES * width, after);
    Block columns = block(3);
    for (Block rows : List.of(columns, columns.sparse())) {
      Block sparse =
          rows.renumbered((features, count) -> Arrays.copyOf(features, count), 50 * FEATURES);
      double[] expected = new double[some.length];
      double[] found = new double[all.length];
      double value = narrow.accumulate(rows, 0, ROWS, some, expected, new Draw(8, 2, 0));
      assertEquals(value, wide.accumulate(sparse, 0, ROWS, all, found, new Draw(8, 2, 0)));
      double[] first = Arrays.copyOf(found, FEATURES * width);
      // columns sum a tile before they add it: 64 rounded terms near 1; sparse rows add each
      double tolerance = rows == columns ? 1e-13 : 0;
      assertArrayEquals(Arrays.copyOf(expected, FEATURES * width), first, tolerance);
      assertArrayEquals(
          Arrays.copyOfRange(expected, FEATURES * width, some.length),
          Arrays.copyOfRange(found, all.length - after, all.length));
    }
  }

  @Test
  void aDropoutIsAFunctionOfSeedStepAndRow() {
    Perceptron net = nets().skip(2).findFirst().orElseThrow();
    double[] parameters = net.initial(11);
    Block block = block(2);
    double[] none = new double[parameters.length];
    double first = net.accumulate(block, 0, ROWS, parameters, none, new Draw(8, 2, 0));
    assertEquals(first, net.accumulate(block, 0, ROWS, parameters, none, new Draw(8, 2, 0)));
    for (Draw other : List.of(new Draw(9, 2, 0), new Draw(8, 3, 0), new Draw(8, 2, 1))) {
      assertTrue(first != net.accumulate(block, 0, ROWS, parameters, none, other), "" + other);
    }
  }

  @Test
  void slicesAndTensorsAreTheSameParameters() {
    nets()
        .forEach(
            net -> {
              assertEquals(net.layout().dimension(), net.tensors().dimension());
              assertEquals(net.layout().slices().size(), net.tensors().tensors().size());
            });
  }

  @Test
  void initialWeightsHaveTheVarianceOfTheirRule() {
    int in = 300;
    int out = 200;
    for (Initializer initializer : Initializer.values()) {
      double[] w = new double[in * out];
      initializer.fill(w, 0, in, out, 5);
      double squares = Arrays.stream(w).map(x -> x * x).sum() / w.length;
      double expected =
          switch (initializer) {
            case HE -> 2.0 / in;
            case GLOROT -> 2.0 / (in + out);
            case LECUN -> 1.0 / in;
            case PYTORCH -> 1.0 / (3 * in);
            case ORTHOGONAL -> 1.0 / in; // 200 columns of length 1
          };
      // the deviation of a mean of 60,000 squares of normal numbers is √(2/60,000) = 0.6 %
      assertEquals(1, squares / expected, 0.03, initializer.text());
    }
  }

  @Test
  void anOrthogonalMatrixHasOrthonormalColumns() {
    double[] w = new double[12 * 7];
    Initializer.ORTHOGONAL.fill(w, 0, 12, 7, 5);
    for (int a = 0; a < 7; a++) {
      for (int b = 0; b < 7; b++) {
        double dot = 0;
        for (int j = 0; j < 12; j++) {
          dot += w[j * 7 + a] * w[j * 7 + b];
        }
        assertEquals(a == b ? 1 : 0, dot, 12 * 0x1p-52);
      }
    }
  }

  @Test
  void theNormalDistributionIsThatOfTables() {
    // scipy.special.ndtr
    assertEquals(0.5, Normal.below(0));
    assertEquals(0.8413447460685429, Normal.below(1), 0x1p-52);
    assertEquals(0.15865525393145707, Normal.below(-1), 0x1p-52);
    assertEquals(3.167124183311986e-05, Normal.below(-4), 0x1p-52); // 1/2 minus a rounded number
    assertEquals(9.865876450376946e-10, Normal.below(-6), 1e-22);
  }
}
