package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.minimizer.Minimizer;
import java.util.List;

/**
 * Optimizers that have something in common.
 *
 * @param when one sentence: when to reach for them
 */
public record Family(String name, String when, List<Entry<Minimizer<?, ?>>> optimizers) {}
