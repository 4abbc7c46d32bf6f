package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.datasets.Encoding.Outline;
import dev.talweg.datasets.Encoding.Span;
import dev.talweg.datasets.Kind;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a plan takes a model to hold and to multiply. */
class ModelSizeTest {
  private static RunConfig config(String model) {
    return ConfigReader.read(
        "config", "data: {train: rows, label: y}\nmodel: " + model + "\noutput: run\n", List.of());
  }

  /** A number, a column of ten levels, and one of five. */
  private static final Outline TABLE =
      new Outline(
          16,
          0,
          List.of(
              new Span(Kind.NUMERIC, "age", 0, 1),
              new Span(Kind.CATEGORICAL, "city", 1, 10),
              new Span(Kind.CATEGORICAL, "sex", 11, 5)));

  @Test
  void aFeatureOfALinearModelHasAWeightForEachMargin() {
    assertEquals(new ModelSize(1, 0, 0), ModelSize.of(config("logistic"), TABLE));
  }

  @Test
  void levelsHaveAsManyParametersAsTheirTablesAreWide() {
    String net = "{kind: perceptron, hidden: [8], loss: squared, embedding: {columns: {city: 3}}}";
    ModelSize size = ModelSize.of(config(net), TABLE);
    assertEquals((6 * 8 + 10 * 3) / 16.0, size.perFeature());
    int shared = 3 * 8 + 8 + 8 + 1; // weights of the table's units, biases, and the head
    assertEquals(shared, size.shared());
    assertEquals(6 * 8 + 10 * 3 + shared, size.parameters(16));
    assertEquals(shared, size.products());
  }

  @Test
  void aRecurrentLayerMultipliesAtEveryStep() {
    Outline four = new Outline(8, 0, List.of(new Span(Kind.VECTOR, "x", 0, 8)));
    Outline eight = new Outline(16, 0, List.of(new Span(Kind.VECTOR, "x", 0, 16)));
    String net = "{kind: recurrent, cell: lstm, hidden: 6, loss: squared, channels: 2, steps: %d}";
    ModelSize few = ModelSize.of(config(net.formatted(4)), four);
    ModelSize many = ModelSize.of(config(net.formatted(8)), eight);
    assertEquals((2 + 6 + 2) * 4 * 6 + 6 + 1, few.shared());
    assertEquals(few.shared(), many.shared());
    assertEquals(2 * few.secondsOfLayers(100, 0), many.secondsOfLayers(100, 0));
  }
}
