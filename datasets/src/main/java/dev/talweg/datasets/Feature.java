package dev.talweg.datasets;

import org.jspecify.annotations.Nullable;

/**
 * One feature of the model.
 *
 * @param name for people: {@code amount}, {@code log1p(amount)}, {@code amount is missing}, {@code
 *     sex=male}
 * @param column the column it comes from
 * @param level the level it stands for where it is one of a dictionary, the entry or bucket where
 *     only those seen in training are features, else null
 */
public record Feature(String name, String column, @Nullable String level, Kind kind) {}
