/** Sentences 6 and 7: training over Spark, and everything a run writes to explain itself. */
@NullMarked
package dev.talweg.jobs;

import org.jspecify.annotations.NullMarked;
