package dev.talweg.jobs.console;

import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the tasks that Spark was given and has done. */
final class TaskProgress extends SparkListener {
  /** Told after each change. */
  interface Tasks {
    void counted(long done, long all);
  }

  private final Tasks tasks;
  private long done;
  private long all;

  TaskProgress(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    all += submitted.stageInfo().numTasks();
    tasks.counted(done, all);
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd end) {
    done++;
    tasks.counted(done, all);
  }
}
