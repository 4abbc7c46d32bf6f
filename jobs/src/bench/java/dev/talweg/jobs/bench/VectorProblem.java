package dev.talweg.jobs.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Logistic regression on a column of vectors: mean log loss + l1 ‖w‖₁ + l2/2 ‖w‖² with a free
 * intercept, the same function for every side.
 *
 * @param name of the run's directory
 * @param source YAML of data and features, for Talweg
 * @param rows the same rows with columns label and features, for everybody else
 */
record VectorProblem(
    String name, String source, Supplier<Dataset<Row>> rows, double l1, double l2) {

  /** Of Parquet files with the columns label and features. */
  static VectorProblem of(Workspace workspace, String name, String parquet, double l1, double l2) {
    String source =
        String.format(
            Locale.ROOT,
            "data: {train: \"%s\", label: label}%nfeatures: {vector: features}%n",
            parquet);
    return new VectorProblem(
        name,
        source,
        () -> workspace.spark().read().parquet(parquet).select("label", "features"),
        l1,
        l2);
  }

  TalwegSide talweg(Workspace workspace) {
    String penalty = l1 > 0 ? "l1: " + l1 + ", l2: " + l2 : "l2: " + l2;
    return new TalwegSide(
        workspace.spark(),
        source + "model: logistic\npenalty: {" + penalty + ", standardize: none}\n",
        workspace.run(name),
        TalwegSide.Form.SAME,
        run -> examined(ModelTable.linear(workspace.spark(), run, dimension())));
  }

  /** Asked of the rows after the clock: it is a job of its own. */
  private int dimension() {
    return rows.get().first().<Vector>getAs("features").size();
  }

  SparkLogistic spark() {
    return new SparkLogistic(
        "spark.ml", rows, List.of(), l1, l2, trained -> examined(trained.linear()));
  }

  List<Side> sides(Workspace workspace) {
    return List.of(talweg(workspace), spark());
  }

  private Map<String, Object> examined(NeutralPass.Linear model) {
    return Map.of(
        "objective", NeutralPass.objective(rows.get(), NeutralPass.LOGISTIC, model, l1, l2));
  }
}
