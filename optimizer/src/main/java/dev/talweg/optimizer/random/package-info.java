/** Counter-based randomness: a hash of what it depends on, so a retried task draws the same. */
@NullMarked
package dev.talweg.optimizer.random;

import org.jspecify.annotations.NullMarked;
