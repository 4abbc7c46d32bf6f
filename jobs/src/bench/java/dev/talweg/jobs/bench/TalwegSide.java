package dev.talweg.jobs.bench;

import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.RunSummary;
import dev.talweg.jobs.run.TrainingRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;

/**
 * Talweg, as {@code talweg train} runs it, without checkpoints (the others write none).
 *
 * <p>A likelihood may leave out a constant; where it may, {@link #reference} finds it, and all
 * values that leave here are those of the neutral pass.
 */
final class TalwegSide implements Side {
  private static final double TIGHT = 1e-9;
  private static final int LONG = 400;

  private final SparkSession spark;
  private final String yaml;
  private final Path output;
  private final Form form;
  private final Function<Path, Map<String, Object>> examine;
  private double constant;

  /** Whether the run's objective is the neutral pass's. */
  enum Form {
    SAME,
    UP_TO_A_CONSTANT
  }

  /**
   * @param yaml the configuration without output and stopping
   * @param output a directory that runs may replace
   * @param examine looks at a run's directory
   */
  TalwegSide(
      SparkSession spark,
      String yaml,
      Path output,
      Form form,
      Function<Path, Map<String, Object>> examine) {
    this.spark = spark;
    this.yaml = yaml;
    this.output = output;
    this.form = form;
    this.examine = examine;
  }

  @Override
  public String name() {
    return "talweg";
  }

  @Override
  public Reference reference() {
    Watch watch = new Watch(() -> {});
    RunSummary run = train(TIGHT, LONG, watch);
    double own = watch.best();
    if (examine.apply(output).get("objective") instanceof Double neutral) {
      double difference = neutral - own;
      // features as floats move each margin by 6e-8 of itself: far less than this
      if (form == Form.SAME && Math.abs(difference) > 1e-5 * Math.abs(own)) {
        throw new IllegalStateException(
            "Talweg says its objective is " + own + ", a neutral pass says " + neutral);
      }
      constant = form == Form.SAME ? 0 : difference;
    }
    Double gap = run.objective().gap();
    return new Reference(own + constant, gap == null ? Double.NaN : gap);
  }

  @Override
  public double[] history(double target, int most) {
    Watch watch = new Watch(() -> {});
    train(target, most, watch);
    return watch.objectives.stream().mapToDouble(value -> value + constant).toArray();
  }

  @Override
  public Object identity(double target, int iterations) {
    return List.of(target, iterations); // the target may choose the method
  }

  @Override
  public Fitted fit(double target, int iterations, Clock clock) {
    RunSummary run = train(target, iterations, new Watch(clock::stop));
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("iterations", run.iterations());
    found.put("passes", run.passes());
    found.put("bytes-reduced", run.bytesReduced());
    found.put("ingest", run.seconds().ingest());
    found.put("optimize", run.seconds().optimize());
    found.put("features", run.features().dimension());
    if (run.objective().gap() != null) {
      found.put("certified-gap", run.objective().gap());
    }
    found.put("with-tables-and-report", run.seconds().total());
    return new Fitted(found, () -> examine.apply(output));
  }

  /** Seconds of reading and optimizing, and of both. */
  static Map<String, Object> untilTheModel(RunSummary run) {
    Map<String, Object> found = new LinkedHashMap<>();
    found.put("seconds", run.seconds().ingest() + run.seconds().optimize());
    found.put("ingest", run.seconds().ingest());
    found.put("optimize", run.seconds().optimize());
    found.put("iterations", run.iterations());
    return found;
  }

  private RunSummary train(double gap, int most, RunObserver observer) {
    String stopping = "stopping: {gap: " + gap + ", max-iterations: " + most + "}\n";
    return train(spark, yaml + stopping, output, observer);
  }

  /**
   * One run, without checkpoints.
   *
   * @param yaml the configuration without output
   * @param output a directory that it may replace
   */
  static RunSummary train(SparkSession spark, String yaml, Path output, RunObserver observer) {
    String rest = "checkpoint: {every: 1000000}\noutput: \"" + output + "\"\n";
    RunConfig config = ConfigReader.read("bench", yaml + rest, List.of());
    RunOptions options = new RunOptions(RunOptions.Start.FRESH, RunOptions.Existing.REPLACE);
    RunSummary run = TrainingRun.train(spark, config, options, observer, new Interrupt());
    if (run.status().equals("failed")) {
      throw new IllegalStateException("Talweg failed: " + run.termination().describe());
    }
    return run;
  }

  /** Notes the objectives, and the moment at which the model is there. */
  private static final class Watch implements RunObserver {
    private final Runnable optimized;
    private final List<Double> objectives = new ArrayList<>();

    Watch(Runnable optimized) {
      this.optimized = optimized;
    }

    double best() {
      return objectives.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    @Override
    public void iteration(IterationRecord record) {
      objectives.add(record.objective());
    }

    @Override
    public void phaseEnded(Phase phase, double seconds) {
      if (phase == Phase.OPTIMIZE) {
        optimized.run();
      }
    }
  }
}
