/** Sentence 1: a loss says what one margin contributes. */
@NullMarked
package dev.talweg.optimizer.loss;

import org.jspecify.annotations.NullMarked;
