package dev.talweg.jobs.bench;

import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/**
 * What Spark itself counts, for every side alike: jobs, the bytes that tasks sent (results and
 * shuffles), and, of spark.ml's optimizers, the evaluations of the loss, each a pass over the data.
 */
final class Traffic extends SparkListener {
  private final SparkContext context;
  private long jobs;
  private long evaluations;
  private long bytes;

  Traffic(SparkContext context) {
    this.context = context;
    context.addSparkListener(this);
  }

  /**
   * @param evaluations of the loss by spark.ml; 0 for other sides
   */
  record Counted(long jobs, long evaluations, long bytes) {}

  void reset() {
    settled();
    jobs = 0;
    evaluations = 0;
    bytes = 0;
  }

  /** Since the last {@link #reset}. */
  Counted counted() {
    settled();
    return new Counted(jobs, evaluations, bytes);
  }

  private void settled() {
    try {
      context.listenerBus().waitUntilEmpty();
    } catch (TimeoutException e) {
      throw new IllegalStateException("Spark's listener bus does not come to rest", e);
    }
  }

  @Override
  public void onJobStart(SparkListenerJobStart start) {
    jobs++;
    boolean loss =
        CollectionConverters.asJava(start.stageInfos()).stream()
            .anyMatch(stage -> stage.name().matches(".*(RDDLossFunction|WeightedLeastSquares).*"));
    evaluations += loss ? 1 : 0;
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    if (end.taskMetrics() != null) {
      bytes += end.taskMetrics().resultSize();
      bytes += end.taskMetrics().shuffleWriteMetrics().bytesWritten();
    }
  }
}
