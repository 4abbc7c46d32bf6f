package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.talweg.jobs.config.RunConfig.Evaluation;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.Prediction;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.classification.MultilayerPerceptronClassificationModel;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * A perceptron 784-128-10 on Fashion-MNIST: {@code spark.ml}'s, fifty iterations of its L-BFGS, and
 * PyTorch's with Adam at batches of 128, where its Python is there. Talweg trains five epochs as
 * PyTorch does, and with batch norm the fewest steps of its ladder that reach {@code spark.ml}'s
 * accuracy on the test rows. These are read by neither side before its model is there.
 *
 * <p>{@code epoch} of a line is the median of its epochs but the first, which has the compilation
 * in it.
 */
record MlpCase() implements Case {
  private static final List<String> SIDES = List.of("talweg", "spark.ml");
  private static final int EPOCHS = 5;
  private static final int BATCH = 128;
  private static final int STEPS = (60_000 + BATCH - 1) / BATCH; // of an epoch

  /** Steps that are tried for {@code spark.ml}'s accuracy, along a line to 0. */
  private static final List<Integer> LADDER = List.of(75, 100, 125, 150, 200, 300, STEPS);

  private static final int ITERATIONS = 50;
  private static final int RECIPE_EPOCHS = 15;

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
        + "to be reached (`to-accuracy`: with batch norm, Adam of short memory, along a line from 1e-2, "
        + "the fewest of a ladder of steps of 128 rows); `epoch`: "
        + "seconds an epoch of Adam (1e-3) at batches of 128, another seed each round, against PyTorch in memory on the same "
        + "cores; `recipe`: Talweg's own, "
        + RECIPE_EPOCHS
        + " epochs of AdamW (weight decay 0.05) along a cosine from 3e-3, with dropout 0.2.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    String train = PixelsCase.prepared(workspace, PixelsCase.Rows.TRAIN);
    String test = PixelsCase.prepared(workspace, PixelsCase.Rows.TEST);
    Turns.Standings standings = new Turns.Standings(name());
    epochs(workspace, turns, standings, train, test);
    toAccuracy(workspace, turns, standings, train, test);
    recipe(workspace, turns, train, test);
    turns.print(standings);
  }

  /** By turns; round 0 says which accuracy, and how many epochs Talweg needs for it. */
  private void toAccuracy(
      Workspace workspace, Turns turns, Turns.Standings standings, String train, String test)
      throws IOException {
    double accuracy = accuracy(sparkMl(workspace, train, test));
    Iterator<Integer> ladder = LADDER.iterator();
    int enough = ladder.next();
    while (ladder.hasNext() && accuracy(soon(workspace, train, test, enough)) < accuracy) {
      enough = ladder.next();
    }
    for (int round = 1; round <= turns.rounds(); round++) {
      for (String side : round % 2 == 1 ? List.of("spark.ml", "talweg") : SIDES) {
        Map<String, Object> found =
            side.equals("talweg")
                ? soon(workspace, train, test, enough)
                : sparkMl(workspace, train, test);
        found.put("reached", accuracy(found) >= accuracy);
        noted(found);
        turns.line(name(), side, "to-accuracy", round, found);
        standings.add("to-accuracy", side, (Double) found.getOrDefault("seconds", Double.NaN));
      }
    }
  }

  private Map<String, Object> soon(Workspace workspace, String train, String test, int steps) {
    String rule =
        "{kind: adam, beta1: 0.7, beta2: 0.9, learning-rate: {kind: linear, start: 1e-2, steps: "
            + steps
            + "}}";
    return talweg(workspace, train, test, ", batch-norm: true", rule, steps, 1);
  }

  private void recipe(Workspace workspace, Turns turns, String train, String test)
      throws IOException {
    int steps = RECIPE_EPOCHS * STEPS;
    String rule = "{kind: adamw, weight-decay: 0.05, learning-rate: " + cosine(steps) + "}";
    Map<String, Object> found = talweg(workspace, train, test, ", dropout: 0.2", rule, steps, 1);
    noted(found);
    turns.line(name(), "talweg", "recipe", 1, found);
    Turns.say("  " + name() + " talweg recipe: " + found);
  }

  private static void noted(Map<String, Object> found) {
    found.put("note", String.format(Locale.ROOT, "test accuracy %.4f", accuracy(found)));
  }

  private static double accuracy(Map<String, Object> found) {
    return (Double) found.getOrDefault("accuracy", Double.NaN);
  }

  /** Talweg and PyTorch by turns, five epochs each. */
  private void epochs(
      Workspace workspace, Turns turns, Turns.Standings standings, String train, String test)
      throws IOException {
    Optional<Python> python = Python.of(name());
    for (int round = 0; round <= turns.rounds(); round++) {
      Map<String, Object> own =
          anEpoch(
              talweg(
                  workspace,
                  train,
                  test,
                  "",
                  "{kind: adam, learning-rate: 1e-3}",
                  EPOCHS * STEPS,
                  round + 1));
      turns.line(name(), "talweg", "epoch", round, own);
      Turns.say("  " + name() + " talweg round " + round + ": " + own);
      if (round > 0 && own.get("seconds") instanceof Double epoch) {
        standings.add("epoch", "talweg", epoch);
      }
      if (python.isPresent()) {
        Map<String, Object> peer = anEpoch(pytorch(workspace, python.get()));
        turns.line(name(), "pytorch", "epoch", round, peer);
        Turns.say("  " + name() + " pytorch round " + round + ": " + peer);
        if (round > 0 && peer.get("seconds") instanceof Double epoch) {
          standings.add("epoch", "pytorch", epoch);
        }
      }
    }
  }

  /** The seconds of an epoch in the place of those of the run. */
  private static Map<String, Object> anEpoch(Map<String, Object> run) {
    Map<String, Object> found = new LinkedHashMap<>(run);
    found.put("seconds", run.getOrDefault("epoch", Double.NaN));
    noted(found);
    return found;
  }

  private static String cosine(int steps) {
    return "{kind: cosine, start: 3e-3, steps: " + steps + "}";
  }

  private Map<String, Object> talweg(
      Workspace workspace,
      String train,
      String test,
      String layers,
      String rule,
      int steps,
      int seed) {
    String yaml =
        """
        seed: %d
        data: {train: "%s", label: label}
        features: {vector: features}
        model: {kind: perceptron, hidden: [128]%s}
        penalty: {l2: 0}
        optimizer: %s
        batch: %d
        epochs: %d
        stopping: {max-iterations: %d}
        partitions: 2
        """
            .formatted(seed, train, layers, rule, BATCH, (steps + STEPS - 1) / STEPS, steps);
    Epochs watch = new Epochs();
    System.gc();
    Path output = workspace.run(name());
    RunSummary run = TalwegSide.train(workspace.spark(), yaml, output, watch);
    Map<String, Object> found = TalwegSide.untilTheModel(run);
    if (!watch.later().isEmpty()) {
      found.put("epoch", Turns.Standings.median(watch.later()));
    }
    found.put("accuracy", accuracy(workspace, output, test));
    return found;
  }

  private static double accuracy(Workspace workspace, Path run, String test) {
    Prediction.Source rows = new Prediction.Source(List.of(test), null, Map.of());
    Evaluation none = new Evaluation(List.of(), null, null);
    return Prediction.evaluate(workspace.spark(), run.toString(), rows, none, Turns::say)
        .values()
        .stream()
        .filter(value -> value.metric().equals("accuracy"))
        .findFirst()
        .orElseThrow()
        .value();
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

    /** Seconds of each epoch but the first; of the second only where it is the last. */
    List<Double> later() {
      List<Double> epochs = new ArrayList<>();
      for (int e = Math.max(1, Math.min(2, ends.size() - 1)); e < ends.size(); e++) {
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

  private static Map<String, Object> pytorch(Workspace workspace, Python python)
      throws IOException {
    JsonNode run =
        python.answer(
            "mlp.py",
            workspace.set("fashion-mnist").toString(),
            Integer.toString(EPOCHS),
            Integer.toString(Runtime.getRuntime().availableProcessors()));
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
