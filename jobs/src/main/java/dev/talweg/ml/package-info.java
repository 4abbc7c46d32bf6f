/**
 * {@code spark.ml} with Talweg underneath: the classes of {@code dev.talweg.ml.classification} and
 * {@code dev.talweg.ml.regression} are those of {@code org.apache.spark.ml} of the same names, with
 * another {@code fit}. docs/spark-ml.md says what is the same and what is not.
 */
@NullMarked
package dev.talweg.ml;

import org.jspecify.annotations.NullMarked;
