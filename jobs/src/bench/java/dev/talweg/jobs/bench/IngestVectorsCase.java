package dev.talweg.jobs.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The click set's vectors in Parquet → what training can begin on. spark.ml makes its blocks within
 * a fit: its side is a fit of no iterations, which summarizes, blocks, and evaluates its loss once.
 */
record IngestVectorsCase() implements Case {
  @Override
  public String name() {
    return "ingest-vectors";
  }

  @Override
  public String what() {
    return "The click set's vectors, from Parquet to what training can begin on. `spark.ml` "
        + "makes its blocks within a fit: a fit of no iterations, which evaluates its loss "
        + "once.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    SparkSession spark = workspace.spark();
    String parquet =
        ClickVectors.written(spark, workspace.data(), workspace.rows(), ClickCase.MILLION);
    VectorProblem problem = VectorProblem.of(workspace, name(), parquet, 0, 1e-5);
    Side other = problem.spark();
    turns.run(
        name(),
        List.of(
            new Turns.Contender(
                "talweg",
                List.of(""),
                Map.of(),
                clock -> IngestCase.talweg(spark, problem.source(), clock)),
            new Turns.Contender(
                other.name(),
                List.of(""),
                Map.of(),
                clock -> IngestCase.fitted(other.fit(0, 0, clock).found()))));
  }
}
