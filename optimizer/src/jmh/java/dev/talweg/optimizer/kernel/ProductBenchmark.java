package dev.talweg.optimizer.kernel;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.blas.JavaBLAS;
import dev.talweg.optimizer.random.CounterRandom;
import java.util.Arrays;
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

/**
 * The products of a tile of 64 rows with 784 inputs and 128 units, none of them 0: of a provider,
 * and dgemm of the BLAS that comes with Spark, in Java by the Vector API.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Fork(2)
public class ProductBenchmark {
  private static final int ROWS = 64;
  private static final int INPUTS = 784;
  private static final int UNITS = 128;

  @Param({"scalar", "vector"})
  public String provider = "scalar";

  private KernelSupport kernels = new ScalarKernels();
  private final BLAS blas = JavaBLAS.getInstance();
  private final double[] rows = new double[ROWS * INPUTS];
  private final double[] weights = new double[INPUTS * UNITS];
  private final double[] units = new double[ROWS * UNITS];
  private final double[] gradient = new double[INPUTS * UNITS];

  @Setup
  public void numbers() {
    kernels = KernelProvider.choose(provider);
    Arrays.setAll(rows, k -> CounterRandom.uniform(1, k, 0, 0));
    Arrays.setAll(weights, k -> CounterRandom.uniform(2, k, 0, 0) - 0.5);
    Arrays.setAll(units, k -> CounterRandom.uniform(3, k, 0, 0) - 0.5);
  }

  @Benchmark
  public double[] forward() {
    kernels.addProduct(rows, 0, INPUTS, 1, weights, 0, units, 0, ROWS, INPUTS, UNITS);
    return units;
  }

  @Benchmark
  public double[] backward() {
    kernels.addProduct(rows, 0, 1, INPUTS, units, 0, gradient, 0, INPUTS, ROWS, UNITS);
    return gradient;
  }

  /** BLAS has columns side by side, so it is asked for Cᵀ += Bᵀ·Aᵀ. */
  @Benchmark
  public double[] dgemmForward() {
    blas.dgemm("N", "N", UNITS, ROWS, INPUTS, 1, weights, UNITS, rows, INPUTS, 1, units, UNITS);
    return units;
  }

  @Benchmark
  public double[] dgemmBackward() {
    blas.dgemm("N", "T", UNITS, INPUTS, ROWS, 1, units, UNITS, rows, INPUTS, 1, gradient, UNITS);
    return gradient;
  }
}
