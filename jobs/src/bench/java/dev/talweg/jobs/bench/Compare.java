package dev.talweg.jobs.bench;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.bench.CompareOptions.WrongInput;
import dev.talweg.jobs.config.ConfigException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** {@code scripts/bench compare}: both sides on a user's file, so that nobody has to believe us. */
final class Compare {
  static final int DONE = 0;
  static final int WRONG_INPUT = 2;
  private static final int MOST = 200;

  private Compare() {}

  /**
   * @param arguments {@code DATA OUTPUT COMMIT}, then the user's
   * @param results times, ratios and objectives; what goes on meanwhile is said elsewhere
   * @return the exit code
   */
  static int run(List<String> arguments, PrintStream results) throws IOException {
    List<String> own = arguments.subList(3, arguments.size());
    if (own.contains("--help") || own.contains("-h")) {
      results.print(CompareOptions.HELP);
      return DONE;
    }
    try {
      CompareOptions asked = CompareOptions.parse(own);
      SparkSession spark = Bench.session();
      Path output = Path.of(arguments.get(1), "compare.jsonl");
      try (PrintStream lines = new PrintStream(output.toString(), StandardCharsets.UTF_8)) {
        Turns turns =
            new Turns(spark, asked.rounds(), lines, results).with("commit", arguments.get(2));
        compared(Bench.workspace(spark, 0, Path.of(arguments.get(0))), asked, turns, results);
      }
      return DONE;
    } catch (WrongInput e) {
      Turns.say("talweg: " + e.getMessage());
    } catch (DataException e) {
      e.problems().forEach(problem -> Turns.say("talweg: " + problem));
    } catch (ConfigException e) {
      e.problems().forEach(problem -> Turns.say("talweg: " + problem));
    }
    return WRONG_INPUT;
  }

  private static void compared(
      Workspace workspace, CompareOptions asked, Turns turns, PrintStream results)
      throws IOException {
    UserTable table = UserTable.of(workspace.spark(), asked);
    table
        .leftOut()
        .forEach((name, why) -> Turns.say("left out on both sides: " + name + ", " + why));
    boolean vectors = table.vector() != null;
    List<Side> sides = vectors ? vectors(workspace, table) : raw(workspace, table);
    Map<String, Map<String, Object>> examined =
        asked.iterations() != null
            ? turns.run("compare", fixed(sides, asked.iterations()))
            : new ToTargets(
                    "compare",
                    sides,
                    vectors ? ToTargets.Yardstick.SHARED : ToTargets.Yardstick.OWN,
                    List.of(asked.target()),
                    MOST)
                .run(turns);
    results.println(
        vectors
            ? "The same objective, by a neutral pass over the rows in double:"
            : "Each side's objective on its own features; log loss and AUC on the same rows:");
    examined.forEach((side, found) -> results.println(described(side, found)));
  }

  private static String described(String side, Map<String, Object> found) {
    StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "  %-10s", side));
    text.append(found.get("iterations")).append(" iterations");
    for (String key : List.of("objective", "train-log-loss", "train-auc")) {
      if (found.get(key) instanceof Double value) {
        text.append(String.format(Locale.ROOT, "   %s %.9f", key.replace("train-", ""), value));
      }
    }
    if (found.get("neutral-distance") instanceof Double distance) {
      text.append(String.format(Locale.ROOT, "   %.1e above the optimum", distance));
    }
    return text.toString();
  }

  private static List<Side> vectors(Workspace workspace, UserTable table) {
    CompareOptions asked = table.asked();
    String source = table.source();
    VectorProblem problem =
        new VectorProblem("compare", source, table::rows, asked.l1(), asked.l2());
    if (!table.format().equals("libsvm")) {
      return problem.sides(workspace);
    }
    // both would read text for most of the time: vectors in Parquet are what is compared
    Path parquet = workspace.data().resolve("compare.parquet");
    Dataset<Row> rows = table.rows();
    rows.write().mode("overwrite").parquet(parquet.toString());
    Turns.say("libsvm was converted to Parquet, before the clocks");
    return VectorProblem.of(workspace, "compare", parquet.toString(), asked.l1(), asked.l2())
        .sides(workspace);
  }

  private static List<Side> raw(Workspace workspace, UserTable table) {
    CompareOptions asked = table.asked();
    RawProblem problem =
        new RawProblem(
            "compare",
            table.source(),
            table::rows,
            table.stages(),
            asked.l1(),
            asked.l2(),
            new RawProblem.Judged("train", table.source(), table::rows));
    List<Side> sides = new ArrayList<>(List.of(problem.talweg(workspace), problem.indexer()));
    if (!table.texts().isEmpty()) {
      sides.add(problem.hasher());
    }
    return sides;
  }

  private static List<Turns.Contender> fixed(List<Side> sides, int iterations) {
    Turns.Contender[] contenders = new Turns.Contender[sides.size()];
    Arrays.setAll(
        contenders,
        k ->
            new Turns.Contender(
                sides.get(k).name(),
                List.of(""),
                Map.of(),
                clock -> sides.get(k).fit(1e-12, iterations, clock)));
    return List.of(contenders);
  }
}
