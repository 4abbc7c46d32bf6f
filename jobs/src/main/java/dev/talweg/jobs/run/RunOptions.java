package dev.talweg.jobs.run;

/** How a run treats what is already there; no part of its configuration. */
public record RunOptions(Start start, Existing existing, Attempt attempt) {

  /** Where optimizing begins. */
  public enum Start {
    /** At the model's start or the configured warm start; older checkpoints are discarded. */
    FRESH,
    /** At the newest intact checkpoint of the same configuration and data, if there is one. */
    RESUME
  }

  /** What to do when the output directory exists. */
  public enum Existing {
    REFUSE,
    REPLACE,
    /**
     * Nothing, if it is a finished run of the same configuration and the same data; any other
     * output is refused.
     */
    SKIP
  }

  /** Of a run that only its user starts again. */
  public RunOptions(Start start, Existing existing) {
    this(start, existing, Attempt.ONLY);
  }

  /** A fresh run that overwrites nothing. */
  public static RunOptions standard() {
    return new RunOptions(Start.FRESH, Existing.REFUSE);
  }

  /** The same for an attempt of an application. */
  public RunOptions of(Attempt which) {
    return new RunOptions(start, existing, which);
  }
}
