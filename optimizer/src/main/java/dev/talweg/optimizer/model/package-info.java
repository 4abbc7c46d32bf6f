/** Sentence 1: a model says how parameters and a block of examples give margins and a gradient. */
@NullMarked
package dev.talweg.optimizer.model;

import org.jspecify.annotations.NullMarked;
