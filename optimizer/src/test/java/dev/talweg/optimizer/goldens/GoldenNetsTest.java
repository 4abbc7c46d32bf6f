package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.net.Activation;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.transform.Momentum;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Small nets against PyTorch: {@code nets_torch.json} has them after steps of SGD and Adam. */
class GoldenNetsTest {
  /** Of some tens of rounded operations on numbers near 1. */
  private static final double TOLERANCE = 1e-12;

  private static Map<String, @Nullable Object> file(String name) {
    try {
      return Json.object(Files.readString(GoldenFilesTest.HERE.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(double[] expected, double[] found, int count, String what) {
    assertEquals(expected.length, count, what);
    for (int k = 0; k < count; k++) {
      double scale = Math.max(1, Math.abs(expected[k]));
      assertEquals(expected[k], found[k], TOLERANCE * scale, what + " at " + k);
    }
  }

  private static void closeTo(double[] expected, double[] found, double tolerance, String what) {
    for (int k = 0; k < expected.length; k++) {
      double scale = Math.max(1, Math.abs(expected[k]));
      assertEquals(expected[k], found[k], tolerance * scale, what + " at " + k);
    }
  }

  private static final Map<String, @Nullable Object> NETS = file("nets_torch.json");

  static Stream<Map<String, @Nullable Object>> trained() {
    return Json.list(NETS.get("runs")).stream().map(Json::map);
  }

  @ParameterizedTest
  @MethodSource("trained")
  void netsTrainAndInferAsPyTorchsDo(Map<String, @Nullable Object> golden) {
    String id = golden.get("activation") + " " + golden.get("norm") + " " + golden.get("loss");
    double[][] x = Json.rows(NETS.get("x"));
    Map<String, @Nullable Object> header = Json.map(NETS.get("header"));
    List<Integer> hidden =
        Arrays.stream(Json.numbers(header.get("hidden"))).mapToObj(units -> (int) units).toList();
    Norm norm = Norm.valueOf(String.valueOf(golden.get("norm")).toUpperCase(Locale.ROOT));
    Activation activation = Activations.named(String.valueOf(golden.get("activation")));
    Perceptron net =
        new Perceptron(
            x[0].length,
            new Architecture(hidden, activation, norm, 0, Initializer.HE),
            head(String.valueOf(golden.get("loss"))));
    Block block = InTurn.block(x, labels(String.valueOf(golden.get("loss"))));
    InTurn batches = new InTurn(net, block, (int) Json.number(header.get("batch")));
    Descent descent =
        new Descent(
            "adam".equals(golden.get("rule"))
                ? Optimizers.adam(new Constant(0.01))
                : Optimizers.momentum(new Constant(0.05), 0.9, Momentum.Form.HEAVY_BALL));
    double[] values = Json.numbers(golden.get("values"));
    Descent.State state = descent.start(batches, Json.numbers(golden.get("start")));
    for (int step = 0; step < values.length; step++) {
      assertEquals(values[step], state.value(), TOLERANCE, id + " at " + step);
      state = descent.next(batches, state);
    }
    double[] end = Json.numbers(golden.get("end"));
    // before a batch norm a bias has a derivative of 0, of which rounding leaves 1e-17, and Adam
    // divides it by 1e-8 and takes steps of a hundredth: 12 of at most 1e-11
    closeTo(end, state.parameters(), golden.get("norm").equals("batch") ? 1e-9 : TOLERANCE, id);
    double[] margins = new double[x.length * net.margins()];
    net.predict(block, 0, x.length, end, margins);
    close(Json.numbers(golden.get("margins")), margins, margins.length, id + " inference");
    assertTrue(values.length > 10);
  }

  private static Head head(String loss) {
    return switch (loss) {
      case "softmax" -> new Head.OfClasses(new SoftmaxLoss(3), 0);
      case "logistic" -> new Head.OfMargin(new LogisticLoss(), 0);
      default -> new Head.OfMargin(new SquaredLoss(), 0);
    };
  }

  private static double[] labels(String loss) {
    double[] classes = Json.numbers(NETS.get("classes"));
    return switch (loss) {
      case "softmax" -> classes;
      case "logistic" -> Arrays.stream(classes).map(c -> c > 0 ? 1 : 0).toArray();
      default -> Json.numbers(NETS.get("targets"));
    };
  }
}
