package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.CsrBlock;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.net.Cell;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Pass;
import dev.talweg.optimizer.net.Recurrence;
import dev.talweg.optimizer.net.Recurrent;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.Momentum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Recurrent layers and trained nets of them against PyTorch's: {@code recurrent_torch.json}, and
 * over rows of different lengths against its packed sequences: {@code
 * recurrent_lengths_torch.json}.
 */
class GoldenRecurrenceTest {
  private static final Path DIRECTORY = Path.of("src/test/resources/goldens");

  /** Seven steps of some tens of rounded operations on numbers near 1. */
  private static final double TOLERANCE = 1e-12;

  /** A layer or a run, and the file that it is of. */
  private record Golden(Map<String, @Nullable Object> file, Map<String, @Nullable Object> own) {
    @Nullable Object get(String name) {
      return own.get(name);
    }

    int header(String name) {
      return (int) Json.number(Json.map(file.get("header")).get(name));
    }

    Cell cell() {
      return Cell.named(String.valueOf(own.get("cell")));
    }

    /** Numbers of each row; null where all rows are alike. */
    int @Nullable [] lengths() {
      return file.containsKey("lengths")
          ? Arrays.stream(Json.numbers(file.get("lengths")))
              .mapToInt(steps -> ((int) steps) * header("channels"))
              .toArray()
          : null;
    }
  }

  private static Stream<Golden> all(String part) throws IOException {
    List<Golden> all = new ArrayList<>();
    for (String name : List.of("recurrent_torch.json", "recurrent_lengths_torch.json")) {
      Map<String, @Nullable Object> file = Json.object(Files.readString(DIRECTORY.resolve(name)));
      Json.list(file.get(part)).forEach(own -> all.add(new Golden(file, Json.map(own))));
    }
    return all.stream();
  }

  static Stream<Golden> layers() throws IOException {
    return all("layers");
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerGivesTheUnitsAndTheDerivativesOfPyTorch(Golden golden) {
    Recurrence layer =
        new Recurrence(
            golden.header("steps"),
            golden.header("channels"),
            golden.header("units"),
            golden.cell());
    double[] parameters = Json.numbers(golden.get("parameters"));
    double[] in = Json.flat(golden.file().get("x"));
    int rows = in.length / layer.inputs();
    double[] out = new double[rows * layer.outputs()];
    double[] tape = new double[rows * layer.tape()];
    Pass pass = new Pass(parameters, 0, in, rows, new Draw(1, 0, 0), out, tape, golden.lengths());
    layer.forward(pass);
    close(Json.numbers(golden.get("out")), out, "units");
    double[] gradient = new double[parameters.length];
    double[] before = new double[in.length];
    layer.backward(pass, Json.numbers(golden.file().get("upstream")), gradient, before);
    close(Json.numbers(golden.get("gradient")), gradient, "gradient");
    close(Json.numbers(golden.get("before")), before, "by the inputs");
  }

  private static void close(double[] expected, double[] found, String what) {
    assertEquals(expected.length, found.length, what);
    for (int k = 0; k < expected.length; k++) {
      double scale = Math.max(1, Math.abs(expected[k]));
      assertEquals(expected[k], found[k], TOLERANCE * scale, what + " at " + k);
    }
  }

  static Stream<Golden> runs() throws IOException {
    return all("runs");
  }

  @ParameterizedTest
  @MethodSource("runs")
  void netsTrainAsPyTorchsDo(Golden golden) {
    boolean classes = "softmax".equals(golden.get("loss"));
    Head head =
        classes
            ? new Head.OfClasses(new SoftmaxLoss(3), 0)
            : new Head.OfMargin(new SquaredLoss(), 0);
    int steps = golden.header("steps");
    int features = steps * golden.header("channels");
    Recurrent net = new Recurrent(features, steps, golden.header("units"), golden.cell(), 0, head);
    double[] labels = Json.numbers(golden.file().get(classes ? "classes" : "targets"));
    double[][] x = Json.rows(golden.file().get("x"));
    int @Nullable [] lengths = golden.lengths();
    Block block = lengths == null ? InTurn.block(x, labels) : ended(x, lengths, labels);
    Chain rule =
        "adam".equals(golden.get("rule"))
            ? Optimizers.adam(new Constant(0.01))
            : Optimizers.momentum(new Constant(0.05), 0.9, Momentum.Form.HEAVY_BALL);
    double clip = Json.number(golden.get("clip"));
    // PyTorch divides by the norm and 1e-6 when it clips
    Descent descent = new Descent(clip > 0 ? new ClipByGlobalNorm(clip, 1e-6).then(rule) : rule);
    InTurn batches = new InTurn(net, block, golden.header("batch"));
    double[] values = Json.numbers(golden.get("values"));
    Descent.State state = descent.start(batches, Json.numbers(golden.get("start")));
    for (int step = 0; step < values.length; step++) {
      assertEquals(values[step], state.value(), TOLERANCE, "at " + step);
      state = descent.next(batches, state);
    }
    close(Json.numbers(golden.get("end")), state.parameters(), "parameters");
    assertTrue(values.length > 10);
  }

  /** Rows with as many values as they are long, the last ones though they be 0. */
  private static Block ended(double[][] x, int[] lengths, double[] labels) {
    int[] starts = new int[x.length + 1];
    Arrays.setAll(starts, i -> i == 0 ? 0 : Arrays.stream(lengths, 0, i).sum());
    int[] indices = new int[starts[x.length]];
    float[] values = new float[indices.length];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < lengths[i]; j++) {
        indices[starts[i] + j] = j;
        values[starts[i] + j] = (float) x[i][j];
      }
    }
    return new CsrBlock(x[0].length, starts, indices, values, labels, null);
  }
}
