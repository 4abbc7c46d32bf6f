/** Names that people give, and globs that stand for several of them. */
@NullMarked
package dev.talweg.optimizer.naming;

import org.jspecify.annotations.NullMarked;
