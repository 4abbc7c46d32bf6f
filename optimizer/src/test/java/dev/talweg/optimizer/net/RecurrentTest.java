package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Iteration;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Termination;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.Momentum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecurrentTest {
  private static final int ROWS = 150; // three tiles, the last one short
  private static final int STEPS = 6;

  /** Six steps of two channels. */
  private static Block block(int classes) {
    float[] columns = new float[2 * STEPS * ROWS];
    double[] labels = new double[ROWS];
    double[] weights = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < 2 * STEPS; j++) {
        columns[j * ROWS + i] = (float) CounterRandom.gaussian(1, i, j, 0);
      }
      labels[i] = CounterRandom.below(classes, 5, i, 0, 0);
      weights[i] = CounterRandom.uniform(6, i, 0, 0);
    }
    int features = 2 * STEPS;
    return new ColumnBlock(ROWS, features, features, columns, 0, new int[0], labels, weights);
  }

  static Stream<Recurrent> nets() {
    Head classes = new Head.OfClasses(new SoftmaxLoss(3), 0.1);
    Head two = new Head.OfMargin(new LogisticLoss(), 0);
    return Stream.of(
        new Recurrent(2 * STEPS, STEPS, 3, Cell.RNN, 0, classes),
        new Recurrent(2 * STEPS, STEPS, 3, Cell.GRU, 0.3, two),
        new Recurrent(2 * STEPS, STEPS, 3, Cell.LSTM, 0, classes));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void theGradientIsThatOfFiniteDifferences(Recurrent net) {
    FiniteDifferences.check(net, block(net.margins() == 1 ? 2 : 3));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void rowsInTwoPartsGiveTheirMargins(Recurrent net) {
    double[] parameters = net.initial(11);
    Block block = block(net.margins() == 1 ? 2 : 3);
    double[] all = new double[ROWS * net.margins()];
    net.predict(block, 0, ROWS, parameters, all);
    double[] part = new double[(ROWS - 70) * net.margins()];
    net.predict(block, 70, ROWS, parameters, part);
    assertArrayEquals(Arrays.copyOfRange(all, 70 * net.margins(), all.length), part);
    double[] sparse = new double[all.length];
    net.predict(block.sparse(), 0, ROWS, parameters, sparse);
    assertArrayEquals(all, sparse, "sparse rows are the same rows");
  }

  /** The same rows, cut after some of their numbers: the last one may be 0, and some have none. */
  private static Block ended(int classes) {
    Block whole = block(classes);
    int[] starts = new int[ROWS + 1];
    int[] indices = new int[ROWS * 2 * STEPS];
    float[] values = new float[indices.length];
    for (int i = 0; i < ROWS; i++) {
      int length = CounterRandom.below(2 * STEPS + 1, 9, i, 0, 0);
      for (int j = 0; j < length; j++) {
        indices[starts[i] + j] = j;
        values[starts[i] + j] = i % 3 == 0 && j == length - 1 ? 0 : (float) whole.row(i)[j];
      }
      starts[i + 1] = starts[i] + length;
    }
    return new CsrBlock(
        2 * STEPS,
        starts,
        Arrays.copyOf(indices, starts[ROWS]),
        Arrays.copyOf(values, starts[ROWS]),
        whole.labels(),
        whole.weights());
  }

  @ParameterizedTest
  @MethodSource("nets")
  void theGradientOverRowsOfDifferentLengthsIsThatOfFiniteDifferences(Recurrent net) {
    FiniteDifferences.check(net, ended(net.margins() == 1 ? 2 : 3));
  }

  /** Alone, a row goes as far as itself; among others, as far as the longest of them. */
  @ParameterizedTest
  @MethodSource("nets")
  void whatARowGivesDependsOnNoLongerOne(Recurrent net) {
    Block block = ended(net.margins() == 1 ? 2 : 3);
    double[] parameters = net.initial(11);
    double[] all = new double[ROWS * net.margins()];
    net.predict(block, 0, ROWS, parameters, all);
    int[] lengths = block.lengths(0, ROWS);
    int empty = 0;
    for (int i = 0; i < ROWS; i++) {
      double[] alone = new double[net.margins()];
      net.predict(block, i, i + 1, parameters, alone);
      double[] among = Arrays.copyOfRange(all, i * net.margins(), (i + 1) * net.margins());
      assertArrayEquals(among, alone, "row " + i);
      if (lengths[i] == 0) {
        empty++;
        int biases = parameters.length - net.margins();
        assertArrayEquals(Arrays.copyOfRange(parameters, biases, parameters.length), alone);
      }
    }
    assertTrue(empty > 0);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void itBeginsAsPyTorchsDoUniformlyByItsUnits(Recurrent net) {
    double[] initial = net.initial(5);
    double limit = 1 / Math.sqrt(3);
    assertTrue(Arrays.stream(initial).allMatch(x -> Math.abs(x) < limit && x != 0));
    assertEquals(net.layout().dimension(), net.tensors().dimension());
    assertEquals(List.of("layer-2.weights", "layer-2.biases"), net.headSlices());
  }

  /** Both biases of a gate, by the slices of the layout. */
  private static double[] biases(Recurrent net, double[] parameters, int gate) {
    int hidden = net.hidden();
    double[] sums = new double[hidden];
    for (ParameterLayout.Slice slice : net.layout().slices()) {
      if (slice.name().equals("layer-1.input-biases")
          || slice.name().equals("layer-1.recurrent-biases")) {
        for (int k = 0; k < hidden; k++) {
          sums[k] += parameters[slice.from() + gate * hidden + k];
        }
      }
    }
    return sums;
  }

  private static Recurrent chrono(int steps, int units, Cell cell) {
    Head head = new Head.OfMargin(new SquaredLoss(), 0);
    return new Recurrent(2 * steps, steps, units, cell, Recurrence.Start.CHRONO, 0, head);
  }

  /** The gates that keep have 1 − 1/(1 + u) of what was: u steps, from 1 to T − 1. */
  @Test
  void chronoGatesKeepForOneStepToAllOfThem() {
    Recurrent lstm = chrono(100, 40, Cell.LSTM);
    double[] begun = lstm.initial(5);
    double[] kept = biases(lstm, begun, 1);
    double[] steps = Arrays.stream(kept).map(Math::exp).toArray();
    assertTrue(Arrays.stream(steps).allMatch(u -> u >= 1 && u < 99));
    // uniform in [1, 99): the mean of forty within five of its deviations, 98/√12/√40
    assertEquals(50, Arrays.stream(steps).average().orElseThrow(), 5 * 4.5);
    double[] let = biases(lstm, begun, 0);
    assertArrayEquals(Arrays.stream(kept).map(bias -> -bias).toArray(), let);
    Recurrent plain = new Recurrent(200, 100, 40, Cell.LSTM, 0, lstm.head());
    double[] others = plain.initial(5);
    assertArrayEquals(biases(plain, others, 2), biases(lstm, begun, 2));
    assertEquals(160, IntStream.range(0, begun.length).filter(k -> begun[k] != others[k]).count());

    Recurrent gru = chrono(100, 40, Cell.GRU);
    assertArrayEquals(kept, biases(gru, gru.initial(5), 1));
    Recurrent ofOneStep = chrono(1, 4, Cell.GRU);
    assertArrayEquals(new double[4], biases(ofOneStep, ofOneStep.initial(5), 1));
  }

  @Test
  void featuresThatAreNoWholeStepsAreRefused() {
    Head head = new Head.OfMargin(new SquaredLoss(), 0);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new Recurrent(7, 2, 3, Cell.GRU, 0, head));
    assertTrue(String.valueOf(e.getMessage()).contains("7 features are not 2 steps"));
  }

  /**
   * The adding problem over T = 100 steps by an LSTM of four units with chrono gates, by gradient
   * descent of rate 8 and momentum 0.9 on batches of 16. Without clipping it diverges: the
   * objective is infinite, and so it is again after the rescue with half of the rate. With the norm
   * cut to 0.005, and nothing else changed, the loss falls below a quarter of what the best
   * constant leaves.
   */
  @Test
  void theAddingProblemDivergesWithoutClippingAndTrainsWithIt() {
    Chain rule = Optimizers.momentum(new Constant(8), 0.9, Momentum.Form.HEAVY_BALL);
    Recurrent net = chrono(100, 4, Cell.LSTM);
    BatchObjective problem = new AddingProblem(net, 100, 16, 1);
    double[] start = net.initial(1);
    List<Double> plain = new ArrayList<>();
    Termination diverged = run(new Descent(rule), problem, start, plain);
    assertTrue(diverged instanceof Termination.Failed, diverged.describe());
    List<Double> clipped = new ArrayList<>();
    Termination trained =
        run(new Descent(new ClipByGlobalNorm(0.005).then(rule)), problem, start, clipped);
    assertTrue(trained instanceof Termination.Exhausted, trained.describe());
    double last =
        clipped.subList(clipped.size() - 50, clipped.size()).stream()
            .mapToDouble(value -> value)
            .average()
            .orElseThrow();
    assertTrue(last < AddingProblem.BASELINE / 4, "the mean of the last 50 is " + last);
  }

  private static Termination run(
      Descent descent, BatchObjective problem, double[] start, List<Double> values) {
    Iterations<BatchObjective, Descent.State> run =
        new Iterations<>(descent, problem, descent.start(problem, start), new MaxIterations(1500));
    Iteration<Descent.State> iteration = run.next();
    while (run.hasNext()) {
      values.add(iteration.state().value());
      iteration = run.next();
    }
    return iteration.termination().orElseThrow();
  }
}
