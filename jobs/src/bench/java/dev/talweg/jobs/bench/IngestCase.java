package dev.talweg.jobs.bench;

import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Raw columns in Parquet → what training can begin on: Talweg's cached blocks with dictionaries,
 * moments, label statistics and fingerprint, against a cached, counted column of vectors.
 */
record IngestCase() implements Case {
  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public String what() {
    return "The training rows of `columns`, from Parquet to what training can begin on: Talweg's "
        + "cached blocks with dictionaries, moments, label statistics and fingerprint; of "
        + "`spark.ml` the same pipeline to a cached, counted column of vectors.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    SparkSession spark = workspace.spark();
    String parquet = ClickColumns.training(spark, workspace.data(), workspace.rows());
    turns.run(
        name(),
        List.of(
            contender("talweg", clock -> talweg(spark, ColumnsCase.source(parquet), clock)),
            contender(
                "hasher",
                clock -> transformed(spark, parquet, ColumnsCase.STAGES.hasher(), clock))));
  }

  private static Turns.Contender contender(String side, Turns.Work work) {
    return new Turns.Contender(side, List.of(""), Map.of(), work);
  }

  static Side.Fitted talweg(SparkSession spark, String source, Clock clock) {
    RunConfig config =
        ConfigReader.read("bench", source + "model: logistic\noutput: unused\n", List.of());
    try (Ingested read =
        Ingest.read(spark, config.data(), config.features(), LabelKind.BINARY, 1, 0, note -> {})) {
      clock.stop();
      return fitted(
          Map.of("features", read.encoding().dimension(), "rows", read.report().trainRows()));
    }
  }

  private static Side.Fitted transformed(
      SparkSession spark, String parquet, List<PipelineStage> stages, Clock clock) {
    Dataset<Row> rows = ColumnsCase.read(spark, parquet);
    Dataset<Row> vectors =
        new Pipeline()
            .setStages(stages.toArray(PipelineStage[]::new))
            .fit(rows)
            .transform(rows)
            .select("features", "label")
            .cache();
    try {
      long count = vectors.count();
      clock.stop();
      return fitted(Map.of("rows", count));
    } finally {
      vectors.unpersist(true);
    }
  }

  static Side.Fitted fitted(Map<String, Object> found) {
    return new Side.Fitted(found, Map::of);
  }
}
