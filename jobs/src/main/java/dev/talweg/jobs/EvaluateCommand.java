package dev.talweg.jobs;

import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.Prediction;
import dev.talweg.optimizer.metric.Scores;
import java.util.Locale;
import java.util.concurrent.Callable;
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

  @Mixin private DataOptions data = new DataOptions();

  EvaluateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Console console = session.console();
    Scores scores = Prediction.evaluate(session.spark(), model, data.source(), console::say);
    console.print(String.format(Locale.ROOT, "%,d rows", scores.rows()));
    for (Scores.Value value : scores.values()) {
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
