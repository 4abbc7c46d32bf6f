package dev.talweg.jobs.bench;

import dev.talweg.jobs.console.Observers;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.monitor.RunMonitor;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What the tab "Talweg", its events in the log and its metrics take from a run of many short steps.
 * A run always has one monitor; the other side has {@value #MORE} more, since what one costs is
 * lost in the noise.
 */
record MonitorCase() implements Case {
  private static final int MORE = 20;

  private static final String YAML =
      """
      data:
        train: datasets/samples/uci-default/UCI_Credit_Card.csv
        label: default.payment.next.month
        keys: [ID]
        validation: {fraction: 0.2}
      model: logistic
      optimizer: {kind: adam, learning-rate: 1e-2}
      batch: 64
      epochs: 10
      """;

  @Override
  public String name() {
    return "monitor";
  }

  @Override
  public String what() {
    return "3,750 steps of Adam on the rows of `quickstart`, batches of 64 rows, with a Spark UI and"
        + " an event log; `monitored`: with "
        + MORE
        + " more of the monitors that every run has one of. Seconds of optimizing.";
  }

  @Override
  public Map<String, String> settings(Path data) {
    return Map.of(
        "spark.ui.enabled", "true",
        "spark.ui.port", "0",
        "spark.eventLog.enabled", "true",
        "spark.eventLog.dir", data.toUri().toString());
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    turns.run(
        name(),
        List.of(contender("talweg", 0, workspace), contender("monitored", MORE, workspace)));
  }

  private Turns.Contender contender(String side, int more, Workspace workspace) {
    return new Turns.Contender(
        side,
        List.of(""),
        Map.of(),
        clock -> {
          Stream<RunObserver> monitors =
              Stream.generate(
                      () ->
                          RunMonitor.of(
                              workspace.spark().sparkContext(), "more", "logistic", "none"))
                  .limit(more);
          List<RunObserver> all =
              Stream.concat(Stream.of(new Optimizing(clock)), monitors).toList();
          RunSummary run =
              TalwegSide.train(
                  workspace.spark(),
                  YAML,
                  workspace.run(name()),
                  new Observers(all, UnaryOperator.identity()));
          Map<String, Object> found = new LinkedHashMap<>();
          found.put("iterations", run.iterations());
          return new Side.Fitted(found, Map::of);
        });
  }

  /** The clock of one phase. */
  private record Optimizing(Clock clock) implements RunObserver {
    @Override
    public void phaseStarted(Phase phase) {
      if (phase == Phase.OPTIMIZE) {
        clock.start();
      }
    }

    @Override
    public void phaseEnded(Phase phase, double seconds) {
      if (phase == Phase.OPTIMIZE) {
        clock.stop();
      }
    }
  }
}
