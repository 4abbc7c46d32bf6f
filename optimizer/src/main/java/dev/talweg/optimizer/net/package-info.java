/** Perceptrons: layers between the first products with the features and the margins. */
@NullMarked
package dev.talweg.optimizer.net;

import org.jspecify.annotations.NullMarked;
