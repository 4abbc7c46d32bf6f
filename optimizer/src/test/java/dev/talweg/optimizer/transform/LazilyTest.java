package dev.talweg.optimizer.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Form;
import dev.talweg.optimizer.schedule.InverseTime;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rules that touch the features of a batch alone; the libraries' numbers are the goldens'. */
class LazilyTest {
  private static final int FEATURES = 40;
  private static final int STEPS = 60;
  private static final Schedule RATE = new InverseTime(0.2, 0.05, 1, Form.SMOOTH);
  private static final Schedule OWED = new Product(0.3, RATE);

  /** About a tenth of the features, others at every step; the last one never. */
  private static double[] gradient(int step) {
    double[] gradient = new double[FEATURES];
    for (int j = 0; j < FEATURES - 1; j++) {
      if (CounterRandom.uniform(3, step, j, 0) < 0.1) {
        gradient[j] = CounterRandom.gaussian(3, step, j, 1);
      }
    }
    return gradient;
  }

  private static double[] start() {
    double[] x = new double[FEATURES];
    Arrays.setAll(x, j -> 1 + 0.1 * j);
    return x;
  }

  /** What a rule serves after all steps. */
  private static <S extends Record> double[] served(GradientTransform<S> rule, int steps) {
    double[] x = start();
    S state = rule.init(FEATURES);
    for (int t = 0; t < steps; t++) {
      double[] updates = gradient(t);
      state = rule.update(updates, state, new Step(t, 1, x.clone()));
      for (int j = 0; j < FEATURES; j++) {
        x[j] += updates[j];
      }
    }
    return rule.served(x, state, Tensors.flat(FEATURES));
  }

  @Test
  void whatNoBatchTouchesStaysAndSoDoItsMoments() {
    Lazily lazy = new Lazily(new Constant(0), Optimizers.adam(RATE));
    double[] x = start();
    Lazily.State state = lazy.init(FEATURES);
    for (int t = 0; t < STEPS; t++) {
      double[] before = ((ScaleByAdam.State) state.inner().parts().get(0)).mean().clone();
      double[] squares = ((ScaleByAdam.State) state.inner().parts().get(0)).square().clone();
      double[] given = gradient(t);
      double[] updates = given.clone();
      state = lazy.update(updates, state, new Step(t, 1, x.clone()));
      ScaleByAdam.State moments = (ScaleByAdam.State) state.inner().parts().get(0);
      assertEquals(t + 1, moments.steps());
      for (int j = 0; j < FEATURES; j++) {
        assertEquals(given[j] == 0, updates[j] == 0);
        assertEquals(given[j] == 0, moments.mean()[j] == before[j]);
        assertEquals(given[j] == 0, moments.square()[j] == squares[j]);
        x[j] += updates[j];
      }
    }
    assertEquals(start()[FEATURES - 1], x[FEATURES - 1]);
    assertNotEquals(start()[0], x[0]);
  }

  /** A debt is a sum of logarithms: an ulp of each of the steps, and the decays are below 1. */
  private static final double ROUNDING = STEPS * 4 * Math.ulp(1.0);

  private static void assertSame(double[] expected, double[] found) {
    for (int j = 0; j < expected.length; j++) {
      assertEquals(expected[j], found[j], ROUNDING * Math.max(1, Math.abs(expected[j])), "" + j);
    }
  }

  @Test
  void decayThatIsPaidLateIsTheDecayOfTheDenseRule() {
    ScaleByAdagrad adagrad = new ScaleByAdagrad(0.1, 1e-7, Epsilon.INSIDE);
    Chain rule = Chain.of(List.of(adagrad, new ScaleByLearningRate(RATE)));
    for (int steps : new int[] {1, 7, STEPS}) {
      double[] dense = served(rule.then(new DecayWeights(OWED)), steps);
      double[] lazy = served(new Lazily(OWED, rule), steps);
      assertSame(dense, lazy);
      assertTrue(lazy[FEATURES - 1] < start()[FEATURES - 1]);
    }
  }

  @Test
  void followingTheLeaderIsLazyInClosedForm() {
    FollowTheRegularizedLeader ftrl =
        new FollowTheRegularizedLeader(
            new Constant(0.3), 0.01, 0.05, 0, 1, 0.1, -0.5, FollowTheRegularizedLeader.Start.KEEP);
    assertSame(
        served(ftrl, STEPS), served(new Lazily(new Constant(0), Chain.of(List.of(ftrl))), STEPS));
  }

  @Test
  void ofABatchWithEveryFeatureItIsTheRule() {
    Chain adam = Optimizers.adam(RATE);
    Lazily lazy = new Lazily(new Constant(0), adam);
    double[] dense = {1, -2, 3};
    double[] own = dense.clone();
    double[] x = {0.5, 0, 1};
    adam.update(dense, adam.init(3), new Step(0, 1, x));
    lazy.update(own, lazy.init(3), new Step(0, 1, x));
    assertArrayEquals(dense, own);
  }
}
