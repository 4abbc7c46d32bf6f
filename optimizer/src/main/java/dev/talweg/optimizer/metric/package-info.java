/** Sentence 4: validation by the same blocks; every metric is mergeable. */
@NullMarked
package dev.talweg.optimizer.metric;

import org.jspecify.annotations.NullMarked;
