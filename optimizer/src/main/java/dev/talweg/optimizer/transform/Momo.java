package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * MoMo (Schaipp, Ohana, Eickenberg, Defazio and Gower, ICML 2024), a whole rule: momentum whose
 * rate is the one at which an average of the linear models of past batches reaches a lower bound f*
 * of the loss. With running means d of g, f̄ of f and γ of ⟨g, x⟩, D their metric, ρ = 1 − βᵗ (or
 * 1) and ν = 1 + η λ,
 *
 * <pre>τ = min(η/ρ, max(ν (f̄ − ρ f* − γ) + ⟨d, x⟩, 0)/⟨d, D⁻¹d⟩),   x ← (x − τ D⁻¹d)/ν.</pre>
 *
 * <p>MoMo-Adam has D = √(v/(1 − β₂ᵗ)) + ε, with v the running mean square. optax and momo-opt
 * differ in decay, and optax stops where ⟨d, D⁻¹d⟩ is below an ulp of 1.
 *
 * @param learningRate η, the largest rate
 * @param beta β, in [0, 1)
 * @param metric D; null for the Euclidean one
 * @param least f*, or what it is at least
 * @param still ⟨d, D⁻¹d⟩ up to which there is no step, at least 0
 * @param decay λ, at least 0
 */
public record Momo(
    Schedule learningRate,
    double beta,
    Means means,
    @Nullable Metric metric,
    double least,
    Source source,
    double still,
    double decay,
    Decay form)
    implements GradientTransform<Momo.State> {
  private static final long serialVersionUID = 1L;

  /** How the running means begin. */
  public enum Means {
    /** With the first batch; ρ = 1. */
    FROM_FIRST,
    /** With 0; ρ = 1 − βᵗ. */
    FROM_ZERO
  }

  /** Adam's metric: β₂ and ε. */
  public record Metric(double beta2, double epsilon) implements Serializable {
    private static final long serialVersionUID = 1L;

    public Metric {
      Ranges.checkShare("beta2", beta2);
      Ranges.checkAboveZero("epsilon", epsilon);
    }
  }

  /** Where f* comes from. */
  public enum Source {
    GIVEN,
    /** The value that the last model promised, halved where the models fall below it. */
    ESTIMATED
  }

  /** What decay does. */
  public enum Decay {
    /** (x − τ D⁻¹d)/ν: the paper's, and momo-opt's. */
    PROXIMAL,
    /** x/ν − τ D⁻¹d: optax'. */
    BESIDE,
    /** (1 − η λ) x − τ D⁻¹d: AdamW's, and momo-opt's without {@code divide}. */
    DECOUPLED
  }

  public Momo {
    Ranges.checkShare("beta", beta);
    Ranges.checkNotNegative("still", still);
    Ranges.checkNotNegative("decay", decay);
  }

  /** d, v (of MoMo-Adam), f̄, γ, f*, and the number of steps. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      double[] mean, double[] square, double value, double inner, double least, long steps) {}

  @Override
  public State init(int dimension) {
    return new State(
        new double[dimension], new double[metric == null ? 0 : dimension], 0, 0, least, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] d = state.mean();
    double[] x = step.parameters();
    int dimension = updates.length;
    long steps = state.steps() + 1;
    double eta = step.now(learningRate);
    boolean fromFirst = means == Means.FROM_FIRST;
    double rho = fromFirst ? 1 : 1 - StrictMath.pow(beta, (double) steps);
    double kept = fromFirst && steps == 1 ? 0 : beta;
    double value = kept * state.value() + (1 - kept) * step.value();
    double inner = kept * state.inner() + (1 - kept) * Norms.dot(updates, x, 0, dimension);
    for (int j = 0; j < dimension; j++) {
      d[j] = kept * d[j] + (1 - kept) * updates[j];
    }
    measure(updates, d, state.square(), steps);
    double norm = Norms.dot(d, updates, 0, dimension);
    double at = Norms.dot(d, x, 0, dimension);
    double nu = 1 + eta * decay;
    double floor = state.least();
    double reached = nu * (value - inner) + at;
    if (source == Source.ESTIMATED && reached < nu * rho * floor) {
      floor = Math.max(reached / (2 * nu * rho), least);
    }
    double gap = Math.max(nu * (value - rho * floor - inner) + at, 0);
    double tau = norm > still ? Math.min(eta / rho, gap / norm) : 0;
    if (source == Source.ESTIMATED) {
      floor = Math.max((value + at - inner - 0.5 * tau * norm) / rho, least);
    }
    move(updates, x, tau, eta * decay);
    return new State(d, state.square(), value, inner, floor, steps);
  }

  /** Puts D⁻¹d in the place of gradients. */
  private void measure(double[] updates, double[] d, double[] v, long steps) {
    if (metric == null) {
      System.arraycopy(d, 0, updates, 0, d.length);
      return;
    }
    double correction = 1 - StrictMath.pow(metric.beta2, (double) steps);
    for (int j = 0; j < d.length; j++) {
      v[j] = metric.beta2 * v[j] + (1 - metric.beta2) * updates[j] * updates[j];
      updates[j] = d[j] / (Math.sqrt(v[j] / correction) + metric.epsilon);
    }
  }

  private void move(double[] updates, double[] x, double tau, double pull) {
    double ofStep = form == Decay.PROXIMAL ? tau / (1 + pull) : tau;
    double ofParameters = form == Decay.DECOUPLED ? pull : pull / (1 + pull);
    for (int j = 0; j < updates.length; j++) {
      updates[j] = -ofStep * updates[j] - ofParameters * x[j];
    }
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
