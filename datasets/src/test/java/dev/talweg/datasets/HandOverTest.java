package dev.talweg.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** What driver and tasks of one JVM hand to each other, {@link Desk} and {@link Lent}. */
class HandOverTest {
  private final JavaSparkContext context =
      JavaSparkContext.fromSparkContext(LocalSpark.session().sparkContext());

  @Test
  void aResultLeftOnTheDeskIsTheVeryObject() {
    double[] result = {1, 2};
    try (Desk desk = Desk.open()) {
      assertNull(desk.leave(3, result));
      assertSame(result, desk.<double[]>take(3, null));
    }
  }

  @Test
  void aTaskThatFindsNoDeskSendsItsResult() {
    double[] result = {1, 2};
    Desk closed = Desk.open();
    closed.close(); // as in another JVM, where it never was open
    assertSame(result, closed.leave(3, result));
    try (Desk desk = Desk.open()) {
      assertSame(result, desk.take(3, result));
    }
  }

  @Test
  void aResultThatNobodyLeftIsAnError() {
    try (Desk desk = Desk.open()) {
      assertThrows(IllegalStateException.class, () -> desk.take(0, null));
    }
  }

  @Test
  void allPartitionsArriveWithWhatWasLent() {
    double[] values = {1, 2, 3, 4};
    Lent<double[]> lent = Lent.to(context, values);
    List<Double> arrived = new ArrayList<>(List.of(0.0, 0.0, 0.0, 0.0));
    OrderedReduction.run(
        context.parallelize(List.of(0, 1, 2, 3), 4).map(i -> 10 * lent.value()[i]), arrived::set);
    assertEquals(List.of(10.0, 20.0, 30.0, 40.0), arrived);
    assertSame(values, lent.value());
    lent.takeBack();
    assertThrows(IllegalStateException.class, lent::value);
  }
}
