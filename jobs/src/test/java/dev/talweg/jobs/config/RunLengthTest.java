package dev.talweg.jobs.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talweg.datasets.RowRange;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What fits the length of a run, and what is said where it does not. */
class RunLengthTest {
  private static final String LEAST =
      """
      data: {train: data/credit.parquet, label: default}
      model: logistic
      output: runs/credit
      """;

  private static final String ALL_ROWS = "stopping: {max-iterations: 100}\n";

  /** Of 1,000 rows a hundred steps. */
  private static final String BATCHES = "batch: 100\nepochs: 10\n";

  private static String rate(String schedule) {
    return "optimizer: {kind: sgd, learning-rate: " + schedule + "}\n";
  }

  private static String cosine(long steps) {
    return rate("{kind: cosine, start: 0.1, steps: " + steps + "}");
  }

  /** All that is wrong with a configuration, be the rows counted or not. */
  private static String problems(String more, RowRange rows) {
    RunConfig config;
    try {
      config = ConfigReader.read("c.yaml", LEAST + more, List.of());
    } catch (ConfigException e) {
      return String.valueOf(e.getMessage());
    }
    return RunLength.misfits(config, rows).stream()
        .map(misfit -> misfit.path() + ": " + misfit.message())
        .collect(Collectors.joining("\n"));
  }

  private static String problems(String more) {
    return problems(more, RowRange.of(1000));
  }

  @ParameterizedTest
  @CsvSource({"98, true", "99, false", "100, false", "101, true"})
  void ofAllRowsAScheduleEndsWithTheStepsThatTheConfigurationSays(long steps, boolean wrong) {
    assertEquals(wrong, !problems(cosine(steps) + ALL_ROWS, RowRange.UNKNOWN).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"88, true", "89, false", "110, false", "111, true"})
  void ofBatchesItMayBeATenthOfTheStepsOff(long steps, boolean wrong) {
    assertEquals(wrong, !problems(cosine(steps) + BATCHES).isEmpty());
    assertEquals("", problems(cosine(steps) + BATCHES, RowRange.UNKNOWN));
  }

  @Test
  void bothNumbersAndBothRemediesAreSaid() {
    assertEquals(
        "c.yaml:4: optimizer.learning-rate: found cosine, which is of 10,000 steps, but the run has"
            + " 100; write steps: 100, or stopping.max-iterations: 10000",
        problems(cosine(10_000) + ALL_ROWS));
    assertEquals(
        "c.yaml:4: optimizer.learning-rate: found cosine, which is 0 after 20 steps, but the run has"
            + " 100; write steps: 100, or stopping.max-iterations: 20",
        problems(cosine(20) + ALL_ROWS));
    assertEquals(
        "optimizer.learning-rate: found cosine, which is of 250 steps, but the run has 100; write"
            + " steps: 100, or epochs: 25",
        problems(cosine(250) + BATCHES));
    assertEquals(
        "optimizer.learning-rate: found cosine, which is of 250 steps, but the run has at most 100;"
            + " write steps: 100, or epochs: 25",
        problems(cosine(250) + BATCHES, new RowRange(0, 1000)));
    assertEquals(
        "optimizer.learning-rate: found join, which is 0 after 40 steps, but the run has at least"
            + " 80; make it 80 steps long, or epochs: 5",
        problems(
            rate(
                    "{kind: join, schedules: [0.1, {kind: cosine, start: 0.1, steps: 30}], boundaries: [10]}")
                + BATCHES,
            new RowRange(800, 1000)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: linear, start: 0.1, end: 0.01, steps: 40} | a rate that stays above 0",
        "{kind: warm-up, then: 0.1, steps: 40} | a warm-up",
        "{kind: join, schedules: [{kind: cosine, start: 0.1, steps: 40}, 0.01], boundaries: [40]} | a tail",
        "{kind: cosine-wave, start: 0.1, steps: 40} | a rate that is 0 in passing",
        "{kind: cosine-restarts, start: 0.1, first: 400} | no end",
        "{kind: exponential, start: 0.1, factor: 0.5, every: 400} | no end",
        "{kind: one-cycle, peak: 0.1, steps: 100} | all of the run"
      })
  void whatIsAPlanIsNotRefused(String schedule, String what) {
    assertEquals("", problems(rate(schedule) + ALL_ROWS), what);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: one-cycle, peak: 0.1, steps: 40} | is over after 40 steps",
        "{kind: one-cycle, peak: 0.1, steps: 101} | is of 101 steps",
        "{kind: warm-up, then: 0.1, steps: 400} | is of 400 steps",
        "{kind: inverse-root, peak: 0.1, warmup: 400} | is of 400 steps",
        "{kind: multi-step, start: 0.1, milestones: [50, 400]} | is of 400 steps",
        "{kind: product, schedules: [0.1, {kind: linear, start: 1, steps: 40}]} | is 0 after 40 steps"
      })
  void whatIsLongerOrEndsTheRunBeforeItsEndIs(String schedule, String says) {
    String problem = problems(rate(schedule) + ALL_ROWS);
    assertEquals(says, problem.replaceAll("(?s).*which (.* steps), but the run has 100; .*", "$1"));
  }

  @Test
  void whereARunMayEndBeforeNoScheduleIsTooShort() {
    for (String early : List.of("gradient: 1e-3", "time: 1h")) {
      String stopping = "stopping: {max-iterations: 100, " + early + "}\n";
      assertEquals("", problems(cosine(20) + stopping));
      assertEquals(1, problems(cosine(200) + stopping).lines().count());
    }
  }

  @Test
  void otherParametersGroupsAndRoundsHaveSchedulesToo() {
    String momentum =
        "optimizer: {kind: momentum, momentum: {kind: one-cycle-momentum, steps: %d}}\n";
    assertEquals("", problems(momentum.formatted(100) + BATCHES));
    assertEquals(1, problems(momentum.formatted(40) + BATCHES).lines().count());
    String decay = "optimizer: {kind: sgd, weight-decay: {kind: linear, start: 0.1, steps: 40}}\n";
    assertEquals("", problems(decay + BATCHES)); // a decay that is 0 is a plan
    String group =
        "optimizer: {kind: sgd, groups: [{slices: weights, learning-rate: {kind: linear, start: 1,"
            + " steps: 400}}]}\n";
    assertEquals(
        "optimizer.groups.learning-rate", problems(group + BATCHES).replaceFirst(":.*", ""));
    String rounds = cosine(100) + BATCHES + "local-steps: 5\nlocal: {outer: {kind: sgd, %s}}\n";
    String outer = "learning-rate: {kind: cosine, start: 1, steps: %d}";
    assertEquals("", problems(rounds.formatted(outer.formatted(20))));
    assertEquals(
        "local.outer.learning-rate",
        problems(rounds.formatted(outer.formatted(40))).replaceFirst(":.*", ""));
  }

  /** As the rules' own clocks do: {@code Accumulate}, {@code SharpnessAware}. */
  @ParameterizedTest
  @CsvSource({
    "'accumulate: 4', 25",
    "'accumulate: 4, accumulate-clock: gradients', 100",
    "'sharpness: 0.05', 100",
    "'sharpness: 0.05, accumulate: 4', 25"
  })
  void schedulesCountTheStepsOfTheirRule(String around, long steps) {
    for (long length : new long[] {steps / 2, steps, 2 * steps}) {
      String rule = cosine(length).replace("kind: sgd", "kind: sgd, " + around);
      assertEquals(length != steps, !problems(rule + BATCHES).isEmpty(), rule);
    }
  }

  @Test
  void aBatchIsNoLargerThanTheDataUnlessItIsTheDefault() {
    String batch = "optimizer: sgd\nbatch: 1001\n";
    assertEquals(
        "batch: found 1,001, but there are 1,000 rows to train on; write batch: 1000 or fewer",
        problems(batch));
    assertEquals("", problems(batch, RowRange.of(1001)));
    assertEquals("", problems(batch, RowRange.UNKNOWN));
    RunConfig config = ConfigReader.read("c.yaml", LEAST + batch, List.of());
    ConfigException e =
        assertThrows(ConfigException.class, () -> RunLength.check(config, new RowRange(0, 1000)));
    assertEquals(
        "batch: found 1,001, but there are at most 1,000 rows to train on; write batch: 1000 or"
            + " fewer",
        e.getMessage());
    RunConfig net = ConfigReader.read("c.yaml", LEAST, List.of("model=perceptron"));
    assertEquals(128L, net.batch());
    RunLength.check(net, RowRange.of(40));
  }
}
