package dev.talweg.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.bench.ScaleCase;
import dev.talweg.jobs.run.StepCost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/scale.md} says what the lines of {@code docs/benchmarks/scale.jsonl} say. */
class ScalePageTest {
  private static final String PAGE =
      """
      # Scale

      What a step of L-BFGS costs, as a model, and what would carry it beyond one driver's memory.
      `scripts/bench scale` measures the points; `ScalePageTest` fits the model to its lines and writes this page. Simulated click rows of some 35 entries; each point is the median of three rounds.

      ## The model

      With n rows, e entries (not zero), P partitions on c cores, d features that training rows have, and t = Σ over partitions of the features each touches:

      | of a step | is |
      |---|---|
      | passes over the data | 1: X·direction in one job, Xᵀm in another |
      | jobs | 2, and one of six numbers for each further probe of a line search |
      | bytes to the driver | 8t + min(4t, Pd/8): a number each and its place, of 4 bytes or one bit per feature; `wire: float` halves the first term |
      | bytes from the driver | 8d to each executor, once a step |
      | seconds | %s |
      | heap in use at step 6 (driver and executors are one JVM here) | %s |

      The coefficients are of this machine (%s cores); the terms are not. The last one of the heap is the driver's: parameters, gradients, penalties, moments, preconditioner and two vectors a pair, of 8 bytes a feature each.
      There are six pairs then; the ten of the default make it some 320 bytes a feature, 40 vectors: a driver of 8 GB holds 2²⁴ features, one of 64 GB 2²⁷, and 2²⁸ take 86 GB (`optimizer: {kind: lbfgs, memory: 3}`: 56 GB). None so large was run.

      d is what training rows have, not how wide the column is declared: of vectors wider than 2²¹ other features are left out at ingest, so the row `widest-2^28` of the [benchmarks](benchmarks.md) fits anywhere.

      ## How well it says what was measured

      Fitted, to least squares of relative errors with no term below zero, to the first rows; those marked *check* it had not seen. t is what the bytes of the moments at ingest tell, so the megabytes check that a gradient has the places of the moments. Said / measured:

      | n | d | P | t | seconds | MB to the driver | heap, MB | jobs | |
      |---|---|---|---|---|---|---|---|---|
      %s
      The largest errors of points that were fitted are %s; of those that were not, %s.

      ## Beyond one driver

      What ends first is the driver's memory, 8 bytes × (2 for each pair + 20) × d, then the time in which one process adds up t numbers a step. The plan for more, none of which is built:

      1. **State by range.** Slices of 2¹⁸ features are owned by executors. The sliced form of `OrderedReduction` brings the terms of a range together in the order of partitions already, with the same bits; what it hands to the driver would stay where it is, as one more persisted RDD: parameters, gradient, pairs, preconditioner, slice by slice.
      2. **Directions from dot products.** The two-loop recursion needs inner products of pairs and gradient alone: (2m + 1)² numbers, of which a step changes 2(2m + 1) (vector-free L-BFGS: Chen, Wang and Zhou, NIPS 2014). One small job gives them; the driver holds m² numbers instead of 2md.
      3. **Directions by touch.** A task needs the weights of the features it touches: a shuffle from ranges to partitions, 8t bytes, in the place of a broadcast of 8d to each executor.
      4. **The preconditioner** is diagonal plus a block of at most 1,200 features: the block stays on the driver, the diagonal goes by range.

      A step would be four jobs (project, search, gradient by range, dot products), 8t bytes down and up to 12t up, all between executors, and m² numbers on the driver:

      | d | driver today, GB | driver by range | executors in all by range, GB |
      |---|---|---|---|
      %s
      """;

  @Test
  void thePageIsWhatWasMeasured() throws IOException {
    List<Point> points = new ArrayList<>();
    Path file = GeneratedPage.root().resolve("docs/benchmarks/scale.jsonl");
    for (String line : Files.readAllLines(file)) {
      points.add(new Point(new ObjectMapper().readTree(line)));
    }
    double[] seconds = fitted(points, "seconds", StepCost::secondsTerms);
    double[] heap = fitted(points, "heap", StepCost::heapTerms);
    GeneratedPage.assertIs(
        "jobs/src/main/resources/dev/talweg/jobs/run/step-cost.json",
        String.format(
            Locale.ROOT,
            "{\n  \"seconds\": %s,\n  \"heap\": %s\n}\n",
            numbers(seconds),
            numbers(heap)));
    StepCost cost = new StepCost(seconds, heap);
    StringBuilder rows = new StringBuilder();
    for (Point point : points) {
      rows.append(
          String.format(
              Locale.ROOT,
              "| %,.0f | %,.0f | %.0f | %,.0f | %.3f / %.3f | %.2f / %.2f | %.0f / %.0f | %.1f | %s |%n",
              point.number("rows"),
              point.number("features"),
              point.number("partitions"),
              point.number("touched"),
              cost.secondsOf(point::number),
              point.number("seconds"),
              1e-6 * StepCost.bytes(point::number),
              1e-6 * point.number("bytes"),
              1e-6 * cost.heapOf(point::number),
              1e-6 * point.number("heap"),
              point.number("jobs"),
              point.isFitted() ? "" : "check"));
    }
    GeneratedPage.assertIs(
        "docs/scale.md",
        PAGE.formatted(
            sum(seconds, "s", List.of("", "2P/c", "e/c", "t/c", "d")),
            sum(heap, "bytes", List.of("", "e", "n", "t", "d")),
            String.format(Locale.ROOT, "%.0f", points.get(0).number("cores")),
            rows,
            errors(points.stream().filter(Point::isFitted), cost),
            errors(points.stream().filter(point -> !point.isFitted()), cost),
            beyond()));
  }

  private record Point(JsonNode line) {
    double number(String key) {
      return line.path(key).asDouble();
    }

    boolean isFitted() {
      return line.path("fitted").asBoolean();
    }
  }

  /** The largest relative errors of what is said of some points. */
  private static String errors(Stream<Point> of, StepCost cost) {
    List<Point> points = of.toList();
    return String.format(
        Locale.ROOT,
        "%.0f %% of the seconds, %.0f %% of the heap and %.2g %% of the megabytes",
        100 * largest(points, "seconds", cost::secondsOf),
        100 * largest(points, "heap", cost::heapOf),
        100 * largest(points, "bytes", StepCost::bytes));
  }

  private static double largest(
      List<Point> points, String key, ToDoubleFunction<ToDoubleFunction<String>> said) {
    return points.stream()
        .mapToDouble(point -> Math.abs(said.applyAsDouble(point::number) / point.number(key) - 1))
        .max()
        .orElseThrow();
  }

  private static double[] fitted(
      List<Point> points, String key, Function<ToDoubleFunction<String>, double[]> terms) {
    List<Point> own = points.stream().filter(Point::isFitted).toList();
    return ScaleCase.fitted(
        own.stream().map(point -> terms.apply(point::number)).toList(),
        own.stream().map(point -> point.number(key)).toList());
  }

  private static List<String> numbers(double[] coefficients) {
    return Arrays.stream(coefficients)
        .mapToObj(c -> String.format(Locale.ROOT, "%.4g", c))
        .toList();
  }

  private static String sum(double[] coefficients, String unit, List<String> terms) {
    List<String> parts = new ArrayList<>();
    for (int j = 0; j < coefficients.length; j++) {
      if (coefficients[j] > 0) {
        parts.add(String.format(Locale.ROOT, "%.3g %s", coefficients[j], terms.get(j)).strip());
      }
    }
    return String.join(" + ", parts) + " " + unit;
  }

  /** 40 vectors of 8 bytes on the driver; by range, as many over all executors. */
  private static String beyond() {
    StringBuilder rows = new StringBuilder();
    for (int bits : new int[] {24, 28, 30, 32}) {
      double gigabytes = 40 * 8 * Math.pow(2, bits) / 1e9;
      rows.append(
          String.format(
              Locale.ROOT, "| 2^%d | %,.0f | < 0.1 | %,.0f |%n", bits, gigabytes, gigabytes));
    }
    return rows.toString();
  }
}
