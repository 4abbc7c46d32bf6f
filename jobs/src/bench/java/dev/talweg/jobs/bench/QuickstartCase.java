package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The columns of {@code scripts/quickstart}: 30 000 rows of CSV → a model. */
record QuickstartCase() implements Case.Training {
  private static final String CSV = "datasets/samples/uci-default/UCI_Credit_Card.csv";
  private static final String LABEL = "default.payment.next.month";
  private static final List<String> CATEGORIES = List.of("SEX", "EDUCATION", "MARRIAGE");

  @Override
  public String name() {
    return "quickstart";
  }

  @Override
  public String what() {
    return "The columns of `scripts/quickstart` (UCI, 30 000 rows) in CSV → model, λ = 1e-4; "
        + "each side makes its own features and is held against its own minimum.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    List<String> numbers = new ArrayList<>(List.of("LIMIT_BAL", "AGE", "PAY_0"));
    for (int k = 1; k <= 6; k++) {
      numbers.add("BILL_AMT" + k);
      numbers.add("PAY_AMT" + k);
      if (k > 1) {
        numbers.add("PAY_" + k);
      }
    }
    String source =
        """
        data: {train: %s, label: %s, keys: [ID]}
        features: {numeric: [LIMIT_BAL, AGE, "PAY_*", "BILL_AMT*"], categorical: [SEX, EDUCATION, MARRIAGE]}
        """
            .formatted(CSV, LABEL);
    Supplier<Dataset<Row>> rows = () -> read(workspace, numbers);
    RawProblem problem =
        new RawProblem(
            name(),
            source,
            rows,
            new SparkStages(numbers, CATEGORIES),
            0,
            1e-4,
            new RawProblem.Judged("train", source, rows));
    return new ToTargets(
        name(),
        List.of(problem.talweg(workspace), problem.indexer()),
        ToTargets.Yardstick.OWN,
        List.of(1e-3, 1e-4),
        100);
  }

  private static Dataset<Row> read(Workspace workspace, List<String> numbers) {
    List<Column> columns = new ArrayList<>();
    columns.add(functions.col("`" + LABEL + "`").cast("double").as("label"));
    numbers.forEach(name -> columns.add(functions.col(name).cast("double")));
    CATEGORIES.forEach(name -> columns.add(functions.col(name).cast("string")));
    return workspace
        .spark()
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .csv(CSV)
        .select(columns.toArray(Column[]::new));
  }
}
