/** Tests that start the product as a user does. */
@NullMarked
package dev.talweg.jobs.process;

import org.jspecify.annotations.NullMarked;
