package dev.talweg.jobs.run;

import dev.talweg.datasets.Ingested;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.stopping.GapBelow;
import dev.talweg.optimizer.stopping.GapEstimateBelow;
import dev.talweg.optimizer.stopping.GradientBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.stopping.TimeBudget;
import java.util.function.ToDoubleFunction;

/** When a run ends: the configuration's {@code stopping} as rules. */
final class Stopping {
  private Stopping() {}

  /** The largest number of steps. */
  static long limit(RunConfig config, Optimization<?, ?> optimization) {
    Long most = config.stopping().maxIterations();
    return Math.min(optimization.mostSteps(), most == null ? Long.MAX_VALUE : most);
  }

  /**
   * Proves how near parameters are to the optimum, relative, for states that cannot; NaN where
   * nothing asks for it, or nothing is proven.
   */
  static ToDoubleFunction<double[]> proof(
      RunConfig config, Optimization<?, ?> optimization, Training training) {
    boolean needed =
        config.stopping().gap() != null
            && optimization.objective() instanceof BatchObjective
            && training.penalty().certifies();
    return parameters ->
        needed
            ? training.certify(parameters).map(Certificate::relativeGap).orElse(Double.NaN)
            : Double.NaN;
  }

  static StoppingRule rule(
      RunConfig config,
      Optimization<?, ?> optimization,
      Training training,
      Evaluations.Watched watched) {
    RunConfig.Stopping stopping = config.stopping();
    StoppingRule rule = new MaxIterations(limit(config, optimization));
    if (stopping.time() != null) {
      rule = new TimeBudget(stopping.time().toMillis() / 1000.0).or(rule);
    }
    if (stopping.patience() != null && watched.available()) {
      rule =
          new Patience(
                  watched.name(),
                  stopping.patience().rounds(),
                  watched.better(),
                  stopping.patience().tolerance())
              .or(rule);
    }
    if (stopping.gradient() != null) {
      rule = new GradientBelow(stopping.gradient()).or(rule);
    }
    if (stopping.gap() != null) {
      // without a penalty on every weight there is no bound, only the estimate
      boolean proven = training.penalty().certifies();
      rule =
          (proven ? new GapBelow(stopping.gap()) : new GapEstimateBelow(stopping.gap())).or(rule);
    }
    return rule;
  }

  static RunObserver.Plan plan(
      RunConfig config,
      Optimization<?, ?> optimization,
      Ingested data,
      Evaluations.Watched watched) {
    long limit = limit(config, optimization);
    return new RunObserver.Plan(
        data.report().trainRows(),
        limit == Long.MAX_VALUE ? 0 : limit,
        watched.available() ? watched.metric().name() : null,
        config.stopping().gap());
  }
}
