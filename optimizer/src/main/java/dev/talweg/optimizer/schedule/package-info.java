/** Sentence 3: rates as functions of the step. */
@NullMarked
package dev.talweg.optimizer.schedule;

import org.jspecify.annotations.NullMarked;
