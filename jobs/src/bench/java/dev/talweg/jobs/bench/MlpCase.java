package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.RunSummary;
import dev.talweg.jobs.run.TrainingRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A perceptron 784-128-10 on Fashion-MNIST: {@code spark.ml}'s, fifty iterations of its L-BFGS, and
 * PyTorch's with Adam at batches of 128, where its Python is there. Talweg trains as many epochs of
 * Adam at batches of 128 as reach {@code spark.ml}'s accuracy on the test rows, and five.
 *
 * <p>{@code epoch} of a line is the median of its epochs but the first, which has the compilation
 * in it.
 */
record MlpCase() implements Case {
  private static final String PYTHON = "talweg.mlp.python";
  private static final int EPOCHS = 5;
  private static final int ITERATIONS = 50;

  @Override
  public String name() {
    return "mlp";
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public String what() {
    return "Fashion-MNIST, a perceptron 784-128-10; vectors in Parquet → model. `spark.ml`: 50 "
        + "iterations of MultilayerPerceptronClassifier, of which `accuracy` on the test rows is "
        + "to be reached (`to-accuracy`); `epoch`: seconds an epoch of Adam at batches of 128, "
        + "against PyTorch in memory on the same cores.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    String train = PixelsCase.prepared(workspace, PixelsCase.Rows.TRAIN);
    String test = PixelsCase.prepared(workspace, PixelsCase.Rows.TEST);
    Turns.Standings standings = new Turns.Standings(name());
    epochs(workspace, turns, standings, train, test);
    Map<String, Object> spark = sparkMl(workspace, train, test);
    turns.line(name(), "spark.ml", "to-accuracy", 1, spark);
    double accuracy = (Double) spark.getOrDefault("accuracy", Double.NaN);
    int enough = 1;
    Map<String, Object> found = talweg(workspace, train, test, enough);
    while (enough < EPOCHS && accuracy(found) < accuracy) {
      found = talweg(workspace, train, test, ++enough);
    }
    for (int round = 1; round <= turns.rounds(); round++) {
      found = talweg(workspace, train, test, enough);
      found.put("reached", accuracy(found) >= accuracy);
      turns.line(name(), "talweg", "to-accuracy", round, found);
      standings.add("to-accuracy", "talweg", seconds(found));
    }
    standings.add("to-accuracy", "spark.ml", seconds(spark));
    standings.lines().forEach(Turns::say);
  }

  private static double accuracy(Map<String, Object> found) {
    return (Double) found.getOrDefault("accuracy", Double.NaN);
  }

  private static double seconds(Map<String, Object> found) {
    return (Double) found.getOrDefault("seconds", Double.NaN);
  }

  /** Talweg and PyTorch by turns, five epochs each. */
  private void epochs(
      Workspace workspace, Turns turns, Turns.Standings standings, String train, String test)
      throws IOException {
    String python = System.getProperty(PYTHON);
    for (int round = 0; round <= turns.rounds(); round++) {
      Map<String, Object> own = talweg(workspace, train, test, EPOCHS);
      turns.line(name(), "talweg", "epoch", round, own);
      Turns.say("  " + name() + " talweg round " + round + ": " + own);
      if (round > 0 && own.get("epoch") instanceof Double epoch) {
        standings.add("epoch", "talweg", epoch);
      }
      if (python != null) {
        Map<String, Object> peer = pytorch(workspace, python);
        turns.line(name(), "pytorch", "epoch", round, peer);
        Turns.say("  " + name() + " pytorch round " + round + ": " + peer);
        if (round > 0 && peer.get("epoch") instanceof Double epoch) {
          standings.add("epoch", "pytorch", epoch);
        }
      }
    }
  }

  private Map<String, Object> talweg(Workspace workspace, String train, String test, int epochs) {
    String yaml =
        """
        seed: 1
        data: {train: "%s", label: label, test: {path: "%s"}}
        features: {vector: features}
        model: {kind: perceptron, hidden: [128]}
        penalty: {l2: 0}
        optimizer: {kind: adam, learning-rate: 1e-3}
        batch: 128
        epochs: %d
        partitions: 2
        checkpoint: {every: 1000000}
        output: "%s"
        """
            .formatted(train, test, epochs, workspace.run(name()));
    RunConfig config = ConfigReader.read("bench", yaml, List.of());
    RunOptions options = new RunOptions(RunOptions.Start.FRESH, RunOptions.Existing.REPLACE);
    Epochs watch = new Epochs();
    System.gc();
    RunSummary run = TrainingRun.train(workspace.spark(), config, options, watch, new Interrupt());
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("seconds", run.seconds().ingest() + run.seconds().optimize());
    found.put("ingest", run.seconds().ingest());
    found.put("optimize", run.seconds().optimize());
    found.put("epochs", epochs);
    found.put("epoch", Turns.Standings.median(watch.later()));
    found.put("accuracy", run.metrics().getOrDefault("test", Map.of()).get("accuracy"));
    return found;
  }

  /** When each epoch ended. */
  private static final class Epochs implements RunObserver {
    private final List<Double> ends = new ArrayList<>();

    @Override
    public void iteration(IterationRecord record) {
      if (record.epoch() >= ends.size()) {
        ends.add(record.seconds());
      }
    }

    /** Seconds of each epoch, of the first one only where it is alone. */
    List<Double> later() {
      List<Double> epochs = new ArrayList<>();
      for (int e = Math.min(2, ends.size() - 1); e < ends.size(); e++) {
        epochs.add(ends.get(e) - ends.get(e - 1));
      }
      return epochs;
    }
  }

  private static Map<String, Object> sparkMl(Workspace workspace, String train, String test) {
    System.gc();
    long begun = System.nanoTime();
    MultilayerPerceptronClassificationModel model =
        new MultilayerPerceptronClassifier()
            .setLayers(new int[] {784, 128, 10})
            .setSeed(1)
            .setMaxIter(ITERATIONS)
            .fit(workspace.spark().read().parquet(train));
    double seconds = (System.nanoTime() - begun) * 1e-9;
    Dataset<Row> predicted = model.transform(workspace.spark().read().parquet(test));
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("seconds", seconds);
    found.put("iterations", ITERATIONS);
    found.put(
        "accuracy",
        new MulticlassClassificationEvaluator().setMetricName("accuracy").evaluate(predicted));
    Turns.say("  mlp spark.ml: " + found);
    return found;
  }

  private static Map<String, Object> pytorch(Workspace workspace, String python)
      throws IOException {
    Process process =
        new ProcessBuilder(
                python,
                "jobs/src/bench/python/mlp.py",
                workspace.set("fashion-mnist").toString(),
                Integer.toString(EPOCHS),
                Integer.toString(Runtime.getRuntime().availableProcessors()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    JsonNode run = new ObjectMapper().readTree(answer);
    Map<String, Object> found = new LinkedHashMap<>();
    List<Double> epochs = new ArrayList<>();
    run.path("epochs").forEach(seconds -> epochs.add(seconds.asDouble()));
    found.put("optimize", epochs.stream().mapToDouble(Double::doubleValue).sum());
    found.put("epoch", Turns.Standings.median(epochs.subList(1, epochs.size())));
    found.put("accuracy", run.path("accuracy").asDouble());
    found.put("version", run.path("version").asText());
    return found;
  }
}
