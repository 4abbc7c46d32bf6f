package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * One epoch of local descent over the click set against one pass of Vowpal Wabbit, both without a
 * penalty: the log loss on the same rows of the models that come out. Each side has the best rate
 * of its ladder.
 */
record OnePassCase() implements Case {
  private static final List<String> VW_RATES = List.of("0.1", "0.25", "0.5", "1");
  private static final List<String> TALWEG_RATES = List.of("0.02", "0.05", "0.1", "0.2");
  private static final int BATCH = 250;

  /** Local steps in a round: eight even rounds an epoch of a million rows. */
  private static final int STEPS = 500;

  @Override
  public String name() {
    return "one-pass";
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public String what() {
    return "The click set without a penalty, one epoch: local descent (lazy Adagrad, "
        + BATCH
        + " rows a step, "
        + STEPS
        + " steps a round, adaptive average) against one pass of Vowpal Wabbit (adaptive, "
        + "normalized, invariant: its default), each at the rate of four whose progressive loss, of each row before it is learnt from, is least. "
        + "`after`: the log loss of the model on the same rows. VW's seconds begin with its text, Talweg's with Parquet.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    Python python = Python.needed(name());
    String parquet =
        ClickVectors.written(
            workspace.spark(), workspace.data(), workspace.rows(), ClickCase.MILLION);
    Dataset<Row> rows = workspace.spark().read().parquet(parquet).select("label", "features");
    Path arrays = PeersCase.exported(workspace, rows);
    Map<String, Pass> sides = new LinkedHashMap<>();
    sides.put("talweg", best(TALWEG_RATES, rate -> talweg(workspace, parquet, rows, rate)));
    sides.put("vw", best(VW_RATES, rate -> vw(python, arrays, rate)));
    Turns.Standings standings = new Turns.Standings(name());
    for (int round = 1; round <= turns.rounds(); round++) {
      for (Map.Entry<String, Pass> side : sides.entrySet()) {
        Map<String, Object> found = side.getValue().run();
        found.put(
            "note",
            String.format(
                Locale.ROOT,
                "progressive log loss %.4f, after %.4f",
                loss(found),
                (Double) found.getOrDefault("log-loss", Double.NaN)));
        turns.line(name(), side.getKey(), "one epoch", round, found);
        Turns.say("  " + name() + " " + side.getKey() + " round " + round + ": " + found);
        standings.add("", side.getKey(), (Double) found.getOrDefault("seconds", Double.NaN));
      }
    }
    turns.print(standings);
  }

  private interface Pass {
    Map<String, Object> run() throws IOException;
  }

  private interface Rated {
    Map<String, Object> run(String rate) throws IOException;
  }

  private Pass best(List<String> rates, Rated side) throws IOException {
    String chosen = rates.get(0);
    double least = Double.POSITIVE_INFINITY;
    for (String rate : rates) {
      Map<String, Object> found = side.run(rate);
      Turns.say("  " + name() + ": " + found);
      if (loss(found) < least) {
        least = loss(found);
        chosen = rate;
      }
    }
    String rate = chosen;
    return () -> side.run(rate);
  }

  private static double loss(Map<String, Object> found) {
    return (Double) found.getOrDefault("progressive", Double.NaN);
  }

  private Map<String, Object> talweg(
      Workspace workspace, String parquet, Dataset<Row> rows, String rate) {
    String yaml =
        """
        seed: 1
        data: {train: "%s", label: label}
        features: {vector: features}
        model: logistic
        penalty: {l2: 0, standardize: none}
        optimizer: {kind: adagrad, lazy: true, learning-rate: %s}
        batch: %d
        local-steps: %d
        local: {average: adaptive}
        epochs: 1
        partitions: 2
        """
            .formatted(parquet, rate, BATCH, STEPS);
    DoubleSummaryStatistics progressive = new DoubleSummaryStatistics(); // rounds of as many rows
    RunObserver rounds =
        new RunObserver() {
          @Override
          public void iteration(IterationRecord record) {
            if (record.step() > 0) {
              progressive.accept(record.objective());
            }
          }
        };
    System.gc();
    RunSummary run = TalwegSide.train(workspace.spark(), yaml, workspace.run(name()), rounds);
    NeutralPass.Linear model =
        ModelTable.linear(workspace.spark(), workspace.run(name()), ClickCase.MILLION);
    Map<String, Object> found = TalwegSide.untilTheModel(run);
    found.put("rate", rate);
    found.put("progressive", progressive.getAverage());
    found.put("log-loss", NeutralPass.mean(rows, NeutralPass.LOGISTIC, model));
    return found;
  }

  private static Map<String, Object> vw(Python python, Path arrays, String rate)
      throws IOException {
    JsonNode run = python.answer("vw.py", arrays.toString(), rate);
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("seconds", run.path("seconds").asDouble());
    found.put("rate", rate);
    found.put("log-loss", run.path("log-loss").asDouble());
    found.put("progressive", run.path("progressive").asDouble());
    found.put("version", run.path("version").asText());
    return found;
  }
}
