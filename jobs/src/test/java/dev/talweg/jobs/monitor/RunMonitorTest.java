package dev.talweg.jobs.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import dev.talweg.jobs.config.Secrets;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.JsonProtocol;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.apache.spark.util.kvstore.KVStoreSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a run shows while it is under way, in the Spark UI and to Spark's sinks. */
class RunMonitorTest {
  private static final String RUN = "0001771200000 credit";

  @TempDir Path dir;

  private static String fetched(String path) throws Exception {
    SparkContext context = LocalSpark.session().sparkContext();
    context.listenerBus().waitUntilEmpty();
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(context.uiWebUrl().get() + path)).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertEquals(200, response.statusCode(), path);
    return response.body();
  }

  @Test
  void theTabAndTheMetricsShowTheRun() throws Exception {
    RunSummary run =
        CommandLineRun.train(
            dir,
            """
            name: "credit <script>alert(1)</script>"
            data:
              train: %s
              label: {column: default, positive: "yes"}
              validation: {fraction: 0.2}
            model: logistic
            output: {dir}/run
            """
                .formatted(CommandLineRun.sample("german-credit/credit.csv")));
    Row last =
        LocalSpark.session()
            .read()
            .parquet(dir.resolve("run/iterations").toString())
            .orderBy(org.apache.spark.sql.functions.col("step").desc())
            .first();

    String page = fetched("/talweg/");
    assertTrue(page.contains("credit &lt;script&gt;alert(1)&lt;/script&gt; (logistic)"), page);
    assertFalse(page.contains("<script>alert"), "text of a user is no HTML");
    assertTrue(page.contains(TabContent.escaped(run.termination().describe())), page);
    assertEquals(5, Pattern.compile("<polyline ").matcher(page).results().count(), page);
    assertTrue(page.contains("<th scope=\"row\">training rows</th>"), page);
    assertTrue(
        page.contains(String.format(Locale.ROOT, "<td>%.6g</td>", last.<Double>getAs("objective"))),
        page);
    assertFalse(page.contains("http-equiv=\"refresh\""), "a run that is over is not loaded again");

    String metrics = fetched("/metrics/prometheus/");
    assertEquals(last.<Double>getAs("objective"), gauge(metrics, "objective"));
    assertEquals(last.<Double>getAs("gradient_norm"), gauge(metrics, "gradientNorm"));
    assertEquals(last.<Double>getAs("validation_metric"), gauge(metrics, "validationMetric"));
    assertEquals((double) last.<Long>getAs("step"), gauge(metrics, "step"));
    assertEquals((double) run.bytesReduced(), gauge(metrics, "bytesReduced"));
    assertTrue(gauge(metrics, "rowsPerSecond") > 0, metrics);
    assertTrue(Double.isNaN(gauge(metrics, "learningRate")), "lbfgs has none");
  }

  @Test
  void thePageNamesTheMetricsThatThereAre() throws IOException {
    String page = Files.readString(CommandLineRun.root().resolve("docs/monitoring.md"));
    int from = page.indexOf("| name | what |");
    String table = page.substring(from, page.indexOf("\n\n", from));
    Pattern cell = Pattern.compile("`(\\w+)`");
    List<String> names =
        table
            .lines()
            .flatMap(line -> cell.matcher(line.split("\\|", -1)[1]).results())
            .map(name -> name.group(1))
            .sorted()
            .toList();
    List<String> gauges = List.copyOf(new RunMetrics().metricRegistry().getGauges().keySet());
    assertEquals(gauges, names);
    List<String> example =
        Pattern.compile("(?m)^metrics_talweg_driver_talweg_(\\w+)_Value\\{")
            .matcher(page)
            .results()
            .map(name -> name.group(1))
            .toList();
    assertEquals(gauges, example);
  }

  /** The page and the event log are made of the same events. */
  @Test
  void noSecretIsShown() throws Exception {
    String secret = "hunter2hunter2";
    Path config = dir.resolve("secret.yaml");
    Files.writeString(
        config,
        """
        data:
          train: %s/%s.csv
          label: y
          options: {password: %s}
        model: logistic
        output: %s/to-%s
        """
            .formatted(dir, secret, secret, dir, secret));
    assertEquals(2, CommandLineRun.of("train", config.toString()).exitCode());
    String page = fetched("/talweg/");
    assertTrue(page.contains(Secrets.MASK + ".csv"), page);
    assertFalse(page.contains(secret), page);
  }

  private static double gauge(String metrics, String name) {
    Matcher line =
        Pattern.compile("(?m)^metrics_\\S+_driver_talweg_" + name + "_Value\\{[^}]*} (\\S+)$")
            .matcher(metrics);
    assertTrue(line.find(), name + " is not in\n" + metrics);
    return Double.parseDouble(line.group(1));
  }

  static Stream<RunEvent> events() {
    return Stream.of(
        new RunStarted(RUN, 1_771_200_000_000L, "credit \"<é>", "logistic", "runs/credit"),
        new DataRead(RUN, Map.of("training rows", "24,000")),
        new RunNoted(RUN, 3, RunNoted.Weight.WARNING, "column X is constant"),
        step(7),
        new StepTaken(RUN, 8, 0.1, 0.4, Double.NaN, 1, 0.1, 1e-3, 0.4, 0.5, "auc-roc", 9, 1e6, 8),
        new RunEnded(RUN, 1_771_200_009_000L, "converged", "gap 1e-5"));
  }

  private static StepTaken step(long step) {
    return new StepTaken(
        RUN, step, 0.1 * step, 1.0 / (1 + step), 1, 1, null, null, null, null, null, step, null, 8);
  }

  @ParameterizedTest
  @MethodSource("events")
  void anEventIsReadFromTheEventLogAndFromTheStoreAsItWasWritten(RunEvent event) throws Exception {
    String json = JsonProtocol.sparkEventToJsonString(event);
    assertTrue(json.contains("\"Event\":\"" + event.getClass().getName() + "\""), json);
    assertEquals(event, JsonProtocol.sparkEventFromJson(json));
    KVStoreSerializer onDisk = new KVStoreSerializer();
    assertEquals(event, onDisk.deserialize(onDisk.serialize(event), event.getClass()));
  }

  @Test
  void theHistoryServerShowsWhatTheEventLogSays() {
    InMemoryStore live = new InMemoryStore();
    RunListener listener = new RunListener(live);
    InMemoryStore replayed = new InMemoryStore();
    RunListener ofHistory = new RunListener(replayed);
    assertFalse(new StoredRuns(replayed).any(), "an application without a run has no tab");
    events()
        .forEach(
            event -> {
              listener.onOtherEvent(event);
              ofHistory.onOtherEvent(
                  JsonProtocol.sparkEventFromJson(JsonProtocol.sparkEventToJsonString(event)));
            });
    assertTrue(new StoredRuns(replayed).any());
    String page = new TabContent(new StoredRuns(replayed)).html(null);
    assertEquals(new TabContent(new StoredRuns(live)).html(null), page);
    assertTrue(page.contains("column X is constant"), page);
  }

  @Test
  void aLongRunIsThinnedAndItsFirstAndLastStepsStay() {
    InMemoryStore store = new InMemoryStore();
    RunListener listener = new RunListener(store);
    for (long step = 0; step <= 9_001; step++) {
      listener.onOtherEvent(step(step));
    }
    List<StepTaken> kept = new StoredRuns(store).steps(RUN);
    assertTrue(
        kept.size() > RunListener.MOST_STEPS / 2 && kept.size() <= RunListener.MOST_STEPS + 1,
        kept.size() + " steps");
    assertEquals(0, kept.get(0).step());
    assertEquals(9_001, kept.get(kept.size() - 1).step());
    for (int k = 1; k < kept.size() - 1; k++) {
      assertEquals(8, kept.get(k).step() - kept.get(k - 1).step(), "evenly");
    }
  }

  @Test
  void onlyTheLastRunsAreKept() {
    InMemoryStore store = new InMemoryStore();
    RunListener listener = new RunListener(store);
    for (int k = 10; k < 40; k++) {
      String run = "run " + k;
      listener.onOtherEvent(new RunStarted(run, k, "n", "logistic", "o"));
      listener.onOtherEvent(new RunNoted(run, 0, RunNoted.Weight.NOTE, "x"));
      listener.onOtherEvent(
          new StepTaken(run, 0, 0, 0, 0, 0, null, null, null, null, null, 0, null, 0));
    }
    assertEquals(RunListener.MOST_RUNS, store.count(RunStarted.class));
    assertEquals(RunListener.MOST_RUNS, store.count(RunNoted.class));
    assertEquals(RunListener.MOST_RUNS, store.count(StepTaken.class));
    assertEquals("run 20", new StoredRuns(store).runs().get(0).run());
  }

  @Test
  void oneOfSeveralRunsIsShownWhenItIsAskedForAndElseTheLast() {
    InMemoryStore store = new InMemoryStore();
    RunListener listener = new RunListener(store);
    listener.onOtherEvent(new RunStarted("1 a&b", 1, "first", "linear", "o"));
    listener.onOtherEvent(new RunStarted("2 x", 2, "second", "linear", "o"));
    TabContent page = new TabContent(new StoredRuns(store));
    assertTrue(page.html("1 a&b").contains("first (linear)"));
    String last = new TabContent(new StoredRuns(store)).html("\"><script>");
    assertTrue(last.contains("second (linear)") && !last.contains("<script>"), last);
    assertTrue(last.contains("href=\"?run=1+a%26b\""), last);
    assertTrue(last.contains("http-equiv=\"refresh\""), "a run under way is looked at again");
  }

  @Test
  void stepsAreToldAtTheirPaceAndTheLastOneAlways() {
    long[] now = {0};
    Cadence<Integer> cadence = new Cadence<>(() -> now[0]);
    int told = 0;
    for (int step = 0; step < Cadence.FIRST + 1050; step++) {
      told += cadence.seen(step).isPresent() ? 1 : 0;
      now[0] += Cadence.PAUSE / 100;
    }
    assertEquals(Cadence.FIRST + 10, told, "every hundredth of the later ones");
    assertEquals(Cadence.FIRST + 1049, cadence.rest().orElseThrow());
    assertTrue(cadence.rest().isEmpty(), "once");
  }

  @Test
  void aChartLeavesOutWhatItsScaleCannotShow() {
    Chart.Series series =
        new Chart.Series(
            "norm",
            List.of(
                new Chart.Point(0, 1),
                new Chart.Point(1, 0),
                new Chart.Point(2, Double.NaN),
                new Chart.Point(3, 1e-4)));
    String svg = new Chart("a < b", Chart.Scale.LOGARITHMIC, List.of(series)).svg();
    Matcher points = Pattern.compile("points=\"([^\"]*)\"").matcher(svg);
    assertTrue(points.find(), svg);
    assertEquals(2, points.group(1).strip().split(" ", -1).length, svg);
    assertTrue(svg.contains(">1e-2<") && svg.contains(">a &lt; b<"), svg);
    String flat =
        new Chart(
                "flat",
                Chart.Scale.LINEAR,
                List.of(
                    new Chart.Series("x", List.of(new Chart.Point(0, 0), new Chart.Point(1, 0)))))
            .svg();
    assertFalse(flat.contains("NaN"), flat);
  }
}
