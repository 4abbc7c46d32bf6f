package dev.talweg.optimizer.catalog;

import java.util.List;
import java.util.Map;

/**
 * Slices of the parameters that a rule has settings of their own for: a parameter group.
 *
 * @param slices names or globs
 * @param rateFactor by which the rule's learning rate is multiplied
 * @param settings of the rule that differ, by parameter name
 */
public record SliceGroup(List<String> slices, double rateFactor, Map<String, Object> settings) {}
