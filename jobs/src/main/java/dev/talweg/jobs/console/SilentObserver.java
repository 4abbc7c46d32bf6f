package dev.talweg.jobs.console;

/** For library use and tests. */
record SilentObserver() implements RunObserver {
  @Override
  public void phaseStarted(Phase phase) {}

  @Override
  public void phaseEnded(Phase phase, double seconds) {}

  @Override
  public void note(String text) {}

  @Override
  public void warning(String text) {}

  @Override
  public void planned(Plan plan) {}

  @Override
  public void iteration(IterationRecord record) {}

  @Override
  public void checkpointWritten(long step, String path) {}
}
