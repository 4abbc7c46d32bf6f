package dev.talweg.jobs;

import dev.talweg.jobs.run.Attempt;
import dev.talweg.jobs.run.Prediction;
import dev.talweg.jobs.run.RunOptions;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = "Scores data with a trained model: a directory of Parquet, one row per row.",
    footer = {
      "",
      "Extra columns are ignored, the order of columns is free, unseen categories have no weight.",
      "Example: talweg predict --model runs/credit --data new.parquet --output scores/today"
    })
final class PredictCommand implements Callable<Integer> {
  private final Session session;

  @Option(names = "--model", required = true, paramLabel = "DIR", description = "output of a run")
  private String model = "";

  @Mixin private DataOptions data = new DataOptions();

  @Option(names = "--output", required = true, paramLabel = "DIR", description = "what to write")
  private String output = "";

  @Option(names = "--overwrite", description = "replace an output that exists")
  private boolean overwrite;

  PredictCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RunOptions options =
        new RunOptions(
            RunOptions.Start.FRESH,
            overwrite ? RunOptions.Existing.REPLACE : RunOptions.Existing.REFUSE);
    SparkSession spark = session.spark();
    Attempt attempt = Attempt.of(spark.sparkContext());
    Prediction.Written written =
        Prediction.predict(spark, model, data.source(), output, options.of(attempt));
    session
        .console()
        .print(
            String.format(
                Locale.ROOT,
                "%s: %,d rows, %,d of them without a score%s",
                written.output(),
                written.rows(),
                written.unscored(),
                written.unscored() == 0 ? "" : " (the column problem says why)"));
    return Main.DONE;
  }
}
