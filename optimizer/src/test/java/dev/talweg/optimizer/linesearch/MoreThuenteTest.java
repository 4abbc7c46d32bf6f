package dev.talweg.optimizer.linesearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** The steps that SciPy 1.17.1's {@code DCSRCH} tries, with the constants of L-BFGS-B. */
class MoreThuenteTest {
  /** (x + β)⁵ − 2 (x + β)⁴, β = 0.004, of Moré and Thuente's paper. */
  private static final Curve QUINTIC =
      new Curve(
          x -> Math.pow(x + 0.004, 5) - 2 * Math.pow(x + 0.004, 4),
          x -> 5 * Math.pow(x + 0.004, 4) - 8 * Math.pow(x + 0.004, 3));

  /** A slope of −1 up to 1, then 50 (x − 1)² − 1. */
  private static final Curve CLIFF =
      new Curve(x -> x < 1 ? -x : -1 + 50 * ((x - 1) * (x - 1)), x -> x < 1 ? -1 : 100 * (x - 1));

  private record Curve(DoubleUnaryOperator value, DoubleUnaryOperator slope) {}

  /** A curve, and which of its points were asked for. */
  private static final class Recorded implements Line {
    private final Curve curve;
    private final List<Double> steps = new ArrayList<>();

    Recorded(Curve curve) {
      this.curve = curve;
    }

    @Override
    public Trial start() {
      return point(0);
    }

    @Override
    public Trial at(double step) {
      steps.add(step);
      return point(step);
    }

    private Trial point(double step) {
      return new Trial(
          step,
          curve.value.applyAsDouble(step),
          curve.slope.applyAsDouble(step),
          new double[] {step},
          new double[0]);
    }

    @Override
    public double largest() {
      return 1;
    }
  }

  private static void tries(Curve curve, double... expected) {
    Recorded line = new Recorded(curve);
    Trial found = new MoreThuente().search(line, expected[0], 20).orElseThrow();
    assertEquals(expected.length, line.steps.size(), line.steps.toString());
    for (int k = 0; k < expected.length; k++) {
      // values near 1 are rounded to 1e-16, and cubics divide by decreases of 1e-3
      assertEquals(expected[k], line.steps.get(k), 1e-12 * Math.max(1, expected[k]));
    }
    assertEquals(line.steps.get(expected.length - 1), found.step());
  }

  @Test
  void aBracketIsClosedByCubicsAndSecants() {
    tries(
        QUINTIC,
        0.001,
        0.005,
        0.021,
        0.085,
        0.341,
        1.365,
        5.461,
        2.1070247668786957,
        1.551692634475675,
        1.5975830448985595,
        1.5975830448985595);
    tries(
        QUINTIC,
        1000.0,
        222.29565484593803,
        49.472816490427086,
        11.069352144736474,
        2.5433685560303143,
        0.7201153415592905,
        1.6296513166653739,
        1.3512229797881472,
        1.5950402760316598,
        1.5950402760316598);
  }

  @Test
  void aBracketThatHardlyShrinksIsHalved() {
    tries(
        CLIFF,
        0.001,
        0.005,
        0.021,
        0.085,
        0.341,
        1.365,
        0.6354328759386512,
        0.9015398411265017,
        0.9284637621293425,
        0.9480504711707312,
        1.1565252355853657,
        0.9693329909465832,
        0.9856510731103572,
        1.0710881543478614,
        0.9856510731103572);
    tries(
        CLIFF,
        10.0,
        0.014047800131887268,
        0.029718415937184446,
        5.014859207968592,
        0.05194436666721598,
        0.08021427750512365,
        2.547536742736858,
        0.2631252110870944,
        0.4039072814980887,
        1.4757220121174732,
        0.6535965056759857,
        0.8610246757317417,
        0.8925182311519808,
        1.184120121634727,
        0.9373859795646001,
        0.966863563767102,
        1.0754918427009146,
        0.9880340526018581,
        0.9880340526018581);
  }

  @Test
  void withoutATrialLeftNothingIsFound() {
    Recorded line = new Recorded(CLIFF);
    assertTrue(new MoreThuente().search(line, 1000, 20).isEmpty());
    assertEquals(20, line.steps.size());
  }
}
