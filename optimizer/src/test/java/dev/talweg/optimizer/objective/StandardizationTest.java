package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StandardizationTest {
  private static final Standardization RAW =
      new Standardization(new double[] {167484, 35.5, 0}, new double[] {129747, 9.2, 1});
  private static final double[] U = {0.3, -0.7, 1.1, -1.4};

  /** f(w) = Σ k w_k²/2, whose gradient is k w_k. */
  private record Quadratic() implements BatchObjective {
    @Override
    public int dimension() {
      return 4;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] w, long step) {
      double value = 0;
      double[] gradient = new double[4];
      for (int k = 0; k < 4; k++) {
        value += (k + 1) * w[k] * w[k] / 2;
        gradient[k] = (k + 1) * w[k];
      }
      return new Evaluation(value, gradient);
    }
  }

  @Test
  void thereAndBackAreTheSameParameters() {
    // two roundings of a product and a quotient, and of a sum of three terms up to 1.5 in size
    assertArrayEquals(U, RAW.standardized(RAW.parameters(U)), 8 * Math.ulp(4.0));
  }

  @Test
  void aMarginIsThatOfTheStandardizedRow() {
    double[] x = {50000, 24, 1};
    double[] w = RAW.parameters(U);
    double raw = x[0] * w[0] + x[1] * w[1] + x[2] * w[2] + w[3];
    double standardized =
        U[0] * (x[0] - 167484) / 129747 + U[1] * (x[1] - 35.5) / 9.2 + U[2] * x[2] + U[3];
    assertEquals(standardized, raw, 16 * Math.ulp(4.0)); // each sum: at most 8 roundings below 4
  }

  @Test
  void theGradientIsThatOfFiniteDifferences() {
    BatchObjective f = RAW.of(new Quadratic());
    double[] gradient = f.evaluate(U, 0).gradient();
    double h = 1e-4;
    for (int j = 0; j < U.length; j++) {
      double[] up = U.clone();
      double[] down = U.clone();
      up[j] += h;
      down[j] -= h;
      double difference = (f.evaluate(up, 0).value() - f.evaluate(down, 0).value()) / (2 * h);
      // a quadratic has no truncation error: rounding of two values below 64, over 2h
      assertEquals(difference, gradient[j], 2 * Math.ulp(64.0) / (2 * h) * 4);
    }
  }

  @Test
  void noneChangesNoBit() {
    Standardization none = Standardization.none(3);
    assertArrayEquals(U, none.parameters(U));
    assertArrayEquals(U, none.standardized(U));
    assertArrayEquals(
        new Quadratic().evaluate(U, 0).gradient(),
        none.of(new Quadratic()).evaluate(U, 0).gradient());
  }
}
