package dev.talweg.jobs;

import dev.talweg.jobs.report.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Writes report.html of a run anew, or one page for several runs side by side.",
    footer = {
      "",
      "One run: DIR/report.html. Several: comparison.html here, unless --output says otherwise.",
      "Example: talweg report runs/credit runs/credit-l2 --output credit.html"
    })
final class ReportCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "DIR", arity = "1..*", description = "output directories of runs")
  private List<String> runs = new ArrayList<>();

  @Option(names = "--output", paramLabel = "FILE", description = "the page to write")
  private @Nullable String output;

  ReportCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String page =
        output != null
            ? output
            : runs.size() == 1 ? runs.get(0) + "/report.html" : "comparison.html";
    Report.compare(session.spark(), runs, page);
    session.console().print(page);
    return Main.DONE;
  }
}
