package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.Accumulate;
import dev.talweg.optimizer.transform.Average;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Freeze;
import dev.talweg.optimizer.transform.Lookahead;
import dev.talweg.optimizer.transform.Repeats;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that take several gradients of a batch. */
class RepeatedBatchesTest {
  private static final double RATE = 0.1;
  private static final double RADIUS = 0.05;

  private static Chain sharpnessAware() {
    return Optimizers.sharpnessAware(RADIUS, Optimizers.sgd(new Constant(RATE)));
  }

  /** ½ ‖x − c_k‖² of batch k; it notes which batches it is asked for. */
  private record Noted(List<Long> batches, long infinite) implements BatchObjective {
    Noted() {
      this(new ArrayList<>(), -1);
    }

    static double[] slopes(double[] x, long batch) {
      return new double[] {x[0] - Math.sin((double) batch), x[1] - Math.cos(2.0 * batch)};
    }

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public long stepsPerEpoch() {
      return 6;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double value = batches.size() == infinite ? Double.POSITIVE_INFINITY : 1;
      batches.add(step);
      return new Evaluation(value, slopes(x, step));
    }
  }

  private static Descent.State after(Chain chain, BatchObjective objective, int steps) {
    Descent descent = new Descent(chain);
    Descent.State state = descent.start(objective, new double[] {1, -1});
    for (int k = 0; k < steps; k++) {
      state = descent.next(objective, state);
    }
    return state;
  }

  private static List<Long> batches(Chain chain, int steps) {
    Noted objective = new Noted();
    after(chain, objective, steps);
    return objective.batches;
  }

  /** A state has the gradient of the step from it, so seven steps take eight. */
  @Test
  void bothGradientsOfAStepAreOfOneBatch() {
    Chain rule = sharpnessAware();
    assertEquals(List.of(0L, 0L, 1L, 1L, 2L, 2L, 3L, 3L), batches(rule, 7));
    Chain around =
        Chain.of(List.of(new Freeze(List.of("none"), wrapped(new Lookahead(2, 0.5, KEPT, rule)))));
    assertEquals(batches(rule, 7), batches(around, 7));
    assertEquals(new Repeats(2, 1), around.repeats());
    assertEquals(List.of(0L, 1L, 2L, 3L), batches(Optimizers.sgd(new Constant(RATE)), 3));
  }

  private static final Lookahead.Memory KEPT = Lookahead.Memory.KEPT;

  private static Chain wrapped(Lookahead lookahead) {
    return Chain.of(List.of(lookahead));
  }

  @Test
  void batchesWhoseGradientsAreOneComeAgainTogether() {
    Chain rule =
        Chain.of(
            List.of(
                new Accumulate(
                    2, Accumulate.Reduction.MEAN, Accumulate.Clock.STEPS, sharpnessAware())));
    assertEquals(List.of(0L, 1L, 0L, 1L, 2L, 3L, 2L, 3L, 4L), batches(rule, 8));
  }

  @Test
  void aStepIsThePapers() {
    double[] x = {1, -1};
    for (int k = 0; k < 5; k++) {
      double[] g = Noted.slopes(x, k);
      double norm = Math.sqrt(g[0] * g[0] + g[1] * g[1]);
      double[] there = {x[0] + RADIUS * (g[0] / norm), x[1] + RADIUS * (g[1] / norm)};
      double[] at = Noted.slopes(there, k);
      for (int j = 0; j < 2; j++) {
        x[j] = there[j] + (x[j] + -RATE * at[j] - there[j]);
      }
    }
    // a norm may be rounded otherwise: an ulp of numbers of at most 2 in each of five steps
    assertArrayEquals(x, after(sharpnessAware(), new Noted(), 10).parameters(), 5 * 0x1p-52);
  }

  /** A step of the fast rule is both of its gradients, so slow parameters meet x and no climb. */
  @Test
  void lookaheadCountsStepsOfTheRule() {
    Lookahead slow = new Lookahead(3, 0.5, KEPT, sharpnessAware());
    double[] fast = after(sharpnessAware(), new Noted(), 6).parameters();
    double[] met = after(wrapped(slow), new Noted(), 6).parameters();
    // start + ½ (fast − start) in another order
    assertArrayEquals(new double[] {(1 + fast[0]) / 2, (fast[1] - 1) / 2}, met, 0x1p-51);
  }

  @Test
  void anAverageIsOfWhereStepsEnd() {
    Chain averaged =
        sharpnessAware()
            .then(new Average(Average.Kind.EQUAL, 0, 0, 0, sharpnessAware().repeats().round()));
    double[] first = after(sharpnessAware(), new Noted(), 2).parameters();
    double[] second = after(sharpnessAware(), new Noted(), 4).parameters();
    double[] mean = {(first[0] + second[0]) / 2, (first[1] + second[1]) / 2};
    assertArrayEquals(mean, after(averaged, new Noted(), 4).served(), 0x1p-51); // in another order
    assertArrayEquals(first, after(averaged, new Noted(), 3).served());
  }

  @Test
  void aRangeOfRatesHasBothGradientsAtEachRate() {
    RateRange range = new RateRange(1e-3, 1e-2, 10);
    Noted objective = new Noted();
    Chain rule = Optimizers.sharpnessAware(RADIUS, Optimizers.sgd(range.schedule()));
    assertEquals(10, range.run(new Descent(rule), objective, new double[2]).points().size());
    assertEquals(1 + 2 * 10, objective.batches.size());
  }

  /** The fourth evaluation is not finite: in the middle of a batch, where no memory begins. */
  @Test
  void aRescuedRunBeginsWithANewBatch() {
    Noted objective = new Noted(new ArrayList<>(), 3);
    Descent.State state = after(sharpnessAware(), objective, 6);
    assertTrue(state.rescue().used());
    assertEquals(List.of(0L, 0L, 1L, 1L), objective.batches.subList(0, 4));
    List<Long> then = objective.batches.subList(4, objective.batches.size());
    assertEquals(List.of(2L, 2L, 3L, 3L), then);
    assertEquals(7, state.step()); // the third became the fourth
  }
}
