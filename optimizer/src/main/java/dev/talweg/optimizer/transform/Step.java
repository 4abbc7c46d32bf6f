package dev.talweg.optimizer.transform;

/**
 * What a transform may know beside the updates.
 *
 * @param number from 0
 * @param value of the objective where the gradient was taken
 * @param parameters where it was taken; not to be changed or kept
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Step(long number, double value, double[] parameters) {}
