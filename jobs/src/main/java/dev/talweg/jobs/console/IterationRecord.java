package dev.talweg.jobs.console;

import org.jspecify.annotations.Nullable;

/**
 * One row of the {@code iterations/} table.
 *
 * @param epoch passes over the training rows that steps have used, as a fraction
 * @param seconds wall time since optimizing began
 * @param gap an upper bound of (value − optimum)/|value|, null where there is none
 * @param probes evaluations of the objective or a ray, counted from the start
 * @param passes passes over the data, counted from the start
 * @param bytesReduced bytes of gradients that executors sent, counted from the start
 */
public record IterationRecord(
    long step,
    double epoch,
    double seconds,
    double objective,
    double gradientNorm,
    double stepLength,
    @Nullable Double learningRate,
    @Nullable Double gap,
    long probes,
    long passes,
    @Nullable Double trainMetric,
    @Nullable Double validationMetric,
    long bytesReduced) {}
