package dev.talweg.optimizer.transform;

import static dev.talweg.optimizer.transform.TransformsTest.after;
import static dev.talweg.optimizer.transform.TransformsTest.assertSays;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.StepDecay;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What no library's numbers say about rules of several velocities, projections and penalties. */
class KinOfMomentumTest {
  private static final Constant RATE = new Constant(0.1);
  private static final Constant DECAY = new Constant(0.5);

  private static double[] projected(double[] parameters, double[] gradient) {
    Tensors matrix = new Tensors(List.of(new Tensor("w", 0, 2, 2)));
    ProjectToTangent rule = new ProjectToTangent(Optimizers.sgd(RATE), 0.1, 1e-8, DECAY, 0.1);
    double[] updates = gradient.clone();
    rule.update(updates, rule.init(matrix), new Step(0, 0, parameters, matrix));
    return updates;
  }

  @Test
  void aStepOrthogonalToEachRowKeepsItsDirectionAndATenthOfTheDecay() {
    // −η g − 0.1 · 0.5 x
    double[] step = projected(new double[] {1, 0, 0, 2}, new double[] {0, 1, -1, 0});
    assertArrayEquals(new double[] {-0.05, -0.1, 0.1, -0.1}, step, 1e-16);
  }

  @Test
  void aStepOrthogonalToTheWholeAloneLosesWhatIsAlongTheWhole() {
    // rows have a cosine of 1, and the whole of 0.04/√2: x̂ = x/√2, of which x̂·u = −0.004/√2 goes;
    // ε in norms is 1e-8 of it
    double[] step = projected(new double[] {1, 0, 1, 0}, new double[] {1, 0, -0.96, 0});
    double[] left = {-0.1 + 0.002 - 0.05, 0, 0.096 + 0.002 - 0.05, 0};
    assertArrayEquals(left, step, 1e-9);
  }

  @Test
  void aStepAlongTheParametersIsTakenWithAllDecay() {
    double[] step = projected(new double[] {1, 0, 0, 2}, new double[] {1, 0, 0, 2});
    assertArrayEquals(new double[] {-0.1 - 0.5, 0, 0, -0.2 - 1}, step, 1e-16);
  }

  @Test
  void adamEndsAtTheSecondStepWhereItsRateIsTheSame() {
    // of one gradient 4 all steps are 0.1, as are those of descent at a rate of 0.025
    SwitchToSgd rule = new SwitchToSgd(Optimizers.adam(RATE), 0.9, 0.999, 1e-9, 0);
    assertEquals(-0.2, after(rule, new double[1], 2, t -> new double[] {4})[0], 1e-9);
    // then velocities of 4 and of 0.9 · 4 + 4, at 0.025 (1 − 0.9)
    double moved = after(rule, new double[1], 4, t -> new double[] {4})[0];
    assertEquals(-0.2 - 0.0025 * (4 + 7.6), moved, 1e-9);
  }

  @Test
  void adamGoesOnWhereItsRateIsNot() {
    SwitchToSgd rule = new SwitchToSgd(Optimizers.adam(RATE), 0.9, 0.999, 1e-9, 0);
    double[] all = after(rule, new double[2], 20, t -> new double[] {1 + t, -3});
    double[] adam = after(Optimizers.adam(RATE), new double[2], 20, t -> new double[] {1 + t, -3});
    assertArrayEquals(adam, all);
  }

  @Test
  void descentFindsHalfOfTheInverseOfTheSmoothness() {
    AdaptiveDescent rule =
        new AdaptiveDescent(1e-6, 1, 1, 2, 0, 0, AdaptiveDescent.Change.NORM_OF_DIFFERENCE);
    AdaptiveDescent.State state = rule.init(1);
    double x = 1; // what is rounded in x is rounded in 8 x alike
    for (int t = 0; t < 30; t++) {
      double[] updates = {8 * x};
      state = rule.update(updates, state, new Step(t, 0, new double[] {x}));
      x += updates[0];
      assertEquals(1 / 16.0, Math.max(state.rate(), 1 / 16.0), 1e-12);
    }
    assertEquals(1 / 16.0, state.rate(), 1e-12);
  }

  @Test
  void dualAveragesThatKeepTheirStartTakeTheirFirstStepFromThere() {
    AdagradDualAveraging keeps =
        new AdagradDualAveraging(RATE, 0.1, 0, 0, 1, FollowTheRegularizedLeader.Start.KEEP);
    double[] moved = after(keeps, new double[] {3, -0.5, 0}, 1, t -> new double[] {1, 1, 1});
    for (int j = 0; j < 3; j++) {
      double start = new double[] {3, -0.5, 0}[j];
      // (x √n₀ − η g)/√(n₀ + g²)
      assertEquals((start * Math.sqrt(0.1) - 0.1) / Math.sqrt(1.1), moved[j], 1e-15);
    }
  }

  @Test
  void agreementCountsAsMuchAsItHasNotFaded() {
    ScaleByAgreement rule =
        new ScaleByAgreement(0, 1, new StepDecay(1, 0.5, 1), ScaleByAgreement.Form.ADD);
    // (1 + 1) + (1 + 1/2) + (1 + 1/4)
    assertArrayEquals(new double[] {4.75}, after(rule, new double[1], 3, t -> new double[] {1}));
  }

  @Test
  void hyperParametersOutOfRangeAreSaidByName() {
    assertSays("the number of decays", () -> new AggregatedMomentum(List.of()));
    assertSays("a decay", () -> new AggregatedMomentum(List.of(0.9, 1.0)));
    assertSays("share", () -> new QuasiHyperbolicMomentum(0.9, 1.1));
    assertSays("dampening", () -> new ProportionalIntegralDerivative(0.9, -0.1, 5, 10));
    assertSays("constant", () -> new AcceleratedSgd(RATE, 1000, 10, 1));
    assertSays("delta", () -> new ProjectToTangent(Optimizers.sgd(RATE), 0, 1e-8, DECAY, 0.1));
    assertSays("l1", () -> new StepProximally(RATE, -1, 0, StepProximally.Region.ALL));
  }
}
