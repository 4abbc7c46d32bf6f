package dev.talweg.optimizer.transform;

/** The state of a transform that remembers nothing. */
public record Stateless() {}
