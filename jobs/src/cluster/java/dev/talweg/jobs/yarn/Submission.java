package dev.talweg.jobs.yarn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.SignalContainerCommand;

/** A spark-submit that was started, and the application that came of it. */
final class Submission implements AutoCloseable {
  private static final long LONGEST = 240;
  private static final Pattern APPLICATION = Pattern.compile("application_(\\d+)_(\\d+)");
  private static final Pattern STEP = Pattern.compile("  step +(\\d+)  .*");

  private final MiniCluster cluster;
  private final Process process;
  private final Path log;

  Submission(MiniCluster cluster, Process process, Path log) {
    this.cluster = cluster;
    this.process = process;
    this.log = log;
  }

  int exitCode() {
    try {
      if (!process.waitFor(LONGEST, TimeUnit.SECONDS)) {
        throw new AssertionError("spark-submit still runs: " + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits for its end, which must be a success. */
  Submission done() {
    if (exitCode() != 0) {
      throw new AssertionError("exit code " + exitCode() + ": " + output() + said());
    }
    return this;
  }

  String output() {
    try {
      return new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean hasApplication() {
    return APPLICATION.matcher(output()).find();
  }

  ApplicationId application() {
    Patience.of(60, "an application in " + log).until(() -> hasApplication() || !process.isAlive());
    Matcher m = APPLICATION.matcher(output());
    if (!m.find()) {
      throw new AssertionError("ended without an application: " + output());
    }
    return ApplicationId.newInstance(Long.parseLong(m.group(1)), Integer.parseInt(m.group(2)));
  }

  FinalApplicationStatus finalStatus() {
    return cluster.finalStatus(application());
  }

  String diagnostics() {
    return cluster.report(application()).getDiagnostics();
  }

  int attempts() {
    return cluster.attempts(application());
  }

  /** What driver and executors have printed, in containers or here. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(output().lines().toList());
    if (hasApplication()) {
      lines.addAll(cluster.lines(application()));
    }
    return lines;
  }

  private String said() {
    return String.join("\n", lines());
  }

  /** The last step that was told, −1 before the first. */
  int step() {
    int last = -1;
    for (String line : lines()) {
      Matcher m = STEP.matcher(line);
      last = m.matches() ? Math.max(last, Integer.parseInt(m.group(1))) : last;
    }
    return last;
  }

  /** Waits for a line that begins so. */
  Submission until(String start) {
    Patience.of(LONGEST, "the line \"" + start + "\"")
        .until(
            () -> {
              boolean found = lines().stream().anyMatch(line -> line.startsWith(start));
              if (!found && !process.isAlive()) {
                throw new AssertionError("ended before \"" + start + "\": " + said());
              }
              return found;
            });
    return this;
  }

  /** Kills the application master. */
  void killMaster() {
    cluster.signal(
        cluster.containers(application()).get(0), SignalContainerCommand.FORCEFUL_SHUTDOWN);
  }

  /** Asks the application master to end, as a preemption of its container does first. */
  void terminateMaster() {
    cluster.signal(
        cluster.containers(application()).get(0), SignalContainerCommand.GRACEFUL_SHUTDOWN);
  }

  /** Kills one executor. */
  void killExecutor() {
    List<ContainerId> running = cluster.containers(application());
    cluster.signal(running.get(running.size() - 1), SignalContainerCommand.FORCEFUL_SHUTDOWN);
  }

  int containers() {
    return cluster.containers(application()).size();
  }

  boolean isRunning() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
