package dev.talweg.jobs.monitor;

import org.apache.spark.SparkContext;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.util.kvstore.KVStore;
import scala.Option;
import scala.collection.immutable.Seq;

/** Puts the tab, its listener and the metrics into a driver, once for all runs of it. */
final class Attachment {
  private Attachment() {}

  static RunMetrics to(SparkContext context) {
    MetricsSystem metrics = context.env().metricsSystem();
    Seq<Source> there = metrics.getSourcesByName(RunMetrics.NAME);
    if (!there.isEmpty() && there.head() instanceof RunMetrics known) {
      return known;
    }
    RunMetrics source = new RunMetrics();
    metrics.registerSource(source);
    Option<SparkUI> ui = context.ui();
    if (ui.isDefined()) {
      KVStore store = context.statusStore().store();
      context.listenerBus().addToStatusQueue(new RunListener(store));
      ui.get().attachTab(new TalwegTab(ui.get(), store));
    }
    return source;
  }
}
