package dev.talweg.optimizer.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.schedule.Constant;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What no library's numbers say about transforms. */
class TransformsTest {
  private static final Constant RATE = new Constant(0.1);

  static <S extends Record> double[] after(
      GradientTransform<S> transform, double[] start, int steps, IntFunction<double[]> gradients) {
    double[] x = start.clone();
    S state = transform.init(x.length);
    for (int t = 0; t < steps; t++) {
      double[] updates = gradients.apply(t).clone();
      state = transform.update(updates, state, new Step(t, 1, x.clone()));
      for (int j = 0; j < x.length; j++) {
        x[j] += updates[j];
      }
    }
    return x;
  }

  @Test
  void theMeanOfAccumulatedGradientsIsOneGradient() {
    Chain adam = Optimizers.adam(RATE);
    Accumulate four = new Accumulate(4, Accumulate.Reduction.MEAN, Accumulate.Clock.STEPS, adam);
    double[] start = {1, -2};
    double[] twelve = after(four, start, 12, t -> new double[] {t % 4, 8});
    double[] three = after(adam, start, 3, t -> new double[] {1.5, 8}); // (0 + 1 + 2 + 3)/4
    assertArrayEquals(three, twelve);
  }

  @Test
  void aQuantileOfNormsCutsTheOutlierAndNoOther() {
    ClipByQuantile clip = new ClipByQuantile(0.75, 8);
    ClipByQuantile.State state = clip.init(1);
    for (int t = 0; t < 7; t++) {
      double[] u = {1};
      state = clip.update(u, state, new Step(t, 0, new double[1]));
      assertEquals(1, u[0]);
    }
    double[] outlier = {-1000};
    clip.update(outlier, state, new Step(7, 0, new double[1]));
    assertEquals(-1, outlier[0]);
  }

  @Test
  void aQuantileForgetsNormsThatLeaveItsWindow() {
    ClipByQuantile clip = new ClipByQuantile(0.5, 2);
    ClipByQuantile.State state = clip.init(1);
    for (int t = 0; t < 6; t++) {
      double[] u = {100};
      state = clip.update(u, state, new Step(t, 0, new double[1]));
    }
    for (int t = 0; t < 2; t++) {
      state = clip.update(new double[] {1}, state, new Step(t, 0, new double[1]));
    }
    double[] u = {50};
    clip.update(u, state, new Step(0, 0, new double[1]));
    assertEquals(1, u[0]);
  }

  @Test
  void aLeaderThatKeepsItsStartTakesItsFirstStepFromThere() {
    double[] start = {3, -0.5, 0};
    double[] still = after(Optimizers.ftrl(RATE, 0, 0), start, 1, t -> new double[3]);
    // z and its quotient take a handful of roundings of 3/η
    assertArrayEquals(start, still, 1e-14);
    double[] moved = after(Optimizers.ftrl(RATE, 0, 0), start, 1, t -> new double[] {1, 1, 1});
    for (int j = 0; j < 3; j++) {
      // x − η g/√(n₀ + g²), n₀ = 0.1
      assertEquals(start[j] - 0.1 / Math.sqrt(1.1), moved[j], 1e-14);
    }
  }

  /** The libraries' runs end before bets are larger than 1/α. */
  @Test
  void aGamblerWhoWinsBetsMoreAsGainsGrow() {
    CoinBetting betting = new CoinBetting(new Constant(1), 0, 1e-8);
    // by hand: −1 · 1/(1 + 1), then with a gain of a half −2 · 1.5/(2 + 1)
    assertArrayEquals(new double[] {-0.5}, after(betting, new double[1], 1, t -> new double[] {1}));
    assertArrayEquals(new double[] {-1}, after(betting, new double[1], 2, t -> new double[] {1}));
  }

  @Test
  void aRuleOfSomeTensorsDividesByTheirCurvatureAsItIsOrAsItWas() {
    Tensors both = new Tensors(List.of(new Tensor("w", 0, 2, 2), new Tensor("b", 4, 1, 2)));
    Curvature known = () -> new double[] {9, 9, 9, 9, 2, 5};
    for (ScaleBySophia.Order order : ScaleBySophia.Order.values()) {
      Chain newton = Chain.of(List.of(new ScaleBySophia(0, 0, 1e-8, 1, 7, 1, order)));
      ByTensor rule = new ByTensor(new ByTensor.Matrices(), Chain.of(List.of()), newton);
      double[] updates = {1, 1, 1, 1, 4, -10};
      Step step = new Step(0, 0, new double[6], both, Double.NaN, known);
      ByTensor.State after = rule.update(updates, rule.init(both), step);
      boolean first = order == ScaleBySophia.Order.MEASURE_FIRST;
      assertArrayEquals(
          new double[] {1, 1, 1, 1, first ? 2 : 7, first ? -2 : -7}, updates, "4/2, or cut to 7");
      double[] then = {0, 0, 0, 0, 6, 6};
      rule.update(then, after, step);
      assertArrayEquals(new double[] {0, 0, 0, 0, 3, 1.2}, then);
    }
  }

  @Test
  void oneRuleForMatricesAndAnotherForVectorsAreBothWhatTheyAreAlone() {
    Tensors both = new Tensors(List.of(new Tensor("w", 0, 2, 2), new Tensor("b", 4, 1, 2)));
    ByTensor rule =
        new ByTensor(new ByTensor.Matrices(), Optimizers.adam(RATE), Optimizers.sgd(RATE));
    ByTensor.State state = rule.init(both);
    double[] updates = {1, 2, 3, 4, 5, 6};
    rule.update(updates, state, new Step(0, 0, new double[6], both));
    double[] matrix =
        after(Optimizers.adam(RATE), new double[4], 1, t -> new double[] {1, 2, 3, 4});
    double[] vector = after(Optimizers.sgd(RATE), new double[2], 1, t -> new double[] {5, 6});
    assertArrayEquals(
        new double[] {matrix[0], matrix[1], matrix[2], matrix[3], vector[0], vector[1]}, updates);
  }

  @Test
  void namedTensorsCanBeLeftWhereTheyAre() {
    Tensors both = new Tensors(List.of(new Tensor("head", 0, 1, 1), new Tensor("frozen", 1, 1, 1)));
    ByTensor rule =
        new ByTensor(
            new ByTensor.Named(List.of("frozen")),
            Optimizers.sgd(new Constant(0)),
            Optimizers.sgd(RATE));
    double[] updates = {1, 1};
    rule.update(updates, rule.init(both), new Step(0, 0, new double[2], both));
    assertArrayEquals(new double[] {-0.1, -0.0}, updates);
  }

  @Test
  void anOrthogonalizedMatrixHasNearlyOrthonormalRows() {
    Tensors matrix = new Tensors(List.of(new Tensor("w", 0, 2, 3)));
    double[] u = {3, 1, -2, 0.5, 2, 1};
    Orthogonalize.jordan().update(u, new Stateless(), new Step(0, 0, new double[6], matrix));
    double first = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
    double second = u[3] * u[3] + u[4] * u[4] + u[5] * u[5];
    double across = u[0] * u[3] + u[1] * u[4] + u[2] * u[5];
    // five iterations of these coefficients bring singular values into [0.68, 1.13] (Jordan 2024)
    assertTrue(
        first > 0.46 && first < 1.28 && second > 0.46 && second < 1.28, first + " " + second);
    assertTrue(Math.abs(across) < 0.41, "rows meet at " + across); // (1.13² − 0.68²)/2
  }

  @Test
  void aRateGrowsWhileGradientsAgreeAndFallsWhereTheyTurn() {
    HypergradientRate rate = new HypergradientRate(0.1, 0.5, HypergradientRate.Form.MULTIPLICATIVE);
    HypergradientRate.State state = rate.init(1);
    state = rate.update(new double[] {1}, state, new Step(0, 0, new double[1]));
    assertEquals(0.1, state.rate());
    state = rate.update(new double[] {7}, state, new Step(1, 0, new double[1]));
    assertEquals(0.1 * 1.5, state.rate());
    state = rate.update(new double[] {-1e-9}, state, new Step(2, 0, new double[1]));
    assertEquals(0.1 * 1.5 * 0.5, state.rate());
  }

  @Test
  void anAdditiveRateGrowsByTheProductOfTwoGradients() {
    HypergradientRate rate = new HypergradientRate(0.1, 2, HypergradientRate.Form.ADDITIVE);
    HypergradientRate.State state = rate.init(2);
    state = rate.update(new double[] {1, 3}, state, new Step(0, 0, new double[2]));
    assertEquals(0.1, state.rate());
    double[] updates = {0.5, -0.25};
    state = rate.update(updates, state, new Step(1, 0, new double[2]));
    assertEquals(0.1 + 2 * (0.5 - 0.75), state.rate());
    assertArrayEquals(new double[] {-state.rate() * 0.5, state.rate() * 0.25}, updates);
    assertThrows(
        IllegalArgumentException.class,
        () -> new HypergradientRate(0.1, 1, HypergradientRate.Form.MULTIPLICATIVE));
  }

  @Test
  void noiseIsAFunctionOfItsSeedAndStep() {
    AddNoise noise = new AddNoise(0.01, 0.55, 7);
    double[] once = new double[3];
    double[] again = new double[3];
    double[] later = new double[3];
    noise.update(once, new Stateless(), new Step(5, 0, new double[3]));
    noise.update(again, new Stateless(), new Step(5, 0, new double[3]));
    noise.update(later, new Stateless(), new Step(6, 0, new double[3]));
    assertArrayEquals(once, again);
    assertNotEquals(once[0], later[0]);
    assertNotEquals(once[0], once[1]);
  }

  @Test
  void noiseHasTheVarianceThatItSays() {
    AddNoise noise = new AddNoise(0.5, 1, 3);
    int n = 100_000;
    double[] u = new double[n];
    noise.update(u, new Stateless(), new Step(3, 0, new double[n])); // t = 4
    double sum = 0;
    for (double value : u) {
      sum += value * value;
    }
    // the variance of a sample's variance is 2σ⁴/n: five deviations of 0.45 %
    assertEquals(0.125, sum / n, 0.125 * 5 * Math.sqrt(2.0 / n));
  }

  @Test
  void hyperParametersOutOfRangeAreSaidByName() {
    assertSays("beta1", () -> new ScaleByAdam(1, 0.999, 1e-8));
    assertSays("beta2", () -> new ScaleByLion(0.9, -0.1));
    assertSays("the limit", () -> new ClipByValue(0));
    assertSays("quantile", () -> new ClipByQuantile(1.5, 10));
    assertSays("period", () -> new SharpnessAware(0.1, 1, Optimizers.sgd(RATE)));
    assertSays(
        "the power",
        () ->
            new FollowTheRegularizedLeader(
                RATE, 0, 0, 0, 0, 0.1, 0.5, FollowTheRegularizedLeader.Start.KEEP));
  }

  static void assertSays(String name, Runnable make) {
    String message =
        String.valueOf(assertThrows(IllegalArgumentException.class, make::run).getMessage());
    assertTrue(message.contains(name), message);
  }
}
