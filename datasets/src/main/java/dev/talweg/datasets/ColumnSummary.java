package dev.talweg.datasets;

import org.jspecify.annotations.Nullable;

/**
 * What one column became and what its training rows hold.
 *
 * @param column the column, {@code log1p(amount)} where what follows is of transformed numbers
 * @param kind how it is encoded
 * @param features number of features it has in the model; 0 when it was dropped
 * @param missing training rows without a value
 * @param mean of the training rows that have a value, weighted; null for levels and vectors
 * @param deviation the population standard deviation, likewise
 * @param levels distinct levels in the training rows ; null for numbers, vectors and hashed columns
 */
public record ColumnSummary(
    String column,
    Kind kind,
    int features,
    long missing,
    @Nullable Double mean,
    @Nullable Double deviation,
    @Nullable Double minimum,
    @Nullable Double maximum,
    @Nullable Long levels) {}
