/** Sentence 4, data is read once: examples as typed primitive blocks. */
@NullMarked
package dev.talweg.optimizer.block;

import org.jspecify.annotations.NullMarked;
