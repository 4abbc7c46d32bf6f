package dev.talweg.jobs.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The entry points of {@code scripts/bench}. */
public final class Bench {
  private Bench() {}

  /**
   * {@code cases} lists the names; {@code case NAME ROUNDS ROWS DATA OUTPUT COMMIT [TARGET…]} runs
   * one, where 0 rounds, and no target, stand for the case's own.
   */
  public static void main(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "cases" -> Cases.all().forEach(one -> System.out.println(one.name()));
      case "case" -> run(arguments);
      case "compare" -> Runtime.getRuntime().exit(Compare.run(rest(arguments), System.out));
      case "fit" -> Processes.fit(arguments);
      case "widest" -> WidestCase.fit(arguments);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  /** What is compared, by the name of the case, in the order of the table. */
  public static Map<String, String> cases() {
    Map<String, String> cases = new LinkedHashMap<>();
    Cases.all().forEach(one -> cases.put(one.name(), one.what()));
    return cases;
  }

  private static List<String> rest(String[] arguments) {
    return List.of(arguments).subList(1, arguments.length);
  }

  private static void run(String[] arguments) throws IOException {
    Case chosen = Cases.named(arguments[1]);
    int asked = Integer.parseInt(arguments[2]);
    long rows = Long.parseLong(arguments[3]);
    SparkSession spark = session(chosen.settings(Path.of(arguments[4])));
    List<Double> targets = Arrays.stream(arguments).skip(7).map(Double::valueOf).toList();
    Workspace workspace = workspace(spark, rows, Path.of(arguments[4])).with(targets);
    Path output = Path.of(arguments[5], chosen.name() + ".jsonl");
    Path unfinished = Path.of(output + ".part");
    try (PrintStream lines = new PrintStream(unfinished.toString(), StandardCharsets.UTF_8)) {
      Turns turns = new Turns(spark, asked > 0 ? asked : chosen.rounds(), lines, System.out);
      turns.with("commit", arguments[6]);
      chosen.run(workspace, turns);
      Files.move(unfinished, output, StandardCopyOption.REPLACE_EXISTING);
    } catch (Workspace.NotHere e) {
      Turns.say(chosen.name() + ": skipped, " + e.getMessage());
      Files.delete(unfinished);
    }
    spark.stop();
  }

  static Workspace workspace(SparkSession spark, long rows, Path data) {
    String sets = System.getenv("TALWEG_DATA");
    return new Workspace(spark, data, rows, sets == null ? null : Path.of(sets), List.of());
  }

  static SparkSession session() {
    return session(Map.of());
  }

  private static SparkSession session(Map<String, String> settings) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master(System.getProperty("spark.master", "local[*]"))
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "4");
    settings.forEach(builder::config);
    SparkSession spark = builder.getOrCreate();
    spark.sparkContext().setLogLevel("OFF");
    return spark;
  }
}
