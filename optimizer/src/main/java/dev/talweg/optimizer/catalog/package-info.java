/** Names for configuration: the one line besides the one file. */
@NullMarked
package dev.talweg.optimizer.catalog;

import org.jspecify.annotations.NullMarked;
