package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.model.Sweep;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Embedding.Start;
import dev.talweg.optimizer.net.Embedding.Table;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalBatches;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Columns that are looked up in tables before the first layer. */
class EmbeddingTest {
  private static final int ROWS = 150; // three tiles, the last one short
  private static final int NUMBERS = 3;
  private static final int[] LEVELS = {4, 3, 5};
  private static final int FEATURES = 15;
  private static final Head CLASSES = new Head.OfClasses(new SoftmaxLoss(3), 0);
  private static final Head TWO = new Head.OfMargin(new LogisticLoss(), 0);

  private static final Table FIRST = new Table("first", 3, 4, 3);
  private static final Table LAST = new Table("last", 10, 5, 2);

  /** Three numbers and three fields; a fifth of the rows have none of a field's levels. */
  private static Block block(int rows, int classes) {
    float[] numeric = new float[NUMBERS * rows];
    int[] ids = new int[LEVELS.length * rows];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      int first = NUMBERS;
      for (int f = 0; f < LEVELS.length; f++) {
        numeric[f * rows + i] = (float) CounterRandom.gaussian(1, i, f, 0);
        boolean none = CounterRandom.below(5, 2, i, f, 0) == 0;
        ids[f * rows + i] = none ? -1 : first + CounterRandom.below(LEVELS[f], 3, i, f, 0);
        first += LEVELS[f];
      }
      labels[i] = CounterRandom.below(classes, 5, i, 0, 0);
      weights[i] = CounterRandom.uniform(6, i, 0, 0);
    }
    return new ColumnBlock(rows, FEATURES, NUMBERS, numeric, LEVELS.length, ids, labels, weights);
  }

  private static Embedding of(Table... tables) {
    return new Embedding(FEATURES, List.of(tables), Start.PYTORCH);
  }

  private static Perceptron net(
      Embedding embedding, Norm norm, double dropout, Head head, Integer... hidden) {
    Architecture layers =
        new Architecture(List.of(hidden), new Tanh(), norm, dropout, Initializer.HE);
    return new Perceptron(embedding, layers, head);
  }

  static Stream<Perceptron> nets() {
    return Stream.of(
        net(of(FIRST, LAST), Norm.NONE, 0, CLASSES, 6),
        net(of(FIRST, new Table("middle", 7, 3, 1), LAST), Norm.LAYER, 0.3, TWO, 20, 4),
        net(of(LAST), Norm.BATCH, 0, CLASSES, 6, 5),
        net(of(FIRST), Norm.NONE, 0, TWO));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void theGradientIsThatOfFiniteDifferences(Perceptron net) {
    Block columns = block(ROWS, net.margins() == 1 ? 2 : 3);
    // what runs has no part in training: both are 0
    FiniteDifferences.check(net, columns);
    FiniteDifferences.check(net, columns.sparse());
  }

  /** Tables as wide as the layer, and weights of their units that pass them on as they are. */
  @Test
  void passedOnUnchangedItIsTheOneHotFirstLayer() {
    int units = 6;
    Table first = new Table("first", 3, 4, units);
    Perceptron embedded = net(of(first), Norm.NONE, 0, CLASSES, units);
    Perceptron plain = net(Embedding.none(FEATURES), Norm.NONE, 0, CLASSES, units);
    double[] parameters = plain.initial(3);
    double[] tables = new double[embedded.layout().dimension()];
    for (int j = 0; j < FEATURES; j++) {
      Net.Weights weights = embedded.weights(j);
      assertEquals(units, weights.count());
      System.arraycopy(parameters, j * units, tables, weights.from(), units);
    }
    for (int k = 0; k < units; k++) {
      tables[(embedded.embedding().rest() + k) * units + k] = 1;
    }
    int after = parameters.length - (FEATURES + 1) * units; // of the second layer
    int rest = parameters.length - after;
    System.arraycopy(parameters, rest, tables, tables.length - after, after);
    Block block = block(ROWS, 3);
    double[] expected = new double[parameters.length];
    double[] found = new double[tables.length];
    double value = plain.accumulate(block, 0, ROWS, parameters, expected);
    // a margin's terms are added in another order: a few ulps of numbers near 1, in 150 rows
    assertEquals(value, embedded.accumulate(block, 0, ROWS, tables, found), 1e-12 * value);
    for (int j = 0; j < FEATURES; j++) {
      int from = embedded.weights(j).from();
      for (int k = 0; k < units; k++) {
        assertEquals(expected[j * units + k], found[from + k], 1e-12, "feature " + j);
      }
    }
  }

  /** Without hidden layers a table's row times its weights is what a level adds. */
  @Test
  void withoutHiddenLayersItIsAFactoredLinearModel() {
    Perceptron net = net(of(FIRST, LAST), Norm.NONE, 0, CLASSES);
    Perceptron linear = net(Embedding.none(FEATURES), Norm.NONE, 0, CLASSES);
    double[] parameters = net.initial(4);
    double[] products = new double[linear.layout().dimension()];
    for (int j = 0; j < FEATURES; j++) {
      Net.Weights weights = net.weights(j);
      int t = net.embedding().table(j);
      if (t < 0) {
        System.arraycopy(parameters, weights.from(), products, 3 * j, 3);
      }
      for (int c = 0; t >= 0 && c < weights.count(); c++) {
        int unit = net.embedding().rest() + (t == 0 ? 0 : FIRST.width()) + c;
        for (int k = 0; k < 3; k++) {
          products[3 * j + k] += parameters[weights.from() + c] * parameters[3 * unit + k];
        }
      }
    }
    double[] expected = new double[3 * ROWS];
    double[] found = new double[3 * ROWS];
    linear.predict(block(ROWS, 3), 0, ROWS, products, expected);
    net.predict(block(ROWS, 3), 0, ROWS, parameters, found);
    assertArrayEquals(expected, found, 1e-14); // some ten terms near 1
  }

  @Test
  void levelsThatNoRowHasAreNeitherReadNorWritten() {
    Perceptron net = nets().findFirst().orElseThrow();
    Block few = block(ROWS, 3).select(new int[] {0, 1, 2, 3});
    double[] parameters = net.initial(7);
    double[] without = parameters.clone();
    double[] gradient = new double[parameters.length];
    double value = net.accumulate(few, 0, 4, parameters, gradient);
    int never = 0;
    for (int j = FIRST.first(); j < FEATURES; j++) {
      Net.Weights weights = net.weights(j);
      int feature = j;
      if (IntStream.range(0, 4).allMatch(i -> few.row(i)[feature] == 0)
          && net.embedding().table(j) >= 0) {
        never++;
        for (int at = weights.from(); at < weights.from() + weights.count(); at++) {
          assertEquals(0, gradient[at]);
          without[at] = Double.NaN;
        }
      }
    }
    assertTrue(never > 0, "four rows have all levels");
    double[] again = new double[parameters.length];
    assertEquals(value, net.accumulate(few, 0, 4, without, again));
    assertArrayEquals(gradient, again);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void rowsInTwoPartsGiveTheirMargins(Perceptron net) {
    double[] parameters = net.initial(11);
    Block block = block(ROWS, net.margins() == 1 ? 2 : 3);
    double[] all = new double[ROWS * net.margins()];
    net.predict(block, 0, ROWS, parameters, all);
    double[] part = new double[(ROWS - 70) * net.margins()];
    net.predict(block, 70, ROWS, parameters, part);
    assertArrayEquals(Arrays.copyOfRange(all, 70 * net.margins(), all.length), part);
  }

  private static LocalBatches batches(Perceptron net, int... ends) {
    Block all = block(ROWS, net.margins() == 1 ? 2 : 3);
    return new LocalBatches(shards(all, ends), net, new double[net.layout().dimension()], 64, 3);
  }

  private static List<Shard> shards(Block all, int... ends) {
    return IntStream.range(0, ends.length)
        .mapToObj(p -> IntStream.range(p == 0 ? 0 : ends[p - 1], ends[p]).toArray())
        .map(rows -> Shard.of(List.of(all.select(rows)), FEATURES))
        .toList();
  }

  /** Rows that came to the driver, sweeps that are used again, and both anew in each round. */
  @ParameterizedTest
  @MethodSource("nets")
  void aBatchHasTheSameBitsWhereverItIsSummed(Perceptron net) {
    Block all = block(ROWS, net.margins() == 1 ? 2 : 3);
    List<Shard> shards = shards(all, 40, 41, ROWS);
    LocalBatches anew = batches(net, 40, 41, ROWS);
    double[] parameters = net.initial(2);
    List<Sweep> sweeps = Stream.generate(net::sweep).limit(shards.size()).toList();
    for (long step = 0; step < 3; step++) {
      PartitionBatches.Batch batch = new PartitionBatches.Batch(3, step, anew.stepsPerEpoch());
      for (int p = 0; p < shards.size(); p++) {
        PartitionBatches.Rows some = PartitionBatches.rows(shards.get(p), batch);
        PartitionBatches.take(sweeps.get(p), some, p, parameters, batch);
      }
      List<double[]> known = PartitionBatches.advance(net, sweeps);
      Evaluation found =
          PartitionBatches.evaluation(
              sweeps.stream().map(Sweep::sums).toList(), parameters, new double[parameters.length]);
      net.settle(known, parameters, found.gradient());
      Evaluation expected = anew.evaluate(parameters, step);
      assertEquals(expected.value(), found.value());
      assertArrayEquals(expected.gradient(), found.gradient());
    }
  }

  @ParameterizedTest
  @MethodSource("nets")
  void aResumedRunIsTheRunThatWentOn(Perceptron net) {
    Descent.State on = Resumed.isTheRunThatWentOn(net, batches(net, 40, 41, ROWS));
    assertNotEquals(net.initial(2)[0], on.parameters()[0]);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void everyParameterIsOfItsFeature(Perceptron net) {
    int[] owners = new int[net.layout().dimension()];
    Arrays.fill(owners, -1);
    for (int j = 0; j < FEATURES; j++) {
      Net.Weights weights = net.weights(j);
      for (int at = weights.from(); at < weights.from() + weights.count(); at++) {
        assertEquals(-1, owners[at], "parameter " + at);
        owners[at] = j;
      }
    }
    for (int at = 0; at < owners.length; at++) {
      assertEquals(owners[at], net.feature(at), "parameter " + at);
      String slice = net.layout().at(at).name();
      int t = owners[at] < 0 ? -1 : net.embedding().table(owners[at]);
      assertEquals(
          t >= 0,
          slice.startsWith(Embedding.NAME + "."),
          slice + " has a parameter of feature " + owners[at]);
    }
    assertEquals(net.layout().dimension(), net.tensors().dimension());
    assertEquals(net.layout().slices().size(), net.tensors().tensors().size());
  }

  @Test
  void theMarginsAreMadeByTheLastProductsAndNoTable() {
    assertEquals(
        List.of("layer-1.weights", "layer-1.biases"),
        nets().skip(3).findFirst().orElseThrow().headSlices());
  }

  @Test
  void tablesBeginAsTheirLibrarysDo() {
    for (Start start : Start.values()) {
      Perceptron net =
          net(
              new Embedding(FEATURES, List.of(new Table("first", 3, 4, 5000)), start),
              Norm.NONE,
              0,
              TWO,
              1);
      Slice slice =
          net.layout().slices().stream()
              .filter(s -> s.name().equals("embedding.first"))
              .findFirst()
              .orElseThrow();
      double[] numbers =
          Arrays.copyOfRange(net.initial(5), slice.from(), slice.from() + slice.length());
      double squares = Arrays.stream(numbers).map(x -> x * x).average().orElseThrow();
      double expected = start == Start.PYTORCH ? 1 : 0.05 * 0.05 / 3;
      // the deviation of a mean of 20,000 squares of normal numbers is √(2/20,000) = 1 %
      assertEquals(1, squares / expected, 0.04, start.name());
      if (start == Start.KERAS) {
        assertTrue(Arrays.stream(numbers).allMatch(x -> Math.abs(x) < 0.05));
      }
    }
  }

  @Test
  void tablesThatOverlapAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> of(FIRST, new Table("b", 6, 2, 1)));
    assertThrows(IllegalArgumentException.class, () -> of(new Table("b", 12, 4, 1)));
    assertThrows(IllegalArgumentException.class, () -> new Table("b", 12, 4, 0));
  }
}
