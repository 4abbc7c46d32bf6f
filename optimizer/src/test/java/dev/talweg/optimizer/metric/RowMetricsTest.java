package dev.talweg.optimizer.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.metric.RowMetrics.OfRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RowMetricsTest {
  private static AskedMetric<OfRows> named(String name) {
    return RowMetrics.all().stream()
        .flatMap(metric -> metric.asked(name).stream())
        .findFirst()
        .orElseThrow();
  }

  private static double value(String name, LocalRows... rows) {
    AskedMetric<OfRows> metric = named(name);
    return metric.measure().of(List.of(rows), metric.argument());
  }

  /** Few values, so many ties, and any order of row numbers. */
  private static List<Scored> tied(long seed, int count, int values) {
    Random random = new Random(seed);
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double weight = random.nextInt(4) / 2.0;
      rows.add(new Scored(random.nextInt(values), random.nextInt(values), weight, i));
    }
    return rows;
  }

  @Property(tries = 200)
  void kendallCountsPairs(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 60) int count,
      @ForAll @IntRange(min = 2, max = 40) int values,
      @ForAll @IntRange(min = 1, max = 70) int rowsOfBucket,
      @ForAll @IntRange(min = 1, max = 7) int parts) {
    List<Scored> rows = tied(seed, count, values);
    long right = 0;
    long byScore = 0;
    long byLabel = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        double score = Math.signum(rows.get(i).score() - rows.get(j).score());
        double label = Math.signum(rows.get(i).label() - rows.get(j).label());
        right += (long) (score * label);
        byScore += score == 0 ? 0 : 1;
        byLabel += label == 0 ? 0 : 1;
      }
    }
    double expected = right / (Math.sqrt((double) byScore) * Math.sqrt((double) byLabel));
    assertEquals(expected, KendallTau.of(new LocalRows(rows, parts), rowsOfBucket));
  }

  @Property(tries = 100)
  void spearmanIsTheCorrelationOfMiddleRanks(
      @ForAll long seed,
      @ForAll @IntRange(min = 3, max = 50) int count,
      @ForAll @IntRange(min = 2, max = 30) int values) {
    List<Scored> rows = tied(seed, count, values);
    Spread ranks = new Spread();
    for (Scored row : rows) {
      double score = 0;
      double label = 0;
      for (Scored other : rows) {
        score += Math.signum(row.score() - other.score());
        label += Math.signum(row.label() - other.label());
      }
      ranks.add(label, score - label, 1);
    }
    double expected = ranks.correlation();
    // sums of at most 50 products of numbers up to 50, in another order
    assertEquals(expected, value("spearman", new LocalRows(rows, 3)), 1e-12);
  }

  @Property(tries = 100)
  void partsChangeNoAreaOfClasses(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int parts) {
    LocalRows[] whole = new LocalRows[3];
    LocalRows[] cut = new LocalRows[3];
    for (int k = 0; k < 3; k++) {
      List<Scored> rows = new ArrayList<>();
      Random labels = new Random(seed);
      Random scores = new Random(seed + k + 1);
      for (int i = 0; i < 40; i++) {
        int label = i < 3 ? i : labels.nextInt(3); // each class has a row
        rows.add(new Scored(scores.nextInt(12), label, 1 + labels.nextInt(3), i));
      }
      whole[k] = new LocalRows(rows, 1);
      cut[k] = new LocalRows(rows, parts);
    }
    // by pairs of rows, of the first class against the others and so on
    double sum = 0;
    for (int k = 0; k < 3; k++) {
      double right = 0;
      double pairs = 0;
      for (Scored own : whole[k].rows()) {
        for (Scored other : whole[k].rows()) {
          if (own.label() == k && other.label() != k) {
            double pair = own.weight() * other.weight();
            right += pair * (1 + Math.signum(own.score() - other.score())) / 2;
            pairs += pair;
          }
        }
      }
      sum += right / pairs / 3;
    }
    // integers up to the division
    assertEquals(sum, value("macro-auc-ovr", cut), 4 * Math.ulp(1.0));
    for (String name : List.of("macro-auc-ovr", "weighted-auc-ovr", "macro-auc-ovo")) {
      assertEquals(value(name, whole), value(name, cut), name);
    }
  }

  @Test
  void theFirstGroupsHaveOneRowMoreWhereRowsDoNotDivide() {
    List<Scored> rows = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      rows.add(new Scored(i / 10.0, i == 2 || i == 3 ? 1 : 0, 1, i));
    }
    // three rows, two and two: 1 - 0.3, 1 - 0.7 and 0 - 1.1
    LocalRows all = new LocalRows(rows, 2);
    assertEquals((0.7 + 0.3 + 1.1) / 7, value("ece-equal-mass@3", all), 4 * Math.ulp(1.0));
    assertEquals(1.1 / 2, value("mce-equal-mass@3", all), 4 * Math.ulp(1.0));
  }

  @Test
  void aMedianIsTheMiddleOfTwoWhereHalfTheWeightIsUpToOne() {
    List<Scored> rows =
        List.of(
            new Scored(1, 0, 2, 0),
            new Scored(9, 0, 0, 1),
            new Scored(5, 0, 1, 2),
            new Scored(4, 0, 1, 3));
    assertEquals(2.5, value("median-ae", new LocalRows(rows, 2)));
    assertEquals(1, WeightedQuantile.of(new LocalRows(rows, 2), Scored::score, 0.25));
    assertEquals(5, WeightedQuantile.of(new LocalRows(rows, 2), Scored::score, 0.99));
  }

  @Test
  void theWeightOfPairsOfClassesIsThatOfTheirRows() {
    // class 0 is perfectly ranked by its own score, the others not at all
    List<Scored> own = new ArrayList<>();
    List<Scored> flat = new ArrayList<>();
    double[] labels = {0, 0, 0, 1, 2};
    for (int i = 0; i < labels.length; i++) {
      own.add(new Scored(labels[i] == 0 ? 1 : 0, labels[i], 1, i));
      flat.add(new Scored(0.5, labels[i], 1, i));
    }
    LocalRows[] rows = {new LocalRows(own, 2), new LocalRows(flat, 2), new LocalRows(flat, 2)};
    assertEquals((0.75 + 0.75 + 0.5) / 3, value("macro-auc-ovo", rows), Math.ulp(1.0));
    // pairs (0, 1) and (0, 2) have four rows, (1, 2) two
    assertEquals((4 * 0.75 + 4 * 0.75 + 2 * 0.5) / 10, value("weighted-auc-ovo", rows), 1e-15);
    assertEquals((3 * 1 + 0.5 + 0.5) / 5, value("weighted-auc-ovr", rows), 1e-15);
  }

  @Test
  void whatIsPredictedIsOneNumberForEachMargin() {
    double[] margins = {0, 2, -1};
    for (PointwiseLoss loss : List.of(new LogisticLoss(), new SquaredLoss())) {
      double[] predicted = Scores.of(loss).predicted(margins);
      for (int i = 0; i < margins.length; i++) {
        assertEquals(loss.predict(margins[i]), predicted[i]);
      }
    }
  }

  @Test
  void anArgumentIsAskedForWhereThereIsOne() {
    assertEquals(10, named("precision@10").argument());
    assertEquals(-0.5, named("tweedie-deviance@-0.5").argument());
    for (String wrong :
        List.of("precision", "precision@0", "precision@1.5", "precision@x", "median-ae@2")) {
      Exception refused = assertThrows(IllegalArgumentException.class, () -> named(wrong));
      String said = String.valueOf(refused.getMessage());
      assertTrue(said.startsWith(wrong + ": "), said);
    }
    assertThrows(IllegalArgumentException.class, () -> named("d2-pinball@1"));
    assertThrows(IllegalArgumentException.class, () -> named("tweedie-deviance@0.5"));
    assertEquals(
        Optional.empty(),
        RowMetrics.all().stream().flatMap(m -> m.asked("preci@5").stream()).findFirst());
  }
}
