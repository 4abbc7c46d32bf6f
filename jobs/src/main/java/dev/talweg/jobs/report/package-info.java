/** Sentence 7: one self-contained page that shows what a run did. */
@NullMarked
package dev.talweg.jobs.report;

import org.jspecify.annotations.NullMarked;
