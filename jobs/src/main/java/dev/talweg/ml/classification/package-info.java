/** Classifiers of {@code org.apache.spark.ml.classification}, trained by Talweg. */
@NullMarked
package dev.talweg.ml.classification;

import org.jspecify.annotations.NullMarked;
