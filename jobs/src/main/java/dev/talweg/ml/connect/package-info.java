/** Talweg behind Spark Connect: what a server is told, and nothing else. */
@NullMarked
package dev.talweg.ml.connect;

import org.jspecify.annotations.NullMarked;
