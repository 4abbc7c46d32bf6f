/** Talweg beside its peers on one machine, by turns: {@code scripts/bench}, docs/benchmarks.md. */
@NullMarked
package dev.talweg.jobs.bench;

import org.jspecify.annotations.NullMarked;
