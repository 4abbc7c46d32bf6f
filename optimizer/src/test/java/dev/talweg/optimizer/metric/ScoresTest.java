package dev.talweg.optimizer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.NegativeBinomialLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScoresTest {
  static Stream<String> goldenSets() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(
                    ScoresTest.class.getResourceAsStream("/goldens/metrics_binary.csv")),
                StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("goldenSets")
  void tiesAndWeightsAreCountedAsScikitLearnCountsThem(String line) {
    String[] cells = line.split(",", -1);
    int n = cells.length - 6;
    double[] margins = new double[n];
    double[] labels = new double[n];
    double[] weights = new double[n];
    for (int i = 0; i < n; i++) {
      double[] row =
          Arrays.stream(cells[6 + i].split(":", -1)).mapToDouble(Double::parseDouble).toArray();
      labels[i] = row[0];
      margins[i] = Math.log(row[1] / (1 - row[1]));
      weights[i] = row[2];
    }
    Scores scores = Scores.of(new LogisticLoss());
    scores.add(margins, labels, weights, n);
    List<String> names = List.of("auc-roc", "auc-pr", "log-loss", "brier", "ks");
    for (int k = 0; k < names.size(); k++) {
      // the margins are logarithms of p: 1e-16 each, and sums of some hundred terms
      assertEquals(
          Double.parseDouble(cells[k + 1]),
          scores.value(names.get(k)).orElseThrow().value(),
          1e-12,
          names.get(k));
    }
  }

  @Property(tries = 30)
  void binsMoveAnAreaOfContinuousScoresByLittle(@ForAll long seed) {
    Random random = new Random(seed);
    int n = 2000;
    double[] margins = new double[n];
    double[] labels = new double[n];
    for (int i = 0; i < n; i++) {
      labels[i] = random.nextInt(4) == 0 ? 1 : 0;
      margins[i] = 2 * random.nextGaussian() + labels[i] - 3;
    }
    Scores scores = Scores.of(new LogisticLoss());
    scores.add(margins, labels, null, n);
    double above = 0;
    double pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (labels[i] > labels[j]) {
          above += margins[i] > margins[j] ? 1 : margins[i] == margins[j] ? 0.5 : 0;
          pairs++;
        }
      }
    }
    // about 1 pair in 1000 shares a bin, and ties err by ±1/2 at random: √(pairs/1000)/2/pairs, ×10
    assertEquals(
        above / pairs, scores.value("auc-roc").orElseThrow().value(), 10 * Math.sqrt(1e-3 / pairs));
  }

  @Property(tries = 100)
  void largerMarginsHaveLargerBins(@ForAll double a, @ForAll double b) {
    assertTrue(
        a > b
            ? BinaryScores.bin(a) >= BinaryScores.bin(b)
            : BinaryScores.bin(a) <= BinaryScores.bin(b));
    assertTrue(BinaryScores.bin(a) >= 0 && BinaryScores.bin(a) < 1 << 16);
  }

  @Test
  void mergedPartsAreTheWhole() {
    Random random = new Random(2);
    double[] margins = random.doubles(500, -4, 4).toArray();
    double[] labels =
        Arrays.stream(margins).map(z -> random.nextDouble() * 8 - 4 < z ? 1 : 0).toArray();
    for (var loss : List.of(new LogisticLoss(), new SquaredLoss(), new PoissonLoss())) {
      Scores whole = Scores.of(loss);
      whole.add(margins, labels, null, 500);
      Scores first = Scores.of(loss);
      first.add(margins, labels, null, 200);
      Scores second = Scores.of(loss);
      second.add(
          Arrays.copyOfRange(margins, 200, 500), Arrays.copyOfRange(labels, 200, 500), null, 300);
      first.merge(second);
      assertEquals(500, first.rows());
      for (Scores.Value value : whole.values()) {
        // sums of 500 terms in another order
        assertEquals(
            value.value(),
            first.value(value.metric()).orElseThrow().value(),
            1e-12 * Math.max(1, Math.abs(value.value())));
      }
    }
  }

  @Test
  void whatCrossesTheWireIsTheSame() throws IOException, ClassNotFoundException {
    Random random = new Random(4);
    double[] margins = random.doubles(600, -2, 2).toArray();
    double[] labels = random.ints(200, 0, 2).asDoubleStream().toArray();
    for (Scores scores :
        List.of(
            Scores.of(new LogisticLoss()),
            Scores.of(new PoissonLoss()),
            Scores.of(new SoftmaxLoss(3)))) {
      scores.add(margins, labels, null, 200);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(scores);
      }
      try (ObjectInputStream in =
          new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
        assertEquals(scores.values(), ((Scores) in.readObject()).values());
      }
    }
  }

  @Test
  void liftIsWhatTheTenthOfHighestMarginsHasMore() {
    double[] margins = new double[20];
    double[] labels = new double[20];
    Arrays.setAll(margins, i -> i);
    for (int i : new int[] {0, 5, 18, 19}) {
      labels[i] = 1;
    }
    // two of two, where four of twenty are everywhere
    assertEquals(5, value(new LogisticLoss(), margins, labels, "lift"), 1e-15);
    // among ties one row is as good as another
    assertEquals(1, value(new LogisticLoss(), new double[20], labels, "lift"), 1e-15);
  }

  @Test
  void theDevianceIsExplainedBesideThatOfTheMeanLabel() {
    double[] labels = {0, 1, 4, 2, 0, 11};
    double[] margins = {-1, 0.3, 1.1, 0.2, -0.4, 2};
    double[] constant = new double[6];
    Arrays.fill(constant, Math.log(3));
    for (PointwiseLoss loss :
        List.of(new PoissonLoss(), new TweedieLoss(1.3), new NegativeBinomialLoss(0.7))) {
      String deviance = loss.metric().orElseThrow();
      double least = value(loss, constant, labels, deviance);
      // some twenty operations on numbers below 100
      assertEquals(
          1 - value(loss, margins, labels, deviance) / least,
          value(loss, margins, labels, "d2"),
          1e-13);
      assertEquals(0, value(loss, constant, labels, "d2"), 1e-13);
    }
  }

  @Test
  void aRelativeErrorOfNothingIsNone() {
    double[] labels = {0, 2, -1};
    double[] margins = {0, 1, 1};
    // 0, 2·1/3 and 2·2/2
    assertEquals(
        (2.0 / 3 + 2) / 3, value(new SquaredLoss(), margins, labels, "smape"), Math.ulp(1.0));
    assertEquals(2, value(new SquaredLoss(), margins, labels, "max-error"), 0);
  }

  private static double value(
      PointwiseLoss loss, double[] margins, double[] labels, String metric) {
    Scores scores = Scores.of(loss);
    scores.add(margins, labels, null, labels.length);
    return scores.value(metric).orElseThrow().value();
  }

  @Test
  void theErrorOfAnAreaIsDeLongs() {
    // four rows by hand: positives at 3 and 1, negatives at 2 and 0; V10 = (1, 1/2), V01 = (1/2, 1)
    Scores scores = Scores.of(new LogisticLoss());
    scores.add(new double[] {3, 1, 2, 0}, new double[] {1, 1, 0, 0}, null, 4);
    Scores.Value area = scores.value("auc-roc").orElseThrow();
    assertEquals(0.75, area.value(), 1e-15);
    assertEquals(Math.sqrt(0.0625 + 0.0625), area.standardError(), 1e-15);
  }

  @Test
  void curvesBeginAndEndInTheCorners() {
    Random random = new Random(8);
    double[] margins = random.doubles(3000, -3, 3).toArray();
    double[] labels = Arrays.stream(margins).map(z -> random.nextDouble() < 0.3 ? 1 : 0).toArray();
    Scores scores = Scores.of(new LogisticLoss());
    scores.add(margins, labels, null, 3000);
    List<Scores.Point> roc = Objects.requireNonNull(scores.curves().get("roc"));
    assertEquals(new Scores.Point(0, 0, Double.NaN), roc.get(0));
    assertEquals(new Scores.Point(1, 1, Double.NaN), roc.get(roc.size() - 1));
    assertTrue(roc.size() <= 202, () -> "points " + roc.size());
    List<Scores.Point> calibration = Objects.requireNonNull(scores.curves().get("calibration"));
    assertEquals(10, calibration.size());
    assertEquals(3000, calibration.stream().mapToDouble(Scores.Point::weight).sum(), 1e-9);
  }

  @Test
  void residualsFarFromZeroKeepTheirDigits() {
    double[] labels = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    Scores scores = Scores.of(new SquaredLoss());
    scores.add(new double[] {1e9 + 1, 1e9 + 2, 1e9 + 4}, labels, null, 3);
    assertEquals(0.5, scores.value("r2").orElseThrow().value(), 1e-9);
    assertEquals(Math.sqrt(1.0 / 3), scores.value("rmse").orElseThrow().value(), 1e-15);
    assertEquals(1.0 / 3, scores.value("mae").orElseThrow().value(), 1e-15);
  }
}
