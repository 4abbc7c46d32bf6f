package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.DataException;
import dev.talweg.optimizer.stopping.Termination;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunSummaryTest {

  @Test
  void aSummaryIsReadAsItWasWritten() {
    RunSummary summary = example();
    assertEquals(summary, RunSummary.fromJson("run.json", summary.toJson()));
  }

  @Test
  void keysAreTheOnesOfTheContract() {
    String json = example().toJson();
    for (String key :
        List.of(
            "gradient-norm",
            "gap-estimate",
            "bytes-reduced",
            "interrupted-and-resumed",
            "rate-or-mean",
            "relative-gap",
            "describe")) {
      assertTrue(json.contains("\"" + key + "\" :"), key + " is missing in " + json);
    }
    assertTrue(json.indexOf("\"name\"") < json.indexOf("\"status\""), json);
  }

  @Test
  void aNumberThatIsNotFiniteIsNoNumber() {
    RunSummary.Optimum optimum =
        new RunSummary.Optimum(0.5, Double.NaN, Double.POSITIVE_INFINITY, null, Double.NaN);
    assertEquals(new RunSummary.Optimum(0.5, null, null, null, null), optimum);
  }

  @Test
  void aTextThatIsNoSummaryNamesItsFile() {
    DataException e =
        assertThrows(
            DataException.class, () -> RunSummary.fromJson("runs/x/run.json", "{\"name\":"));
    assertTrue(
        e.problems().get(0).startsWith("runs/x/run.json: not a run.json"), e.problems().get(0));
  }

  public static RunSummary example() {
    Map<String, Object> configuration = new LinkedHashMap<>();
    configuration.put("name", "credit");
    configuration.put("penalty", new LinkedHashMap<>(Map.of("l2", 1e-4)));
    return new RunSummary(
        "credit",
        "0.1.0",
        "converged",
        "2026-11-24T04:00:00Z",
        RunSummary.End.of(new Termination.Converged("gap", 8.1e-5, 1e-4)),
        new RunSummary.Optimum(0.45005, 1.1e-5, 8.1e-5, 3e-9, null),
        new RunSummary.Certificate(0.45005, 0.45001, 8.1e-5, "the dual point is feasible"),
        11,
        13,
        new RunSummary.Rows(24000, 6000, 0, 0),
        new RunSummary.Label("default", "binary", "1", 0.2212),
        new RunSummary.Features(90, 23, 17),
        Map.of("validation", Map.of("auc-roc", 0.77, "log-loss", 0.43)),
        new RunSummary.Seconds(9.5, 5, 2, 1, 1.5),
        12345,
        2,
        0,
        List.of("column X is constant"),
        List.of("numeric columns inferred: 14"),
        new RunSummary.Promotion(
            "auc-roc", "test", 6000, 0.005, "runs/credit/2026-11-23", 0.78, 0.77, false, "worse"),
        new RunSummary.Drift(
            "runs/credit/2026-11-23",
            23,
            "amount",
            0.31,
            List.of("age"),
            List.of("amount"),
            List.of(),
            List.of("sex")),
        new RunSummary.Fingerprint("d", "c", "m"),
        configuration,
        new RunSummary.Environment("4.1.0", "17.0.15", "local[2]", 2, "vector 256"));
  }
}
