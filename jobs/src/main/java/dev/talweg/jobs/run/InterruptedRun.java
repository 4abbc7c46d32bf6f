package dev.talweg.jobs.run;

/** A run was asked to stop, and left a checkpoint to go on from. */
public final class InterruptedRun extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InterruptedRun(long step, String checkpoint) {
    super(
        "interrupted after step "
            + step
            + "; the checkpoint is "
            + checkpoint
            + "; run the same command with --resume to go on");
  }
}
