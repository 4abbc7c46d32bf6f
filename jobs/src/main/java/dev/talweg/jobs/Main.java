package dev.talweg.jobs;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.config.ConfigException;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.InterruptedRun;
import dev.talweg.jobs.run.Prediction;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.RunSummary;
import dev.talweg.jobs.run.TrainingRun;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.metric.Scores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SignalUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The command line. Exit codes: 0 done, 1 the run failed, 2 the user's input is wrong (every
 * problem is printed, none with a stack trace).
 */
@Command(
    name = "talweg",
    mixinStandardHelpOptions = true,
    description = "A batch optimizer for Apache Spark.",
    synopsisSubcommandLabel = "VERB")
public final class Main {
  private static final int FAILED = 1;
  private static final int WRONG_INPUT = 2;

  private final Console console;

  private Main(Console console) {
    this.console = console;
  }

  @SuppressForbidden // the one place that ends the process
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /** Runs one command and returns its exit code. */
  public static int run(Console console, String... arguments) {
    Main main = new Main(console);
    CommandLine line = new CommandLine(main);
    line.addSubcommand("train", main.new Train());
    line.addSubcommand("check", main.new Check());
    line.addSubcommand("predict", main.new Predict());
    line.addSubcommand("evaluate", main.new Evaluate());
    line.addSubcommand("list", main.new ListNames());
    line.setExecutionExceptionHandler((thrown, command, parsed) -> main.failed(thrown));
    return line.execute(arguments);
  }

  private int failed(Exception thrown) {
    List<String> problems = new ArrayList<>();
    if (thrown instanceof ConfigException config) {
      config.problems().forEach(problem -> problems.add(problem.toString()));
    } else if (thrown instanceof DataException data) {
      problems.addAll(data.problems());
    } else if (thrown instanceof InterruptedRun) {
      console.say(String.valueOf(thrown.getMessage()));
      return FAILED;
    } else {
      console.say("talweg failed: " + thrown);
      return FAILED;
    }
    console.say(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:");
    problems.forEach(problem -> console.say("  " + problem));
    return WRONG_INPUT;
  }

  private static SparkSession spark() {
    SparkSession.Builder builder = SparkSession.builder().appName("talweg");
    if (System.getProperty("spark.master") == null && System.getenv("SPARK_ENV_LOADED") == null) {
      builder = builder.master("local[*]");
    }
    org.apache.logging.log4j.core.config.Configurator.setRootLevel(
        org.apache.logging.log4j.Level.ERROR);
    SparkSession spark = builder.getOrCreate();
    spark.sparkContext().setLogLevel("ERROR");
    return spark;
  }

  private static RunConfig config(Path file, List<String> sets, @Nullable String output) {
    try {
      RunConfig config =
          ConfigReader.read(file.toString(), Files.readString(file, StandardCharsets.UTF_8), sets);
      return output == null ? config : config.withOutput(output);
    } catch (IOException e) {
      throw new DataException(
          file
              + ": the configuration cannot be read ("
              + e.getClass().getSimpleName()
              + "); check the path");
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Trains a model. Example: talweg train credit.yaml --set seed=7")
  private final class Train implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG")
    private Path file = Path.of("");

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a key")
    private List<String> sets = new ArrayList<>();

    @Option(names = "--output", paramLabel = "DIR")
    private @Nullable String output;

    @Option(names = "--resume", description = "go on from the last checkpoint")
    private boolean resume;

    @Option(names = "--overwrite", description = "replace an output that exists")
    private boolean overwrite;

    @Option(names = "--require-convergence", description = "exit 1 unless it converged")
    private boolean requireConvergence;

    @Override
    public Integer call() {
      RunConfig config = config(file, sets, output);
      RunOptions options =
          new RunOptions(
              resume ? RunOptions.Start.RESUME : RunOptions.Start.FRESH,
              overwrite ? RunOptions.Existing.REPLACE : RunOptions.Existing.REFUSE);
      Interrupt interrupt = new Interrupt();
      SignalUtils.register("INT", () -> interrupt.request());
      RunSummary summary = TrainingRun.train(spark(), config, options, console, interrupt);
      console.print(outcome(summary, config));
      boolean failed =
          summary.status().equals("failed")
              || (requireConvergence && !summary.status().equals("converged"));
      return failed ? FAILED : 0;
    }
  }

  private static String outcome(RunSummary summary, RunConfig config) {
    StringBuilder text = new StringBuilder();
    text.append(summary.name()).append(": ").append(summary.termination().describe()).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "  objective  %s, %d steps, %d passes over %,d rows, %d features%n",
            summary.objective().value(),
            summary.iterations(),
            summary.passes(),
            summary.rows().train(),
            summary.features().dimension()));
    if (summary.certificate().relativeGap() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "  certified  within %.1e of the optimum, relative%n",
              summary.certificate().relativeGap()));
    }
    summary.metrics().forEach((split, metrics) -> text.append(line(split, metrics)));
    text.append("  model      ").append(summary.fingerprint().model(), 0, 16).append("…\n");
    return text.append("  output     ").append(config.output()).toString();
  }

  private static String line(String split, Map<String, Double> metrics) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "  %-11s", split));
    metrics.forEach(
        (name, value) -> text.append(String.format(Locale.ROOT, "%s %.5f  ", name, value)));
    return text.toString().stripTrailing() + "\n";
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Prints the configuration as resolved. Example: talweg check credit.yaml")
  private final class Check implements Callable<Integer> {
    @Parameters(paramLabel = "CONFIG")
    private Path file = Path.of("");

    @Option(names = "--set", paramLabel = "KEY=VALUE")
    private List<String> sets = new ArrayList<>();

    @Override
    public Integer call() {
      console.print(config(file, sets, null).toYaml());
      return 0;
    }
  }

  private abstract static class OnData {
    @Option(names = "--model", required = true, paramLabel = "DIR")
    String model = "";

    @Option(names = "--data", required = true, paramLabel = "PATH")
    List<String> data = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT")
    @Nullable String format;

    @Option(names = "--option", paramLabel = "KEY=VALUE", description = "of Spark's reader")
    Map<String, String> options = Map.of();

    Prediction.Source source() {
      return new Prediction.Source(data, format, options);
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Scores data. Example: talweg predict --model runs/credit --data new.csv --output scores")
  private final class Predict extends OnData implements Callable<Integer> {
    @Option(names = "--output", required = true, paramLabel = "DIR")
    private String output = "";

    @Option(names = "--overwrite")
    private boolean overwrite;

    @Override
    public Integer call() {
      Prediction.Written written =
          Prediction.predict(
              spark(),
              model,
              source(),
              output,
              new RunOptions(
                  RunOptions.Start.FRESH,
                  overwrite ? RunOptions.Existing.REPLACE : RunOptions.Existing.REFUSE));
      console.print(
          String.format(
              Locale.ROOT,
              "%,d rows, %,d of them without a score (column problem says why): %s",
              written.rows(),
              written.unscored(),
              written.output()));
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description = "Measures a model. Example: talweg evaluate --model runs/credit --data new.csv")
  private final class Evaluate extends OnData implements Callable<Integer> {
    @Override
    public Integer call() {
      Scores scores = Prediction.evaluate(spark(), model, source(), console::say);
      console.print(String.format(Locale.ROOT, "%,d rows", scores.rows()));
      for (Scores.Value value : scores.values()) {
        console.print(
            String.format(
                Locale.ROOT,
                "  %-18s %.6f%s",
                value.metric(),
                value.value(),
                Double.isNaN(value.standardError())
                    ? ""
                    : String.format(Locale.ROOT, " ± %.6f", value.standardError())));
      }
      return 0;
    }
  }

  @Command(
      mixinStandardHelpOptions = true,
      description =
          "Lists optimizers, losses, models, schedules or metrics. Example: talweg list losses")
  private final class ListNames implements Callable<Integer> {
    @Parameters(paramLabel = "WHAT")
    private String what = "";

    @Override
    public Integer call() {
      switch (what) {
        case "optimizers" -> Catalog.optimizers().forEach(e -> line(e.name(), e.summary()));
        case "losses" -> Catalog.losses().forEach(e -> line(e.name(), e.summary()));
        case "models" -> Catalog.models().forEach(e -> line(e.name(), e.summary()));
        case "schedules" -> Catalog.schedules().forEach(e -> line(e.name(), e.summary()));
        case "metrics" -> Metrics.all().forEach(e -> line(e.name(), e.summary()));
        default ->
            throw new DataException(
                "list " + what + ": optimizers, losses, models, schedules and metrics are allowed");
      }
      return 0;
    }

    private void line(String name, String summary) {
      console.print(String.format(Locale.ROOT, "%-20s %s", name, Objects.toString(summary)));
    }
  }
}
