package dev.talweg.jobs.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.talweg.datasets.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * The page that shows one run, or several side by side: {@code report.html}, which needs no network
 * and no other file.
 *
 * <p>It is a template with five places: style sheets, scripts (uPlot and our own), the title, and
 * the runs as one JSON value. The browser draws from that value; Java formats nothing. What comes
 * from data or names is put into the page by the script as text, never as HTML.
 */
public final class Report {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot";

  private Report() {}

  /**
   * Writes the report of one run into its directory.
   *
   * @param extract what it shows; tables that are missing are left out, and said
   */
  public static void write(FileSystem files, Path run, RunExtract extract) {
    write(files, new Path(run, "report.html"), page(List.of(extract)));
  }

  /**
   * Writes one page for several runs.
   *
   * @param runs output directories
   * @param page the file to write
   * @throws DataException for every directory that holds no run
   */
  public static void compare(SparkSession spark, List<String> runs, String page) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    List<String> problems = new ArrayList<>();
    List<RunExtract> read = new ArrayList<>();
    for (String run : runs) {
      try {
        Path path = new Path(run);
        read.add(RunTablesReader.read(spark, path.getFileSystem(hadoop), path));
      } catch (FileNotFoundException | IllegalArgumentException e) {
        problems.add(run + ": no run.json there; give the output directory of a finished run");
      } catch (IOException e) {
        problems.add(run + ": cannot be read: " + e.getMessage());
      } catch (DataException e) {
        problems.addAll(e.problems());
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    try {
      Path path = new Path(page);
      write(path.getFileSystem(hadoop), path, page(read));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes what a learning-rate range test found, as {@code find-rate.json}, and the page that
   * draws it.
   */
  public static void writeRates(
      SparkSession spark, Path directory, String name, Map<String, Object> found) {
    try {
      FileSystem files = directory.getFileSystem(spark.sparkContext().hadoopConfiguration());
      JsonNode data = JSON.valueToTree(found);
      String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(data) + "\n";
      write(files, new Path(directory, "find-rate.json"), text);
      write(files, new Path(directory, "find-rate.html"), page(name, data, "find-rate.js"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String page(List<RunExtract> extracts) {
    List<JsonNode> runs = extracts.stream().map(RunExtract::json).toList();
    ArrayNode data = JSON.createArrayNode();
    runs.forEach(data::add);
    List<String> names = runs.stream().map(run -> run.path("run").path("name").asText()).toList();
    return page(String.join(" · ", names), data, "report.js");
  }

  private static String page(String title, JsonNode data, String drawing) {
    Map<String, String> parts =
        Map.of(
            "title", html(title),
            "uplot.css", resource(UPLOT + ".min.css"),
            "report.css", resource("report.css"),
            "uplot.js", script(resource(UPLOT + ".iife.min.js")),
            "data", json(data),
            "report.js", script(resource(drawing)));
    StringBuilder page = new StringBuilder();
    String[] pieces = resource("report.html").split("\\{\\{|\\}\\}", -1);
    for (int k = 0; k < pieces.length; k++) {
      page.append(k % 2 == 0 ? pieces[k] : parts.get(pieces[k]));
    }
    return page.toString();
  }

  /** JSON that a script element may hold: no tag can begin in it. */
  private static String json(JsonNode data) {
    try {
      return JSON.writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace("\u2028", "\\u2028")
          .replace("\u2029", "\\u2029");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree is always written", e);
    }
  }

  private static String script(String text) {
    return text.replace("</script", "<\\/script");
  }

  private static String html(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String resource(String name) {
    try (InputStream stream = Report.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalStateException("resource " + name + " is not in the jar");
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whole or not at all: a file beside it, then a rename. */
  private static void write(FileSystem files, Path target, String page) {
    Path temporary = new Path(target.getParent(), "." + target.getName() + ".writing");
    try {
      try (OutputStream out = files.create(temporary, true)) {
        out.write(page.getBytes(StandardCharsets.UTF_8));
      }
      files.delete(target, false);
      if (!files.rename(temporary, target)) {
        throw new IOException("renaming " + temporary + " was refused");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
