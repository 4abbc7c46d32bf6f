/** Breeze both ways: its minimizers over our objectives, and its functions as our objectives. */
@NullMarked
package dev.talweg.jobs.breeze;

import org.jspecify.annotations.NullMarked;
