package dev.talweg.jobs.bench;

import dev.talweg.datasets.Ingest;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.console.IterationRecord;
import dev.talweg.jobs.console.RunObserver;
import dev.talweg.jobs.run.Interrupt;
import dev.talweg.jobs.run.RunOptions;
import dev.talweg.jobs.run.TrainingRun;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.mllib.optimization.NNLS;

/**
 * What a step of L-BFGS costs by rows, features and partitions, at points some of which {@link
 * #fitted} makes a model of; docs/scale.md holds it against the others.
 *
 * <p>A step is two jobs, one pass. Seconds are the median of three steps of each round, after the
 * first three; the heap is what is left of it after a full collection at the last step.
 */
public record ScaleCase() implements Case {
  /** Of a click row: 13 numbers of which 0.3 are missing, and 26 fields. */
  private static final double ENTRIES = 35.1;

  private static final int STEPS = 6;

  /**
   * @param fitted whether the model is fitted to it
   */
  private record Point(long rows, int dimension, int partitions, boolean fitted) {}

  private static final List<Point> POINTS =
      List.of(
          new Point(100_000, 10_000, 2, true),
          new Point(100_000, 1 << 20, 2, true),
          new Point(100_000, 1 << 20, 8, true),
          new Point(400_000, 100_000, 4, true),
          new Point(400_000, 1 << 20, 2, true),
          new Point(400_000, 1 << 22, 8, true),
          new Point(1_000_000, 10_000, 8, true),
          new Point(1_000_000, 1 << 20, 8, true),
          new Point(700_000, 300_000, 4, false),
          new Point(1_000_000, 1 << 20, 16, false),
          new Point(1_000_000, 10_000_000, 8, false));

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public String what() {
    return "What a step costs by rows, features and partitions: the model of docs/scale.md, fitted "
        + "to eight points and held against three others.";
  }

  /** What is known of a point before its step is timed. */
  private record Size(double entries, double rows, double touched, double features, int tasks) {}

  private record Measured(double seconds, double bytes, double jobs, double heap) {}

  @Override
  public void run(Workspace workspace, Turns turns) throws IOException {
    int cores = workspace.spark().sparkContext().defaultParallelism();
    Traffic traffic = new Traffic(workspace.spark().sparkContext());
    List<Size> sizes = new ArrayList<>();
    List<List<Measured>> measured = new ArrayList<>();
    List<RunConfig> configs = new ArrayList<>();
    for (Point point : POINTS) {
      RunConfig config = config(workspace, point);
      configs.add(config);
      sizes.add(size(workspace, config, scaled(point.rows(), workspace), point.partitions()));
      measured.add(new ArrayList<>());
    }
    for (int round = 0; round <= turns.rounds(); round++) {
      for (int k = 0; k < POINTS.size(); k++) {
        Measured found = measured(workspace, configs.get(k), traffic);
        Turns.say("  scale " + POINTS.get(k) + " round " + round + ": " + found);
        if (round > 0) {
          measured.get(k).add(found);
        }
      }
    }
    for (int k = 0; k < POINTS.size(); k++) {
      Point point = POINTS.get(k);
      Size size = sizes.get(k);
      Measured found = median(measured.get(k));
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("cores", cores);
      line.put("rows", size.rows());
      line.put("entries", size.entries());
      line.put("dimension", point.dimension());
      line.put("features", size.features());
      line.put("partitions", size.tasks());
      line.put("touched", size.touched());
      line.put("fitted", point.fitted());
      line.put("seconds", found.seconds());
      line.put("bytes", found.bytes());
      line.put("heap", found.heap());
      line.put("jobs", found.jobs());
      turns.line(name(), "talweg", "", k, line);
    }
  }

  private static long scaled(long rows, Workspace workspace) {
    return Math.max(1000, rows * workspace.rows() / 1_000_000);
  }

  private static RunConfig config(Workspace workspace, Point point) {
    String parquet =
        ClickVectors.written(
            workspace.spark(),
            workspace.data(),
            scaled(point.rows(), workspace),
            point.dimension());
    return ConfigReader.read(
        "scale",
        """
        data: {train: "%s", label: label}
        features: {vector: features}
        model: logistic
        penalty: {l2: 1e-5, standardize: none}
        optimizer: {kind: lbfgs, block: 0, refresh: 1000}
        partitions: %d
        stopping: {max-iterations: %d}
        checkpoint: {every: 1000000}
        output: "%s"
        """
            .formatted(parquet, point.partitions(), STEPS, workspace.run("scale")),
        List.of());
  }

  private static Size size(Workspace workspace, RunConfig config, long rows, int partitions) {
    try (Ingested read =
        Ingest.read(
            workspace.spark(),
            config.data(),
            config.features(),
            LabelKind.BINARY,
            1,
            partitions,
            note -> {})) {
      double features = read.encoding().dimension();
      double moments = read.entries(); // by their bytes: a number and its place, of 8 + 4 or a bit
      double touched = moments - Math.min(moments / 3, read.partitions() * features / 64);
      return new Size(ENTRIES * rows, rows, touched, features, read.partitions());
    }
  }

  private static Measured measured(Workspace workspace, RunConfig config, Traffic traffic) {
    System.gc();
    List<IterationRecord> records = new ArrayList<>();
    List<Long> jobs = new ArrayList<>();
    double[] heap = new double[1];
    RunObserver observer =
        new RunObserver() {
          @Override
          public void iteration(IterationRecord record) {
            records.add(record);
            if (record.step() == 2 || record.step() == STEPS) {
              jobs.add(traffic.counted().jobs());
            }
            if (record.step() == STEPS) {
              System.gc();
              heap[0] = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            }
          }
        };
    RunOptions options = new RunOptions(RunOptions.Start.FRESH, RunOptions.Existing.REPLACE);
    TrainingRun.train(workspace.spark(), config, options, observer, new Interrupt());
    List<Double> steps = new ArrayList<>();
    for (int step = 4; step <= STEPS; step++) {
      steps.add(records.get(step).seconds() - records.get(step - 1).seconds());
    }
    double bytes = records.get(STEPS).bytesReduced() - records.get(2).bytesReduced();
    return new Measured(
        Turns.Standings.median(steps),
        bytes / (STEPS - 2),
        (jobs.get(1) - jobs.get(0)) / (STEPS - 2.0),
        heap[0]);
  }

  private static Measured median(List<Measured> rounds) {
    return new Measured(
        Turns.Standings.median(rounds.stream().map(Measured::seconds).toList()),
        Turns.Standings.median(rounds.stream().map(Measured::bytes).toList()),
        Turns.Standings.median(rounds.stream().map(Measured::jobs).toList()),
        Turns.Standings.median(rounds.stream().map(Measured::heap).toList()));
  }

  /**
   * The coefficients of terms, none below zero, with the least squares of relative errors.
   *
   * @param terms of each point
   * @param values of each point, above zero
   */
  public static double[] fitted(List<double[]> terms, List<Double> values) {
    int n = terms.get(0).length;
    double unit = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double[] scales = new double[n]; // numbers near 1 for the solver
    for (double[] term : terms) {
      for (int j = 0; j < n; j++) {
        scales[j] = Math.max(scales[j], term[j]);
      }
    }
    double[] squares = new double[n * n];
    double[] products = new double[n];
    for (int k = 0; k < terms.size(); k++) {
      double weight = unit / values.get(k);
      for (int i = 0; i < n; i++) {
        double row = weight * terms.get(k)[i] / scales[i];
        products[i] += row;
        for (int j = 0; j < n; j++) {
          squares[j * n + i] += row * weight * terms.get(k)[j] / scales[j];
        }
      }
    }
    double[] solved = NNLS.solve(squares, products, NNLS.createWorkspace(n));
    for (int j = 0; j < n; j++) {
      solved[j] *= unit / scales[j];
    }
    return solved;
  }
}
