package dev.talweg.optimizer.minimizer;

/**
 * How a gradient flows through one slice of the parameters at one step; NaN where there is nothing
 * to measure.
 *
 * @param gradientNorm of the slice's part of the gradient
 * @param parameterNorm of the slice
 * @param updateRatio length of the last step within the slice, over the slice's own before it:
 *     about 1e-3 in a net that learns well
 * @param effectiveRate length of the last step over that of the gradient it followed: what a rule
 *     made of its learning rate
 * @param dead share of the slice's units that no row of the batch had a gradient for
 */
public record SliceFlow(
    long step,
    String slice,
    double gradientNorm,
    double parameterNorm,
    double updateRatio,
    double effectiveRate,
    double dead) {}
