package dev.talweg.jobs.run;

import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.cluster.ClusterPasses;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.transform.Chain;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * An objective over the cluster with the minimizer that the configuration asks for.
 *
 * @param epochs how many epochs a step is
 * @param validateEvery steps between two looks at the validation rows
 * @param mostSteps the steps that the configured epochs are, or {@code Long.MAX_VALUE}
 * @param passes products with the data so far
 * @param bytes reduced so far
 */
record Optimization<F, S extends Record & Minimizer.State>(
    Minimizer<F, S> minimizer,
    F objective,
    double epochs,
    long validateEvery,
    long mostSteps,
    DoubleSupplier passes,
    LongSupplier bytes) {

  /** Of the problem that the training rows pose. */
  static Optimization<?, ?> of(RunConfig config, LinearTraining training) {
    if (config.optimizer().kind().equals("lbfgs")) {
      ClusterPasses passes = training.passes();
      return new Optimization<LinearObjective, Lbfgs.State>(
          new Lbfgs((int) config.optimizer().settings().integer("memory"), 5),
          training.problem(),
          1,
          1,
          Long.MAX_VALUE,
          passes::passes,
          passes::bytesReduced);
    }
    Descent descent = new Descent(chain(config));
    if (config.batch() == null) {
      ClusterPasses passes = training.passes();
      return new Optimization<BatchObjective, Descent.State>(
          descent,
          BatchObjective.full(training.problem()),
          1,
          1,
          Long.MAX_VALUE,
          passes::passes,
          passes::bytesReduced);
    }
    ClusterBatches batches = training.batches(config.batch(), config.seed());
    long steps = batches.stepsPerEpoch();
    long epochs = config.epochs() == null ? 1 : config.epochs();
    return new Optimization<BatchObjective, Descent.State>(
        descent,
        batches,
        1.0 / steps,
        steps,
        epochs * steps,
        batches::passes,
        batches::bytesReduced);
  }

  private static Chain chain(RunConfig config) {
    return Catalog.optimizers().stream()
        .filter(entry -> entry.name().equals(config.optimizer().kind()))
        .findFirst()
        .orElseThrow()
        .factory()
        .apply(config.optimizer().settings());
  }
}
