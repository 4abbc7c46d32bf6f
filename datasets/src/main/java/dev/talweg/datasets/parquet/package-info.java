/** Columns of vectors, straight from the pages of Parquet files. */
@NullMarked
package dev.talweg.datasets.parquet;

import org.jspecify.annotations.NullMarked;
