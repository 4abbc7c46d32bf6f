package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.BarzilaiBorwein;
import dev.talweg.optimizer.transform.BarzilaiBorwein.Form;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of secants, and steps that are tried. */
class StepLengthTest {
  private static final Backtracking ARMIJO = armijo(Backtracking.WhenNone.STAY);

  private static Backtracking armijo(Backtracking.WhenNone whenNone) {
    return new Backtracking(0.1, 0.5, 2, 30, whenNone);
  }

  /** ½ Σ a_j x_j², with curvatures a. */
  private record Bowl(double... curvatures) implements BatchObjective {
    @Override
    public int dimension() {
      return curvatures.length;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double value = 0;
      double[] gradient = new double[x.length];
      for (int j = 0; j < x.length; j++) {
        gradient[j] = curvatures[j] * x[j];
        value += 0.5 * gradient[j] * x[j];
      }
      return new Evaluation(value, gradient);
    }
  }

  private static Descent.State run(Descent descent, BatchObjective bowl, int steps) {
    double[] start = new double[bowl.dimension()];
    Arrays.fill(start, 1);
    Descent.State state = descent.start(bowl, start);
    for (int k = 0; k < steps; k++) {
      state = descent.next(bowl, state);
    }
    return state;
  }

  private static Descent secants(Form form) {
    return new Descent(new BarzilaiBorwein(0.01, 1e-10, 1e10, form));
  }

  /** By hand: s = −0.01 (1, 4), y = −0.01 (1, 16). */
  @Test
  void theSecondStepIsTheSecants() {
    double[] x = {0.99, 0.96};
    double[] g = {0.99, 4 * 0.96};
    double two = 17.0 / 65;
    double one = 65.0 / 257;
    double[] afterLong = run(secants(Form.LONG), new Bowl(1, 4), 2).parameters();
    double[] afterShort = run(secants(Form.SHORT), new Bowl(1, 4), 2).parameters();
    for (int j = 0; j < 2; j++) {
      assertEquals(x[j] - two * g[j], afterLong[j], 1e-12); // y and s lose two digits
      assertEquals(x[j] - one * g[j], afterShort[j], 1e-12);
    }
    double[] turns = run(secants(Form.ALTERNATING), new Bowl(1, 4), 2).parameters();
    assertArrayEquals(afterLong, turns);
  }

  /** Descent of the best rate, 2/(1 + 100), leaves (99/101)^100 = 0.14 of each of the ends. */
  @ParameterizedTest
  @EnumSource
  void secantsPassAValleyThatOneRateCrawlsAlong(Form form) {
    Bowl valley = new Bowl(1, 3, 10, 40, 100);
    double left = run(secants(form), valley, 100).value();
    double crawling =
        run(new Descent(Optimizers.sgd(new Constant(2.0 / 101))), valley, 100).value();
    assertTrue(left < 1e-8, "left: " + left);
    assertTrue(crawling > 0.5, "left of the best rate: " + crawling);
  }

  @Test
  void everyStepDecreasesByItsShareAndTheNextBeginsLonger() {
    Bowl bowl = new Bowl(1, 30);
    Descent armijo =
        new Descent(Optimizers.sgd(new Constant(1)), null, Estimate.OF_BATCHES, ARMIJO);
    Descent.State state = armijo.start(bowl, new double[] {1, 1});
    for (int k = 0; k < 40; k++) {
      double before = state.value();
      double square = Vectors.dot(state.gradient(), state.gradient());
      double last = state.length();
      long probes = state.probes();
      state = armijo.next(bowl, state);
      assertTrue(state.value() <= before - 0.1 * state.length() * square);
      assertEquals(state.length(), state.learningRate());
      // the first length tried is twice the last, each other one half of the one before
      long tried = state.probes() - probes - 1;
      assertEquals(Math.min(1, 2 * last) * Math.pow(0.5, (double) (tried - 1)), state.length());
    }
    // 1/32 is short enough for the steep side, so 40 steps leave (1 − 1/32)^80 = 0.08 of the flat
    // one
    assertTrue(state.value() < 0.5 * 0.08, "left: " + state.value());
  }

  /** A value that says nothing of the gradient. */
  private record Flat() implements BatchObjective {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      return new Evaluation(7, new double[] {1});
    }
  }

  @Test
  void whereNoLengthWillDoItTakesTheShortestIfItIsToldTo() {
    Backtracking goes = armijo(Backtracking.WhenNone.STEP);
    Descent armijo = new Descent(Optimizers.sgd(new Constant(1)), null, Estimate.OF_BATCHES, goes);
    Descent.State state = run(armijo, new Flat(), 1);
    assertEquals(0x1p-29, state.length());
    assertArrayEquals(new double[] {1 - 0x1p-29}, state.parameters());
    assertEquals(1 + 31, state.probes());
  }

  @Test
  void whereNoLengthWillDoItStaysAndBeginsAnew() {
    Descent armijo =
        new Descent(Optimizers.sgd(new Constant(1)), null, Estimate.OF_BATCHES, ARMIJO);
    Descent.State state = run(armijo, new Flat(), 2);
    assertArrayEquals(new double[] {1}, state.parameters());
    assertEquals(0, state.learningRate());
    assertEquals(1, state.length());
    assertEquals(1 + 2 * 31, state.probes());
  }
}
