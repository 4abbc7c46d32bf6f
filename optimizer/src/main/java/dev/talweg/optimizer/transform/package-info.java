/** Sentence 3: first-order methods are chains of transforms. */
@NullMarked
package dev.talweg.optimizer.transform;

import org.jspecify.annotations.NullMarked;
