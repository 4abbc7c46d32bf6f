package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Trainers outside of Spark on the click set at λ = 1e-5: training alone, the data in memory, in
 * one process of Python that waits while others work. Talweg's seconds are those of optimizing,
 * without ingest. Each tool gets the first setting of its ladder (epochs, iterations, tolerance)
 * that comes within the target, found before the clock. LIBLINEAR and Snap ML penalize the
 * intercept: they are held against the optimum of that, which their longest runs find.
 */
record PeersCase() implements Case {
  private static final double L2 = 1e-5;

  @Override
  public String name() {
    return "peers";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public String what() {
    return "The click set at λ = 1e-5, training alone, data in memory, against trainers "
        + "outside of Spark; Talweg's seconds are those of optimizing. Each tool has the "
        + "first setting of a ladder that reaches the target; those that penalize the "
        + "intercept are held against the optimum of that, found by their longest runs. To "
        + "1e-6 without those whose ladders take minutes there: LIBLINEAR's primal, scikit-learn.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    Python python = Python.needed(name());
    String parquet =
        ClickVectors.written(
            workspace.spark(), workspace.data(), workspace.rows(), ClickCase.MILLION);
    VectorProblem problem = VectorProblem.of(workspace, name(), parquet, 0, L2);
    Path arrays = exported(workspace, problem.rows().get());
    ToTargets comparison =
        new ToTargets(
            name(),
            List.of(problem.talweg(workspace)),
            ToTargets.Yardstick.SHARED,
            List.of(1e-4, 1e-6),
            100);
    Clock clock = new Clock(new Traffic(workspace.spark().sparkContext())); // of no use here
    try (Conversation peers = new Conversation(python, arrays)) {
      for (ToTargets.Plan plan : comparison.only(workspace.targets()).plans()) {
        toTarget(turns, plan, peers, clock);
      }
    }
  }

  /** A way to train, by its name: seconds and what else is known. */
  private interface Trainer {
    Map<String, Object> train() throws IOException;
  }

  private void toTarget(Turns turns, ToTargets.Plan plan, Conversation peers, Clock clock)
      throws IOException {
    double target = plan.target();
    double optimum = plan.reference().value();
    Map<String, Trainer> trainers = new LinkedHashMap<>();
    trainers.put("talweg", () -> optimized(plan, clock));
    for (JsonNode tool : peers.ask("tools " + target).path("tools")) {
      String name = tool.asText();
      JsonNode found = peers.ask("plan " + name + " " + optimum + " " + target);
      double distance = found.path("distance").asDouble();
      Turns.say(
          name() + ": " + name + " at " + found.path("setting") + " is " + distance + " above");
      Map<String, Object> known = new LinkedHashMap<>();
      known.put("reached", distance <= target);
      known.put("distance", distance);
      trainers.put(
          name,
          () -> {
            JsonNode run = peers.ask("run " + name + " " + found.path("setting").asText());
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("seconds", run.path("seconds").asDouble());
            all.put("setting", run.path("setting").asDouble());
            all.put("objective", run.path("objective").asDouble());
            all.putAll(known);
            return all;
          });
    }
    byTurns(turns, trainers, ToTargets.text(target));
  }

  private void byTurns(Turns turns, Map<String, Trainer> trainers, String target)
      throws IOException {
    Turns.Standings standings = new Turns.Standings(name());
    List<String> names = new ArrayList<>(trainers.keySet());
    for (int round = 0; round <= turns.rounds(); round++) {
      for (int k = 0; k < names.size(); k++) {
        String side = names.get((k + round) % names.size());
        Map<String, Object> found = trainers.getOrDefault(side, Map::of).train();
        turns.line(name(), side, target, round, found);
        Turns.say("  " + name() + " " + side + " " + target + " round " + round + ": " + found);
        if (round > 0 && found.get("seconds") instanceof Double seconds) {
          standings.add(target, side, seconds);
        }
      }
    }
    turns.print(standings);
  }

  private static Map<String, Object> optimized(ToTargets.Plan plan, Clock clock) {
    Map<String, Object> fit = plan.side().fit(plan.target(), plan.iterations(), clock).found();
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("seconds", fit.getOrDefault("optimize", Double.NaN));
    found.put("setting", plan.iterations());
    found.put("passes", fit.getOrDefault("passes", Double.NaN));
    found.putAll(plan.known());
    return found;
  }

  /** The rows as arrays of little-endian numbers: row starts, columns, values, labels. */
  static Path exported(Workspace workspace, Dataset<Row> rows) throws IOException {
    Path directory = workspace.data().resolve("peers-" + workspace.rows());
    if (!Files.exists(directory.resolve("dimension"))) {
      Files.createDirectories(directory);
      long count = 0;
      int dimension = 0;
      try (Numbers starts = new Numbers(directory.resolve("starts"));
          Numbers columns = new Numbers(directory.resolve("columns"));
          Numbers values = new Numbers(directory.resolve("values"));
          Numbers labels = new Numbers(directory.resolve("labels"))) {
        starts.room().putLong(0);
        for (Iterator<Row> at = rows.toLocalIterator(); at.hasNext(); ) {
          Row row = at.next();
          SparseVector features = row.getAs(1);
          dimension = features.size();
          int[] indices = features.indices();
          for (int k = 0; k < indices.length; k++) {
            columns.room().putInt(indices[k]);
            values.room().putDouble(features.values()[k]);
          }
          count += indices.length;
          starts.room().putLong(count);
          labels.room().putDouble(row.getDouble(0));
        }
      }
      try (Numbers last = new Numbers(directory.resolve("dimension"))) {
        last.room().putLong(dimension);
      }
    }
    return directory;
  }

  private static final class Numbers implements AutoCloseable {
    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);

    Numbers(Path path) throws IOException {
      file =
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** The buffer, with room for one more number. */
    ByteBuffer room() throws IOException {
      if (buffer.remaining() < Long.BYTES) {
        flush();
      }
      return buffer;
    }

    private void flush() throws IOException {
      buffer.flip();
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      buffer.clear();
    }

    @Override
    public void close() throws IOException {
      flush();
      file.close();
    }
  }

  /** The process that answers, a line for a line. */
  private static final class Conversation implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Process process;
    private final PrintStream commands;
    private final BufferedReader answers;

    Conversation(Python python, Path arrays) throws IOException {
      process = python.start("peers.py", arrays.toString(), Double.toString(L2));
      commands = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      answers =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    JsonNode ask(String command) throws IOException {
      commands.println(command);
      String answer = answers.readLine();
      if (answer == null) {
        throw new IOException("the process of the peers ended; its message is above");
      }
      return JSON.readTree(answer);
    }

    @Override
    public void close() {
      commands.close();
      process.destroy();
    }
  }
}
