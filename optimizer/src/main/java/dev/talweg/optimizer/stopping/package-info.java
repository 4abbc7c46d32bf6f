/** Sentence 2: when a run ends, and why, as values. */
@NullMarked
package dev.talweg.optimizer.stopping;

import org.jspecify.annotations.NullMarked;
