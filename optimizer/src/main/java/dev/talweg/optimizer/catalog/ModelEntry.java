package dev.talweg.optimizer.catalog;

import java.util.List;

/**
 * A kind of model that a configuration can ask for.
 *
 * @param summary one line: what it is
 * @param reference equation or paper
 * @param losses it can be trained with, its own first
 */
public record ModelEntry(String name, String summary, String reference, List<String> losses) {}
