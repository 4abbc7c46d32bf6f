package dev.talweg.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.talweg.optimizer.state.Column;
import dev.talweg.optimizer.state.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Snapshots of a run as Parquet, the last few of them.
 *
 * <p>Each holds two {@link Snapshot}s, the minimizer's state and the history of the run. It is
 * written to a temporary directory and renamed; the snapshots' fingerprints tell one that was
 * damaged since, and the one before it is taken. Long columns are cut into rows of 2²⁰ numbers,
 * which are their bytes, the lowest first: as arrays of numbers a state of a million features took
 * more than twice as long to write.
 *
 * <pre>checkpoints/step-0000000005/{state/*.parquet, history/*.parquet, manifest.json}</pre>
 */
final class Checkpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 1 << 20;
  private static final StructType SCHEMA =
      new StructType()
          .add("column", DataTypes.StringType)
          .add("chunk", DataTypes.IntegerType)
          .add("longs", DataTypes.BinaryType)
          .add("doubles", DataTypes.BinaryType)
          .add("texts", DataTypes.createArrayType(DataTypes.StringType, false));

  private final SparkSession spark;
  private final FileSystem files;
  private final Path directory;
  private final long keep;

  /**
   * @param keep how many snapshots stay, at least 1
   */
  Checkpoints(SparkSession spark, FileSystem files, Path directory, long keep) {
    this.spark = spark;
    this.files = files;
    this.directory = directory;
    this.keep = keep;
  }

  /**
   * What a run can go on from.
   *
   * @param identity what must be the same for that: fingerprints of data and configuration
   */
  record Saved(Map<String, String> identity, Snapshot state, Snapshot history) {}

  /** Writes a snapshot, then removes the oldest ones beyond {@code keep}; returns where it is. */
  String write(Saved saved) {
    String name = String.format(Locale.ROOT, "step-%010d", saved.state().step());
    Path temporary = new Path(directory, ".writing-" + name);
    Path target = new Path(directory, name);
    try {
      files.delete(temporary, true);
      ObjectNode manifest = JSON.createObjectNode();
      manifest.set("identity", JSON.valueToTree(saved.identity()));
      manifest.set("state", write(new Path(temporary, "state"), saved.state()));
      manifest.set("history", write(new Path(temporary, "history"), saved.history()));
      try (OutputStream out = files.create(new Path(temporary, "manifest.json"), true)) {
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
      }
      files.delete(target, true);
      if (!files.rename(temporary, target)) {
        throw new IOException("renaming " + temporary + " was refused");
      }
      List<Path> all = newestFirst();
      for (Path old : all.subList((int) Math.min(keep, all.size()), all.size())) {
        files.delete(old, true);
      }
      return RunDirectory.display(target);
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write the checkpoint", target, e);
    }
  }

  private ObjectNode write(Path path, Snapshot snapshot) {
    new ParquetTable(files, path, SCHEMA, ParquetTable.Packing.PLAIN)
        .write(rows(snapshot.columns()));
    return JSON.createObjectNode()
        .put("minimizer", snapshot.minimizer())
        .put("step", snapshot.step())
        .put("fingerprint", snapshot.fingerprint());
  }

  /** The newest snapshot that is whole; damaged ones are reported and passed over. */
  Optional<Saved> latest(Consumer<String> warnings) {
    try {
      for (Path path : newestFirst()) {
        try {
          return Optional.of(read(path));
        } catch (IOException | RuntimeException e) {
          warnings.accept(
              "checkpoint "
                  + path.getName()
                  + " is damaged ("
                  + RunDirectory.reason(e)
                  + "); trying the one before it");
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw RunDirectory.failed("cannot read checkpoints in", directory, e);
    }
  }

  private Saved read(Path path) throws IOException {
    JsonNode manifest;
    try (InputStream in = files.open(new Path(path, "manifest.json"))) {
      manifest = JSON.readTree(in);
    }
    Map<String, String> identity = new TreeMap<>();
    manifest
        .path("identity")
        .properties()
        .forEach(entry -> identity.put(entry.getKey(), entry.getValue().asText()));
    return new Saved(
        identity,
        read(new Path(path, "state"), manifest.path("state")),
        read(new Path(path, "history"), manifest.path("history")));
  }

  private Snapshot read(Path path, JsonNode manifest) throws IOException {
    Snapshot snapshot =
        new Snapshot(
            manifest.path("minimizer").asText(),
            manifest.path("step").asLong(),
            columns(spark.read().schema(SCHEMA).parquet(path.toString()).collectAsList()),
            manifest.path("fingerprint").asText());
    if (!snapshot.intact()) {
      throw new IOException("the fingerprint of its " + path.getName() + " differs");
    }
    return snapshot;
  }

  private List<Path> newestFirst() throws IOException {
    if (!files.exists(directory)) {
      return List.of();
    }
    return Arrays.stream(files.listStatus(directory))
        .map(FileStatus::getPath)
        .filter(path -> path.getName().startsWith("step-"))
        .sorted(Comparator.comparing(Path::getName).reversed())
        .toList();
  }

  private static List<Row> rows(Map<String, Column> columns) {
    List<Row> rows = new ArrayList<>();
    new TreeMap<>(columns)
        .forEach(
            (name, column) -> {
              for (int from = 0; from == 0 || from < column.size(); from += CHUNK) {
                int until = Math.min(column.size(), from + CHUNK);
                rows.add(row(name, from / CHUNK, column, from, until));
              }
            });
    return rows;
  }

  private static Row row(String name, int chunk, Column column, int from, int until) {
    if (column instanceof Column.Longs longs) {
      byte[] part = new byte[8 * (until - from)];
      numbers(part).asLongBuffer().put(longs.values(), from, until - from);
      return RowFactory.create(name, chunk, part, null, null);
    } else if (column instanceof Column.Doubles doubles) {
      byte[] part = new byte[8 * (until - from)];
      numbers(part).asDoubleBuffer().put(doubles.values(), from, until - from);
      return RowFactory.create(name, chunk, null, part, null);
    }
    String[] part = ((Column.Texts) column).values().subList(from, until).toArray(String[]::new);
    return RowFactory.create(name, chunk, null, null, part);
  }

  private static ByteBuffer numbers(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static Map<String, Column> columns(List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.<Row, String>comparing(row -> row.getString(0))
            .thenComparing(row -> row.getInt(1)));
    Map<String, Column> columns = new TreeMap<>();
    for (Row row : sorted) {
      columns.merge(row.getString(0), column(row), Checkpoints::joined);
    }
    return columns;
  }

  private static Column column(Row row) {
    if (!row.isNullAt(2)) {
      byte[] part = row.getAs(2);
      long[] longs = new long[part.length / 8];
      numbers(part).asLongBuffer().get(longs);
      return new Column.Longs(longs);
    } else if (!row.isNullAt(3)) {
      byte[] part = row.getAs(3);
      double[] doubles = new double[part.length / 8];
      numbers(part).asDoubleBuffer().get(doubles);
      return new Column.Doubles(doubles);
    }
    return new Column.Texts(row.getList(4));
  }

  private static Column joined(Column first, Column second) {
    if (first instanceof Column.Longs a && second instanceof Column.Longs b) {
      long[] joined = Arrays.copyOf(a.values(), a.size() + b.size());
      System.arraycopy(b.values(), 0, joined, a.size(), b.size());
      return new Column.Longs(joined);
    } else if (first instanceof Column.Doubles a && second instanceof Column.Doubles b) {
      double[] joined = Arrays.copyOf(a.values(), a.size() + b.size());
      System.arraycopy(b.values(), 0, joined, a.size(), b.size());
      return new Column.Doubles(joined);
    }
    List<String> joined = new ArrayList<>(((Column.Texts) first).values());
    joined.addAll(((Column.Texts) second).values());
    return new Column.Texts(joined);
  }
}
