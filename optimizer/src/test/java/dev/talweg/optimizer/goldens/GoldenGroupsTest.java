package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.catalog.SliceGroup;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Gauge;
import dev.talweg.optimizer.minimizer.Iteration;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Architecture.Norm;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Tanh;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Patience.Better;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Groups of slices, frozen ones and a rate that follows a metric, against PyTorch's parameter
 * groups, {@code requires_grad} and {@code ReduceLROnPlateau}: {@code groups_torch.json}.
 */
class GoldenGroupsTest {
  private static final Path FILE = Path.of("src/test/resources/goldens/groups_torch.json");

  /** Of some tens of rounded operations on numbers near 1, over at most 39 steps. */
  private static final double TOLERANCE = 1e-12;

  private static Map<String, @Nullable Object> data = Map.of();

  @BeforeAll
  static void read() throws IOException {
    data = Json.object(Files.readString(FILE));
  }

  private static Map<String, @Nullable Object> golden(String name) {
    return Json.list(data.get("runs")).stream()
        .map(Json::map)
        .filter(run -> name.equals(run.get("name")))
        .findFirst()
        .orElseThrow();
  }

  private static InTurn batches() {
    Architecture layers = new Architecture(List.of(6, 4), new Tanh(), Norm.NONE, 0, Initializer.HE);
    Head head = new Head.OfClasses(new SoftmaxLoss(3), 0);
    double[][] x = Json.rows(data.get("x"));
    int batch = (int) Json.number(Json.map(data.get("header")).get("batch"));
    return new InTurn(
        new Perceptron(x[0].length, layers, head),
        InTurn.block(x, Json.numbers(data.get("classes"))),
        batch);
  }

  /** A rule of the catalog with some settings. */
  private static Descent rule(String name, Map<String, Object> given) {
    Entry<Minimizer<?, ?>> entry =
        Catalog.optimizers().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      if (parameter.byDefault() != null) {
        values.put(parameter.name(), parameter.byDefault());
      }
    }
    values.putAll(given);
    return (Descent) entry.factory().apply(new Settings(values));
  }

  private static Descent rule(String golden) {
    Map<String, Object> adamw = Map.of("learning-rate", 0.01, "weight-decay", 0.1);
    return switch (golden) {
      case "groups" ->
          rule(
              "adamw",
              with(
                  adamw,
                  "groups",
                  List.of(
                      new SliceGroup(List.of("layer-1.*"), 0.1, Map.of()),
                      new SliceGroup(
                          List.of("layer-3.weights"),
                          1,
                          Map.of("weight-decay", 0.3, "beta1", 0.8)))));
      case "decay-of-weights" -> rule("adamw", with(adamw, "decay-of", "weights"));
      default ->
          rule(
              "momentum",
              Map.of(
                  "learning-rate",
                  0.05,
                  "momentum",
                  0.9,
                  "weight-decay",
                  0.01,
                  "clip",
                  new ClipByGlobalNorm(0.3, 1e-6),
                  "freeze",
                  List.of("layer-1.*")));
    };
  }

  private static Map<String, Object> with(Map<String, Object> some, String name, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(some);
    all.put(name, value);
    return all;
  }

  @ParameterizedTest
  @CsvSource({"groups", "decay-of-weights", "frozen"})
  void aRunHasTheLossesAndTheParametersOfPyTorch(String name) {
    Map<String, @Nullable Object> golden = golden(name);
    Descent descent = rule(name);
    BatchObjective batches = batches();
    double[] values = Json.numbers(golden.get("values"));
    Descent.State state = descent.start(batches, Json.numbers(golden.get("start")));
    for (int step = 0; step < values.length; step++) {
      assertEquals(values[step], state.value(), TOLERANCE, name + " at " + step);
      state = descent.next(batches, state);
    }
    assertArrayEquals(Json.numbers(golden.get("end")), state.parameters(), TOLERANCE, name);
  }

  @Test
  void whatIsFrozenKeepsItsBitsAndCountsInNoNorm() {
    Descent descent = rule("frozen");
    BatchObjective batches = batches();
    double[] start = Json.numbers(golden("frozen").get("start"));
    Descent.State state = descent.start(batches, start);
    double[] moving = Arrays.copyOfRange(state.gradient(), 36, start.length); // 5 × 6 and 6 biases
    assertEquals(norm(moving), state.gradientNorm(), 1e-14);
    for (int step = 0; step < 5; step++) {
      state = descent.next(batches, state);
    }
    assertArrayEquals(Arrays.copyOf(start, 36), Arrays.copyOf(state.parameters(), 36));
  }

  private static double norm(double[] x) {
    return Math.sqrt(Arrays.stream(x).map(each -> each * each).sum());
  }

  private static Descent following(boolean rises) {
    Plateau plateau =
        new Plateau(
            0.02,
            0.5,
            1,
            1e-3,
            rises ? Plateau.Improvement.ABSOLUTE : Plateau.Improvement.RELATIVE,
            1,
            0,
            1e-8,
            Plateau.Waiting.BEYOND);
    return rule("adamw", Map.of("learning-rate", plateau, "weight-decay", 0.1));
  }

  private static Iterations<BatchObjective, Descent.State> run(
      Descent descent, Descent.State from, boolean rises) {
    double[] metrics = Json.numbers(data.get("metrics"));
    int epoch = (int) Json.number(Json.map(data.get("header")).get("epoch"));
    Gauge<Descent.State> gauge =
        s -> {
          int measured = (int) s.step() / epoch - 1;
          boolean due = s.step() % epoch == 0 && measured < metrics.length;
          double metric = measured < 0 ? 1e-9 : metrics[Math.min(measured, metrics.length - 1)];
          return Gauge.plain(s).withValidation(due ? metric : Double.NaN);
        };
    return new Iterations<>(
        descent,
        batches(),
        from,
        new MaxIterations((long) metrics.length * epoch),
        gauge,
        rises ? Better.LARGER : Better.SMALLER);
  }

  @ParameterizedTest
  @CsvSource({"plateau, false", "plateau-rises, true"})
  void aRateFollowsTheMetricAsPyTorchsDoes(String name, boolean rises) {
    Map<String, @Nullable Object> golden = golden(name);
    Descent descent = following(rises);
    double[] values = Json.numbers(golden.get("values"));
    double[] rates = Json.numbers(golden.get("rates"));
    Iterations<BatchObjective, Descent.State> run =
        run(descent, descent.start(batches(), Json.numbers(golden.get("start"))), rises);
    Iteration<Descent.State> last = run.next();
    for (int step = 0; step < values.length; step++) {
      assertEquals(values[step], last.state().value(), TOLERANCE, name + " at " + step);
      last = run.next();
      assertEquals(rates[step], last.state().learningRate(), 1e-17, "rate " + step);
    }
    assertArrayEquals(Json.numbers(golden.get("end")), last.state().parameters(), TOLERANCE);
  }

  @Test
  void aRunResumedWhereTheMetricWasMeasuredHearsOfItOnce() {
    Descent descent = following(false);
    double[] start = Json.numbers(golden("plateau").get("start"));
    double[] whole =
        run(descent, descent.start(batches(), start), false).last().state().parameters();
    for (int cut : new int[] {0, 3, 11, 12, 13, 24, 38}) {
      Iterations<BatchObjective, Descent.State> first =
          run(descent, descent.start(batches(), start), false);
      Iteration<Descent.State> at = first.next();
      while (at.state().step() < cut) {
        at = first.next();
      }
      Snapshot taken = Snapshot.take("m", cut, descent.codec(), at.state());
      Descent.State restored = taken.restore("m", descent.codec());
      double[] end = run(descent, restored, false).last().state().parameters();
      assertArrayEquals(whole, end, "cut at " + cut);
    }
  }
}
