package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.LocalDescent.Memory;
import dev.talweg.optimizer.minimizer.LocalDescent.Rounds;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Relu;
import dev.talweg.optimizer.objective.ClippedExamples;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalBatches;
import dev.talweg.optimizer.objective.LocalObjective;
import dev.talweg.optimizer.objective.LocalRound.Weighting;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.objective.SparseArray;
import dev.talweg.optimizer.objective.Standardization;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Cosine;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Termination;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.Lazily;
import dev.talweg.optimizer.transform.Momentum;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps within partitions between two reductions. */
class LocalDescentTest {
  private static final int FEATURES = 6;
  private static final int BATCH = 25;
  private static final Chain AVERAGE = Optimizers.sgd(new Constant(1));

  /** Partitions of unlike sizes; the second is larger than all others, the last one is empty. */
  private static final int[] ROWS = {30, 70, 41, 0};

  /** Three numbers, of which the first is 0 but in partition 0, and one field of three levels. */
  private static Block block(int partition, int rows, int classes, double scale) {
    float[] numeric = new float[3 * rows];
    int[] ids = new int[rows];
    double[] labels = new double[rows];
    double[] weights = new double[rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < 3; j++) {
        double x = scale * CounterRandom.gaussian(1, i, j, partition);
        numeric[j * rows + i] = j == 0 && partition > 0 ? 0 : (float) x;
      }
      ids[i] = 3 + CounterRandom.below(3, 2, i, partition, 0);
      labels[i] = CounterRandom.below(classes, 3, i, partition, 0);
      weights[i] = 0.5 + CounterRandom.uniform(4, i, partition, 0);
    }
    return new ColumnBlock(rows, FEATURES, 3, numeric, 1, ids, labels, weights);
  }

  private static List<Shard> partitions(int classes) {
    return Arrays.stream(new int[] {0, 1, 2, 3})
        .mapToObj(
            p ->
                Shard.of(
                    ROWS[p] == 0 ? List.of() : List.of(block(p, ROWS[p], classes, 1)), FEATURES))
        .toList();
  }

  private static double[] penalties(Model model) {
    double[] penalties = new double[model.layout().dimension()];
    Arrays.fill(penalties, 0, FEATURES * model.width(), 0.01);
    return penalties;
  }

  private static LocalBatches objective(Model model, int classes) {
    return new LocalBatches(partitions(classes), model, penalties(model), BATCH, 9);
  }

  private static LocalBatches logistic() {
    return objective(new LinearModel(new LogisticLoss(), FEATURES), 2);
  }

  private static LocalDescent averaging(Chain inner, int steps, Weighting weighting) {
    return new LocalDescent(inner, new Rounds(steps, 0), weighting, Memory.AVERAGED, AVERAGE);
  }

  private static double[] after(LocalDescent descent, LocalObjective objective, int rounds) {
    LocalDescent.State state = descent.start(objective, new double[objective.dimension()]);
    for (int k = 0; k < rounds; k++) {
      state = descent.next(objective, state);
    }
    return state.parameters();
  }

  /**
   * An average of x − η g_p with the weights of the batch is x − η g: a step differs by the
   * rounding of its few additions, some 4 of 2⁻⁵³ relative to parameters of at most 2, and a convex
   * problem does not amplify it: 40 steps are within 40 · 4 · 2⁻⁵³ · 2 < 4e-14.
   */
  @Test
  void oneLocalStepByCountsIsAStepOnTheGlobalBatch() {
    for (Chain rule :
        List.of(
            Optimizers.sgd(new Cosine(0.3, 0.01, 40)),
            Optimizers.momentum(new Constant(0.1), 0.9, Momentum.Form.HEAVY_BALL))) {
      LocalBatches objective = logistic();
      Descent global = new Descent(rule);
      Descent.State state = global.start(objective, new double[objective.dimension()]);
      for (int k = 0; k < 40; k++) {
        state = global.next(objective, state);
      }
      double[] local = after(averaging(rule, 1, Weighting.COUNTS), objective, 40);
      assertArrayEquals(state.parameters(), local, 4e-14);
      assertTrue(Vectors.norm(local) > 0.1 && Vectors.norm(local) < 2, Arrays.toString(local));
    }
  }

  /**
   * Three batches a round are six gradients, so a round ends at x, where an empty memory can begin.
   * The way of one partition is weighted and divided by its weight: within the bound above.
   */
  @Test
  void aRuleOfTwoGradientsTakesBothWithinTheRound() {
    Model model = new LinearModel(new LogisticLoss(), FEATURES);
    LocalBatches alone =
        new LocalBatches(partitions(2).subList(0, 1), model, penalties(model), 5, 9);
    Chain rule = Optimizers.sharpnessAware(0.1, Optimizers.sgd(new Constant(0.3)));
    Descent global = new Descent(rule);
    Descent.State state = global.start(alone, new double[FEATURES + 1]);
    for (int k = 0; k < 24; k++) {
      state = global.next(alone, state);
    }
    LocalDescent local =
        new LocalDescent(rule, new Rounds(3, 0), Weighting.COUNTS, Memory.FRESH, AVERAGE);
    assertArrayEquals(state.parameters(), after(local, alone, 4), 4e-14);
    assertTrue(Vectors.norm(state.parameters()) > 0.1);
  }

  /** A norm that is never cut leaves the gradient alone, but not the rule: then steps are whole. */
  @ParameterizedTest
  @EnumSource
  void stepsOfWhatIsTouchedHaveTheBitsOfWholeOnes(Weighting weighting) {
    double[] deviations = new double[FEATURES];
    Arrays.setAll(deviations, j -> 0.5 + 0.3 * j);
    Standardization scales = new Standardization(new double[FEATURES], deviations);
    Model linear = new LinearModel(new LogisticLoss(), FEATURES);
    touchedHaveTheBitsOfWhole(weighting, scales, linear);
    touchedHaveTheBitsOfWhole(weighting, scales, new ClippedExamples(linear, scales, 0.5));
  }

  private static void touchedHaveTheBitsOfWhole(
      Weighting weighting, Standardization scales, Model model) {
    double[] none = new double[FEATURES + 1];
    LocalObjective objective =
        scales.of((LocalObjective) new LocalBatches(partitions(2), model, none, BATCH, 9));
    for (Chain rule :
        List.of(Optimizers.adam(new Constant(0.1)), Optimizers.sgd(new Constant(1)))) {
      Chain touched = Chain.of(List.of(new Lazily(new Constant(0.01), rule)));
      double[] found = after(averaging(touched, 3, weighting), objective, 20);
      Chain whole = new ClipByGlobalNorm(1e300).then(touched);
      assertArrayEquals(after(averaging(whole, 3, weighting), objective, 20), found);
      assertTrue(Vectors.norm(found) > 0.1, Arrays.toString(found));
    }
  }

  /**
   * DiLoCo by hand: Adam anew in each partition and round, a plain average, Nesterov's momentum on
   * the difference. The same operations in another order, some 20 a step: 6 rounds of 4 steps are
   * within 24 · 20 · 2⁻⁵³, times at most 10 of the outer momentum: 1e-12.
   */
  @Test
  void anOuterMomentumIsTheOneWrittenByHand() {
    Model model = new LinearModel(new LogisticLoss(), FEATURES);
    LocalDescent descent =
        new LocalDescent(
            Optimizers.adam(new Constant(0.05)),
            new Rounds(4, 0),
            Weighting.PLAIN,
            Memory.FRESH,
            Optimizers.momentum(new Constant(0.7), 0.9, Momentum.Form.NESTEROV));
    double[] found = after(descent, objective(model, 2), 6);

    int d = FEATURES + 1;
    long runs = objective(model, 2).stepsPerEpoch();
    double[] x = new double[d];
    double[] velocity = new double[d];
    long step = 0;
    for (int round = 0; round < 6; round++) {
      long until = Math.min(step + 4, (step / runs + 1) * runs);
      double[] sum = new double[d];
      for (int p = 0; p < 3; p++) {
        double[] end = adam(partitions(2).get(p), p, model, x, step, until, runs);
        for (int j = 0; j < d; j++) {
          sum[j] += end[j] - x[j];
        }
      }
      for (int j = 0; j < d; j++) {
        double gradient = -sum[j] / 3;
        velocity[j] = 0.9 * velocity[j] + gradient;
        x[j] -= 0.7 * (gradient + 0.9 * velocity[j]);
      }
      step = until;
    }
    assertArrayEquals(x, found, 1e-12);
    assertTrue(Vectors.norm(found) > 0.1, Arrays.toString(found));
  }

  private static double[] adam(
      Shard shard, int p, Model model, double[] from, long first, long until, long runs) {
    double[] x = from.clone();
    double[] mean = new double[x.length];
    double[] square = new double[x.length];
    for (long step = first; step < until; step++) {
      SparseArray terms =
          PartitionBatches.sums(
              shard, p, model, x, new PartitionBatches.Batch(9, step, runs), List.of());
      double[] sums = new double[x.length + 2];
      terms.addTo(sums);
      double t = step - first + 1;
      for (int j = 0; j < x.length; j++) {
        double g = sums[j] / sums[x.length + 1] + (j < FEATURES ? 0.01 * x[j] : 0);
        mean[j] = 0.9 * mean[j] + 0.1 * g;
        square[j] = 0.999 * square[j] + 0.001 * g * g;
        double root = Math.sqrt(square[j] / (1 - Math.pow(0.999, t)));
        x[j] -= 0.05 * mean[j] / (1 - Math.pow(0.9, t)) / (root + 1e-8);
      }
    }
    return x;
  }

  /** A method over data, by a name. */
  private record Method(String name, LocalDescent descent, LocalObjective objective) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Method> methods() {
    Chain sgd = Optimizers.sgd(new Constant(0.1));
    Chain adam = Optimizers.adam(new Cosine(0.05, 0, 30));
    Chain nesterov = Optimizers.momentum(new Constant(0.7), 0.9, Momentum.Form.NESTEROV);
    Perceptron net =
        new Perceptron(
            FEATURES,
            new Architecture(
                List.of(5, 4), new Relu(), Architecture.Norm.LAYER, 0.3, Initializer.HE),
            new Head.OfClasses(new SoftmaxLoss(3), 0));
    SoftmaxModel classes = new SoftmaxModel(new SoftmaxLoss(3), FEATURES);
    Standardization coordinates =
        new Standardization(new double[] {0, 1, 2, 0, 0, 0}, new double[] {1, 2, 3, 1, 1, 1});
    return Stream.of(
        new Method("FedAvg", averaging(sgd, 4, Weighting.COUNTS), logistic()),
        new Method(
            "FedAdam",
            new LocalDescent(
                sgd,
                new Rounds(3, 0),
                Weighting.COUNTS,
                Memory.FRESH,
                Optimizers.adam(new Constant(0.1))),
            coordinates.of(logistic())),
        new Method(
            "FedYogi, classes",
            new LocalDescent(
                sgd,
                new Rounds(3, 0),
                Weighting.COUNTS,
                Memory.FRESH,
                Optimizers.yogi(new Constant(0.1))),
            objective(classes, 3)),
        new Method(
            "post-local SGD",
            new LocalDescent(
                Optimizers.momentum(new Constant(0.1), 0.9, Momentum.Form.HEAVY_BALL),
                new Rounds(4, 1),
                Weighting.PLAIN,
                Memory.AVERAGED,
                AVERAGE),
            logistic()),
        new Method(
            "DiLoCo, net",
            new LocalDescent(adam, new Rounds(4, 0), Weighting.PLAIN, Memory.AVERAGED, nesterov),
            objective(net, 3)),
        new Method(
            "merged Adagrad",
            averaging(Optimizers.adagrad(new Constant(0.1)), 6, Weighting.ADAPTIVE),
            logistic()));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aRunResumedFromAnyRoundIsTheRunThatWentOn(Method method) {
    LocalDescent descent = method.descent;
    double[] start = new double[method.objective.dimension()];
    for (int j = 0; j < start.length; j++) {
      start[j] = 0.3 * CounterRandom.gaussian(5, j, 0, 0);
    }
    LocalDescent.State state = descent.start(method.objective, start);
    for (int round = 0; round < 9; round++) {
      Snapshot taken = Snapshot.take(method.name, state.step(), descent.codec(), state);
      LocalDescent.State resumed =
          descent.next(method.objective, taken.restore(method.name, descent.codec()));
      state = descent.next(method.objective, state);
      assertArrayEquals(state.parameters(), resumed.parameters());
      assertEquals(
          Snapshot.take(method.name, state.step(), descent.codec(), state).fingerprint(),
          Snapshot.take(method.name, state.step(), descent.codec(), resumed).fingerprint());
      assertNotEquals(start[0], state.parameters()[0]);
      assertTrue(Double.isFinite(state.value()));
    }
  }

  @Test
  void whatOnePartitionAloneHasSeenGoesItsWayWhereWeightsAreAdaptive() {
    Model model = new LinearModel(new LogisticLoss(), FEATURES);
    double[] none = new double[FEATURES + 1];
    Chain sgd = Optimizers.sgd(new Constant(0.1));
    LocalBatches all = new LocalBatches(partitions(2), model, none, 141, 9);
    LocalBatches first = new LocalBatches(partitions(2).subList(0, 1), model, none, 30, 9);
    double alone = after(averaging(sgd, 1, Weighting.PLAIN), first, 1)[0];
    // weight · way / weight is the way but for two roundings
    assertEquals(alone, after(averaging(sgd, 1, Weighting.ADAPTIVE), all, 1)[0], 2e-16);
    assertEquals(alone / 3, after(averaging(sgd, 1, Weighting.PLAIN), all, 1)[0], 2e-16);
    assertTrue(Math.abs(alone) > 1e-3);
  }

  @Test
  void roundsEndWithEpochsAndMayBeginAsSingleSteps() {
    Rounds rounds = new Rounds(4, 1);
    long[] firsts = {0, 1, 2, 3, 4, 5, 6, 10, 12, 16};
    for (int round = 0; round < firsts.length; round++) {
      assertEquals(firsts[round], rounds.first(round, 6));
    }
    assertEquals(6, rounds.of(1, 6));
    assertEquals(10, rounds.of(3, 6));
    assertEquals(4, new Rounds(3, 0).of(2, 6));
  }

  @Test
  void theValueOfARoundIsTheMeanOverItsRowsBeforeEachStep() {
    LocalBatches objective = logistic();
    LocalDescent descent = averaging(Optimizers.sgd(new Constant(0.2)), 1, Weighting.COUNTS);
    LocalDescent.State state = descent.start(objective, new double[FEATURES + 1]);
    LocalDescent.State next = descent.next(objective, state);
    Evaluation batch = objective.evaluate(state.parameters(), 0);
    // sums in another order: three partitions, of at most 70 rows
    assertEquals(batch.value(), next.value(), 1e-15);
    assertEquals(Vectors.norm(batch.gradient()), next.gradientNorm(), 1e-15);
  }

  // --- what is not finite ---------------------------------------------------------------------

  /** Least squares; the rows of partition 1 are a thousand times as long. */
  private static LocalBatches squares() {
    Model model = new LinearModel(new SquaredLoss(), FEATURES);
    List<Shard> shards =
        List.of(
            Shard.of(List.of(block(0, 20, 2, 1)), FEATURES),
            Shard.of(List.of(block(1, 20, 2, 1000)), FEATURES));
    return new LocalBatches(shards, model, new double[FEATURES + 1], 40, 9);
  }

  /** The largest curvature L, by the power method: within 1e-6 after so many steps. */
  private static double curvature() {
    LocalBatches objective = squares();
    double[] none = objective.evaluate(new double[FEATURES + 1], 0).gradient();
    double[] direction = new double[FEATURES + 1];
    Arrays.fill(direction, 1);
    double largest = 0;
    for (int k = 0; k < 300; k++) {
      double[] product = Vectors.minus(objective.evaluate(direction, 0).gradient(), none);
      largest = Vectors.norm(product);
      for (int j = 0; j < direction.length; j++) {
        direction[j] = product[j] / largest;
      }
    }
    return largest;
  }

  /**
   * A step of η = 3/L multiplies the error along the steepest direction by −2, half of it by −½.
   */
  static Stream<Minimizer<? super LocalBatches, ? extends GradientState>> twice() {
    Chain sgd = Optimizers.sgd(new Constant(3 / curvature()));
    return Stream.of(new Descent(sgd), averaging(sgd, 1, Weighting.COUNTS));
  }

  private static <S extends GradientState> Iteration<S> last(
      Minimizer<? super LocalBatches, S> minimizer, long steps) {
    LocalBatches objective = squares();
    S start = minimizer.start(objective, new double[FEATURES + 1]);
    return new Iterations<Object, S>(cast(minimizer), objective, start, new MaxIterations(steps))
        .last();
  }

  @SuppressWarnings("unchecked") // it is given nothing but LocalBatches
  private static <S extends GradientState> Minimizer<Object, S> cast(
      Minimizer<? super LocalBatches, S> minimizer) {
    return (Minimizer<Object, S>) (Minimizer<?, S>) minimizer;
  }

  @ParameterizedTest
  @MethodSource("twice")
  void aRunThatBlowsUpGoesBackOnceWithHalfOfTheRate(
      Minimizer<? super LocalBatches, ? extends GradientState> minimizer) {
    Iteration<? extends GradientState> end = last(minimizer, 2000);
    GradientState state = end.state();
    assertEquals(0.5, state.rescue().factor());
    assertEquals(1.5 / curvature(), state.learningRate());
    String event = state.rescue().event();
    assertTrue(event.contains("in partition "), event);
    assertTrue(event.contains("went back to the parameters of step 0"), event);
    assertTrue(state.value() < state.rescue().value(), state.value() + " after " + event);
    assertTrue(end.termination().orElseThrow() instanceof Termination.Exhausted);
  }

  @ParameterizedTest
  @MethodSource("twice")
  void aRunThatWasRescuedIsResumedToTheSameBits(
      Minimizer<? super LocalBatches, ? extends GradientState> minimizer) {
    resumed(minimizer);
  }

  private static <S extends GradientState> void resumed(
      Minimizer<? super LocalBatches, S> minimizer) {
    LocalBatches objective = squares();
    S state = minimizer.start(objective, new double[FEATURES + 1]);
    S other = state;
    for (int step = 0; step < 1500; step++) {
      if (step % 250 == 50) {
        other =
            Snapshot.take("m", state.step(), minimizer.codec(), state)
                .restore("m", minimizer.codec());
      } else if (step % 250 == 51) {
        assertArrayEquals(state.parameters(), other.parameters());
      }
      boolean copied = step % 250 == 50;
      state = minimizer.next(objective, state);
      other = copied ? minimizer.next(objective, other) : state;
    }
    assertTrue(state.rescue().used());
  }

  @Test
  void theSecondTimeItFailsAndNamesStepPartitionAndSlice() {
    Chain sgd = Optimizers.sgd(new Constant(20 / curvature()));
    for (Minimizer<? super LocalBatches, ? extends GradientState> minimizer :
        List.<Minimizer<? super LocalBatches, ? extends GradientState>>of(
            new Descent(sgd), averaging(sgd, 3, Weighting.COUNTS))) {
      Termination end = last(minimizer, 5000).termination().orElseThrow();
      assertTrue(end instanceof Termination.Failed, end.describe());
      assertTrue(
          end.describe()
              .matches(
                  "failed: step \\d+: the objective is .* in partition [01].*, that of (weights|intercept) is .*"),
          end.describe());
    }
  }
}
