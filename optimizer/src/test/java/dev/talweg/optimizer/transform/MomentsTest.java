package dev.talweg.optimizer.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.HalfLife;
import org.junit.jupiter.api.Test;

/** What no library's numbers say about kin of Adam. */
class MomentsTest {
  private static final double[][] GRADIENTS = {{3, -1e-3}, {0, 2}, {-1, 2}, {5, 0}, {0.1, -7}};

  /** What a transform makes of some gradients, one after the other, at parameters of 1. */
  private static <S extends Record> double[][] made(GradientTransform<S> transform) {
    double[][] made = new double[GRADIENTS.length][];
    S state = transform.init(2);
    for (int t = 0; t < made.length; t++) {
      made[t] = GRADIENTS[t].clone();
      state = transform.update(made[t], state, new Step(t, 0, new double[] {1, 1}));
    }
    return made;
  }

  @Test
  void aStepUprightOnTheParametersTurnsThemByTheRate() {
    RotateByLearningRate turn = new RotateByLearningRate(new Constant(1), 1e300);
    double[] x = {3, 4};
    double[] u = {4, -3};
    turn.update(u, turn.init(2), new Step(0, 0, x));
    double root = Math.sqrt(0.5); // 45 degrees, of a few roundings of 7
    assertArrayEquals(new double[] {-1 * root, 7 * root}, new double[] {3 + u[0], 4 + u[1]}, 1e-14);
  }

  @Test
  void aTensorGrowsToItsLimitAndNoFurther() {
    RotateByLearningRate turn = new RotateByLearningRate(new Constant(1), 1.25);
    double[] u = {-30, -40}; // along the parameters
    turn.update(u, turn.init(2), new Step(0, 0, new double[] {3, 4}));
    assertEquals(6.25, Math.hypot(3 + u[0], 4 + u[1]), 1e-14); // a few roundings of it
  }

  @Test
  void halfLivesAreHalfWayInTheMiddle() {
    HalfLife share = new HalfLife(0.5, Math.pow(0.5, 1 / 3.0), 2); // one step, three steps
    assertEquals(Math.sqrt(0.5), share.at(0), 1e-15); // two, to a few roundings
    assertEquals(share.end(), share.at(1));
    assertEquals(share.end(), share.at(100));
    assertEquals(0.0625, new HalfLife(0, 0.25, 2).at(0), 1e-15); // 0 has a half-life of 0
  }

  @Test
  void rowsAndColumnsOfAVectorAreAdagrad() {
    assertArrayEquals(
        made(new ScaleByAdagrad(0, 0, Epsilon.UNCORRECTED)), made(new ScaleBySm3(0, 0)));
  }

  @Test
  void adamIsTheEndOfManyOfItsKin() {
    double[][] adam = made(new ScaleByAdam(0.9, 0.99, 1e-8));
    Constant beta1 = new Constant(0.9);
    alike(adam, made(new ScaleByQhadam(beta1, new Constant(0.99), 1, 1, 1e-8)));
    alike(adam, made(new ScaleByAdemamix(0.9, 0.99, beta1, new Constant(0), 1e-8, 0)));
    double[][] hat = made(new ScaleByAdam(0.9, 0.99, 1e-8, 0, Epsilon.HAT, ScaleByAdam.Mean.PLAIN));
    alike(hat, made(new ScaleByPadam(0.9, 0.99, 1e-8, 0.5)));
    alike(hat, made(new ScaleByAdabound(0.9, 0.99, 1e-8, 0, 1e-3, 1e-12, Bound.CURRENT)));
    alike(hat, made(new ScaleByAdamod(new Constant(1), 0.9, 0.99, 0, 1e-8)));
  }

  @Test
  void aRuleThatWaitsFollowsItsMeanOrStaysStill() {
    // of β₂ = 0.99 the average has a length of 5 at the seventh step
    double[][] mean = made(new Ema(0.9, Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL));
    alike(mean, made(waiting(ScaleByDiffgrad.Start.MOMENTUM)));
    alike(new double[5][2], made(waiting(ScaleByDiffgrad.Start.STILL)));
  }

  private static ScaleByDiffgrad waiting(ScaleByDiffgrad.Start start) {
    return new ScaleByDiffgrad(0.9, 0.99, 1e-8, 0, Bound.LARGEST, start, 5);
  }

  /** The same formula in another order: some ten roundings of numbers of up to 5. */
  private static void alike(double[][] expected, double[][] actual) {
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], actual[t], 1e-14, "step " + t);
    }
  }
}
