package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Cell;
import dev.talweg.optimizer.net.Embedding;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Recurrence;
import dev.talweg.optimizer.net.Recurrent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nets by their parameters. */
public final class Nets {
  private static final String PERCEPTRON = "perceptron";

  private static final String CHANNELS = "channels";

  private static final String LONGER = "longer";

  private static final String GATE_BIASES = "gate-biases";

  private static final String FAIL = "fail";

  private static final String EMBEDDING = "embedding";

  private static final String EMBEDDING_INITIALIZER = "embedding-initializer";

  private static final Parameter LABEL_SMOOTHING =
      Parameters.share(
          "label-smoothing", 0, "Share of a label that is given to all classes alike.");

  static final ModelEntry ENTRY =
      new ModelEntry(
          PERCEPTRON,
          "a class or a number by a feed-forward net; trained in mini-batches",
          "Rumelhart, Hinton and Williams, Nature 323 (1986)",
          List.of(
              SoftmaxLoss.NAME,
              "logistic",
              "focal",
              "squared",
              "huber",
              "pseudo-huber",
              "log-cosh",
              "poisson"),
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
                  List.of("pytorch", "keras", "cumulative"),
                  "Of batch-norm: momentum 0.1, epsilon 1e-5, unbiased running variances; or 1 −"
                      + " 0.99, 1e-3, biased ones; or as PyTorch without momentum, the mean over all"
                      + " batches so far."),
              Parameters.share(
                  "dropout", 0, "Probability that a hidden unit is left out of a step."),
              Parameters.choice(
                  "initializer",
                  Initializer.HE.text(),
                  Initializer.texts(),
                  "Of the weights that training begins at."),
              LABEL_SMOOTHING,
              Parameters.widths(
                  EMBEDDING,
                  "Numbers that stand for a level of a categorical column in the first layer, beside"
                      + " the numeric columns: one width for all, auto (min(600, round(1.6 n^0.56))"
                      + " of n levels, as fastai) or by names and globs of columns; with none, a"
                      + " level has a weight for each unit."),
              Parameters.choice(
                  EMBEDDING_INITIALIZER,
                  "pytorch",
                  List.of("pytorch", "keras"),
                  "Of the embeddings: normal with variance 1, or uniform in ±0.05.")));

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
                  "Steps T of a row, at most: its array has the channels of the first one, then those"
                      + " of the next. The units after its own last step go on, as with PyTorch's"
                      + " pack_padded_sequence and Keras' masks."),
              Parameters.integer(
                  CHANNELS,
                  0,
                  0,
                  "Numbers of a step; 0 takes the longest row to have all steps. A row of no whole"
                      + " steps is a bad row."),
              Parameters.choice(
                  LONGER,
                  FAIL,
                  List.of(FAIL, "truncate"),
                  "Of a row of more steps, with channels: it is a bad row, or its last steps alone are"
                      + " read."),
              Parameters.choice(
                  GATE_BIASES,
                  "pytorch",
                  List.of("pytorch", "chrono"),
                  "That training begins at: uniform as all weights, or ± log u of the gates that keep"
                      + " what was, and of an LSTM's that let in what is new, u uniform in [1, T − 1),"
                      + " so that units remember from the start (Tallec and Ollivier, ICLR 2018)."),
              Parameters.share(
                  "dropout", 0, "Probability that one of the last units is left out of a step."),
              LABEL_SMOOTHING));

  /** What the slices of embeddings begin with. */
  public static final String OF_COLUMNS = Embedding.NAME + ".";

  private static final String ANY_COLUMN = "COLUMN";

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

  /**
   * The features of a categorical column: one for each level, one after the other.
   *
   * @param first of them
   */
  public record Levels(String column, int first, int count) {}

  /** Names and globs of the columns that are to have an embedding; none where there is none. */
  public static Set<String> embedded(Settings settings) {
    EmbeddingWidths widths = EmbeddingWidths.of(settings.values().get(EMBEDDING));
    if (widths.isNone()) {
      return Set.of();
    }
    return widths.columns().isEmpty() ? Set.of("*") : widths.columns().keySet();
  }

  private static Embedding embedding(Settings settings, int features, List<Levels> levels) {
    EmbeddingWidths widths = EmbeddingWidths.of(settings.values().get(EMBEDDING));
    if (widths.isNone()) {
      return Embedding.none(features);
    }
    List<Embedding.Table> tables = new ArrayList<>();
    for (Levels column : levels) {
      int width = widths.width(column.column(), column.count());
      if (width > 0) {
        tables.add(new Embedding.Table(column.column(), column.first(), column.count(), width));
      }
    }
    Embedding.Start start = settings.choice(EMBEDDING_INITIALIZER, Embedding.Start.class);
    return new Embedding(features, tables, start);
  }

  /**
   * The net that a configuration asks for.
   *
   * @param levels of the categorical columns, by ascending features
   */
  public static Net of(
      String kind, Settings settings, int features, List<Levels> levels, Head head) {
    return kind.equals(RECURRENT)
        ? new Recurrent(
            features,
            whole(settings, "steps"),
            whole(settings, "hidden"),
            Cell.named(settings.text("cell")),
            settings.choice(GATE_BIASES, Recurrence.Start.class),
            settings.number("dropout"),
            head)
        : new Perceptron(embedding(settings, features, levels), architecture(settings), head);
  }

  /** Weights that a feature of its own has; 0 where none has. */
  public static int width(String kind, Settings settings, int margins) {
    return kind.equals(RECURRENT) ? 0 : architecture(settings).width(margins);
  }

  /**
   * How a recurrent net reads arrays.
   *
   * @param channels of a step; 0 where the longest row tells
   */
  public record Sequences(int steps, int channels, boolean truncates) {}

  /** That of a configuration; empty of other kinds. */
  public static Optional<Sequences> sequences(String kind, Settings settings) {
    return kind.equals(RECURRENT)
        ? Optional.of(
            new Sequences(
                whole(settings, "steps"),
                whole(settings, CHANNELS),
                !settings.text(LONGER).equals(FAIL)))
        : Optional.empty();
  }

  private static int whole(Settings settings, String name) {
    return Math.toIntExact(settings.integer(name));
  }

  private static Norm norm(Settings settings) {
    if (settings.flag("batch-norm")) {
      return switch (settings.text("batch-norm-form")) {
        case "keras" -> Norm.BATCH_OF_KERAS;
        case "cumulative" -> Norm.BATCH_CUMULATIVE;
        default -> Norm.BATCH;
      };
    }
    return settings.flag("layer-norm") ? Norm.LAYER : Norm.NONE;
  }

  /**
   * The slices of a net, of as few features as it can have and of two classes. Where columns may
   * have embeddings, one stands for all of them: {@link #isOfColumns}.
   */
  static List<Slice> slices(String kind, Settings settings) {
    Head head = new Head.OfClasses(new SoftmaxLoss(2), 0);
    if (kind.equals(RECURRENT)) {
      return of(kind, settings, whole(settings, "steps"), List.of(), head).layout().slices();
    }
    List<Embedding.Table> tables =
        embedded(settings).isEmpty()
            ? List.of()
            : List.of(new Embedding.Table(ANY_COLUMN, 0, 1, 1));
    Embedding embedding = new Embedding(1, tables, Embedding.Start.PYTORCH);
    return new Perceptron(embedding, architecture(settings), head).layout().slices();
  }

  /** Whether a slice of {@link #slices} stands for those of columns, whatever their names. */
  public static boolean isOfColumns(String slice) {
    return slice.equals(OF_COLUMNS + ANY_COLUMN);
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
