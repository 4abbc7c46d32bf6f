package dev.talweg.jobs.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * 20 000 click rows with 2^28 features, five iterations, each side in processes of its own with the
 * heap of this one: who ends with a model at all.
 */
record WidestCase() implements Case {
  private static final int DIMENSION = 1 << 28;
  private static final long ROWS = 20_000;
  private static final int ITERATIONS = 5;
  private static final String FOUND = "found ";

  @Override
  public String name() {
    return "widest-2^28";
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public String what() {
    return "20 000 click rows with 2^28 features, five iterations in a process of its own: "
        + "whether a model comes out.";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    ClickVectors.written(workspace.spark(), workspace.data(), ROWS, DIMENSION);
    for (int round = 1; round <= turns.rounds(); round++) {
      for (String side : List.of("talweg", "spark.ml")) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("heap-bytes", Runtime.getRuntime().maxMemory());
        List<String> arguments = List.of("widest", side, workspace.data().toString());
        long begun = System.nanoTime();
        int code =
            Processes.Child.run(
                Processes.Compilers.BOTH,
                List.of(),
                arguments,
                line -> {
                  if (line.startsWith(FOUND)) {
                    String[] parts = line.split(" ", 3);
                    found.put("seconds", Double.parseDouble(parts[1]));
                    found.put("outcome", parts[2]);
                  }
                });
        found.put("process-seconds", (System.nanoTime() - begun) * 1e-9);
        found.putIfAbsent("outcome", "ended with code " + code);
        turns.line(name(), side, "", round, found);
        Turns.say("  " + name() + " " + side + ": " + found);
      }
    }
  }

  /** What the process does: {@code widest SIDE DATA}. */
  static void fit(String[] arguments) {
    var spark = Bench.session();
    Workspace workspace = Bench.workspace(spark, ROWS, Path.of(arguments[2]));
    String parquet = ClickVectors.written(spark, workspace.data(), ROWS, DIMENSION);
    VectorProblem problem = VectorProblem.of(workspace, "widest", parquet, 0, 1e-5);
    Side side = arguments[1].equals("talweg") ? problem.talweg(workspace) : problem.spark();
    Clock clock = new Clock(new Traffic(spark.sparkContext()));
    clock.start();
    String outcome;
    try {
      Side.Fitted fitted = side.fit(1e-4, ITERATIONS, clock);
      clock.stop();
      outcome = "a model after " + fitted.found().get("iterations") + " iterations";
    } catch (Exception | OutOfMemoryError e) {
      outcome = reason(e) + (clock.counted().isEmpty() ? "" : ", after the model was in memory");
    }
    clock.stop();
    System.out.println(FOUND + clock.seconds() + " " + outcome);
    Runtime.getRuntime().halt(0); // after an OutOfMemoryError Spark does not end by itself
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.toString().lines().findFirst().orElse("failed");
  }
}
