package dev.talweg.jobs.process;

import dev.talweg.jobs.CommandLineRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/** The product as a process of its own: what a user starts, interrupts and kills. */
final class TalwegProcess {
  private static final String LAUNCHER = CommandLineRun.root().resolve("scripts/talweg").toString();
  private static final String JAR =
      CommandLineRun.root().resolve("jobs/target/talweg.jar").toString();

  /** The second compiler would not pay. */
  private static final String SHORT_RUNS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  /**
   * The classes that one run has loaded, in a file that all others map (JEP 350): a third of the
   * CPU time of a short run is loading and verifying them. A JVM with another class path, such as
   * an executor's, does without.
   */
  private static final class SharedClasses {
    static final Path ARCHIVE = CommandLineRun.root().resolve("jobs/target/classes.jsa");

    static {
      try {
        Files.deleteIfExists(ARCHIVE);
        Path dir = Files.createTempDirectory("talweg-classes");
        Path config = dir.resolve("config.yaml");
        Files.writeString(
            config,
            "model: logistic\ndata: {train: %s, label: default.payment.next.month}\noutput: %s\n"
                .formatted(
                    CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"), dir.resolve("run")));
        launch("-XX:ArchiveClassesAtExit=" + ARCHIVE, List.of(LAUNCHER), "train", config.toString())
            .done();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Process process;
  private final BufferedReader lines;
  private final StringBuilder output = new StringBuilder();

  private TalwegProcess(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** By {@code scripts/talweg}, of the jar that was built. */
  static TalwegProcess start(String... arguments) {
    return launch(List.of(LAUNCHER), arguments);
  }

  /** The same under a limit that bash sets before. */
  static TalwegProcess limited(String limit, String... arguments) {
    return launch(List.of("bash", "-c", limit + "; exec \"$0\" \"$@\"", LAUNCHER), arguments);
  }

  /** By the real {@code spark-submit}; without a Spark distribution the test is skipped. */
  static TalwegProcess submit(List<String> options, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ofSpark("bin/spark-submit"));
    command.addAll(options);
    command.addAll(List.of("--class", "dev.talweg.jobs.Main", JAR));
    return launch(command, arguments);
  }

  /** By {@code scripts/submit}, with that distribution. */
  static TalwegProcess script(String sparkHome, String... arguments) {
    String script = CommandLineRun.root().resolve("scripts/submit").toString();
    return launch(List.of("env", "SPARK_HOME=" + sparkHome, script), arguments);
  }

  /**
   * Spark's History Server on a free port, started as docs/monitoring.md says, but as no daemon;
   * without a Spark distribution the test is skipped.
   *
   * @param events the directory of event logs
   * @param logs where the server may write its own
   */
  static TalwegProcess historyServer(Path events, Path logs) {
    return launch(
        List.of(
            "env",
            "SPARK_DAEMON_CLASSPATH=" + JAR,
            "SPARK_NO_DAEMONIZE=true",
            "SPARK_LOG_DIR=" + logs,
            "SPARK_PID_DIR=" + logs,
            "SPARK_HISTORY_OPTS=-Dspark.history.ui.port=0 -Dspark.history.fs.logDirectory="
                + events.toUri(),
            ofSpark("sbin/start-history-server.sh")));
  }

  private static String ofSpark(String script) {
    return Path.of(sparkHome(), script).toString();
  }

  /** The distribution of Spark that tests are given; without one the test is skipped. */
  static String sparkHome() {
    String home = Objects.requireNonNullElse(System.getenv("TALWEG_SPARK_HOME"), "");
    Assumptions.assumeTrue(
        !home.isEmpty(), "TALWEG_SPARK_HOME names no Spark distribution; scripts/test fetches one");
    return home;
  }

  private static TalwegProcess launch(List<String> command, String... arguments) {
    return launch(
        "-XX:SharedArchiveFile=" + SharedClasses.ARCHIVE + " -Xlog:disable", command, arguments);
  }

  private static TalwegProcess launch(String classes, List<String> command, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
    builder.directory(CommandLineRun.root().toFile());
    builder.environment().put("TALWEG_BUILD", "never");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    builder.environment().remove("SPARK_ENV_LOADED");
    builder.environment().put("JAVA_TOOL_OPTIONS", SHORT_RUNS + " " + classes);
    try {
      return new TalwegProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads until a line fulfils the condition; the test fails where the process ends before. */
  TalwegProcess until(Predicate<String> wanted) {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
        if (wanted.test(line)) {
          return this;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new AssertionError("the process ended before: " + output);
  }

  /** Sends a signal, such as KILL or INT. */
  TalwegProcess signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
          .inheritIO()
          .start()
          .waitFor();
      return this;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for its end; returns the exit code: 137 where it was killed. */
  int exitCode() {
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.append(line).append('\n');
      }
      return process.waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Ends what its scripts started, and with that itself. */
  void end() {
    process.descendants().forEach(ProcessHandle::destroy);
    exitCode();
  }

  /** Waits for its end, which must be a success. */
  TalwegProcess done() {
    int exitCode = exitCode();
    if (exitCode != 0) {
      throw new AssertionError("exit code " + exitCode + ": " + output);
    }
    return this;
  }

  /** Standard output and standard error so far. */
  String output() {
    return output.toString();
  }

  boolean isAlive() {
    return process.isAlive();
  }
}
