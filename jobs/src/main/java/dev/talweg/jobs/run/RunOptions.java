package dev.talweg.jobs.run;

/**
 * What one invocation asks of a run, beside its configuration.
 *
 * @param resume continue from the last checkpoint, if there is one
 * @param overwrite replace an output that exists
 */
public record RunOptions(boolean resume, boolean overwrite) {}
