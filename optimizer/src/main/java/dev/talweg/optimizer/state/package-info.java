/** Sentence 2: checkpoint and resume are derived from the state, once. */
@NullMarked
package dev.talweg.optimizer.state;

import org.jspecify.annotations.NullMarked;
