package dev.talweg.ml.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.loss.HingeLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundedHingeTest {
  private static final double H = 0x1p-17;

  private static double value(PointwiseLoss loss, double z, double y) {
    return loss.value(new double[] {z}, new double[] {y}, new double[] {2}, 1) / 2;
  }

  private static double slope(PointwiseLoss loss, double z, double y) {
    double[] margins = {z};
    double value = loss.differentiate(margins, new double[] {y}, new double[] {2}, 1);
    assertEquals(value(loss, z, y), value / 2);
    return margins[0] / 2;
  }

  private static double curvature(PointwiseLoss loss, double z, double y) {
    double[] margins = {z};
    loss.curve(margins, new double[] {y}, new double[] {2}, 1);
    return margins[0] / 2;
  }

  /** Central differences, whose error is H² = 6e-11 of third derivatives, at most 1/4 width². */
  @ParameterizedTest
  @ValueSource(doubles = {0.25, 0.025})
  void derivativesAreThoseOfTheValue(double width) {
    RoundedHinge loss = new RoundedHinge(width);
    for (double z = -4; z <= 4; z += 0.093) {
      for (double y = 0; y <= 1; y++) {
        double rise = (value(loss, z + H, y) - value(loss, z - H, y)) / (2 * H);
        assertEquals(rise, slope(loss, z, y), 1e-6);
        double bend = (slope(loss, z + H, y) - slope(loss, z - H, y)) / (2 * H);
        assertEquals(bend, curvature(loss, z, y), 1e-4 * (1 + curvature(loss, z, y)));
      }
    }
  }

  @Test
  void itIsAboveTheHingeByTheWidthAtTheCornerAndByLessElsewhere() {
    RoundedHinge loss = new RoundedHinge(0.1);
    HingeLoss hinge = new HingeLoss(0);
    assertEquals(0.1, value(loss, 1, 1), 1e-16);
    DoubleStream.of(-1e200, -30, -1, 0.9, 1.2, 40, 1e9, 1e200)
        .forEach(
            z -> {
              double above = value(loss, z, 1) - value(hinge, z, 1);
              assertTrue(above >= 0 && above < 0.1, z + ": " + above);
              assertTrue(above <= 0.01 / Math.abs(1 - z) * (1 + 1e-15), z + ": " + above);
            });
  }

  /** ℓ*(θ) = θz − ℓ(z) where θ is the slope at z (Fenchel and Young). */
  @Test
  void theConjugateMeetsTheTangent() {
    RoundedHinge loss = new RoundedHinge(0.2);
    for (double z = -3; z <= 3; z += 0.11) {
      for (double y = 0; y <= 1; y++) {
        double slope = slope(loss, z, y);
        assertEquals(slope * z - value(loss, z, y), loss.conjugate(slope, y), 1e-14);
        assertEquals(Double.POSITIVE_INFINITY, loss.conjugate(-slope, y));
      }
    }
  }

  @Test
  void aWidthIsAboveZero() {
    assertThrows(IllegalArgumentException.class, () -> new RoundedHinge(0));
    assertThrows(IllegalArgumentException.class, () -> new RoundedHinge(Double.NaN));
  }
}
