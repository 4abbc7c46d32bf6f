package dev.talweg.datasets;

import org.apache.spark.sql.SparkSession;

/** The one session that all tests of a JVM share: two threads, with a UI and its metrics. */
public final class LocalSpark {
  private static final class Lazy {
    static final SparkSession SESSION = start();
  }

  private LocalSpark() {}

  public static SparkSession session() {
    return Lazy.SESSION;
  }

  private static SparkSession start() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("talweg tests")
        .config("spark.ui.port", "0")
        .config("spark.ui.retainedJobs", "200") // of thousands; tests count dozens
        .config("spark.ui.retainedStages", "20")
        .config("spark.ui.retainedTasks", "100")
        .config("spark.sql.ui.retainedExecutions", "5")
        .config(
            "spark.metrics.conf.*.sink.prometheusServlet.class",
            "org.apache.spark.metrics.sink.PrometheusServlet")
        .config("spark.metrics.conf.*.sink.prometheusServlet.path", "/metrics/prometheus")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config(
            "spark.sql.warehouse.dir", System.getProperty("java.io.tmpdir") + "/talweg-warehouse")
        .getOrCreate();
  }
}
