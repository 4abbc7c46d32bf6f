/**
 * Sentence 6: immutable between Spark jobs, mutable within a task; the same bits on any number of
 * executors.
 */
@NullMarked
package dev.talweg.jobs.cluster;

import org.jspecify.annotations.NullMarked;
