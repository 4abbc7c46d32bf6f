package dev.talweg.jobs;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.Attempt;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.RunSummary;
import dev.talweg.jobs.run.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SignalUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Trains a model and publishes its tables, run.json and report.html.",
    footer = {
      "",
      "Ctrl-C writes a checkpoint after the current step; --resume goes on from it.",
      "A schedule gives each night --set date=…, --resume and --skip-finished: docs/pipelines.md.",
      "Example: talweg train credit.yaml --set penalty.l2=1e-3 --output runs/credit-l2"
    })
final class TrainCommand implements Callable<Integer> {
  private static final int METRICS_OF_A_LINE = 7;

  private final Session session;

  @Parameters(paramLabel = "CONFIG", description = "a YAML file; talweg describe suggests one")
  private String file = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "replaces a key, e.g. seed=7, or fills ${NAME}")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--output", paramLabel = "DIR", description = "replaces the key output")
  private @Nullable String output;

  @Option(names = "--resume", description = "go on from the last checkpoint, if there is one")
  private boolean resume;

  @Option(names = "--overwrite", description = "replace an output that exists, at the end")
  private boolean overwrite;

  @Option(
      names = "--skip-finished",
      description =
          "do nothing where the output is a finished run of the same configuration and data")
  private boolean skipFinished;

  @Option(names = "--require-convergence", description = "exit with 1 unless the run converged")
  private boolean requireConvergence;

  TrainCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    RunConfig config = session.config(file, sets, output);
    RunOptions options =
        new RunOptions(resume ? RunOptions.Start.RESUME : RunOptions.Start.FRESH, existing());
    SparkSession spark = session.spark();
    Attempt attempt = Attempt.of(spark.sparkContext());
    console.watch(spark.sparkContext());
    Interrupt interrupt = new Interrupt();
    for (String signal : List.of("INT", "TERM")) {
      SignalUtils.register(signal, () -> stop(interrupt, console));
    }
    RunSummary summary = TrainingRun.train(spark, config, options.of(attempt), console, interrupt);
    console.print(outcome(summary, config.output()));
    boolean failed =
        summary.status().equals("failed")
            || isRefused(summary)
            || (requireConvergence && !summary.status().equals("converged"));
    return failed ? Main.FAILED : Main.DONE;
  }

  private RunOptions.Existing existing() {
    if (overwrite && skipFinished) {
      throw new DataException(
          "--overwrite and --skip-finished: one redoes a finished run, the other keeps it; choose"
              + " one");
    }
    return overwrite
        ? RunOptions.Existing.REPLACE
        : skipFinished ? RunOptions.Existing.SKIP : RunOptions.Existing.REFUSE;
  }

  /** The first signal is handled; the second does what signals do. */
  private static boolean stop(Interrupt interrupt, Console console) {
    boolean first = interrupt.request();
    if (first) {
      console.say("stopping; once more stops at once, and only earlier checkpoints stay");
    }
    return first;
  }

  private static String outcome(RunSummary summary, String output) {
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
    } else if (summary.objective().kktResidual() != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "  residual   %.1e, of the KKT conditions; not certified: %s%n",
              summary.objective().kktResidual(),
              summary.certificate().explanation()));
    }
    summary.metrics().forEach((split, metrics) -> text.append(line(split, metrics)));
    if (isRefused(summary)) {
      return text.append(refusal(Objects.requireNonNull(summary.promotion()), output)).toString();
    }
    if (!summary.status().equals("failed")) {
      text.append("  model      ").append(summary.fingerprint().model(), 0, 16).append("…\n");
      text.append("  report     ").append(output).append("/report.html\n");
    }
    return text.append("  output     ").append(output).toString();
  }

  private static boolean isRefused(RunSummary summary) {
    return summary.promotion() != null && !summary.promotion().published();
  }

  private static String refusal(RunSummary.Promotion promotion, String output) {
    return "  not published: "
        + promotion.describe()
        + "\n  candidate  "
        + output.replaceFirst("/+$", "")
        + ".unpublished; to publish all the same, run again with --set promote=null";
  }

  /** The first ones; the tables have all. */
  private static String line(String split, Map<String, Double> metrics) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "  %-11s", split));
    metrics.entrySet().stream()
        .limit(METRICS_OF_A_LINE)
        .forEach(
            metric ->
                text.append(
                    String.format(Locale.ROOT, "%s %.5f  ", metric.getKey(), metric.getValue())));
    return text.toString().stripTrailing() + "\n";
  }
}
