package dev.talweg.optimizer.minimizer;

/** A state of a first-order method, as those who watch its gradients see it. */
public interface GradientState extends Minimizer.State {

  /** At the parameters; not to be changed or kept. */
  double[] gradient();

  /** Of the step that led here; 0 at the start. */
  double learningRate();

  /** Where the run would go back to, and whether it did. */
  Rescue rescue();

  @Override
  default double stepLength() {
    return learningRate();
  }

  @Override
  default double gap() {
    return Double.NaN;
  }

  @Override
  default double gapEstimate() {
    return Double.NaN;
  }

  @Override
  default boolean resumable() {
    return true;
  }
}
