package dev.talweg.optimizer;

import dev.talweg.optimizer.block.ClickRows;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmarks and gives each in its own unit: nanoseconds per non-zero, row or byte; passes
 * over blocks also as the share of the memory bandwidth that was measured beside them.
 *
 * <p>Usage: OUTPUT [PATTERN]…
 */
public final class KernelBenchmarks {
  private KernelBenchmarks() {}

  public static void main(String[] arguments) throws RunnerException, IOException {
    ChainedOptionsBuilder options =
        new OptionsBuilder().jvmArgsAppend("--add-modules=jdk.incubator.vector", "-Xmx3g");
    for (int k = 1; k < arguments.length; k++) {
      options.include(arguments[k]);
    }
    if (arguments.length == 1) {
      options.include("dev.talweg");
    }
    List<String> lines = lines(new Runner(options.build()).run());
    Path output = Path.of(arguments[0]).toAbsolutePath();
    if (output.getParent() != null) {
      Files.createDirectories(output.getParent());
    }
    Files.write(output, lines);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    lines.forEach(out::println);
  }

  private static List<String> lines(Collection<RunResult> results) {
    double bandwidth = 0;
    for (RunResult result : results) {
      if (name(result).equals("BandwidthBenchmark.read")) {
        bandwidth = 8.0 * BandwidthBenchmark.DOUBLES / nanoseconds(result);
      }
    }
    List<String> lines = new ArrayList<>();
    Map<String, Long> entries = new TreeMap<>();
    List<RunResult> ordered = new ArrayList<>(results);
    ordered.sort(Comparator.comparing(result -> result.getParams().id()));
    for (RunResult result : ordered) {
      lines.add(line(result, bandwidth, entries));
    }
    return lines;
  }

  private static String line(RunResult result, double bandwidth, Map<String, Long> entries) {
    BenchmarkParams params = result.getParams();
    StringBuilder json = new StringBuilder();
    json.append(String.format(Locale.ROOT, "{\"benchmark\":\"%s\"", name(result)));
    for (String key : params.getParamsKeys()) {
      json.append(String.format(Locale.ROOT, ",\"%s\":\"%s\"", key, params.getParam(key)));
    }
    double ns = nanoseconds(result);
    double per = 1;
    String unit = "call";
    if (name(result).startsWith("Bandwidth")) {
      per = 8.0 * BandwidthBenchmark.DOUBLES * (name(result).endsWith("copy") ? 2 : 1);
      unit = "byte";
    } else if (name(result).startsWith("Pass") || name(result).startsWith("Sort")) {
      int rows = name(result).startsWith("Pass") ? PassBenchmark.ROWS : SortBenchmark.ROWS;
      int dimension = Integer.parseInt(params.getParam("dimension"));
      per =
          entries.computeIfAbsent(
              rows + " " + dimension,
              key -> ClickRows.of(rows, dimension, ClickRows.Values.NONE).entries());
      unit = "non-zero";
    } else if (name(result).startsWith("Loop")) {
      boolean columns = name(result).contains("column");
      per = columns ? 8192.0 * 32 : 8192;
      unit = columns ? "value" : "row";
    }
    json.append(String.format(Locale.ROOT, ",\"ns\":%.4g,\"per\":\"%s\"", ns / per, unit));
    json.append(
        String.format(
            Locale.ROOT,
            ",\"error\":%.2g",
            result.getPrimaryResult().getScoreError() / ns * scale(result)));
    if (name(result).startsWith("Pass") && bandwidth > 0) {
      // each layout is read twice a pass; margins, labels and weights are small beside it
      double bytes =
          2.0
              * ClickRows.of(
                      PassBenchmark.ROWS,
                      Integer.parseInt(params.getParam("dimension")),
                      ClickRows.Values.valueOf(params.getParam("values")))
                  .shard(Integer.parseInt(params.getParam("dimension")), params.getParam("layout"))
                  .bytes();
      json.append(
          String.format(
              Locale.ROOT,
              ",\"bytes\":%.3g,\"share-of-bandwidth\":%.2f",
              bytes / per,
              bytes / ns / bandwidth));
    }
    if (bandwidth > 0 && unit.equals("byte")) {
      json.append(String.format(Locale.ROOT, ",\"gigabytes-per-second\":%.1f", per / ns));
    }
    return json.append('}').toString();
  }

  private static String name(RunResult result) {
    String name = result.getParams().getBenchmark();
    int method = name.lastIndexOf('.');
    return name.substring(name.lastIndexOf('.', method - 1) + 1);
  }

  private static double nanoseconds(RunResult result) {
    return result.getPrimaryResult().getScore() * scale(result);
  }

  private static double scale(RunResult result) {
    return result.getPrimaryResult().getScoreUnit().startsWith("us") ? 1000 : 1;
  }
}
