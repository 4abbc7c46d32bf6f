package dev.talweg.ml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.ml.classification.LogisticRegression; // was org.apache.spark.ml.classification
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

/** The example of docs/spark-ml.md. */
class OneImportLineExampleTest {
  private static final Path PAGE = Path.of("..", "docs", "spark-ml.md");

  @Test
  void theExampleOfThePageRuns() {
    Dataset<Row> train = SmallData.binary(120).frame();
    // example
    LogisticRegressionModel model =
        new LogisticRegression().setRegParam(1e-4).setElasticNetParam(0).fit(train);
    double area = model.binarySummary().areaUnderROC();
    // end
    assertTrue(area > 0.8, "an area of " + area);
  }

  @Test
  void thePageHasIt() throws IOException {
    List<String> source =
        Files.readAllLines(
            Path.of("src", "test", "java", "dev", "talweg", "ml", "OneImportLineExampleTest.java"));
    List<String> page = Files.readAllLines(PAGE).stream().map(String::strip).toList();
    int from = source.indexOf("    // example");
    int until = source.indexOf("    // end");
    List<String> missing =
        source.subList(from + 1, until).stream()
            .map(String::strip)
            .filter(line -> !page.contains(line))
            .toList();
    assertEquals(List.of(), missing);
    String imported =
        Arrays.stream(source.toArray(String[]::new))
            .filter(line -> line.startsWith("import dev.talweg.ml."))
            .findFirst()
            .orElseThrow();
    assertTrue(page.contains(imported), imported);
  }
}
