package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;

/**
 * Amos (Tian and Parikh 2022): steps and decay that shrink by themselves, towards the size that a
 * tensor's parameters should have. Of each tensor v ← β v + (1 − β) ḡ² with ḡ² its mean square, r =
 * (1 − βᵗ)/(v + ε), ξ = η · √(2/columns) of a matrix and η/2 of a vector, γ = η² r ḡ²/√(1 + c √η
 * b); x ← x − (ξ √r u + γ x/2)/(1 + d √ξ b), b ← b + γ (1 + b). With a momentum the step is a
 * running mean of steps.
 *
 * <p>The paper's sizes of tensors are the model's to choose; these are pytorch_optimizer's.
 *
 * @param rate η
 * @param beta β, in [0, 1)
 * @param momentum in [0, 1)
 * @param epsilon ε, above 0
 * @param ofDecay c, at least 0
 * @param ofSteps d, at least 0
 */
public record Amos(
    Schedule rate, double beta, double momentum, double epsilon, double ofDecay, double ofSteps)
    implements TensorTransform<Amos.State> {
  private static final long serialVersionUID = 1L;

  public Amos {
    Ranges.checkShare("beta", beta);
    Ranges.checkShare("momentum", momentum);
    Ranges.checkAboveZero("epsilon", epsilon);
    Ranges.checkNotNegative("c", ofDecay);
    Ranges.checkNotNegative("d", ofSteps);
  }

  /** v and b of each tensor, the mean of steps (empty without momentum) and their number. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(double[] square, double[] shrunk, double[] mean, long steps) {}

  @Override
  public State init(Tensors tensors) {
    int count = tensors.tensors().size();
    double[] mean = new double[momentum > 0 ? tensors.dimension() : 0];
    return new State(new double[count], new double[count], mean, 0);
  }

  @Override
  public State update(double[] updates, State state, Step step) {
    double[] v = state.square();
    double[] b = state.shrunk();
    double[] mean = state.mean();
    long steps = state.steps() + 1;
    double eta = step.now(rate);
    double c = 1 - StrictMath.pow(beta, (double) steps);
    double[] x = step.parameters();
    int k = 0;
    for (Tensor tensor : step.tensors().tensors()) {
      double rms = Norms.rootMeanSquare(updates, tensor);
      v[k] += (1 - beta) * (rms * rms - v[k]);
      double r = c / (v[k] + epsilon);
      double xi = eta * (tensor.matrix() ? Math.sqrt(2.0 / tensor.columns()) : 0.5);
      double gamma = eta * eta * r * rms * rms / Math.sqrt(1 + ofDecay * Math.sqrt(eta) * b[k]);
      double factor = xi * Math.sqrt(r);
      double below = 1 + ofSteps * Math.sqrt(xi) * b[k];
      for (int j = tensor.from(); j < tensor.end(); j++) {
        double down = (factor * updates[j] + gamma / 2 * x[j]) / below;
        if (momentum > 0) {
          mean[j] += (1 - momentum) * (down - mean[j]);
          down = mean[j];
        }
        updates[j] = -down;
      }
      b[k] += gamma * (1 + b[k]);
      k++;
    }
    return new State(v, b, mean, steps);
  }

  @Override
  public double learningRate(long step) {
    return rate.at(step);
  }
}
