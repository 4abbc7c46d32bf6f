package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Initializer;
import java.util.List;

/** Nets by their parameters. */
public final class Nets {
  /** The name of the kind of model. */
  public static final String PERCEPTRON = "perceptron";

  static final ModelEntry ENTRY =
      new ModelEntry(
          PERCEPTRON,
          "a class or a number by a feed-forward net; trained in mini-batches",
          "Rumelhart, Hinton and Williams, Nature 323 (1986)",
          List.of(SoftmaxLoss.NAME, "logistic", "squared", "huber", "poisson"),
          List.of(
              Parameters.wholes(
                  "hidden", List.of(128.0), "Units of each hidden layer, such as [256, 128]."),
              Parameters.choice(
                  "activation",
                  Activations.all().get(0).name(),
                  Activations.all().stream().map(Activation::name).toList(),
                  "Of every hidden unit."),
              Parameters.flag(
                  "layer-norm",
                  false,
                  "Whether the units of a row are normalized before each activation."),
              Parameters.flag(
                  "batch-norm",
                  false,
                  "Whether each unit is normalized over the rows of the batch before its"
                      + " activation; afterwards over running statistics."),
              Parameters.choice(
                  "batch-norm-form",
                  "pytorch",
                  List.of("pytorch", "keras"),
                  "Of batch-norm: momentum 0.1, epsilon 1e-5, unbiased running variances; or 1 −"
                      + " 0.99, 1e-3, biased ones."),
              Parameters.share(
                  "dropout", 0, "Probability that a hidden unit is left out of a step."),
              Parameters.choice(
                  "initializer",
                  Initializer.HE.text(),
                  Initializer.texts(),
                  "Of the weights that training begins at."),
              Parameters.share(
                  "label-smoothing", 0, "Share of a label that is given to all classes alike.")));

  private Nets() {}

  private static Norm norm(Settings settings) {
    if (settings.flag("batch-norm")) {
      return settings.text("batch-norm-form").equals("keras") ? Norm.BATCH_OF_KERAS : Norm.BATCH;
    }
    return settings.flag("layer-norm") ? Norm.LAYER : Norm.NONE;
  }

  /** The layers that a configuration asks for. */
  public static Architecture architecture(Settings settings) {
    return new Architecture(
        settings.integers("hidden").stream().map(Math::toIntExact).toList(),
        Activations.named(settings.text("activation")),
        norm(settings),
        settings.number("dropout"),
        Initializer.named(settings.text("initializer")));
  }
}
