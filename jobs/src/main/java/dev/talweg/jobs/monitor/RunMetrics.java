package dev.talweg.jobs.monitor;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import dev.talweg.jobs.console.IterationRecord;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.metrics.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of the run that is under way, for every sink of Spark's metrics system: gauges named
 * {@code talweg.NAME} of the driver, NaN where there is none. The names are listed in
 * docs/monitoring.md.
 */
final class RunMetrics implements Source {
  static final String NAME = "talweg";

  private final MetricRegistry registry = new MetricRegistry();
  private final AtomicLong warnings = new AtomicLong();
  private volatile @Nullable StepTaken last;

  RunMetrics() {
    gauge("step", StepTaken::step);
    gauge("seconds", StepTaken::seconds);
    gauge("objective", StepTaken::objective);
    gauge("gradientNorm", StepTaken::gradientNorm);
    gauge("stepLength", StepTaken::stepLength);
    gauge("learningRate", StepTaken::learningRate);
    gauge("gap", StepTaken::gap);
    gauge("trainMetric", StepTaken::trainMetric);
    gauge("validationMetric", StepTaken::validationMetric);
    gauge("passes", StepTaken::passes);
    gauge("rowsPerSecond", StepTaken::rowsPerSecond);
    gauge("bytesReduced", StepTaken::bytesReduced);
    registry.register("warnings", (Gauge<Long>) warnings::get);
  }

  private void gauge(String name, Function<StepTaken, @Nullable Number> value) {
    registry.register(name, (Gauge<Number>) () -> read(value));
  }

  private Number read(Function<StepTaken, @Nullable Number> value) {
    StepTaken step = last;
    Number number = step == null ? null : value.apply(step);
    return number == null ? Double.NaN : number;
  }

  void stepped(IterationRecord record, long rows) {
    last = StepTaken.of("", record, rows, null);
  }

  void warned() {
    warnings.incrementAndGet();
  }

  @Override
  public String sourceName() {
    return NAME;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }
}
