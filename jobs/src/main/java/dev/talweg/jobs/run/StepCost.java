package dev.talweg.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * What a step of L-BFGS costs by rows, entries, partitions, cores and features: the model of {@code
 * docs/scale.md}, which is fitted to measured points and held against others there. The
 * coefficients are in {@code step-cost.json}, written with that page.
 *
 * @param seconds of {@link #secondsTerms}
 * @param heap bytes of {@link #heapTerms}
 */
public record StepCost(double[] seconds, double[] heap) {
  /** As it was measured last. */
  public static StepCost measured() {
    try (InputStream in =
        Objects.requireNonNull(StepCost.class.getResourceAsStream("step-cost.json"))) {
      JsonNode json = new ObjectMapper().readTree(in);
      return new StepCost(numbers(json.path("seconds")), numbers(json.path("heap")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] numbers(JsonNode list) {
    double[] numbers = new double[list.size()];
    for (int j = 0; j < numbers.length; j++) {
      numbers[j] = list.path(j).asDouble();
    }
    return numbers;
  }

  /** Seconds of a step, by the names of a line of {@code docs/benchmarks/scale.jsonl}. */
  public double secondsOf(ToDoubleFunction<String> size) {
    return product(seconds, secondsTerms(size));
  }

  /** Bytes in use where driver and executors are one JVM. */
  public double heapOf(ToDoubleFunction<String> size) {
    return product(heap, heapTerms(size));
  }

  /** What the seconds of a step are a sum of, in this order. */
  public static double[] secondsTerms(ToDoubleFunction<String> size) {
    double cores = size.applyAsDouble("cores");
    return new double[] {
      1,
      2 * size.applyAsDouble("partitions") / cores,
      size.applyAsDouble("entries") / cores,
      size.applyAsDouble("touched") / cores,
      size.applyAsDouble("features")
    };
  }

  /** What the heap in use is a sum of. */
  public static double[] heapTerms(ToDoubleFunction<String> size) {
    return new double[] {
      1,
      size.applyAsDouble("entries"),
      size.applyAsDouble("rows"),
      size.applyAsDouble("touched"),
      size.applyAsDouble("features")
    };
  }

  /** Bytes of the gradient: 8 a number, and a place of 4 bytes or a bit per feature. */
  public static double bytes(ToDoubleFunction<String> size) {
    double touched = size.applyAsDouble("touched");
    double bits = size.applyAsDouble("partitions") * size.applyAsDouble("features");
    return 8 * touched + Math.min(4 * touched, bits / 8);
  }

  private static double product(double[] x, double[] y) {
    double sum = 0;
    for (int j = 0; j < x.length; j++) {
      sum += x[j] * y[j];
    }
    return sum;
  }
}
