/** What a person sees while a run goes on, and the only place that prints. */
@NullMarked
package dev.talweg.jobs.console;

import org.jspecify.annotations.NullMarked;
