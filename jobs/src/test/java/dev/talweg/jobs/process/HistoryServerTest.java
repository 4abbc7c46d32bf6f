package dev.talweg.jobs.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.CommandLineRun;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark's own History Server, with the jar on its class path as docs/monitoring.md says. */
@Tag("process")
class HistoryServerTest {
  private static final Pattern BOUND =
      Pattern.compile("Bound HistoryServer to \\S+, and started at http://\\S+:(\\d+)");

  /** The server reads its directory when it begins, and again every ten seconds. */
  private static final Duration MOST = Duration.ofSeconds(60);

  @TempDir Path dir;

  @Test
  void theTabShowsARunWhoseApplicationIsGone() throws Exception {
    Path events = Files.createDirectory(dir.resolve("events"));
    RunSummary run = trained(events);
    TalwegProcess server = TalwegProcess.historyServer(events, dir);
    try {
      server.until(line -> BOUND.matcher(line).find());
      String url = "http://127.0.0.1:" + found(BOUND, server.output());
      String page = fetched(url + "/history/" + application(url) + "/talweg/");
      assertTrue(page.contains("cards &amp; payments (logistic)"), page);
      assertTrue(page.contains("converged: "), page);
      String points =
          found(Pattern.compile("aria-label=\"Objective\".*?<polyline .*?points=\"(.*?)\""), page);
      assertEquals(1 + run.iterations(), points.strip().split(" ", -1).length, "a point a state");
      String objective = String.format(Locale.ROOT, "<td>%.6g</td>", run.objective().value());
      assertTrue(page.contains(objective), objective + " is not in " + page);
    } finally {
      server.end();
    }
  }

  private RunSummary trained(Path events) throws IOException {
    Path config = dir.resolve("config.yaml");
    Files.writeString(
        config,
        """
        name: cards & payments
        data: {train: %s, label: default.payment.next.month, keys: [ID]}
        model: logistic
        output: %s
        """
            .formatted(
                CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"), dir.resolve("run")));
    TalwegProcess.start(
            "--conf",
            "spark.eventLog.enabled=true",
            "--conf",
            "spark.eventLog.dir=" + events.toUri(),
            "train",
            config.toString())
        .done();
    return CommandLineRun.summary(dir.resolve("run"));
  }

  /** Asks which applications there are until there is one. */
  private static String application(String url) throws Exception {
    long began = System.nanoTime();
    String listed = "";
    while (System.nanoTime() - began < MOST.toNanos()) {
      listed = fetched(url + "/api/v1/applications");
      String id = new ObjectMapper().readTree(listed).path(0).path("id").asText();
      if (!id.isEmpty()) {
        return id;
      }
    }
    throw new AssertionError("no application after " + MOST + ": " + listed);
  }

  /** The server leads to the page again once it has read the events. */
  private static String fetched(String url) throws Exception {
    HttpResponse<String> response =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()
            .send(
                HttpRequest.newBuilder(URI.create(url)).timeout(MOST).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    assertEquals(200, response.statusCode(), url + ": " + response.body());
    return response.body();
  }

  private static String found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertTrue(matcher.find(), pattern + " is not in " + text);
    return matcher.group(1);
  }
}
