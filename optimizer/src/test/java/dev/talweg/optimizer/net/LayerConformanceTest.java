package dev.talweg.optimizer.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.model.Draw;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.random.CounterRandom;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every layer and every activation: a new one is enrolled by its line here. */
class LayerConformanceTest {
  private static final int UNITS = 5;
  private static final int ROWS = 4;

  /**
   * Central differences of a function with third derivatives below 10 are off by 10 h²/6 in
   * truncation and 2 ulp/h of values below 10 in rounding: with h = 1e-5, 2e-10 and 4e-10.
   */
  private static final double H = 1e-5;

  private static final double TOLERANCE = 2e-9;

  static Stream<Layer> layers() {
    return Stream.concat(
        Stream.of(
            new Dense(UNITS, 3),
            new Dense(UNITS, 7),
            new LayerNorm(UNITS, 1e-5),
            new BatchNorm(UNITS, BatchNorm.Form.PYTORCH),
            new BatchNorm(UNITS, BatchNorm.Form.CUMULATIVE),
            new BatchNorm(UNITS, BatchNorm.Form.KERAS),
            new Dropout(UNITS, 0.4),
            new Embedding(
                UNITS,
                List.of(new Embedding.Table("a", 0, 2, 3), new Embedding.Table("b", 3, 2, 2)),
                Embedding.Start.PYTORCH),
            new Recurrence(UNITS, 1, 3, Cell.RNN),
            new Recurrence(UNITS, 1, 3, Cell.GRU),
            new Recurrence(UNITS, 1, 3, Cell.LSTM),
            new Recurrence(1, UNITS, 2, Cell.LSTM)),
        Activations.all().stream().map(activation -> new Activated(UNITS, activation)));
  }

  /** So that {@link #layers} has a line for what is new. */
  @Test
  void everyLayerEveryBatchNormAndEveryCellIsHere() throws IllegalAccessException {
    assertEquals(Set.of(Layer.class.getPermittedSubclasses()), seen(Layer.class, Layer::getClass));
    Set<BatchNorm.Form> forms = new HashSet<>();
    for (Field field : BatchNorm.Form.class.getFields()) {
      forms.add((BatchNorm.Form) field.get(null));
    }
    assertEquals(forms, seen(BatchNorm.class, BatchNorm::form));
    assertEquals(Set.of(Cell.values()), seen(Recurrence.class, Recurrence::cell));
  }

  private static <L extends Layer> Set<Object> seen(Class<L> type, Function<L, Object> what) {
    return layers().filter(type::isInstance).map(type::cast).map(what).collect(Collectors.toSet());
  }

  private static double[] numbers(int count, long seed) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, k -> CounterRandom.gaussian(seed, k, 0, 0));
    return numbers;
  }

  /** Running variances are positive. */
  private static double[] parameters(Layer layer) {
    double[] parameters = numbers(2 + layer.parameters(), 1);
    for (Slice buffer : layer.buffers("", 2)) {
      for (int k = buffer.from(); k < buffer.from() + buffer.length(); k++) {
        parameters[k] = Math.abs(parameters[k]);
      }
    }
    return parameters;
  }

  private static final Draw DRAW = new Draw(3, 14, 15);

  private static Pass pass(
      Layer layer, double[] parameters, double[] in, int rows, @Nullable Draw draw, double[] out) {
    return new Pass(parameters, 2, in, rows, draw, out, new double[rows * layer.tape()]);
  }

  /** Σ c · layer(in), whose derivatives by the outputs are c. */
  private static double value(Layer layer, double[] parameters, double[] in, double[] c) {
    double[] out = new double[ROWS * layer.outputs()];
    layer.forward(pass(layer, parameters, in, ROWS, DRAW, out));
    double sum = 0;
    for (int k = 0; k < out.length; k++) {
      sum += c[k] * out[k];
    }
    return sum;
  }

  private record Derivatives(double[] gradient, double[] before) {}

  private static Derivatives derivatives(
      Layer layer, double[] parameters, double[] in, double[] c) {
    double[] out = new double[ROWS * layer.outputs()];
    Pass pass = pass(layer, parameters, in, ROWS, DRAW, out);
    layer.forward(pass);
    double[] gradient = new double[parameters.length];
    double[] before = new double[in.length];
    layer.backward(pass, c, gradient, before);
    return new Derivatives(gradient, before);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void derivativesAreThoseOfFiniteDifferences(Layer layer) {
    double[] parameters = numbers(2 + layer.parameters(), 1);
    double[] in = numbers(ROWS * UNITS, 2);
    double[] c = numbers(ROWS * layer.outputs(), 3);
    Derivatives found = derivatives(layer, parameters, in, c);
    for (double[] x : new double[][] {parameters, in}) {
      double[] derivatives = x == in ? found.before() : found.gradient();
      for (int k = 0; k < x.length; k++) {
        double at = x[k];
        x[k] = at + H;
        double above = value(layer, parameters, in, c);
        x[k] = at - H;
        double below = value(layer, parameters, in, c);
        x[k] = at;
        double expected = (above - below) / (2 * H);
        assertEquals(expected, derivatives[k], TOLERANCE * (1 + Math.abs(expected)), "entry " + k);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void gradientsAreAddedToWhatIsThere(Layer layer) {
    double[] parameters = numbers(2 + layer.parameters(), 1);
    double[] in = numbers(ROWS * UNITS, 2);
    double[] c = numbers(ROWS * layer.outputs(), 3);
    double[] out = new double[c.length];
    Pass pass = pass(layer, parameters, in, ROWS, DRAW, out);
    layer.forward(pass);
    double[] once = derivatives(layer, parameters, in, c).gradient();
    double[] twice = once.clone();
    layer.backward(pass, c, twice, new double[in.length]);
    for (int k = 0; k < once.length; k++) {
      // four rows are added one by one: a few roundings of their sizes
      assertEquals(2 * once[k], twice[k], 1e-14 * (1 + Math.abs(once[k])));
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void rowsDoNotSeeEachOther(Layer layer) {
    double[] parameters = parameters(layer);
    double[] in = numbers(ROWS * UNITS, 2);
    double[] all = new double[ROWS * layer.outputs()];
    @Nullable Draw draw = layer instanceof BatchNorm ? null : DRAW; // its rows do in training
    layer.forward(pass(layer, parameters, in, ROWS, draw, all));
    double[] last = new double[layer.outputs()];
    double[] row = Arrays.copyOfRange(in, (ROWS - 1) * UNITS, ROWS * UNITS);
    @Nullable Draw after = draw == null ? null : draw.after(ROWS - 1);
    layer.forward(pass(layer, parameters, row, 1, after, last));
    assertArrayEquals(Arrays.copyOfRange(all, (ROWS - 1) * layer.outputs(), all.length), last);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void whatIsNotANumberIsNotHidden(Layer layer) {
    double[] parameters = parameters(layer);
    double[] in = numbers(UNITS, 2);
    in[0] = Double.NaN;
    double[] out = new double[layer.outputs()];
    layer.forward(pass(layer, parameters, in, 1, null, out));
    assertTrue(Arrays.stream(out).anyMatch(Double::isNaN), Arrays.toString(out));
  }
}
