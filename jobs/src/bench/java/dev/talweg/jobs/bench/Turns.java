package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Contenders by turns in one JVM, the order rotating, garbage collected before each. Round 0 is not
 * counted, and its models are examined. Every round is a line of JSON.
 */
final class Turns {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SparkSession spark;
  private final Traffic traffic;
  private final int rounds;
  private final PrintStream lines;
  private final PrintStream results;
  private final Map<String, Object> common = new LinkedHashMap<>();

  /**
   * @param lines of JSON, one a round
   * @param results medians and ratios, for people
   */
  Turns(SparkSession spark, int rounds, PrintStream lines, PrintStream results) {
    this.spark = spark;
    this.traffic = new Traffic(spark.sparkContext());
    this.rounds = rounds;
    this.lines = lines;
    this.results = results;
  }

  /** Work that stops the clock when its result is in memory. */
  interface Work {
    Side.Fitted run(Clock clock) throws IOException;
  }

  /**
   * @param targets what the work is to reach; each has its own lines
   * @param known what is known of it before it runs
   */
  record Contender(String side, List<String> targets, Map<String, Object> known, Work work) {}

  int rounds() {
    return rounds;
  }

  /** Said in every line that follows. */
  Turns with(String key, Object value) {
    common.put(key, value);
    return this;
  }

  /**
   * @return what round 0 found, by side; of several contenders of a side, the last one's
   */
  Map<String, Map<String, Object>> run(String name, List<Contender> contenders) throws IOException {
    Map<String, Map<String, Object>> examined = new LinkedHashMap<>();
    Standings standings = new Standings(name);
    long begun = System.nanoTime();
    for (int round = 0; round <= rounds; round++) {
      for (int k = 0; k < contenders.size(); k++) {
        Contender contender = contenders.get((k + round) % contenders.size());
        Measured measured = measured(name, contender, round);
        if (round == 0) {
          examined.put(contender.side(), measured.found());
        }
        for (String target : contender.targets()) {
          line(name, contender.side(), target, round, measured.found());
          if (round > 0) {
            standings.add(target, contender.side(), measured.seconds());
          }
        }
      }
    }
    print(standings);
    say(String.format(Locale.ROOT, "%s took %.0f s", name, (System.nanoTime() - begun) * 1e-9));
    return examined;
  }

  private record Measured(double seconds, Map<String, Object> found) {}

  private Measured measured(String name, Contender contender, int round) throws IOException {
    Clock clock = new Clock(traffic);
    clock.start();
    Side.Fitted fitted = contender.work().run(clock);
    clock.stop();
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("seconds", clock.seconds());
    found.putAll(clock.counted());
    found.putAll(contender.known());
    found.putAll(fitted.found());
    if (round == 0) {
      found.putAll(fitted.check().examine());
    }
    say(
        String.format(
            Locale.ROOT,
            "  %s %s %s round %d: %.2f s",
            name,
            contender.side(),
            String.join(" ", contender.targets()),
            round,
            clock.seconds()));
    return new Measured(clock.seconds(), found);
  }

  /** Writes a line that was measured elsewhere. */
  void line(String name, String side, String target, int round, Map<String, Object> found)
      throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("case", name);
    line.put("side", side);
    if (!target.isEmpty()) {
      line.put("target", target);
    }
    line.put("round", round);
    line.putAll(found);
    line.putAll(common);
    line.put("spark", spark.version());
    line.put("java", System.getProperty("java.version"));
    line.put("cores", spark.sparkContext().defaultParallelism());
    line.put("blas", dev.ludovic.netlib.blas.JavaBLAS.getInstance().getClass().getSimpleName());
    lines.println(JSON.writeValueAsString(line));
    lines.flush();
  }

  void print(Standings standings) {
    standings.lines().forEach(results::println);
  }

  static void say(String text) {
    System.err.println(text);
  }

  /** Seconds by target and side; the first side is what the others are divided by. */
  static final class Standings {
    private final String name;
    private final Map<String, Map<String, List<Double>>> seconds = new LinkedHashMap<>();

    Standings(String name) {
      this.name = name;
    }

    void add(String target, String side, double took) {
      seconds
          .computeIfAbsent(target, t -> new LinkedHashMap<>())
          .computeIfAbsent(side, s -> new ArrayList<>())
          .add(took);
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      seconds.forEach(
          (target, sides) -> {
            List<Double> own = sides.getOrDefault("talweg", List.of());
            sides.forEach(
                (side, took) ->
                    lines.add(
                        String.format(
                            Locale.ROOT,
                            "%-16s %-6s %-12s median %8.2f s%s",
                            name,
                            target,
                            side,
                            median(took),
                            own.isEmpty() || own == took ? "" : times(took, own))));
          });
      return lines;
    }

    private static String times(List<Double> took, List<Double> own) {
      return String.format(Locale.ROOT, "   %6.2f times Talweg's", median(took) / median(own));
    }

    static double median(List<Double> values) {
      double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      int half = sorted.length / 2;
      return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
  }
}
