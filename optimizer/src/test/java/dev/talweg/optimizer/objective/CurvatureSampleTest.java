package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.conformance.LinearProblems;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.objective.LinearObjective.Curvature;
import dev.talweg.optimizer.objective.RayObjective.BlockOf;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CurvatureSampleTest {

  private static double[] somewhere(LinearProblem problem) {
    return new Random(3).doubles(problem.dimension(), -0.01, 0.01).toArray();
  }

  @Test
  void aSampleOfAllRowsHasTheExactBlock() {
    LinearProblem problem = LinearProblems.mixed(1, 500, 5, new LogisticLoss(), 1e-3);
    double[] w = somewhere(problem);
    Curvature exact = problem.curvature(w, 22);
    Curvature block = problem.curvature(w, 8);
    assertEquals(22, exact.block().length);
    assertEquals(8, block.block().length);
    for (int a = 0; a < 8; a++) {
      for (int b = a; b < 8; b++) {
        double expected = exact.gram()[block.block()[a] * 23 + block.block()[b]];
        // the diagonal is shrunk by 10 pseudo-rows of the mean curvature, which is what differs
        // most on features of few rows; correlations are not shrunk
        double scale =
            Math.sqrt(
                block.squares()[block.block()[a]]
                    * block.squares()[block.block()[b]]
                    / exact.squares()[block.block()[a]]
                    / exact.squares()[block.block()[b]]);
        assertEquals(expected * scale, block.gram()[a * 9 + b], 1e-12 * (1 + Math.abs(expected)));
      }
    }
    assertEquals(exact.total(), block.total(), 1e-15);
  }

  @Test
  void theDiagonalIsShrunkByTenRowsTowardsTheMeanCurvature() {
    LinearProblem problem = LinearProblems.mixed(1, 500, 5, new LogisticLoss(), 1e-3);
    double[] start = new double[problem.dimension()];
    double[] shares = problem.curvature(start, 0).squares(); // σ(1−σ) is 1/4 in all rows
    double[] w = somewhere(problem);
    double[] exact = problem.curvature(w, 0).squares();
    Curvature sampled = problem.curvature(w, 8);
    for (int j = 2; j < 22; j++) { // one-hot features: x² = x, so Σx² is the number of rows
      double count = Math.rint(500 * 4 * shares[j]);
      double own = count == 0 ? 0 : 500 * exact[j] / count; // mean curvature of rows with it
      double shrunk = (count * own + 10 * sampled.total()) / (count + 10) * count / 500;
      assertEquals(shrunk, sampled.squares()[j], 1e-12);
    }
  }

  @Test
  void theMostFrequentFeaturesAreInTheBlock() {
    LinearProblem problem = LinearProblems.mixed(1, 500, 5, new LogisticLoss(), 1e-3);
    double[] w = somewhere(problem);
    // both numeric columns have every row; u³ puts 58 % of the rows of a field on its first level
    assertArrayEquals(new int[] {0, 1, 2, 7, 12, 17}, problem.curvature(w, 6).block());
  }

  @Test
  void aBlockOfAllFeaturesIsOfTheSampleWhereThatIsAskedFor() {
    LinearProblem problem = LinearProblems.mixed(1, 500, 5, new LogisticLoss(), 1e-3);
    double[] w = somewhere(problem);
    Curvature all = problem.curvatures(w, 22, BlockOf.ALL).blocks().get(0);
    Curvature sampled = problem.curvatures(w, 22, BlockOf.SAMPLE).blocks().get(0);
    assertArrayEquals(problem.curvature(w, 22).gram(), all.gram());
    assertArrayEquals(problem.sampledCurvature(w, 22).gram(), sampled.gram());
    assertArrayEquals(all.block(), sampled.block());
    double shrunk = sampled.squares()[2] / all.squares()[2]; // by ten rows, which all has none of
    assertTrue(shrunk != 1 && Math.abs(shrunk - 1) < 0.1, () -> "shrunk by " + shrunk);
    assertEquals(
        0, problem.curvatures(w, 0, BlockOf.SAMPLE).blocks().get(0).block().length); // a diagonal
  }

  @Test
  void aSampleOfFullRowsHasFewerOfThem() {
    assertEquals(30_000, LinearProblem.sampledRows(moments(1_000_000, 39)));
    assertEquals(30_000, LinearProblem.sampledRows(moments(1_000_000, 200)));
    assertEquals(20_000, LinearProblem.sampledRows(moments(1_000_000, 300)));
    assertEquals(3_000, LinearProblem.sampledRows(moments(1_000_000, 10_000)));
    assertEquals(30_000, LinearProblem.sampledRows(moments(1_000_000, 0)));
  }

  private static Moments moments(long rows, long perRow) {
    double[] none = {};
    return new Moments(rows, rows, 0, 0, none, none, none, 0, 0, rows * perRow);
  }

  @Test
  void askingTwiceGivesTheSameBits() {
    LinearProblem problem = LinearProblems.mixed(1, 500, 5, new LogisticLoss(), 1e-3);
    double[] w = somewhere(problem);
    assertArrayEquals(problem.curvature(w, 9).gram(), problem.curvature(w, 9).gram());
    assertTrue(problem.curvature(w, 9).gram().length == 100);
  }
}
