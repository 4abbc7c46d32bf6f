package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.config.RunConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Finds the earlier run that a configuration names: a directory, or {@code DIR/latest}, the newest
 * finished run in DIR.
 *
 * <p>Where the run that asks is named by a day, as those of a schedule are, only runs of earlier
 * days count, and the last of them is the newest: a day that is done again, weeks later, begins
 * where it began the first time. Else it is the run that was begun last.
 */
final class EarlierRuns {
  private final RunDirectory own;

  EarlierRuns(RunDirectory own) {
    this.own = own;
  }

  /**
   * The directory of the run; empty where {@code latest} is asked for and there is none yet.
   *
   * @throws DataException where a run is named that is not there
   */
  Optional<String> find(String key, String named) {
    Path path = new Path(named);
    try {
      FileSystem files = path.getFileSystem(own.hadoop());
      if (files.exists(new Path(path, RunSummary.FILE))) {
        return Optional.of(named);
      }
      if (path.getName().equals(RunConfig.LATEST)) {
        return newest(files, path.getParent() == null ? new Path(".") : path.getParent())
            .map(RunDirectory::display);
      }
    } catch (IOException e) {
      throw new DataException(
          key + ": " + named + " cannot be read: " + RunDirectory.reason(e) + "; check the path");
    }
    throw new DataException(
        key
            + ": "
            + named
            + ": no run.json there; give the output directory of a finished run, or DIR/latest for"
            + " the newest in DIR");
  }

  private Optional<Path> newest(FileSystem files, Path directory) throws IOException {
    if (!files.exists(directory)) {
      return Optional.empty();
    }
    List<Path> candidates = new ArrayList<>();
    Optional<LocalDate> today = day(own.output());
    for (FileStatus child : files.listStatus(directory)) {
      boolean earlier =
          today.isEmpty()
              || day(child.getPath()).filter(day -> day.isBefore(today.get())).isPresent();
      if (child.isDirectory()
          && earlier
          && !child.getPath().getName().startsWith(".")
          && !child.getPath().equals(own.output())) {
        candidates.add(child.getPath());
      }
    }
    if (today.isEmpty()) {
      return newestByClock(files, candidates);
    }
    candidates.sort(Comparator.comparing((Path path) -> path.getName()).reversed());
    for (Path candidate : candidates) {
      if (summary(files, candidate).isPresent()) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> newestByClock(FileSystem files, List<Path> candidates)
      throws IOException {
    Optional<Path> newest = Optional.empty();
    Instant begun = Instant.MIN;
    for (Path candidate : candidates) {
      Optional<Instant> at = summary(files, candidate).map(run -> Instant.parse(run.started()));
      if (at.isPresent() && at.get().isAfter(begun)) {
        begun = at.get();
        newest = Optional.of(candidate);
      }
    }
    return newest;
  }

  private static Optional<LocalDate> day(Path path) {
    try {
      return Optional.of(LocalDate.parse(path.getName()));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** What a published run says of itself; empty where there is none. */
  private static Optional<RunSummary> summary(FileSystem files, Path run) throws IOException {
    return read(files, run)
        .filter(summary -> summary.promotion() == null || summary.promotion().published());
  }

  /** The {@code run.json} of a directory that has one. */
  static Optional<RunSummary> read(FileSystem files, Path run) throws IOException {
    Path file = new Path(run, RunSummary.FILE);
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = files.open(file)) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Optional.of(RunSummary.fromJson(RunDirectory.display(file), text));
    }
  }
}
