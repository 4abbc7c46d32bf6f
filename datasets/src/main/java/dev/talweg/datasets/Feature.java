package dev.talweg.datasets;

import org.jspecify.annotations.Nullable;

/**
 * One feature of the model.
 *
 * @param name for people: {@code amount}, {@code amount is missing}, {@code sex=male}
 * @param column the column it comes from
 * @param level the level it stands for where it is one of a dictionary, else null
 * @param standardized whether it is a numeric scalar, penalized on its standardized scale
 */
public record Feature(
    String name, String column, @Nullable String level, Kind kind, boolean standardized) {}
