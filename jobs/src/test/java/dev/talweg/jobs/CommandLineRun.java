package dev.talweg.jobs;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.RunSummary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** One command in this JVM, on the session that tests share: what it printed and its exit code. */
public record CommandLineRun(int exitCode, String out, String err) {

  public static CommandLineRun of(String... arguments) {
    Objects.requireNonNull(LocalSpark.session());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Console.Surface.PLAIN);
    int exitCode = Main.run(console, arguments);
    return new CommandLineRun(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The same, where anything but 0 is the test's failure. */
  public static CommandLineRun done(String... arguments) {
    CommandLineRun run = of(arguments);
    if (run.exitCode != 0) {
      throw new AssertionError("exit code " + run.exitCode + ": " + run.err + run.out);
    }
    return run;
  }

  /** Trains a configuration of which {@code {dir}} is the directory; returns run.json. */
  public static RunSummary train(Path dir, String yaml, String... more) {
    try {
      Path file = Files.createTempFile(dir, "config", ".yaml");
      Files.writeString(file, yaml.replace("{dir}", dir.toString()));
      String[] arguments = new String[2 + more.length];
      arguments[0] = "train";
      arguments[1] = file.toString();
      System.arraycopy(more, 0, arguments, 2, more.length);
      done(arguments);
      String text = yaml;
      for (int k = 0; k + 1 < more.length; k++) {
        text = more[k].equals("--output") ? "output: " + more[k + 1] : text;
      }
      String output =
          text.replaceAll("(?s).*output: ([^\n]+).*", "$1").replace("{dir}", dir.toString());
      return summary(Path.of(output));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Predicts; model, data and output are below {@code dir}. */
  public static CommandLineRun predict(
      Path dir, String model, String data, String output, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "predict",
                "--model",
                dir + "/" + model,
                "--data",
                dir + "/" + data,
                "--output",
                dir + "/" + output));
    arguments.addAll(List.of(more));
    return done(arguments.toArray(String[]::new));
  }

  public static RunSummary summary(Path run) {
    try {
      Path file = run.resolve("run.json");
      return RunSummary.fromJson(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The value of a metric that the run must have. */
  public static double metric(RunSummary run, String split, String metric) {
    Map<String, Double> metrics = run.metrics().getOrDefault(split, Map.of());
    Double value = metrics.get(metric);
    if (value == null) {
      throw new AssertionError("no " + metric + " of " + split + " in " + run.metrics());
    }
    return value;
  }

  /** The repository. */
  public static Path root() {
    return GeneratedPage.root();
  }

  /** A file below {@code datasets/samples}. */
  public static String sample(String name) {
    return GeneratedPage.root().resolve("datasets/samples").resolve(name).toString();
  }
}
