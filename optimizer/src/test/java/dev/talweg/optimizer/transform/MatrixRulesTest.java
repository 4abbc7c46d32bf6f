package dev.talweg.optimizer.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.transform.ScaleBySoap.Correction;
import dev.talweg.optimizer.transform.ScaleBySoap.Length;
import dev.talweg.optimizer.transform.ScaleBySoap.Vectors;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What no library's numbers say about rules with matrices. */
class MatrixRulesTest {
  private static final Tensors WIDE = new Tensors(List.of(new Tensor("w", 0, 2, 3)));

  /** Products of some ten numbers of at most 10, each sum and factor rounded. */
  private static final double ROUNDING = 1e3 * 0x1p-53;

  private static double[] gradient(int t) {
    double[] g = new double[6];
    for (int j = 0; j < 6; j++) {
      g[j] = Math.sin(1 + 7 * t + 3 * j);
    }
    return g;
  }

  private static Step step(int t, Tensors tensors) {
    return new Step(t, 0, new double[tensors.dimension()], tensors);
  }

  private static void assertNear(Matrix expected, Matrix actual) {
    assertArrayEquals(expected.entries(), actual.entries(), ROUNDING);
  }

  @Test
  void eigenvectorsAreOrthonormalAndMakeTheMatrixAgain() {
    int n = 5;
    double[] a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        a[i * n + k] = Math.sin((i + 1.0) * (k + 1)) + (i == k ? 1 : 0);
      }
    }
    Matrix symmetric = new Matrix(n, n, a);
    SymmetricEigen eigen = SymmetricEigen.of(symmetric);
    assertNear(Matrix.diagonal(n, 1), eigen.vectors().gram());
    assertNear(symmetric, eigen.applied(value -> value));
    for (int k = 1; k < n; k++) {
      assertEquals(Math.max(eigen.values()[k - 1], eigen.values()[k]), eigen.values()[k - 1]);
    }
  }

  @Test
  void smallEigenvaluesOfAScaledMatrixKeepTheirDigits() {
    // D H D with D = diag(1e8, 1): entries determine both to their last digits
    Matrix scaled = new Matrix(2, 2, new double[] {2e16, 1e8, 1e8, 2});
    double small = SymmetricEigen.of(scaled).values()[1];
    // det/largest = 3e16/(2e16 + 0.5): of (λ − 2e16)(λ − 2) = 1e16
    assertEquals(1.5, small, 1.5 * 8 * 0x1p-53);
  }

  @Test
  void aBasisIsOrthonormalWhateverTheRankIs() {
    Matrix once = new Matrix(3, 3, new double[] {1, 2, 0, 2, 4, 0, 3, 6, 0});
    assertNear(Matrix.diagonal(3, 1), once.orthonormal().gram());
    assertNear(Matrix.diagonal(3, 1), Matrix.zero(3, 3).orthonormal().gram());
    Matrix q = once.orthonormal();
    // the first column is along the first one's
    double length = Math.sqrt(14);
    assertEquals(1 / length, Math.abs(q.entries()[0]), ROUNDING);
    assertEquals(3 / length, Math.abs(q.entries()[6]), ROUNDING);
  }

  @Test
  void theFirstStepOfShampooIsTheNearestOrthogonalMatrix() {
    ScaleByShampoo shampoo =
        new ScaleByShampoo(
            1,
            1e-12,
            10,
            1,
            Integer.MAX_VALUE,
            0,
            ScaleByShampoo.Sides.BOTH,
            ScaleByShampoo.First.ROOTS);
    double[] u = {3, 1, -2, 0.5, 2, 1};
    shampoo.update(u, shampoo.init(WIDE), step(0, WIDE));
    // singular values σ become σ/√(σ² + ε), and the least σ² is 5; where G has no part, rounding of
    // it comes back times ε^(−1/4), 1e3 times 1e-15
    assertArrayEquals(
        Matrix.diagonal(2, 1).entries(), Matrix.of(u, 0, 2, 3).gram().entries(), 1e-11);
  }

  @Test
  void blocksArePreconditionedOnTheirOwn() {
    ScaleByShampoo blocks =
        new ScaleByShampoo(
            0.9, 1e-6, 1, 1, 2, 0, ScaleByShampoo.Sides.BOTH, ScaleByShampoo.First.IDENTITY);
    Tensors two = new Tensors(List.of(new Tensor("a", 0, 2, 2), new Tensor("b", 4, 2, 1)));
    ScaleByShampoo.State cut = blocks.init(WIDE);
    ScaleByShampoo.State apart = blocks.init(two);
    for (int t = 0; t < 3; t++) {
      double[] g = gradient(t);
      double[] same = {g[0], g[1], g[3], g[4], g[2], g[5]};
      cut = blocks.update(g, cut, step(t, WIDE));
      apart = blocks.update(same, apart, step(t, two));
      assertArrayEquals(new double[] {g[0], g[1], g[3], g[4], g[2], g[5]}, same);
    }
  }

  @Test
  void soapWithoutABasisIsAdamFromTheSecondGradientOn() {
    ScaleBySoap soap =
        new ScaleBySoap(0.9, 0.99, 0.95, 1e-8, 2, 1, Vectors.PLAIN, Correction.BIAS, Length.ADAM);
    ScaleByAdam adam = new ScaleByAdam(0.9, 0.99, 1e-8, 0, Epsilon.HAT, ScaleByAdam.Mean.PLAIN);
    ScaleBySoap.State ofSoap = soap.init(WIDE);
    ScaleByAdam.State ofAdam = adam.init(WIDE);
    double[] first = gradient(0);
    ofSoap = soap.update(first, ofSoap, step(0, WIDE));
    assertArrayEquals(new double[6], first);
    for (int t = 1; t < 8; t++) {
      double[] g = gradient(t);
      double[] same = g.clone();
      ofSoap = soap.update(g, ofSoap, step(t, WIDE));
      ofAdam = adam.update(same, ofAdam, step(t - 1, WIDE));
      assertArrayEquals(same, g, ROUNDING);
    }
  }

  @Test
  void allDimensionsAreNoProjection() {
    for (Project.Sides sides : Project.Sides.values()) {
      Tensors square = new Tensors(List.of(new Tensor("w", 0, 2, 2), new Tensor("b", 4, 1, 2)));
      Project all = new Project(2, 2, 0.5, sides, Chain.of(List.of()));
      Project.State state = all.init(square);
      for (int t = 0; t < 4; t++) {
        double[] u = gradient(t);
        state = all.update(u, state, step(t, square));
        double[] g = gradient(t);
        double[] half = {g[0] / 2, g[1] / 2, g[2] / 2, g[3] / 2, g[4], g[5]};
        assertArrayEquals(half, u, ROUNDING, sides + " " + t);
      }
    }
  }

  @Test
  void oneDimensionIsTheLargest() {
    Project one =
        new Project(1, 10, 1, Project.Sides.SHORTER, Chain.of(List.of(new ScaleBySign())));
    Tensors tall = new Tensors(List.of(new Tensor("w", 0, 3, 2)));
    double[] u = {3, 0.1, 3, -0.1, -3, 0}; // columns are orthogonal, and the first is longer
    one.update(u, one.init(tall), step(0, tall));
    assertArrayEquals(new double[] {1, 0, 1, 0, -1, 0}, u, ROUNDING);
  }

  @Test
  void aGraftHasOneDirectionAndTheOthersLength() {
    Graft graft = new Graft(Chain.of(List.of(new ScaleBySign())), Chain.of(List.of()), 1e-16);
    double[] u = {3, -4};
    graft.update(u, graft.init(2), new Step(0, 0, new double[2]));
    assertArrayEquals(new double[] {5 / Math.sqrt(2), -5 / Math.sqrt(2)}, u, ROUNDING);
  }

  @Test
  void aRuleKnowsTheGradientsBeforeItsTurn() {
    Chain sums = Chain.of(List.of(new Momentum(0.5, Momentum.Form.HEAVY_BALL)));
    Until until = new Until(2, Chain.of(List.of()), sums);
    Until.State state = until.init(1);
    double[] expected = {1, 1, 1.75};
    for (int t = 0; t < 3; t++) {
      double[] u = {1};
      state = until.update(u, state, new Step(t, 0, new double[1]));
      assertEquals(expected[t], u[0]);
    }
  }
}
