package dev.talweg.jobs.console;

import dev.talweg.datasets.IngestReport;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Several that see the same run, each in turn: what they show, write to an event log or hand to a
 * notebook is nobody's secret.
 *
 * @param shown a text as it may be shown
 */
public record Observers(List<RunObserver> all, UnaryOperator<String> shown) implements RunObserver {
  public Observers {
    all = List.copyOf(all);
  }

  @Override
  public void phaseStarted(Phase phase) {
    all.forEach(each -> each.phaseStarted(phase));
  }

  @Override
  public void phaseEnded(Phase phase, double seconds) {
    all.forEach(each -> each.phaseEnded(phase, seconds));
  }

  @Override
  public void note(String text) {
    all.forEach(each -> each.note(shown.apply(text)));
  }

  @Override
  public void warning(String text) {
    all.forEach(each -> each.warning(shown.apply(text)));
  }

  @Override
  public void dataRead(IngestReport report, int features, int partitions) {
    all.forEach(each -> each.dataRead(report, features, partitions));
  }

  @Override
  public void planned(Plan plan) {
    all.forEach(each -> each.planned(plan));
  }

  @Override
  public void iteration(IterationRecord record) {
    all.forEach(each -> each.iteration(record));
  }

  @Override
  public void checkpointWritten(long step, String path) {
    all.forEach(each -> each.checkpointWritten(step, shown.apply(path)));
  }

  @Override
  public void ended(String status, String describe) {
    all.forEach(each -> each.ended(status, shown.apply(describe)));
  }
}
