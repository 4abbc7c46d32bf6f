package dev.talweg.optimizer.transform;

import dev.talweg.optimizer.schedule.Schedule;
import java.util.Arrays;

/**
 * Adagrad with a proximal step in its own metric (Duchi, Hazan and Singer 2011), TensorFlow's form
 * and a whole rule: a ← a + g², r = η/√a, z = x − r g, x ← sign(z) max(|z| − r λ₁, 0)/(1 + r λ₂).
 *
 * @param learningRate η
 * @param initial a before the first step, at least 0
 * @param l1 λ₁, at least 0
 * @param l2 λ₂, at least 0
 */
public record ProximalAdagrad(Schedule learningRate, double initial, double l1, double l2)
    implements GradientTransform<ScaleByAdagrad.State> {
  private static final long serialVersionUID = 1L;

  public ProximalAdagrad {
    Ranges.checkNotNegative("initial", initial);
    Ranges.checkNotNegative("l1", l1);
    Ranges.checkNotNegative("l2", l2);
  }

  @Override
  public ScaleByAdagrad.State init(int dimension) {
    double[] sum = new double[dimension];
    Arrays.fill(sum, initial);
    return new ScaleByAdagrad.State(sum);
  }

  @Override
  public ScaleByAdagrad.State update(double[] updates, ScaleByAdagrad.State state, Step step) {
    double[] sum = state.sum();
    double[] x = step.parameters();
    double eta = step.now(learningRate);
    for (int j = 0; j < updates.length; j++) {
      double g = updates[j];
      sum[j] += g * g;
      if (sum[j] > 0) {
        double r = eta / Math.sqrt(sum[j]);
        updates[j] = StepProximally.shrunk(x[j] - r * g, r * l1) / (1 + r * l2) - x[j];
      } else {
        updates[j] = 0;
      }
    }
    return new ScaleByAdagrad.State(sum);
  }

  @Override
  public double learningRate(long step) {
    return learningRate.at(step);
  }
}
