/**
 * Sentence 7, while a run is under way: the tab of the Spark UI and of the History Server, and
 * metrics for Spark's sinks. The only package that knows Spark's own ({@code private[spark]}) types
 * for these.
 */
@NullMarked
package dev.talweg.jobs.monitor;

import org.jspecify.annotations.NullMarked;
