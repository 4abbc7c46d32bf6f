package dev.talweg.optimizer;

import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import java.util.List;

/** First-order methods by the names people know them by: each a sentence of transforms. */
public final class Optimizers {
  private Optimizers() {}

  /** x ← x − η g (Robbins and Monro 1951). */
  public static Chain sgd(Schedule learningRate) {
    return Chain.of(List.of(new ScaleByLearningRate(learningRate)));
  }

  /** v ← μ v + g, x ← x − η v (Polyak 1964), or with Nesterov's look-ahead. */
  public static Chain momentum(Schedule learningRate, double decay, Momentum.Form form) {
    return new Momentum(decay, form).then(new ScaleByLearningRate(learningRate));
  }

  /** Kingma and Ba 2015. */
  public static Chain adam(Schedule learningRate, double beta1, double beta2, double epsilon) {
    return new ScaleByAdam(beta1, beta2, epsilon).then(new ScaleByLearningRate(learningRate));
  }

  /** The same with the usual β₁ = 0.9, β₂ = 0.999, ε = 1e-8. */
  public static Chain adam(Schedule learningRate) {
    return adam(learningRate, 0.9, 0.999, 1e-8);
  }

  /** Adam with decoupled decay of all parameters (Loshchilov and Hutter 2019). */
  public static Chain adamW(Schedule learningRate, double decay) {
    return new ScaleByAdam(0.9, 0.999, 1e-8)
        .then(new AddDecayedWeights(decay))
        .then(new ScaleByLearningRate(learningRate));
  }
}
