package dev.talweg.jobs.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pass over the click set with ten million features, once the data is in memory: the time that
 * more iterations take, by the passes that they make. Spark.ml's passes are the evaluations of its
 * loss.
 */
record PassCase() implements Case {
  private static final int DIMENSION = 10_000_000;
  private static final int FEW = 2;
  private static final int MORE = 6;

  @Override
  public String name() {
    return "pass-d10m";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public String what() {
    return "One pass over the click set with 10 000 000 features, data in memory: the time "
        + "that more iterations take, by the passes they make (of `spark.ml`: evaluations "
        + "of its loss).";
  }

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    String parquet =
        ClickVectors.written(workspace.spark(), workspace.data(), workspace.rows(), DIMENSION);
    VectorProblem problem = VectorProblem.of(workspace, name(), parquet, 0, 1e-5);
    Turns.Standings standings = new Turns.Standings(name());
    Traffic traffic = new Traffic(workspace.spark().sparkContext());
    List<Side> sides = problem.sides(workspace);
    for (int round = 0; round <= turns.rounds(); round++) {
      for (int k = 0; k < sides.size(); k++) {
        Side side = sides.get((k + round) % sides.size());
        Timed few = timed(side, FEW, traffic);
        Timed more = timed(side, MORE, traffic);
        Map<String, Object> found = new LinkedHashMap<>();
        double pass = (more.seconds() - few.seconds()) / (more.passes() - few.passes());
        found.put("seconds", pass);
        found.put("seconds-few", few.seconds());
        found.put("seconds-more", more.seconds());
        found.put("passes-few", few.passes());
        found.put("passes-more", more.passes());
        turns.line(name(), side.name(), "", round, found);
        Turns.say("  " + name() + " " + side.name() + " round " + round + ": " + pass + " s");
        if (round > 0) {
          standings.add("", side.name(), pass);
        }
      }
    }
    turns.print(standings);
  }

  private record Timed(double seconds, double passes) {}

  private static Timed timed(Side side, int iterations, Traffic traffic) {
    Clock clock = new Clock(traffic);
    clock.start();
    Map<String, Object> found = side.fit(1e-9, iterations, clock).found();
    Map<String, Object> counted = new LinkedHashMap<>(clock.counted());
    counted.putAll(found); // what a side says of itself goes first
    double seconds = found.get("optimize") instanceof Double own ? own : clock.seconds();
    if (!(counted.get("passes") instanceof Number passes)) {
      throw new IllegalStateException(side.name() + " made no passes that could be counted");
    }
    return new Timed(seconds, passes.doubleValue());
  }
}
