package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import java.nio.file.Path;
import java.util.List;

/** A run that was interrupted and went on. */
final class CutRun {
  private CutRun() {}

  /**
   * Trains until a step, where it is interrupted, and from the last checkpoint to the end.
   *
   * @param dir for {@code {dir}} in the configuration
   * @param until a step that the run reaches
   */
  static RunSummary resumed(Path dir, String yaml, long until) {
    RunConfig config = cut(dir, yaml, until);
    RunSummary resumed =
        train(config, RunOptions.Start.RESUME, RunObserver.silent(), new Interrupt());
    assertEquals(1, resumed.interruptedAndResumed());
    return resumed;
  }

  /** Trains until a step, where it is interrupted. */
  static RunConfig cut(Path dir, String yaml, long until) {
    RunConfig config =
        ConfigReader.read("config", yaml.replace("{dir}", dir.toString()), List.of());
    Interrupt interrupt = new Interrupt();
    RunObserver observer =
        new RunObserver() {
          @Override
          public void iteration(IterationRecord record) {
            if (record.step() == until) {
              interrupt.request();
            }
          }
        };
    assertThrows(
        InterruptedRun.class, () -> train(config, RunOptions.Start.FRESH, observer, interrupt));
    return config;
  }

  private static RunSummary train(
      RunConfig config, RunOptions.Start start, RunObserver observer, Interrupt interrupt) {
    return TrainingRun.train(
        LocalSpark.session(),
        config,
        new RunOptions(start, RunOptions.Existing.REFUSE),
        observer,
        interrupt);
  }
}
