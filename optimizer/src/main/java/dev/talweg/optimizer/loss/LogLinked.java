package dev.talweg.optimizer.loss;

import dev.talweg.optimizer.kernel.Exponentials;

/** A loss whose margin is the logarithm of a mean, for amounts and counts. */
interface LogLinked extends PointwiseLoss {

  @Override
  default double prior(double meanLabel) {
    return LogLink.prior(meanLabel);
  }

  @Override
  default double predict(double margin) {
    return Exponentials.exp(margin);
  }

  @Override
  default boolean scoresDeviance() {
    return true;
  }

  @Override
  default boolean classifies() {
    return false;
  }
}
