package dev.talweg.jobs.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A case in processes of their own, one per fit, by turns: the JVM and Spark start, the first fit
 * is the only one. The clock runs from the start of the process until the model is in memory;
 * {@code first-fit} is the part after the session was there. All JVMs start with the classes that
 * an earlier one of their side kept, as {@code scripts/warm-up} does for Talweg.
 *
 * @param name of these rows
 * @param of the case that a process runs a side of
 */
record Processes(String name, Case.Training of, double target) implements Case {
  private static final String SESSION = "session ";
  private static final String MODEL = "model ";

  /** What a process compiles with. */
  enum Compilers {
    /** As a JVM does by itself: C1 while it counts, and C2. */
    BOTH,
    /** C1 alone, as {@code scripts/talweg --quick}, and no lanes, which C1 knows nothing of. */
    QUICK;

    List<String> of(List<String> options) {
      List<String> own = new ArrayList<>(options);
      if (this == QUICK) {
        own.removeIf(option -> option.contains("jdk.incubator.vector"));
        own.add("-XX:TieredStopAtLevel=1");
      }
      return own;
    }
  }

  static List<Case> all() {
    return List.of(
        new Processes("process-click-1e-5", ClickCase.named("click-1e-5"), 1e-4),
        new Processes("process-columns", new ColumnsCase(), 1e-4),
        new Processes("process-quickstart", new QuickstartCase(), 1e-4));
  }

  @Override
  public String what() {
    return "`"
        + of.name()
        + "` in a process of its own per fit, JVM and Spark start included, until the "
        + "model is in memory; first fit: from the session on. JVMs of both sides start with classes "
        + "that one before kept (`scripts/warm-up`), and each side has the quick compiler alone "
        + "(`scripts/talweg --quick`) or both, whichever is faster (`compilers` in the lines).";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    ToTargets comparison = of.comparison(workspace);
    List<ToTargets.Plan> plans =
        new ToTargets(
                name,
                comparison.sides(),
                comparison.yardstick(),
                List.of(target),
                comparison.most())
            .plans();
    System.gc(); // this JVM holds its heap while the others work
    Turns.Standings whole = new Turns.Standings(name);
    Turns.Standings first = new Turns.Standings(name + " (first fit)");
    List<Compilers> compilers = new ArrayList<>();
    for (ToTargets.Plan plan : plans) {
      Path kept = kept(workspace, plan);
      Files.deleteIfExists(kept);
      timed(workspace, plan, Compilers.BOTH, "-XX:ArchiveClassesAtExit=" + kept);
      double both = timed(workspace, plan, Compilers.BOTH, startingWith(kept)).model();
      double quick = timed(workspace, plan, Compilers.QUICK, startingWith(kept)).model();
      compilers.add(quick < both ? Compilers.QUICK : Compilers.BOTH);
      Turns.say(
          String.format(
              Locale.ROOT,
              "%s: %s takes %.2f s, by the quick compiler alone %.2f s",
              name,
              plan.side().name(),
              both,
              quick));
    }
    for (int round = 1; round <= turns.rounds(); round++) {
      for (int k = 0; k < plans.size(); k++) {
        int turn = (k + round) % plans.size();
        ToTargets.Plan plan = plans.get(turn);
        Map<String, Object> found = new LinkedHashMap<>();
        Compilers chosen = compilers.get(turn);
        Timed timed = timed(workspace, plan, chosen, startingWith(kept(workspace, plan)));
        found.put("seconds", timed.model());
        found.put("first-fit", timed.model() - timed.session());
        found.put("exit", timed.exit());
        found.put("compilers", chosen.name().toLowerCase(Locale.ROOT));
        found.put("iterations", plan.iterations());
        found.putAll(plan.known());
        String reached = ToTargets.text(target);
        turns.line(name, plan.side().name(), reached, round, found);
        Turns.say("  " + name + " " + plan.side().name() + " round " + round + ": " + timed);
        whole.add(reached, plan.side().name(), timed.model());
        first.add(reached, plan.side().name(), timed.model() - timed.session());
      }
    }
    whole.lines().forEach(Turns::say);
    first.lines().forEach(Turns::say);
  }

  /** Seconds from the start of the process until its session, its model, and its end. */
  private record Timed(double session, double model, double exit) {}

  private Path kept(Workspace workspace, ToTargets.Plan plan) {
    return workspace.data().resolve("classes-" + name + "-" + plan.side().name() + ".jsa");
  }

  private static String startingWith(Path kept) {
    return "-XX:SharedArchiveFile=" + kept;
  }

  private Timed timed(Workspace workspace, ToTargets.Plan plan, Compilers compilers, String option)
      throws IOException {
    List<String> arguments =
        List.of(
            "fit",
            of.name(),
            plan.side().name(),
            Double.toString(plan.target()),
            Integer.toString(plan.iterations()),
            Long.toString(workspace.rows()),
            workspace.data().toString());
    Map<String, Double> seconds = new LinkedHashMap<>();
    long begun = System.currentTimeMillis();
    int code = Child.run(compilers, List.of(option), arguments, line -> note(line, begun, seconds));
    double exit = (System.currentTimeMillis() - begun) / 1000.0;
    if (code != 0 || seconds.size() < 2) {
      throw new IllegalStateException(
          name + ": the process of " + plan.side().name() + " ended with code " + code);
    }
    return new Timed(
        seconds.getOrDefault(SESSION, Double.NaN), seconds.getOrDefault(MODEL, Double.NaN), exit);
  }

  private static void note(String line, long begun, Map<String, Double> seconds) {
    for (String moment : List.of(SESSION, MODEL)) {
      if (line.startsWith(moment)) {
        long at = Long.parseLong(line.substring(moment.length()));
        seconds.put(moment, (at - begun) / 1000.0);
      }
    }
  }

  /** What the process does: {@code fit CASE SIDE TARGET ITERATIONS ROWS DATA}. */
  static void fit(String[] arguments) {
    var spark = Bench.session();
    System.out.println(SESSION + System.currentTimeMillis());
    Workspace workspace =
        Bench.workspace(spark, Long.parseLong(arguments[5]), Path.of(arguments[6]));
    Side side =
        ((Case.Training) Cases.named(arguments[1]))
            .comparison(workspace).sides().stream()
                .filter(one -> one.name().equals(arguments[2]))
                .findFirst()
                .orElseThrow();
    Clock clock =
        new Clock(new Traffic(spark.sparkContext())) {
          @Override
          void stop() {
            System.out.println(MODEL + System.currentTimeMillis());
          }
        };
    side.fit(Double.parseDouble(arguments[3]), Integer.parseInt(arguments[4]), clock);
    spark.stop();
  }

  /** This JVM's command again, with other arguments. */
  static final class Child {
    private Child() {}

    /** Hears the lines that a process prints. */
    interface Listener {
      void line(String line);
    }

    /**
     * Runs {@link Bench} with some arguments to its end.
     *
     * @param options of the JVM, beside those of this one
     * @return the exit code
     */
    static int run(
        Compilers compilers, List<String> options, List<String> arguments, Listener listener)
        throws IOException {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(compilers.of(ManagementFactory.getRuntimeMXBean().getInputArguments()));
      command.addAll(options);
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), Bench.class.getName()));
      command.addAll(arguments);
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        lines.lines().forEach(listener::line);
        return process.waitFor();
      } catch (InterruptedException e) {
        process.destroy();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while a process ran", e);
      }
    }
  }
}
