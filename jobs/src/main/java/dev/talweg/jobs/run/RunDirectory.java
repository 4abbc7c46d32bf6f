package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where a run writes: everything goes to a hidden work directory beside the output, {@code
 * .NAME.talweg}, and becomes the output by one rename, so that a reader sees all of it or nothing.
 *
 * <pre>
 *   runs/credit                         the output, once published
 *   runs/.credit.talweg/checkpoints/    snapshots, until the run is done
 *   runs/.credit.talweg/staging/        tables, until they are complete
 *   runs/.credit.talweg/previous/       what is being overwritten, between two renames
 *   runs/.credit.talweg/_APPLICATION    under YARN, the application whose run this is
 *   runs/credit.unpublished             a model that was refused, whole, beside the output
 * </pre>
 *
 * <p>{@code staging/COMPLETE} is the last file written before publication; a run that was killed
 * between the two renames of an overwrite is finished, or undone, by the next one.
 *
 * <p>{@code _APPLICATION} tells a second attempt of a YARN application what is its own: checkpoints
 * to go on from, or an output that the first attempt had published before its master was lost. The
 * name begins with an underscore, so that readers of Parquet pass it over.
 */
final class RunDirectory {
  private static final String COMPLETE = "COMPLETE";
  private static final String APPLICATION = "_APPLICATION";

  private final FileSystem files;
  private final Configuration hadoop;
  private final Path output;
  private final Path work;
  private final Attempt attempt;

  private RunDirectory(FileSystem files, Path output, Configuration hadoop, Attempt attempt) {
    this.files = files;
    this.hadoop = hadoop;
    this.output = output;
    this.attempt = attempt;
    this.work = new Path(output.getParent(), "." + output.getName() + ".talweg");
  }

  /** Opens the directory of a run; nothing is written yet. */
  static RunDirectory of(String output, Configuration hadoop) {
    return of(output, hadoop, Attempt.ONLY);
  }

  /** The same for an attempt of an application. */
  static RunDirectory of(String output, Configuration hadoop, Attempt attempt) {
    try {
      Path path = new Path(output);
      FileSystem files = path.getFileSystem(hadoop);
      return new RunDirectory(files, files.makeQualified(path), hadoop, attempt);
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          "output "
              + output
              + " cannot be used: "
              + reason(e)
              + "; give a path on a file system that this machine reaches");
    }
  }

  /**
   * Whether an earlier attempt of this application has published the output; what it left beside it
   * is removed.
   */
  boolean isPublished() {
    if (!attempt.isAgain()) {
      return false;
    }
    try {
      recover();
      if (!isOwn(output)) {
        return false;
      }
      files.delete(new Path(output, COMPLETE), false);
      files.delete(work, true);
      return true;
    } catch (IOException e) {
      throw failed("cannot read", output, e);
    }
  }

  /**
   * What the run says that is finished there already; empty where there is no output.
   *
   * @throws DataException where the output is something else
   */
  Optional<RunSummary> finished() {
    try {
      recover();
      if (!files.exists(output)) {
        return Optional.empty();
      }
      Optional<RunSummary> summary = EarlierRuns.read(files, output);
      if (summary.isEmpty()) {
        throw new DataException(
            "output "
                + name()
                + " exists, and it has no run.json: no run of Talweg wrote it; choose another"
                + " --output");
      }
      return summary;
    } catch (IOException e) {
      throw failed("cannot read", output, e);
    }
  }

  private boolean isOwn(Path directory) throws IOException {
    Path marker = new Path(directory, APPLICATION);
    if (!files.exists(marker)) {
      return false;
    }
    try (InputStream stream = files.open(marker)) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
          .equals(attempt.application());
    }
  }

  private void mark(Path directory) throws IOException {
    if (!attempt.application().isEmpty()) {
      try (OutputStream stream = files.create(new Path(directory, APPLICATION), true)) {
        stream.write(attempt.application().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /**
   * Where this run begins: as it was asked to, and where an earlier attempt of the application was.
   */
  RunOptions.Start start(RunOptions options) {
    try {
      return attempt.isAgain() && isOwn(work) ? RunOptions.Start.RESUME : options.start();
    } catch (IOException e) {
      throw failed("cannot read", work, e);
    }
  }

  /**
   * Checks that the run may write its output, and finishes or undoes a publication that was cut
   * off.
   *
   * @return what the user should know of an earlier run that this one starts over
   */
  Optional<String> prepare(RunOptions options) {
    try {
      recover();
      if (files.exists(output) && options.existing() != RunOptions.Existing.REPLACE) {
        throw new DataException(
            "output "
                + name()
                + " exists: it is never overwritten unless asked; use --overwrite, or another --output");
      }
      boolean fresh = start(options) == RunOptions.Start.FRESH;
      boolean forgets =
          fresh && files.exists(checkpoints()) && files.listStatus(checkpoints()).length > 0;
      if (fresh) {
        files.delete(work, true);
      }
      files.mkdirs(checkpoints());
      mark(work);
      Path probe = new Path(work, "writable");
      files.create(probe, true).close();
      files.delete(probe, false);
      return forgets
          ? Optional.of(
              "the checkpoints of an earlier run of "
                  + name()
                  + " are discarded; --resume would have gone on from them")
          : Optional.empty();
    } catch (IOException e) {
      throw new DataException(
          "output "
              + name()
              + " cannot be written: "
              + reason(e)
              + "; choose an --output that you may write to");
    }
  }

  /**
   * A publication cut off between its two renames: the new run is complete, or the old one returns.
   */
  private void recover() throws IOException {
    if (files.exists(previous()) && !files.exists(output)) {
      boolean complete = files.exists(new Path(staging(), COMPLETE));
      rename(complete ? staging() : previous(), output);
      files.delete(new Path(output, COMPLETE), false);
    }
    files.delete(previous(), true);
  }

  /** An empty directory for the tables of the run. */
  Path emptyStaging() {
    try {
      files.delete(staging(), true);
      files.mkdirs(staging());
      return staging();
    } catch (IOException e) {
      throw failed("cannot write", staging(), e);
    }
  }

  /** Makes the staged tables the output, and forgets checkpoints. */
  void publish() {
    try {
      mark(staging());
      files.create(new Path(staging(), COMPLETE), true).close();
      if (files.exists(output)) {
        rename(output, previous());
      }
      rename(staging(), output);
      files.delete(new Path(output, COMPLETE), false);
      forgetUnpublished();
      files.delete(work, true);
    } catch (IOException e) {
      throw failed("cannot publish", output, e);
    }
  }

  /** Keeps a whole run that was refused beside the output, which stays as it was. */
  void keepUnpublished() {
    try {
      forgetUnpublished();
      if (files.exists(unpublished())) {
        throw new IOException("it is there, and no run that was refused; remove it");
      }
      rename(staging(), unpublished());
      files.delete(work, true);
    } catch (IOException e) {
      throw failed("cannot write", unpublished(), e);
    }
  }

  /** Only what an earlier run left there that was refused too. */
  private void forgetUnpublished() throws IOException {
    if (EarlierRuns.read(files, unpublished()).filter(run -> run.promotion() != null).isPresent()) {
      files.delete(unpublished(), true);
    }
  }

  private Path unpublished() {
    return new Path(output.getParent(), output.getName() + ".unpublished");
  }

  /** Keeps what a failed run wrote beside the output, which stays as it was; returns where. */
  String keepFailed() {
    Path failed = new Path(work, "failed");
    try {
      files.delete(failed, true);
      rename(staging(), failed);
      return display(failed);
    } catch (IOException e) {
      throw failed("cannot write", failed, e);
    }
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("renaming " + from + " to " + to + " was refused");
    }
  }

  /** The output as a user reads it: without the scheme of the local file system. */
  String name() {
    return display(output);
  }

  static String display(Path path) {
    return path.toUri().getScheme() == null || "file".equals(path.toUri().getScheme())
        ? path.toUri().getPath()
        : path.toString();
  }

  Configuration hadoop() {
    return hadoop;
  }

  FileSystem files() {
    return files;
  }

  Path output() {
    return output;
  }

  Path checkpoints() {
    return new Path(work, "checkpoints");
  }

  private Path staging() {
    return new Path(work, "staging");
  }

  private Path previous() {
    return new Path(work, "previous");
  }

  static UncheckedIOException failed(String what, Path path, IOException e) {
    return new UncheckedIOException(
        new IOException(what + " " + display(path) + ": " + reason(e), e));
  }

  static String reason(Exception e) {
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return message
            .lines()
            .findFirst()
            .orElse(message)
            .strip()
            .toLowerCase(Locale.ROOT)
            .startsWith("java.")
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message).strip();
  }
}
