package dev.talweg.jobs;

import dev.talweg.jobs.config.RunConfig.Evaluation;
import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.Prediction;
import dev.talweg.optimizer.metric.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = "Measures a trained model on labelled data.",
    footer = {"", "Example: talweg evaluate --model runs/credit --data october.parquet"})
final class EvaluateCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "output of a run")
  private String model = "";

  @Option(
      names = "--metrics",
      split = ",",
      paramLabel = "METRIC",
      description = "more of them, which need a sort: talweg list metrics")
  private List<String> metrics = new ArrayList<>();

  @Option(
      names = "--query",
      paramLabel = "COLUMN",
      description = "which query a row is of, for metrics as ndcg@10")
  private @Nullable String query;

  @Option(
      names = "--item",
      paramLabel = "COLUMN",
      description = "which item a row is, for metrics as item-coverage@10")
  private @Nullable String item;

  @Mixin private DataOptions data = new DataOptions();

  EvaluateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    Prediction.Evaluated evaluated =
        Prediction.evaluate(
            session.spark(),
            model,
            data.source(),
            new Evaluation(metrics, query, item),
            console::say);
    console.print(String.format(Locale.ROOT, "%,d rows", evaluated.scores().rows()));
    for (Scores.Value value : evaluated.values()) {
      String error =
          Double.isNaN(value.standardError())
              ? ""
              : String.format(Locale.ROOT, " ± %.6f", value.standardError());
      console.print(
          String.format(Locale.ROOT, "  %-18s %.6f%s", value.metric(), value.value(), error));
    }
    return Main.DONE;
  }
}
