package dev.talweg.optimizer.catalog;

import java.util.List;
import java.util.function.Function;

/**
 * A named thing a configuration can ask for.
 *
 * @param summary one line: what it is
 * @param reference equation or paper
 */
public record Entry<T>(
    String name,
    String summary,
    String reference,
    List<Parameter> parameters,
    Function<Settings, T> factory) {}
