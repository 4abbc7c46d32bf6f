package dev.talweg.optimizer;

import dev.talweg.optimizer.block.ClickRows;
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

/** Rows to a chunk by feature, and all that ingest does to a partition's blocks. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class SortBenchmark {
  static final int ROWS = 65_536;

  @Param({"1000000", "10000000"})
  public int dimension;

  private ClickRows rows = new ClickRows(List.of(), 0);

  @Setup
  public void rows() {
    rows = ClickRows.of(ROWS, dimension, ClickRows.Values.REAL);
  }

  @Benchmark
  public Object chunk() {
    return ClickRows.chunk(rows, dimension);
  }

  @Benchmark
  public Object compact() {
    return rows.shard(dimension, "auto");
  }
}
