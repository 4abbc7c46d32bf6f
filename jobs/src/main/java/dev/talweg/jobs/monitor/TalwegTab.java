package dev.talweg.jobs.monitor;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.apache.spark.ui.SparkUI;
import org.apache.spark.ui.SparkUITab;
import org.apache.spark.ui.UIUtils$;
import org.apache.spark.ui.WebUIPage;
import org.apache.spark.util.kvstore.KVStore;
import org.jspecify.annotations.Nullable;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.xml.Node;
import scala.xml.Unparsed;

/** The tab "Talweg", in the live UI and in the History Server. */
final class TalwegTab extends SparkUITab {

  TalwegTab(SparkUI ui, KVStore store) {
    super(ui, "talweg"); // Spark shows it with a capital
    attachPage(new Page(this, new StoredRuns(store)));
  }

  private static final class Page extends WebUIPage {
    private final TalwegTab tab;
    private final StoredRuns runs;

    Page(TalwegTab tab, StoredRuns runs) {
      super("");
      this.tab = tab;
      this.runs = runs;
    }

    @Override
    public Seq<Node> render(HttpServletRequest request) {
      @Nullable String asked = request.getParameter("run");
      String html = new TabContent(runs).html(asked);
      Seq<Node> content = CollectionConverters.asScala(List.<Node>of(new Unparsed(html))).toList();
      return UIUtils$.MODULE$.headerSparkPage(
          request, "Talweg", () -> content, tab, Option.empty(), false, false);
    }
  }
}
