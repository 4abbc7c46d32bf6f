package dev.talweg.optimizer.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talweg.optimizer.schedule.Constant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What adaptive rules are made of, where no library's numbers say it. */
class AdaptiveTransformsTest {
  /** Another gradient at each step, largest at the fourth. */
  private static double[] gradient(int step, int dimension) {
    double[] gradient = new double[dimension];
    for (int j = 0; j < dimension; j++) {
      gradient[j] = Math.sin(1.0 + step * dimension + j) * (step == 3 ? 100 : 1);
    }
    return gradient;
  }

  /** What a transform makes of ten gradients, at parameters of 1. */
  private static <S extends Record> double[][] made(
      GradientTransform<S> transform, Tensors tensors) {
    double[] x = new double[tensors.dimension()];
    Arrays.fill(x, 1);
    S state = transform.init(tensors);
    double[][] made = new double[10][];
    for (int t = 0; t < made.length; t++) {
      made[t] = gradient(t, x.length);
      state = transform.update(made[t], state, new Step(t, 1, x, tensors));
    }
    return made;
  }

  @Test
  void aCorrectedMeanOverTheRootIsAdamAndOverTheLargestRootAmsgrad() {
    Chain mean = Chain.of(List.of(new Ema(0.9, Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL)));
    Tensors flat = Tensors.flat(4);
    ScaleByAdam adam = new ScaleByAdam(0.9, 0.99, 1e-3, 0, Epsilon.HAT, ScaleByAdam.Mean.PLAIN);
    ScaleByAmsgrad amsgrad =
        new ScaleByAmsgrad(
            0.9,
            0.99,
            1e-3,
            Epsilon.HAT,
            ScaleByAmsgrad.Maximum.RAW,
            ScaleByAmsgrad.MeanCorrection.CORRECTED);
    double[][] current =
        made(new DivideByRms(mean, 0.99, 1e-3, 0, Epsilon.HAT, Bound.CURRENT), flat);
    double[][] largest =
        made(new DivideByRms(mean, 0.99, 1e-3, 0, Epsilon.HAT, Bound.LARGEST), flat);
    // means of up to 15 that ten steps have rounded, over roots of at least some 0.1
    double rounding = 10 * Math.ulp(15.0) / 0.1;
    for (int t = 0; t < 10; t++) {
      assertArrayEquals(made(adam, flat)[t], current[t], rounding);
      assertArrayEquals(made(amsgrad, flat)[t], largest[t], rounding);
    }
  }

  @Test
  void columnsOfAMatrixAreAlignedEachAsAVector() {
    AlignedMomentum aligned = new AlignedMomentum(0.9, 0.8, 1e-8, AlignedMomentum.Start.GRADIENT);
    double[][] matrix = made(aligned, new Tensors(List.of(new Tensor("matrix", 0, 3, 2))));
    for (int column = 0; column < 2; column++) {
      double[][] vector = new double[10][3];
      AlignedMomentum.State state = aligned.init(3);
      for (int t = 0; t < 10; t++) {
        for (int row = 0; row < 3; row++) {
          vector[t][row] = gradient(t, 6)[2 * row + column];
        }
        state = aligned.update(vector[t], state, new Step(t, 1, new double[3]));
        for (int row = 0; row < 3; row++) {
          assertEquals(vector[t][row], matrix[t][2 * row + column]);
        }
      }
    }
  }

  @Test
  void aStepOfAmosWithMomentumIsARunningMeanOfSteps() {
    Constant rate = new Constant(0.1);
    Tensors flat = Tensors.flat(3);
    double[][] plain = made(new Amos(rate, 0.9, 0, 1e-18, 0.25, 0.25), flat);
    double[][] mean = made(new Amos(rate, 0.9, 0.5, 1e-18, 0.25, 0.25), flat);
    double[] expected = new double[3];
    for (int t = 0; t < 10; t++) {
      for (int j = 0; j < 3; j++) {
        expected[j] += 0.5 * (plain[t][j] - expected[j]);
      }
      assertArrayEquals(expected, mean[t]);
    }
  }

  @Test
  void lengthsOfARuleInTheGradientsDirectionNeverGoUphill() {
    Chain momentum = Chain.of(List.of(new Momentum(0.9, Momentum.Form.HEAVY_BALL)));
    double[][] lengths = made(momentum, Tensors.flat(3));
    double[][] turned = made(new TurnToGradient(momentum), Tensors.flat(3));
    for (int t = 0; t < 10; t++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(Math.abs(lengths[t][j]), Math.abs(turned[t][j]));
        assertEquals(Math.signum(gradient(t, 3)[j]), Math.signum(turned[t][j]));
      }
    }
  }

  @Test
  void hyperParametersOutOfRangeAreNotTaken() {
    assertThrows(IllegalArgumentException.class, () -> new ScaleByAdai(0.1, 0.99, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new ScaleByAdai(0.1, 0.99, 1.1, 1e-3));
    assertThrows(IllegalArgumentException.class, () -> new PositiveNegativeMomentum(0.9, 1.5));
    assertThrows(
        IllegalArgumentException.class, () -> new ClipByRunningNorm(1, 0, 0.98, 100, 1e-8));
  }
}
