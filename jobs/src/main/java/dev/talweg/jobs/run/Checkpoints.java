package dev.talweg.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
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
 * <p>A snapshot is named columns of numbers and texts. It is written to a temporary directory and
 * renamed, with a manifest that holds a SHA-256 over every bit of it; one that was damaged since is
 * passed over for the one before. Long arrays are cut into rows of 2²⁰ numbers.
 *
 * <pre>checkpoints/step-0000000005/{state/*.parquet, manifest.json}</pre>
 */
final class Checkpoints {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CHUNK = 1 << 20;
  private static final StructType SCHEMA =
      new StructType()
          .add("field", DataTypes.StringType)
          .add("type", DataTypes.StringType)
          .add("chunk", DataTypes.IntegerType)
          .add("longs", DataTypes.createArrayType(DataTypes.LongType, false))
          .add("doubles", DataTypes.createArrayType(DataTypes.DoubleType, false))
          .add("text", DataTypes.StringType);

  private final SparkSession spark;
  private final FileSystem files;
  private final Path directory;
  private final int keep;

  /**
   * @param keep how many snapshots stay, at least 1
   */
  Checkpoints(SparkSession spark, FileSystem files, Path directory, int keep) {
    this.spark = spark;
    this.files = files;
    this.directory = directory;
    this.keep = keep;
  }

  /**
   * What a run can go on from.
   *
   * @param identity what must be the same for that: fingerprints of data and configuration
   * @param columns Long, Double, String, double[] or long[] by name
   */
  record Saved(long step, Map<String, String> identity, SortedMap<String, Object> columns) {}

  /** Writes a snapshot, then removes the oldest ones beyond {@code keep}. */
  void write(Saved saved) {
    String name = String.format(Locale.ROOT, "step-%010d", saved.step());
    Path temporary = new Path(directory, ".writing-" + name);
    Path target = new Path(directory, name);
    try {
      files.delete(temporary, true);
      spark
          .createDataFrame(rows(saved.columns()), SCHEMA)
          .coalesce(1)
          .write()
          .parquet(new Path(temporary, "state").toString());
      ObjectNode manifest = JSON.createObjectNode();
      manifest.put("step", saved.step());
      manifest.put("checksum", checksum(saved.columns()));
      manifest.set("identity", JSON.valueToTree(saved.identity()));
      try (OutputStream out = files.create(new Path(temporary, "manifest.json"), true)) {
        out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(manifest));
      }
      files.delete(target, true);
      if (!files.rename(temporary, target)) {
        throw new IOException("renaming " + temporary + " was refused");
      }
      List<Path> old = newestFirst();
      for (Path path : old.subList(Math.min(keep, old.size()), old.size())) {
        files.delete(path, true);
      }
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write the checkpoint", target, e);
    }
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
    SortedMap<String, Object> columns =
        columns(
            spark
                .read()
                .schema(SCHEMA)
                .parquet(new Path(path, "state").toString())
                .collectAsList());
    if (!checksum(columns).equals(manifest.path("checksum").asText())) {
      throw new IOException("its checksum differs");
    }
    Map<String, String> identity = new TreeMap<>();
    manifest
        .path("identity")
        .properties()
        .forEach(entry -> identity.put(entry.getKey(), entry.getValue().asText()));
    return new Saved(manifest.path("step").asLong(), identity, columns);
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

  private static List<Row> rows(SortedMap<String, Object> columns) {
    List<Row> rows = new ArrayList<>();
    columns.forEach(
        (field, value) -> {
          if (value instanceof double[] doubles) {
            for (int chunk = 0; chunk == 0 || chunk * CHUNK < doubles.length; chunk++) {
              double[] part =
                  Arrays.copyOfRange(
                      doubles, chunk * CHUNK, Math.min(doubles.length, (chunk + 1) * CHUNK));
              rows.add(RowFactory.create(field, "double[]", chunk, null, part, null));
            }
          } else if (value instanceof long[] longs) {
            for (int chunk = 0; chunk == 0 || chunk * CHUNK < longs.length; chunk++) {
              long[] part =
                  Arrays.copyOfRange(
                      longs, chunk * CHUNK, Math.min(longs.length, (chunk + 1) * CHUNK));
              rows.add(RowFactory.create(field, "long[]", chunk, part, null, null));
            }
          } else if (value instanceof Double number) {
            rows.add(RowFactory.create(field, "double", 0, null, new double[] {number}, null));
          } else if (value instanceof Long number) {
            rows.add(RowFactory.create(field, "long", 0, new long[] {number}, null, null));
          } else if (value instanceof String text) {
            rows.add(RowFactory.create(field, "text", 0, null, null, text));
          } else {
            throw new IllegalArgumentException(
                "column " + field + " is a " + value.getClass().getName());
          }
        });
    return rows;
  }

  private static SortedMap<String, Object> columns(List<Row> rows) {
    List<Row> sorted = new ArrayList<>(rows);
    sorted.sort(
        Comparator.<Row, String>comparing(r -> r.getString(0)).thenComparing(r -> r.getInt(2)));
    SortedMap<String, Object> columns = new TreeMap<>();
    for (Row row : sorted) {
      String field = row.getString(0);
      switch (row.getString(1)) {
        case "double[]" -> columns.merge(field, doubles(row), Checkpoints::joined);
        case "long[]" -> columns.merge(field, longs(row), Checkpoints::joined);
        case "double" -> columns.put(field, doubles(row)[0]);
        case "long" -> columns.put(field, longs(row)[0]);
        default -> columns.put(field, row.getString(5));
      }
    }
    return columns;
  }

  private static double[] doubles(Row row) {
    return row.<Double>getList(4).stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static long[] longs(Row row) {
    return row.<Long>getList(3).stream().mapToLong(Long::longValue).toArray();
  }

  private static Object joined(Object first, Object second) {
    if (first instanceof double[] a && second instanceof double[] b) {
      double[] joined = Arrays.copyOf(a, a.length + b.length);
      System.arraycopy(b, 0, joined, a.length, b.length);
      return joined;
    }
    long[] a = (long[]) first;
    long[] b = (long[]) second;
    long[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }

  /** SHA-256 over names, types and bits, in the order of names. */
  static String checksum(SortedMap<String, Object> columns) {
    MessageDigest digest = sha256();
    columns.forEach(
        (field, value) -> {
          digest.update(field.getBytes(StandardCharsets.UTF_8));
          if (value instanceof double[] doubles) {
            digest.update(bytes(doubles));
          } else if (value instanceof long[] longs) {
            ByteBuffer buffer = ByteBuffer.allocate(8 * longs.length);
            buffer.asLongBuffer().put(longs);
            digest.update(buffer.array());
          } else if (value instanceof Double number) {
            digest.update(bytes(new double[] {number}));
          } else {
            digest.update(value.toString().getBytes(StandardCharsets.UTF_8));
          }
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** The SHA-256 of the bits of a vector: the fingerprint of a model. */
  static String fingerprint(double[] parameters) {
    return HexFormat.of().formatHex(sha256().digest(bytes(parameters)));
  }

  private static byte[] bytes(double[] doubles) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * doubles.length);
    buffer.asDoubleBuffer().put(doubles);
    return buffer.array();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
