/** Sentence 5: few, flat kernels, checked once at the facade, with the same bits everywhere. */
@NullMarked
package dev.talweg.optimizer.kernel;

import org.jspecify.annotations.NullMarked;
