package dev.talweg.datasets;

import org.jspecify.annotations.Nullable;

/**
 * The label of the training rows.
 *
 * @param positive the value that became 1, null for real labels
 * @param negative the value (or values) that became 0, null for real labels
 * @param mean weighted mean: the rate of positives for two classes, NaN for more
 * @param deviation weighted population standard deviation
 */
public record LabelSummary(
    String column,
    LabelKind kind,
    @Nullable String positive,
    @Nullable String negative,
    double mean,
    double deviation) {}
