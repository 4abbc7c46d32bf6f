package dev.talweg.optimizer;

import dev.talweg.optimizer.block.ClickRows;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.SparseArray;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What training does in a pass over one partition: margins, link function, transposed product. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 600, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class PassBenchmark {
  static final int ROWS = 131_072;

  @Param({"10000", "1000000", "10000000"})
  public int dimension;

  @Param({"rows", "chunks", "auto"})
  public String layout = "auto";

  @Param({"REAL", "NONE"})
  public ClickRows.Values values = ClickRows.Values.REAL;

  private Shard shard = Shard.of(List.of(), 1);
  private double[] parameters = {};

  @Setup
  public void rows() {
    shard = ClickRows.of(ROWS, dimension, values).shard(dimension, layout);
    parameters = new double[dimension + 1];
    Arrays.setAll(parameters, j -> CounterRandom.uniform(1, j, 0, 0) - 0.5);
  }

  /** One pass; its sums must be those of every other pass. */
  @Benchmark
  public SparseArray pass() {
    double[][] margins = PartitionPasses.margins(shard, parameters);
    return PartitionPasses.sums(shard, margins, new LogisticLoss());
  }
}
