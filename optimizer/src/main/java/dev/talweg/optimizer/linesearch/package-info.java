/** How far to go along a direction, as the libraries decide it. */
@NullMarked
package dev.talweg.optimizer.linesearch;

import org.jspecify.annotations.NullMarked;
