package dev.talweg.optimizer.objective;

/**
 * The value and the gradient of an objective at one point; the gradient belongs to the receiver.
 */
public record Evaluation(double value, double[] gradient) {}
