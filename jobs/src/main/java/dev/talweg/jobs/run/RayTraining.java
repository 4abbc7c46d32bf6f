package dev.talweg.jobs.run;

import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.objective.LinearObjective.Certificate;
import dev.talweg.optimizer.objective.Penalty;
import dev.talweg.optimizer.objective.RayObjective;
import dev.talweg.optimizer.transform.Norms;
import java.util.Optional;

/** The objective of a model whose margins are linear in its parameters. */
interface RayTraining extends Training {
  RayObjective problem();

  @Override
  default double[] start(RunConfig config) {
    return problem().prior();
  }

  @Override
  default Penalty penalty() {
    return problem().penalty();
  }

  @Override
  default Optional<Certificate> certify(double[] parameters) {
    return problem().certify(parameters);
  }

  @Override
  default String uncertified() {
    return "without a penalty on every weight there is no dual point at hand";
  }

  @Override
  default double gradientNorm(double[] parameters) {
    double[] gradient = problem().evaluate(parameters).gradient();
    return Norms.euclidean(gradient, 0, gradient.length);
  }
}
