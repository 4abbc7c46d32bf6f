package dev.talweg.optimizer.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Cosine;
import dev.talweg.optimizer.schedule.Join;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What schedules say of all their rates is true of each: a new one is enrolled by its line. */
class ScheduleEntriesTest {
  private static final int STEPS = 100;
  private static final Schedule COSINE = new Cosine(0.1, 20);
  private static final Schedule FLAT_THEN_COSINE =
      new Join(List.of(new Constant(0.1), COSINE), List.of(10L));

  /** A schedule by what is no default, and the step from which it stays; 0 where it does not. */
  private record Example(String kind, Map<String, Object> written, long horizon) {
    Schedule schedule() {
      Entry<Schedule> entry =
          Catalog.schedules().stream().filter(e -> e.name().equals(kind)).findFirst().orElseThrow();
      Map<String, Object> values = new LinkedHashMap<>();
      for (Parameter parameter : entry.parameters()) {
        Object byDefault = parameter.byDefault();
        if (byDefault != null) {
          values.put(parameter.name(), byDefault);
        }
      }
      values.putAll(written);
      return entry.factory().apply(new Settings(values));
    }
  }

  static Stream<Example> examples() {
    return Stream.of(
        new Example("constant", Map.of("value", 0.1), 0),
        new Example("step", Map.of("start", 0.1, "every", 10), 0),
        new Example("exponential", Map.of("start", 0.1, "factor", 0.9), 0),
        new Example("linear", Map.of("start", 0.1, "steps", 20), 20),
        new Example("linear", Map.of("start", 0, "end", 0.1, "steps", 20), 20),
        new Example("cosine", Map.of("start", 0.1, "steps", 20), 20),
        new Example("warmup-cosine", Map.of("peak", 0.1, "warmup", 5, "steps", 20), 20),
        new Example("multi-step", Map.of("start", 0.1, "milestones", List.of(20, 5)), 20),
        new Example(
            "piecewise",
            Map.of("boundaries", List.of(5, 20), "values", List.of(0.1, 0.2, 0.05)),
            20),
        new Example(
            "interpolated",
            Map.of("knots", List.of(0, 5, 19.5), "values", List.of(0.1, 0.3, 0)),
            20),
        new Example("polynomial", Map.of("start", 0.1, "steps", 20), 20),
        new Example("polynomial", Map.of("start", 0.1, "steps", 15, "tail", "cycle"), 0),
        new Example("inverse-time", Map.of("start", 0.1), 0),
        new Example("inverse-root", Map.of("peak", 0.1, "warmup", 5), 5),
        new Example("cosine-wave", Map.of("start", 0.1, "steps", 20), 0),
        new Example("cosine-restarts", Map.of("start", 0.1, "first", 20, "growth", 1.5), 0),
        new Example("one-cycle", Map.of("peak", 0.1, "steps", 20), 19),
        new Example("one-cycle-momentum", Map.of("steps", 20), 19),
        new Example("cyclic", Map.of("base", 0.01, "peak", 0.1, "up", 5, "down", 6), 0),
        new Example(
            "warmup-stable-decay", Map.of("peak", 0.1, "warmup", 5, "decay", 5, "steps", 20), 20),
        new Example("plateau", Map.of("start", 0.1), 0),
        new Example("warm-up", Map.of("then", new Constant(0.1), "steps", 20), 20),
        new Example("warm-up", Map.of("then", FLAT_THEN_COSINE, "steps", 5), 30),
        new Example(
            "join",
            Map.of("schedules", List.of(new Cosine(0.2, 8), COSINE), "boundaries", List.of(5)),
            25),
        new Example("product", Map.of("schedules", List.of(0.5, COSINE)), 20),
        new Example("at-least", Map.of("then", COSINE, "floor", 1e-4), 20));
  }

  private static double[] rates(Schedule schedule) {
    return LongStream.range(0, STEPS).mapToDouble(schedule::at).toArray();
  }

  @Test
  void everyScheduleIsHere() {
    assertEquals(
        Catalog.schedules().stream().map(Entry::name).toList(),
        examples().map(Example::kind).distinct().toList());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theLargestRateIsTheMost(Example example) {
    Schedule schedule = example.schedule();
    assertEquals(Arrays.stream(rates(schedule)).max().orElseThrow(), schedule.most());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void atItsHorizonAScheduleHasComeToItsEnd(Example example) {
    Schedule schedule = example.schedule();
    double[] rates = rates(schedule);
    assertEquals(example.horizon, schedule.horizon());
    int end = (int) example.horizon;
    double[] after = Arrays.copyOfRange(rates, end, STEPS);
    boolean still = Arrays.stream(after).allMatch(rate -> rate == after[0]);
    if (end == 0) {
      assertEquals(List.of("constant", "plateau").contains(example.kind), still);
    } else if (example.kind.equals("inverse-root")) {
      assertTrue(rates[end - 1] > rates[end - 2] && rates[end - 1] > rates[end], "it falls now");
    } else {
      assertTrue(still, Arrays.toString(after));
      assertNotEquals(rates[end - 2], after[0], "it was not there before"); // of whole steps
    }
  }

  @Test
  void aShareMayNotGrowToOneByASchedule() {
    Parameter share = Parameters.shareOrSchedule("momentum", 0.9, "Share.");
    assertTrue(share.accepts().test(new Constant(0.99)));
    for (Object wrong : List.of(1, -0.1, new Constant(1), new Constant(1.5))) {
      assertEquals(false, share.accepts().test(wrong), wrong.toString());
    }
  }
}
