package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.model.ParameterLayout.Slice;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HutchinsonTest {
  /** x₁² + c x₁ x₂ + 3 x₂², and a buffer that becomes 7. */
  private record Valley(double cross) implements BatchObjective {
    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public List<Slice> buffers() {
      return List.of(new Slice("mean", 2, 1, false));
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double[] gradient = {2 * x[0] + cross * x[1], cross * x[0] + 6 * x[1], 7};
      return new Evaluation(0, gradient);
    }
  }

  /** Of x to 4 a gradient is rounded to 2⁻⁵⁰, which the difference divides by 2 · 4 · 6e-6. */
  private static final double ROUNDING = 1e-9;

  @Test
  void aDiagonalHessianIsWhatItsEstimateIs() {
    double[] diagonal = new Valley(0).curvature(new double[] {4, -1, 5}, 3);
    assertArrayEquals(new double[] {2, 6, 0}, diagonal, ROUNDING);
  }

  @Test
  void offTheDiagonalSignsOfStepsDecideAndCancel() {
    Set<Long> seen = new HashSet<>();
    double sum = 0;
    for (long step = 0; step < 1000; step++) {
      double first = new Valley(0.5).curvature(new double[] {4, -1, 5}, step)[0];
      seen.add(Math.round(10 * first));
      sum += first;
    }
    assertEquals(Set.of(15L, 25L), seen); // 2 ± 0.5
    assertEquals(2, sum / 1000, 4 * 0.5 / Math.sqrt(1000)); // four standard errors
  }
}
