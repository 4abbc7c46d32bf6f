/** Sentence 2: a minimizer is a function from state to state. */
@NullMarked
package dev.talweg.optimizer.minimizer;

import org.jspecify.annotations.NullMarked;
