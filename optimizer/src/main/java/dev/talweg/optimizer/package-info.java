/** The optimizer: models, losses, objectives and minimizers, with no Spark on its class path. */
@NullMarked
package dev.talweg.optimizer;

import org.jspecify.annotations.NullMarked;
