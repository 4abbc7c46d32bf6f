/**
 * What the estimators share, and no API of users: rows of a DataFrame, fits over them, and, in
 * {@link dev.talweg.ml.engine.SparkMl} alone, what touches Spark's private API.
 */
@NullMarked
package dev.talweg.ml.engine;

import org.jspecify.annotations.NullMarked;
