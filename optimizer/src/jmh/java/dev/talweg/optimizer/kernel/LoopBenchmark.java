package dev.talweg.optimizer.kernel;

import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The loops of one provider, on rows that stay in a cache. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class LoopBenchmark {
  static final int ROWS = 8192;
  static final int COLUMNS = 32;

  @Param({"scalar", "vector"})
  public String provider = "scalar";

  private KernelSupport kernels = new ScalarKernels();
  private final double[] margins = new double[ROWS];
  private final double[] labels = new double[ROWS];
  private final double[] work = new double[ROWS];
  private final double[] second = new double[ROWS];
  private final double[] losses = new double[ROWS];
  private final double[] w = new double[COLUMNS];
  private final double[] gradient = new double[COLUMNS];
  private final float[] columns = new float[ROWS * COLUMNS];
  private ColumnBlock block =
      new ColumnBlock(0, 0, 0, new float[0], 0, new int[0], new double[0], null);

  @Setup
  public void rows() {
    kernels = KernelProvider.choose(provider);
    Arrays.setAll(margins, i -> 6 * CounterRandom.uniform(1, i, 0, 0) - 3);
    Arrays.setAll(labels, i -> CounterRandom.uniform(2, i, 0, 0) < 0.3 ? 1 : 0);
    Arrays.setAll(w, i -> CounterRandom.uniform(3, i, 0, 0) - 0.5);
    for (int k = 0; k < columns.length; k++) {
      columns[k] = (float) CounterRandom.uniform(4, k, 0, 0);
    }
    block = new ColumnBlock(ROWS, COLUMNS, COLUMNS, columns, 0, new int[0], labels, null);
  }

  @Setup(Level.Invocation)
  public void fresh() {
    System.arraycopy(margins, 0, work, 0, ROWS);
  }

  @Benchmark
  public double[] logisticLosses() {
    kernels.logisticLosses(work, labels, null, 0, ROWS, losses, 0);
    return losses;
  }

  @Benchmark
  public double[] logisticSlopes() {
    kernels.logisticSlopes(work, labels, null, 0, ROWS, losses, 0);
    return work;
  }

  @Benchmark
  public double[] logisticSlopesAndCurvatures() {
    kernels.logisticSlopesAndCurvatures(work, labels, null, 0, ROWS, losses, 0, second);
    return work;
  }

  /** What it was before: Java's own functions. */
  @Benchmark
  public double[] logisticByMath() {
    for (int i = 0; i < ROWS; i++) {
      double z = work[i];
      double e = Math.exp(-Math.abs(z));
      losses[i] = Math.max(z, 0) - labels[i] * z + Math.log1p(e);
      work[i] = (z >= 0 ? 1 : e) / (1 + e) - labels[i];
    }
    return work;
  }

  @Benchmark
  public double sum() {
    return Kernels.sum(margins, ROWS);
  }

  @Benchmark
  public double sumInOneChain() {
    double sum = 0;
    for (double term : margins) {
      sum += term;
    }
    return sum;
  }

  @Benchmark
  public double[] columnMargins() {
    kernels.addColumns(columns, ROWS, COLUMNS, 0, ROWS, w, work);
    return work;
  }

  @Benchmark
  public double[] columnTransposed() {
    block.addTransposed(0, ROWS, margins, gradient);
    return gradient;
  }
}
