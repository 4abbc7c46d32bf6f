package dev.talweg.jobs.run;

/** A run was asked to stop, and did. */
public final class InterruptedRun extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Before the first step. */
  InterruptedRun() {
    super("interrupted while the data was read; nothing was written: the same command starts anew");
  }

  InterruptedRun(long step, String checkpoint) {
    super(
        "interrupted after step "
            + step
            + "; the checkpoint is "
            + checkpoint
            + "; run the same command with --resume to go on");
  }
}
