/** Regressions of {@code org.apache.spark.ml.regression}, trained by Talweg. */
@NullMarked
package dev.talweg.ml.regression;

import org.jspecify.annotations.NullMarked;
