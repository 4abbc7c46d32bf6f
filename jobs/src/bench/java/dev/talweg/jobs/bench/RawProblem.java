package dev.talweg.jobs.bench;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.Scoring;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.run.SavedModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Logistic regression on raw columns, each side with its own features: objectives differ, so models
 * are compared by log loss and AUC on the same rows.
 *
 * @param name of the run's directory
 * @param source YAML of data and features, for Talweg
 * @param rows reads the same rows for spark.ml, labels as 0.0 and 1.0
 * @param stages spark.ml's ways to features
 * @param judged the rows that models are compared on: as Talweg reads them, and as spark.ml does
 */
record RawProblem(
    String name,
    String source,
    Supplier<Dataset<Row>> rows,
    SparkStages stages,
    double l1,
    double l2,
    Judged judged) {

  /**
   * @param word that the lines name them by, e.g. test
   * @param source YAML of data
   */
  record Judged(String word, String source, Supplier<Dataset<Row>> rows) {}

  private static final String MODEL =
      "model: logistic\npenalty: {l1: %s, l2: %s, standardize: none}\n";

  TalwegSide talweg(Workspace workspace) {
    return new TalwegSide(
        workspace.spark(),
        source + MODEL.formatted(l1, l2),
        workspace.run(name),
        TalwegSide.Form.SAME,
        run -> judgedTalweg(workspace, run));
  }

  SparkLogistic hasher() {
    return spark("hasher", stages.hasher());
  }

  SparkLogistic indexer() {
    return spark("indexer", stages.indexer());
  }

  private SparkLogistic spark(String side, List<PipelineStage> with) {
    return new SparkLogistic(side, rows, with, l1, l2, this::judgedSpark);
  }

  private Map<String, Object> judgedTalweg(Workspace workspace, Path run) {
    DataSpec data =
        ConfigReader.read(
                "bench", judged.source() + MODEL.formatted(l1, l2) + "output: unused\n", List.of())
            .data();
    SavedModel model = SavedModel.load(workspace.spark(), run.toString());
    Dataset<Row> scores =
        Scoring.score(workspace.spark(), data, model.encoding(), 0, model.scorer())
            .where("problem is null");
    double[] parameters = model.parameters();
    double[] weights = Arrays.copyOf(parameters, parameters.length - 1);
    return seen(ScoreQuality.of(scores), weights);
  }

  private Map<String, Object> judgedSpark(SparkLogistic.Trained trained) {
    Dataset<Row> scored =
        trained.regression().transform(trained.features().transform(judged.rows().get()));
    Column margin = functions.vector_to_array(new Column("rawPrediction"), "float64").getItem(1);
    return seen(
        ScoreQuality.of(scored.select(new Column("label"), margin.as("margin"))),
        trained.regression().coefficients().toArray());
  }

  /** On the training rows, log loss and penalty are the side's objective. */
  private Map<String, Object> seen(ScoreQuality quality, double[] weights) {
    Map<String, Object> seen = new LinkedHashMap<>(quality.named(judged.word()));
    if (judged.word().equals("train")) {
      double penalty = 0;
      for (double w : weights) {
        penalty += l1 * Math.abs(w) + l2 / 2 * w * w;
      }
      seen.put("objective", quality.logLoss() + penalty);
    }
    return seen;
  }
}
