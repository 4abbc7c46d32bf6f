package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Cell;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Recurrent;
import java.util.List;

/** Nets by their parameters. */
public final class Nets {
  private static final String PERCEPTRON = "perceptron";

  private static final Parameter LABEL_SMOOTHING =
      Parameters.share(
          "label-smoothing", 0, "Share of a label that is given to all classes alike.");

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
              LABEL_SMOOTHING));

  private static final String RECURRENT = "recurrent";

  static final ModelEntry OF_STEPS =
      new ModelEntry(
          RECURRENT,
          "a class or a number by a recurrent net over a vector of steps; trained in mini-batches",
          "Hochreiter and Schmidhuber, Neural Computation 9 (1997); Cho et al., EMNLP (2014)",
          ENTRY.losses(),
          List.of(
              Parameters.choice(
                  "cell",
                  Cell.GRU.text(),
                  Cell.texts(),
                  "What is done at each step, with the gates and conventions of PyTorch."),
              Parameters.integer("hidden", 32, 1, "Units of the cell."),
              Parameters.integer(
                  "steps",
                  null,
                  1,
                  "Steps T of a row: its vector has the channels of the first one, then those of the"
                      + " next."),
              Parameters.share(
                  "dropout", 0, "Probability that one of the last units is left out of a step."),
              LABEL_SMOOTHING));

  private Nets() {}

  /** Whether a kind of model is trained by its layers. */
  public static boolean isNet(String kind) {
    return kind.equals(PERCEPTRON) || kind.equals(RECURRENT);
  }

  /** The parameters that decide which layers there are. */
  public static List<String> shaping(String kind) {
    return kind.equals(RECURRENT)
        ? List.of("cell", "hidden", "steps")
        : List.of("hidden", "activation", "layer-norm", "batch-norm");
  }

  /** The net that a configuration asks for. */
  public static Net of(String kind, Settings settings, int features, Head head) {
    return kind.equals(RECURRENT)
        ? new Recurrent(
            features,
            whole(settings, "steps"),
            whole(settings, "hidden"),
            Cell.named(settings.text("cell")),
            settings.number("dropout"),
            head)
        : new Perceptron(features, architecture(settings), head);
  }

  /** Weights that a feature of its own has; 0 where none has. */
  public static int width(String kind, Settings settings, int margins) {
    return kind.equals(RECURRENT) ? 0 : architecture(settings).width(margins);
  }

  /** The features of a net that has so many parameters. */
  public static int features(String kind, Settings settings, int parameters, int margins) {
    return kind.equals(RECURRENT)
        ? Recurrent.features(
            parameters,
            whole(settings, "steps"),
            whole(settings, "hidden"),
            Cell.named(settings.text("cell")),
            margins)
        : architecture(settings).features(parameters, margins);
  }

  private static int whole(Settings settings, String name) {
    return Math.toIntExact(settings.integer(name));
  }

  private static Norm norm(Settings settings) {
    if (settings.flag("batch-norm")) {
      return settings.text("batch-norm-form").equals("keras") ? Norm.BATCH_OF_KERAS : Norm.BATCH;
    }
    return settings.flag("layer-norm") ? Norm.LAYER : Norm.NONE;
  }

  /** The slices of a net, of as few features as it can have and of two classes. */
  static List<Slice> slices(String kind, Settings settings) {
    int features = kind.equals(RECURRENT) ? whole(settings, "steps") : 1;
    Head head = new Head.OfClasses(new SoftmaxLoss(2), 0);
    return of(kind, settings, features, head).layout().slices();
  }

  /** The layers that a configuration asks for. */
  private static Architecture architecture(Settings settings) {
    return new Architecture(
        settings.integers("hidden").stream().map(Math::toIntExact).toList(),
        Activations.named(settings.text("activation")),
        norm(settings),
        settings.number("dropout"),
        Initializer.named(settings.text("initializer")));
  }
}
