/**
 * Sentence 5, kernels: those in the lanes of the Vector API. The one package that is compiled with
 * that module; elsewhere its import is an error of the compiler.
 */
@NullMarked
package dev.talweg.optimizer.kernel.panama;

import org.jspecify.annotations.NullMarked;
