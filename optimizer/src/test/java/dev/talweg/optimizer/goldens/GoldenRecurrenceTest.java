package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
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
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recurrent layers and trained nets of them against PyTorch's: {@code recurrent_torch.json}. */
class GoldenRecurrenceTest {
  private static final Path FILE = Path.of("src/test/resources/goldens/recurrent_torch.json");

  /** Seven steps of some tens of rounded operations on numbers near 1. */
  private static final double TOLERANCE = 1e-12;

  private static Map<String, @Nullable Object> data = Map.of();

  @BeforeAll
  static void read() throws IOException {
    data = Json.object(Files.readString(FILE));
  }

  private static int header(String name) {
    return (int) Json.number(Json.map(data.get("header")).get(name));
  }

  private static Cell cell(Map<String, @Nullable Object> golden) {
    return Cell.named(String.valueOf(golden.get("cell")));
  }

  static Stream<Map<String, @Nullable Object>> layers() throws IOException {
    read();
    return Json.list(data.get("layers")).stream().map(Json::map);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void aLayerGivesTheUnitsAndTheDerivativesOfPyTorch(Map<String, @Nullable Object> golden) {
    Recurrence layer =
        new Recurrence(header("steps"), header("channels"), header("units"), cell(golden));
    double[] parameters = Json.numbers(golden.get("parameters"));
    double[] in = Json.flat(data.get("x"));
    int rows = in.length / layer.inputs();
    double[] out = new double[rows * layer.outputs()];
    double[] tape = new double[rows * layer.tape()];
    Pass pass = new Pass(parameters, 0, in, rows, new Draw(1, 0, 0), out, tape);
    layer.forward(pass);
    close(Json.numbers(golden.get("out")), out, "units");
    double[] gradient = new double[parameters.length];
    double[] before = new double[in.length];
    layer.backward(pass, Json.numbers(data.get("upstream")), gradient, before);
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

  static Stream<Map<String, @Nullable Object>> runs() throws IOException {
    read();
    return Json.list(data.get("runs")).stream().map(Json::map);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void netsTrainAsPyTorchsDo(Map<String, @Nullable Object> golden) {
    boolean classes = "softmax".equals(golden.get("loss"));
    Head head =
        classes
            ? new Head.OfClasses(new SoftmaxLoss(3), 0)
            : new Head.OfMargin(new SquaredLoss(), 0);
    int features = header("steps") * header("channels");
    Recurrent net =
        new Recurrent(features, header("steps"), header("units"), cell(golden), 0, head);
    Block block =
        InTurn.block(
            Json.rows(data.get("x")), Json.numbers(data.get(classes ? "classes" : "targets")));
    Chain rule =
        "adam".equals(golden.get("rule"))
            ? Optimizers.adam(new Constant(0.01))
            : Optimizers.momentum(new Constant(0.05), 0.9, Momentum.Form.HEAVY_BALL);
    double clip = Json.number(golden.get("clip"));
    // PyTorch divides by the norm and 1e-6 when it clips
    Descent descent = new Descent(clip > 0 ? new ClipByGlobalNorm(clip, 1e-6).then(rule) : rule);
    InTurn batches = new InTurn(net, block, header("batch"));
    double[] values = Json.numbers(golden.get("values"));
    Descent.State state = descent.start(batches, Json.numbers(golden.get("start")));
    for (int step = 0; step < values.length; step++) {
      assertEquals(values[step], state.value(), TOLERANCE, "at " + step);
      state = descent.next(batches, state);
    }
    close(Json.numbers(golden.get("end")), state.parameters(), "parameters");
    assertTrue(values.length > 10);
  }
}
