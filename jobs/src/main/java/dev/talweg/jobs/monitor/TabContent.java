package dev.talweg.jobs.monitor;

import dev.talweg.jobs.monitor.RunNoted.Weight;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the tab shows, as HTML in the classes of Spark's own pages: warnings, curves, the data, the
 * last steps. It needs no script, and every text of a run is escaped.
 */
final class TabContent {
  private static final int LAST_STEPS = 50;
  private static final String STYLE =
      "<style>.talweg-charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(380px,1fr));"
          + "gap:8px 24px}.talweg-charts svg{width:100%;height:auto}"
          + ".talweg-facts{max-width:640px}</style>";

  private final StoredRuns stored;
  private final StringBuilder html = new StringBuilder();

  TabContent(StoredRuns stored) {
    this.stored = stored;
  }

  /**
   * @param asked the run to show; the last one where it is null or unknown
   */
  String html(@Nullable String asked) {
    List<RunStarted> runs = stored.runs();
    if (runs.isEmpty()) {
      return "<p>No run has begun yet.</p>";
    }
    RunStarted shown =
        runs.stream()
            .filter(run -> run.run().equals(asked))
            .findFirst()
            .orElse(runs.get(runs.size() - 1));
    List<StepTaken> steps = stored.steps(shown.run());
    html.append(STYLE);
    others(runs, shown);
    head(shown, steps);
    warnings(stored.notes(shown.run()));
    charts(steps);
    stored.data(shown.run()).ifPresent(this::facts);
    table(steps);
    notes(stored.notes(shown.run()));
    return html.toString();
  }

  /** Text as HTML shows it. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  private void others(List<RunStarted> runs, RunStarted shown) {
    if (runs.size() == 1) {
      return;
    }
    html.append("<p>");
    for (RunStarted run : runs) {
      String name = escaped(run.name()) + ", " + time(run.time());
      html.append(
          run.equals(shown)
              ? "<strong>" + name + "</strong> "
              : "<a href=\"?run="
                  + URLEncoder.encode(run.run(), StandardCharsets.UTF_8)
                  + "\">"
                  + name
                  + "</a> ");
    }
    html.append("</p>");
  }

  private void head(RunStarted run, List<StepTaken> steps) {
    Optional<RunEnded> end = stored.end(run.run());
    if (end.isEmpty()) {
      html.append("<meta http-equiv=\"refresh\" content=\"5\">");
    }
    html.append("<ul class=\"list-unstyled\">");
    line("Run", run.name() + " (" + run.model() + "), begun " + time(run.time()));
    line("Output", run.output());
    line("Status", end.map(e -> e.status() + ": " + e.describe()).orElse("running"));
    if (!steps.isEmpty()) {
      StepTaken last = steps.get(steps.size() - 1);
      line(
          "Progress",
          String.format(
              Locale.ROOT,
              "step %,d after %.1f s and %,d passes, objective %s%s",
              last.step(),
              last.seconds(),
              last.passes(),
              number(last.objective()),
              last.rowsPerSecond() == null
                  ? ""
                  : String.format(Locale.ROOT, ", %,.0f rows a second", last.rowsPerSecond())));
    }
    html.append("</ul>");
  }

  private void line(String name, String text) {
    html.append("<li><strong>").append(name).append(":</strong> ").append(escaped(text));
    html.append("</li>");
  }

  private void warnings(List<RunNoted> notes) {
    for (RunNoted note : notes) {
      if (note.weight() == Weight.WARNING) {
        html.append("<div class=\"alert alert-warning\" role=\"alert\">")
            .append(escaped(note.text()))
            .append("</div>");
      }
    }
  }

  private void notes(List<RunNoted> notes) {
    List<RunNoted> plain = notes.stream().filter(n -> n.weight() == Weight.NOTE).toList();
    if (!plain.isEmpty()) {
      html.append("<h4>Notes</h4><ul>");
      plain.forEach(note -> html.append("<li>").append(escaped(note.text())).append("</li>"));
      html.append("</ul>");
    }
  }

  private void charts(List<StepTaken> steps) {
    if (steps.isEmpty()) {
      return;
    }
    html.append("<div class=\"talweg-charts\">");
    chart("Objective", Chart.Scale.LINEAR, of("objective", steps, StepTaken::objective));
    chart("Gradient norm", Chart.Scale.LOGARITHMIC, of("norm", steps, StepTaken::gradientNorm));
    boolean rates = steps.stream().anyMatch(step -> step.learningRate() != null);
    chart(
        rates ? "Learning rate" : "Step length",
        Chart.Scale.LINEAR,
        of("rate", steps, rates ? StepTaken::learningRate : StepTaken::stepLength));
    String metric =
        steps.stream()
            .map(StepTaken::metric)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("Training metric");
    chart(
        metric,
        Chart.Scale.LINEAR,
        of("training", steps, StepTaken::trainMetric),
        of("validation", steps, StepTaken::validationMetric));
    html.append("</div>");
  }

  private void chart(String title, Chart.Scale scale, Chart.Series... series) {
    html.append("<div>").append(new Chart(title, scale, List.of(series)).svg()).append("</div>");
  }

  private static Chart.Series of(
      String name, List<StepTaken> steps, Function<StepTaken, @Nullable Double> value) {
    List<Chart.Point> points = new ArrayList<>();
    for (StepTaken step : steps) {
      Double y = value.apply(step);
      if (y != null) {
        points.add(new Chart.Point(step.step(), y));
      }
    }
    return new Chart.Series(name, points);
  }

  private void facts(DataRead data) {
    html.append("<h4>Data</h4><table class=\"table table-sm table-striped talweg-facts\"><tbody>");
    data.facts()
        .forEach(
            (name, value) ->
                html.append("<tr><th scope=\"row\">")
                    .append(escaped(name))
                    .append("</th><td>")
                    .append(escaped(value))
                    .append("</td></tr>"));
    html.append("</tbody></table>");
  }

  private void table(List<StepTaken> steps) {
    if (steps.isEmpty()) {
      return;
    }
    int from = Math.max(0, steps.size() - LAST_STEPS);
    html.append("<h4>Steps</h4><table class=\"table table-sm table-striped\"><thead><tr>");
    for (String head :
        List.of(
            "Step",
            "Seconds",
            "Passes",
            "Objective",
            "Gradient norm",
            "Step length",
            "Learning rate",
            "Gap",
            "Training",
            "Validation",
            "Bytes reduced")) {
      html.append("<th scope=\"col\">").append(head).append("</th>");
    }
    html.append("</tr></thead><tbody>");
    for (int k = steps.size() - 1; k >= from; k--) { // the newest is the first
      StepTaken step = steps.get(k);
      html.append("<tr>");
      cell(String.format(Locale.ROOT, "%,d", step.step()));
      cell(String.format(Locale.ROOT, "%.1f", step.seconds()));
      cell(String.format(Locale.ROOT, "%,d", step.passes()));
      for (Double value :
          new @Nullable Double[] {
            step.objective(),
            step.gradientNorm(),
            step.stepLength(),
            step.learningRate(),
            step.gap(),
            step.trainMetric(),
            step.validationMetric()
          }) {
        cell(value == null ? "" : number(value));
      }
      cell(String.format(Locale.ROOT, "%,d", step.bytesReduced()));
      html.append("</tr>");
    }
    html.append("</tbody></table>");
    if (from > 0) {
      html.append("<p>The last ")
          .append(LAST_STEPS)
          .append(" of those that were kept; the table iterations/ of the output has all.</p>");
    }
  }

  private void cell(String text) {
    html.append("<td>").append(text).append("</td>");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6g", value);
  }

  private static String time(long milliseconds) {
    return Instant.ofEpochMilli(milliseconds)
        .truncatedTo(ChronoUnit.SECONDS)
        .toString()
        .replace("T", " ")
        .replace("Z", " UTC");
  }
}
