/** Sentence 7, a run explains itself: training, checkpoints, publication, saved models. */
@NullMarked
package dev.talweg.jobs.run;

import org.jspecify.annotations.NullMarked;
