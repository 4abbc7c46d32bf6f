package dev.talweg.jobs.monitor;

import dev.talweg.jobs.console.IterationRecord;
import java.util.Locale;
import org.apache.spark.util.kvstore.KVIndex;
import org.jspecify.annotations.Nullable;

/**
 * A state of the optimizer.
 *
 * @param seconds since optimizing began
 * @param rowsPerSecond of all passes until then, null before the first is complete
 * @param metric what the metrics of training and validation rows are called
 */
record StepTaken(
    String run,
    long step,
    double seconds,
    double objective,
    double gradientNorm,
    double stepLength,
    @Nullable Double learningRate,
    @Nullable Double gap,
    @Nullable Double trainMetric,
    @Nullable Double validationMetric,
    @Nullable String metric,
    long passes,
    @Nullable Double rowsPerSecond,
    long bytesReduced)
    implements RunEvent {

  static StepTaken of(String run, IterationRecord record, long rows, @Nullable String metric) {
    boolean measured = record.passes() > 0 && record.seconds() > 0;
    return new StepTaken(
        run,
        record.step(),
        record.seconds(),
        record.objective(),
        record.gradientNorm(),
        record.stepLength(),
        record.learningRate(),
        record.gap(),
        record.trainMetric(),
        record.validationMetric(),
        metric,
        record.passes(),
        measured ? (Double) (rows * (double) record.passes() / record.seconds()) : null,
        record.bytesReduced());
  }

  @KVIndex
  @Override
  public String key() {
    return String.format(Locale.ROOT, "%s/%012d", run, step);
  }
}
