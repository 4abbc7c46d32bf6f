package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.schedule.BiasCorrection;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.List;

/**
 * Hyper-parameters that are Python's floats, on a TensorFlow backend: those that meet no tensor
 * before they are cast to its type are rounded to single precision, and powers of those that are a
 * variable of it are products in it.
 */
final class PythonFloats {
  private PythonFloats() {}

  /** Keras casts momentum, Adagrad's first sum, Nadam's β, and Adam's β under its powers alone. */
  static void keras(Translation t) {
    t.extraText("python_floats");
    switch (t.configuration.kind()) {
      case "SGD" -> t.set("momentum", single(t.number("momentum", 0)));
      case "Adagrad" ->
          t.set("initial-accumulator", single(t.number("initial_accumulator_value", 0.1)));
      case "Adam" -> adam(t);
      case "Nadam" ->
          t.set("beta1", single(t.number("beta_1", 0.9)))
              .set("beta2", single(t.number("beta_2", 0.999)));
      case "RMSprop" -> {}
      default -> throw new NotCovered("rounds some of its hyper-parameters to single precision");
    }
  }

  private static void adam(Translation t) {
    if (t.flag("amsgrad")) {
      throw new NotCovered("rounds some of its hyper-parameters to single precision");
    }
    double beta1 = t.number("beta_1", 0.9);
    double beta2 = t.number("beta_2", 0.999);
    t.set("beta1", beta1).set("beta2", beta2);
    BiasCorrection ofMean = new BiasCorrection(single(beta1), -1);
    corrected(t, t.rate(), ofMean, new BiasCorrection(single(beta2), 0.5));
  }

  /** TensorFlow 1 rounds all of Adam's, and multiplies powers of β up in single precision. */
  static Translation tensorflowAdam(Translation t) {
    t.extraText("python_floats");
    double beta1 = single(t.number("beta1", 0.9));
    double beta2 = single(t.number("beta2", 0.999));
    t.set("beta1", beta1).set("beta2", beta2).set("epsilon", single(t.number("epsilon", 1e-8)));
    Schedule rate = new Constant(single(t.run.rate()));
    return corrected(t, rate, new Powers((float) beta1, -1), new Powers((float) beta2, 0.5));
  }

  /** Adam's bias correction as a factor of its rate, which is the same where ε is in hat form. */
  private static Translation corrected(
      Translation t, Schedule rate, Schedule ofMean, Schedule ofSquare) {
    return t.set("epsilon-form", "uncorrected").rate(new Product(List.of(rate, ofMean, ofSquare)));
  }

  private static double single(double value) {
    return (float) value;
  }

  /** {@link BiasCorrection} by products in single precision. */
  private record Powers(float decay, double power) implements Schedule {
    private static final long serialVersionUID = 1L;

    @Override
    public double at(long step) {
      float left = decay;
      for (long k = 0; k < step; k++) {
        left *= decay;
      }
      return StrictMath.pow(1.0 - left, power);
    }
  }
}
