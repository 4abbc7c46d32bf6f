package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Embedding;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Relu;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Momentum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nets over embeddings, a one-hot column and numbers against PyTorch's {@code nn.Embedding}, {@code
 * nn.Linear} and rates of their own for the tables: {@code embedding_torch.json}.
 */
class GoldenEmbeddingTest {
  private static final Path FILE = Path.of("src/test/resources/goldens/embedding_torch.json");

  /** Twelve steps of some tens of rounded operations on numbers near 1. */
  private static final double TOLERANCE = 1e-12;

  private static Map<String, @Nullable Object> data = Map.of();

  static Stream<Map<String, @Nullable Object>> runs() throws IOException {
    data = Json.object(Files.readString(FILE));
    return Json.list(data.get("runs")).stream().map(Json::map);
  }

  private static double number(String part, String name) {
    return Json.number(Json.map(Json.map(data.get("header")).get(part)).get(name));
  }

  private static Block rows(double[] labels) {
    double[][] x = Json.rows(data.get("x"));
    int rows = x.length;
    float[] numeric = new float[3 * rows];
    int[] ids = new int[3 * rows];
    int first = 3;
    List<String> columns = List.of("a", "b", "c");
    for (int c = 0; c < 3; c++) {
      double[] levels = Json.numbers(Json.map(data.get("ids")).get(columns.get(c)));
      for (int i = 0; i < rows; i++) {
        numeric[c * rows + i] = (float) x[i][c];
        ids[c * rows + i] = levels[i] < 0 ? -1 : first + (int) levels[i];
      }
      first += (int) number("levels", columns.get(c));
    }
    return new ColumnBlock(rows, first, 3, numeric, 3, ids, labels, null);
  }

  private static Perceptron net(boolean norm, boolean classes) {
    int a = (int) number("levels", "a");
    int b = (int) number("levels", "b");
    int c = (int) number("levels", "c");
    Embedding embedding =
        new Embedding(
            3 + a + b + c,
            List.of(
                new Embedding.Table("a", 3, a, (int) number("widths", "a")),
                new Embedding.Table("c", 3 + a + b, c, (int) number("widths", "c"))),
            Embedding.Start.PYTORCH);
    Head head =
        classes
            ? new Head.OfClasses(new SoftmaxLoss(3), 0)
            : new Head.OfMargin(new SquaredLoss(), 0);
    Norm norms = norm ? Norm.BATCH : Norm.NONE;
    int units = (int) Json.number(Json.map(data.get("header")).get("units"));
    return new Perceptron(
        embedding,
        new Architecture(List.of(units), new Relu(), norms, 0, Initializer.PYTORCH),
        head);
  }

  private static Descent rule(boolean adam) {
    Chain tables = rule(adam, adam ? 0.002 : 0.01);
    return new Descent(
        Chain.of(
            List.of(
                new ByTensor(
                    List.of(
                        new ByTensor.Branch(new ByTensor.Named(List.of("embedding.*")), tables),
                        new ByTensor.Branch(
                            new ByTensor.All(), rule(adam, adam ? 0.01 : 0.05)))))));
  }

  private static Chain rule(boolean adam, double rate) {
    return adam
        ? Optimizers.adam(new Constant(rate))
        : Optimizers.momentum(new Constant(rate), 0.9, Momentum.Form.HEAVY_BALL);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void netsTrainAsPyTorchsDo(Map<String, @Nullable Object> golden) {
    boolean classes = "softmax".equals(golden.get("loss"));
    boolean norm = Boolean.TRUE.equals(golden.get("norm"));
    boolean adam = "adam".equals(golden.get("rule"));
    Block block = rows(Json.numbers(data.get(classes ? "classes" : "targets")));
    Perceptron net = net(norm, classes);
    int batch = (int) Json.number(Json.map(data.get("header")).get("batch"));
    for (Block rows : List.of(block, block.sparse())) {
      InTurn batches = new InTurn(net, rows, batch);
      Descent descent = rule(adam);
      double[] values = Json.numbers(golden.get("values"));
      assertEquals(12, values.length);
      Descent.State state = descent.start(batches, Json.numbers(golden.get("start")));
      for (int step = 0; step < values.length; step++) {
        assertEquals(values[step], state.value(), TOLERANCE, "at " + step);
        state = descent.next(batches, state);
      }
      // Adam divides by the rounding of a gradient that is 0 before a batch norm, and by 1e-8
      double tolerance = norm && adam ? 1e-9 : TOLERANCE;
      close(Json.numbers(golden.get("end")), state.parameters(), tolerance, "parameters");
      double[] margins = new double[rows.rows() * net.margins()];
      net.predict(rows, 0, rows.rows(), state.parameters(), margins);
      close(Json.numbers(golden.get("margins")), margins, tolerance, "margins");
    }
  }

  private static void close(double[] expected, double[] found, double tolerance, String what) {
    assertEquals(expected.length, found.length, what);
    for (int k = 0; k < expected.length; k++) {
      double scale = Math.max(1, Math.abs(expected[k]));
      assertEquals(expected[k], found[k], tolerance * scale, what + " at " + k);
    }
  }
}
