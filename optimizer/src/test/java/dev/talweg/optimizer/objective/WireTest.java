package dev.talweg.optimizer.objective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final int FEATURES = 5;
  private static final int ROWS = 40;
  private static final int PARTITIONS = 3;

  private static LocalPasses passes(Wire wire) {
    Random random = new Random(8);
    List<Shard> partitions = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      int[] starts = new int[ROWS + 1];
      int[] indices = new int[ROWS * FEATURES];
      float[] values = new float[ROWS * FEATURES];
      double[] labels = new double[ROWS];
      for (int i = 0; i < ROWS; i++) {
        starts[i + 1] = (i + 1) * FEATURES;
        labels[i] = random.nextInt(2);
        for (int j = 0; j < FEATURES; j++) {
          indices[i * FEATURES + j] = j;
          values[i * FEATURES + j] = (float) random.nextGaussian();
        }
      }
      partitions.add(
          Shard.of(
              List.of(new CsrBlock(FEATURES, starts, indices, values, labels, null)), FEATURES));
    }
    return new LocalPasses(partitions, new LogisticLoss(), FEATURES, wire);
  }

  private static LinearProblem problem(Wire wire) {
    double[] some = new double[FEATURES]; // any will do: both have the same
    Arrays.fill(some, 10);
    Moments moments = new Moments(120, 120, 60, 60, some, some, some);
    double[] penalties = new double[FEATURES];
    Arrays.fill(penalties, 1e-2);
    return new LinearProblem(passes(wire), new LogisticLoss(), moments, penalties);
  }

  @Test
  void onlyTheGradientIsRounded() {
    double[] w = new Random(1).doubles(FEATURES + 1, -1, 1).toArray();
    double[] exact = passes(Wire.DOUBLE).evaluate(w);
    double[] sent = passes(Wire.FLOAT).evaluate(w);
    assertFalse(Arrays.equals(exact, sent), "something was rounded");
    assertEquals(exact[FEATURES], sent[FEATURES], "the derivative by the intercept");
    assertEquals(exact[FEATURES + 1], sent[FEATURES + 1], "the loss");
  }

  @Test
  void noBoundIsMadeOfARoundedGradient() {
    double[] w = new Random(2).doubles(FEATURES + 1, -1, 1).toArray();
    LinearProblem exact = problem(Wire.DOUBLE);
    LinearProblem rounded = problem(Wire.FLOAT);
    assertEquals(exact.certify(w), rounded.certify(w));
    double[] gradient = rounded.evaluate(w).gradient();
    double bound = rounded.lowerBound(w, gradient);
    assertEquals(exact.certify(w).orElseThrow().dual(), bound);
    assertEquals(bound, rounded.lowerBound(w, new double[FEATURES + 1]), "whatever the gradient");
  }
}
