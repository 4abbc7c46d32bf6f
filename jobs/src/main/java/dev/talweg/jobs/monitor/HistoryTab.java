package dev.talweg.jobs.monitor;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.status.AppHistoryServerPlugin;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.util.kvstore.KVStore;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The tab in the History Server, for applications that trained something. Found by {@code
 * META-INF/services} where the jar is on the server's class path.
 */
public final class HistoryTab implements AppHistoryServerPlugin {
  /** After Spark's own tabs. */
  private static final int ORDER = 50;

  /** For the service loader. */
  public HistoryTab() {}

  @Override
  public Seq<SparkListener> createListeners(SparkConf conf, ElementTrackingStore store) {
    return CollectionConverters.asScala(List.<SparkListener>of(new RunListener(store))).toList();
  }

  @Override
  public void setupUI(SparkUI ui) {
    KVStore store = ui.store().store();
    if (new StoredRuns(store).any()) {
      ui.attachTab(new TalwegTab(ui, store));
    }
  }

  @Override
  public int displayOrder() {
    return ORDER;
  }
}
