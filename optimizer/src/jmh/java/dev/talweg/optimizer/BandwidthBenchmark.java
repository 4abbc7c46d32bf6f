package dev.talweg.optimizer;

import dev.talweg.optimizer.kernel.Kernels;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What memory gives one thread of this machine: the limit of every pass. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class BandwidthBenchmark {
  /** 192 MiB: six times this machine's last-level cache. */
  static final int DOUBLES = 24 << 20;

  private final double[] from = new double[DOUBLES];
  private final double[] to = new double[DOUBLES];

  @Benchmark
  public double read() {
    return Kernels.sum(from, DOUBLES);
  }

  @Benchmark
  public double[] copy() {
    System.arraycopy(from, 0, to, 0, DOUBLES);
    return to;
  }
}
