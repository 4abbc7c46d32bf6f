/** Sentence 7: what a run is asked to do, as a checked value. */
@NullMarked
package dev.talweg.jobs.config;

import org.jspecify.annotations.NullMarked;
