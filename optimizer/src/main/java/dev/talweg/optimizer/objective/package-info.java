/**
 * Sentence 1: an objective sums blocks; whether they are in a list or on a cluster is its secret.
 */
@NullMarked
package dev.talweg.optimizer.objective;

import org.jspecify.annotations.NullMarked;
