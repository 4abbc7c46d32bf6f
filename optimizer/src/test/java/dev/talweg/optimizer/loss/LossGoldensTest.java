package dev.talweg.optimizer.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Values and derivatives against the same formulas in 1500 digits. */
class LossGoldensTest {
  private record Golden(
      PointwiseLoss loss, double label, double z, double value, double[] first, double[] second) {
    @Override
    public String toString() {
      return loss + ", y = " + label + ", z = " + z;
    }
  }

  static Stream<Golden> goldens() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    LossGoldensTest.class.getResourceAsStream("/goldens/losses.csv")),
                StandardCharsets.UTF_8))) {
      List<String> lines = reader.lines().filter(line -> !line.startsWith("#")).toList();
      return lines.stream().map(LossGoldensTest::golden);
    }
  }

  private static Golden golden(String line) {
    String[] cells = line.split(",", -1);
    double parameter = cells[1].isEmpty() ? Double.NaN : Double.parseDouble(cells[1]);
    PointwiseLoss loss =
        switch (cells[0]) {
          case "poisson" -> new PoissonLoss();
          case "gamma" -> new GammaLoss();
          case "tweedie" -> new TweedieLoss(parameter);
          case "quantile" -> new QuantileLoss(parameter, 0);
          case "hinge" -> new HingeLoss(0);
          default -> new HingeLoss(1);
        };
    double y = Double.parseDouble(cells[2]);
    return new Golden(
        loss,
        loss.classifies() ? (y + 1) / 2 : y,
        Double.parseDouble(cells[3]),
        Double.parseDouble(cells[4]),
        sides(cells[5]),
        sides(cells[6]));
  }

  private static double[] sides(String cell) {
    return Arrays.stream(cell.split(";", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void isTheFormulaToRounding(Golden golden) {
    double z = golden.z();
    double y = golden.label();
    double[] labels = {y};
    double[] slope = {z};
    double[] curvature = new double[1];
    double value = golden.loss().differentiateTwice(slope, labels, null, 1, curvature);
    double exponent = exponent(golden.loss(), y, z);
    if (exponent > LogLink.LIMIT) { // continued there, from below
      assertTrue(value <= golden.value() && Double.isFinite(value));
      assertTrue(Math.abs(slope[0]) <= Math.abs(golden.first()[0]));
      return;
    }
    // terms that may cancel, each within 4 units of the last place; (2 − p) z is rounded, which the
    // exponential makes |z| times larger
    double terms = 1 + Math.abs(y) * (1 + Math.abs(z)) + Math.abs(z);
    double amplified = golden.loss() instanceof TweedieLoss ? 1 + Math.abs(z) : 1;
    assertEquals(golden.value(), value, 8 * amplified * Math.ulp(terms + golden.value()));
    assertBetween(golden.first(), slope[0], 8 * amplified * Math.ulp(terms + golden.value()));
    if (golden.loss() instanceof HingeLoss && Math.abs(z) < Math.ulp(1.0)) {
      return; // 1 − z is 1, where the second derivative jumps
    }
    // below e⁻⁷⁰⁸ exponentials are 0
    double curved = Math.max(8 * amplified * Math.ulp(golden.second()[0]), 1e-307);
    assertBetween(golden.second(), curvature[0], curved);
  }

  /** The largest argument of an exponential. */
  private static double exponent(PointwiseLoss loss, double y, double z) {
    if (loss instanceof TweedieLoss tweedie) {
      return Math.max((2 - tweedie.power()) * z, y > 0 ? (1 - tweedie.power()) * z : 0);
    }
    return loss instanceof PoissonLoss ? z : loss instanceof GammaLoss ? -z : 0;
  }

  private static void assertBetween(double[] sides, double measured, double error) {
    double[] sorted = sides.clone();
    Arrays.sort(sorted);
    assertTrue(
        measured >= sorted[0] - error && measured <= sorted[sorted.length - 1] + error,
        () -> measured + " is not in " + Arrays.toString(sorted));
  }
}
