/** What the Python package calls: runs on DataFrames, told of while they go on. */
@NullMarked
package dev.talweg.jobs.notebook;

import org.jspecify.annotations.NullMarked;
