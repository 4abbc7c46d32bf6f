package dev.talweg.optimizer.transform;

/** A transform that remembers nothing. */
public interface StatelessTransform extends GradientTransform<Stateless> {

  /** Transforms {@code updates} in place. */
  void update(double[] updates, Step step);

  @Override
  default Stateless init(int dimension) {
    return new Stateless();
  }

  @Override
  default Stateless update(double[] updates, Stateless state, Step step) {
    update(updates, step);
    return state;
  }
}
