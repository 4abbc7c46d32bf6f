/**
 * Sentence 4, data is read once: from files of any format to typed blocks, with everything the run
 * must know of them.
 */
@NullMarked
package dev.talweg.datasets;

import org.jspecify.annotations.NullMarked;
