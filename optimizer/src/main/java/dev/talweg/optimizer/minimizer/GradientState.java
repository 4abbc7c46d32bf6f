package dev.talweg.optimizer.minimizer;

/** A state of a first-order method, as those who watch its gradients see it. */
public interface GradientState extends Minimizer.State {

  /** What a gradient is of. */
  enum Of {
    /** Taken at the parameters of its state: the next step follows it. */
    THE_PARAMETERS,
    /** Taken on the way to them: the step that led here followed it. */
    THE_STEP
  }

  /** Not to be changed or kept. */
  double[] gradient();

  /** What the gradient is of. */
  default Of gradientIs() {
    return Of.THE_PARAMETERS;
  }

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
