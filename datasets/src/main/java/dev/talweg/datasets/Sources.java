package dev.talweg.datasets;

import dev.talweg.datasets.parquet.DriverFooter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.orc.OrcFile;
import org.apache.orc.Reader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Opens what users have: Parquet, CSV, ORC, JSON lines and LIBSVM, as single files, directories,
 * globs and compressed files, or a table.
 *
 * <p>CSV files have a header and typed columns unless the options say otherwise. Lines that do not
 * fit come with their text in {@link #CORRUPT}. LIBSVM comes as its lines, in the column {@link
 * #LINE}.
 */
public final class Sources {
  /** The column that holds the text of a malformed line, and is null elsewhere. */
  public static final String CORRUPT = "_corrupt_record";

  /** The column of a LIBSVM source. */
  public static final String LINE = "value";

  /** More footers than this are not read one by one. */
  private static final int MOST_FOOTERS = 1000;

  /** Footers read at once: each waits for its store, not for a core. */
  private static final int AT_ONCE = 16;

  /** Whose footers count the rows. */
  private static final Set<String> COUNTED = Set.of("parquet", "orc");

  private static final Set<String> FORMATS = Set.of("parquet", "csv", "libsvm", "orc", "json");
  private static final Map<String, String> EXTENSIONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("parquet", "parquet"),
              Map.entry("pq", "parquet"),
              Map.entry("csv", "csv"),
              Map.entry("tsv", "csv"),
              Map.entry("orc", "orc"),
              Map.entry("json", "json"),
              Map.entry("jsonl", "json"),
              Map.entry("ndjson", "json"),
              Map.entry("libsvm", "libsvm"),
              Map.entry("svm", "libsvm"),
              Map.entry("libfm", "libsvm"),
              Map.entry("svmlight", "libsvm")));
  private static final Set<String> COMPRESSIONS =
      Set.of("gz", "bz2", "zst", "snappy", "lz4", "deflate", "xz");

  /**
   * The format of rows that are a DataFrame, or a temporary view of one: where they come from, and
   * in which partitions, is its owner's matter.
   */
  static final String FRAME = "frame";

  private Sources() {}

  /**
   * A source that was opened.
   *
   * @param format parquet, csv, libsvm, orc, json, table or frame
   * @param sizes of its files, in bytes; none for a frame, and for a table that is not in files
   */
  public record Opened(Dataset<Row> rows, String format, List<Long> sizes, List<String> paths) {

    /** The size of its files; 0 for a frame, and for a table that is not in files. */
    public long bytes() {
      return sizes.stream().mapToLong(Long::longValue).sum();
    }

    /** How many files. */
    public int files() {
      return sizes.size();
    }

    /** Where the rows are, for messages. */
    String where() {
      return paths.isEmpty() ? "the rows" : String.join(", ", paths);
    }
  }

  /** Opens paths or a table; {@code where} is SQL and keeps rows. */
  public static Opened open(
      SparkSession spark,
      List<String> paths,
      @Nullable String table,
      @Nullable String format,
      Map<String, String> options,
      @Nullable String where) {
    Opened opened = table != null ? table(spark, table) : files(spark, paths, format, options);
    if (where == null) {
      return opened;
    }
    try {
      return new Opened(
          opened.rows().where(where), opened.format(), opened.sizes(), opened.paths());
    } catch (Exception e) {
      throw new DataException(
          "data.where: " + where + ": " + firstLine(e) + "; columns are " + names(opened.rows()));
    }
  }

  private static Opened table(SparkSession spark, String table) {
    try {
      Dataset<Row> rows = spark.table(table);
      boolean view =
          spark.catalog().tableExists(table) && spark.catalog().getTable(table).isTemporary();
      if (view) {
        return new Opened(rows, FRAME, List.of(), List.of());
      }
      List<String> files = inputFiles(rows);
      Configuration hadoop = spark.sparkContext().hadoopConfiguration();
      List<Long> sizes = new ArrayList<>();
      for (String file : files) { // names, not globs
        Path path = new Path(file);
        sizes.add(path.getFileSystem(hadoop).getFileStatus(path).getLen());
      }
      return new Opened(rows, "table", sizes, List.of());
    } catch (Exception e) {
      throw new DataException("data.table: table " + table + " cannot be read: " + firstLine(e));
    }
  }

  private static Opened files(
      SparkSession spark,
      List<String> paths,
      @Nullable String format,
      Map<String, String> options) {
    List<FileStatus> found = list(paths, spark.sparkContext().hadoopConfiguration());
    String chosen = format(found, paths, format);
    if (!FORMATS.contains(chosen)) {
      throw new DataException(
          "data.format: " + chosen + " is not known; allowed are csv, json, libsvm, orc, parquet");
    }
    List<Long> sizes = found.stream().map(FileStatus::getLen).toList();
    if (sizes.stream().allMatch(size -> size == 0)) {
      throw new DataException(
          String.join(", ", paths) + ": the data is empty; give files with rows");
    }
    try {
      Dataset<Row> rows = read(spark, paths, chosen, options);
      return new Opened(rows, chosen, sizes, paths);
    } catch (RuntimeException e) {
      throw unreadable(paths, chosen, e);
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare
      throw unreadable(paths, chosen, new IllegalStateException(e));
    }
  }

  /**
   * How many rows files have by the footers of Parquet and ORC; no job is run. Empty where nothing
   * counts them: other formats, more than {@value #MOST_FOOTERS} files, a file that is broken.
   */
  static OptionalLong rows(Configuration hadoop, List<String> paths, @Nullable String format) {
    List<FileStatus> found = list(paths, hadoop);
    String chosen = format(found, paths, format);
    if (!COUNTED.contains(chosen) || found.size() > MOST_FOOTERS) {
      return OptionalLong.empty();
    }
    ExecutorService readers = Executors.newFixedThreadPool(Math.min(AT_ONCE, found.size()));
    try {
      List<Future<Long>> counts = new ArrayList<>();
      for (FileStatus file : found) {
        counts.add(readers.submit(() -> rows(hadoop, file.getPath(), chosen)));
      }
      long rows = 0;
      for (Future<Long> count : counts) {
        rows += count.get();
      }
      return OptionalLong.of(rows);
    } catch (ExecutionException e) { // who reads the file says what is wrong with it
      return OptionalLong.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return OptionalLong.empty();
    } finally {
      readers.shutdownNow();
    }
  }

  private static long rows(Configuration hadoop, Path file, String format) throws IOException {
    if (format.equals("orc")) {
      try (Reader reader = OrcFile.createReader(file, OrcFile.readerOptions(hadoop))) {
        return reader.getNumberOfRows();
      }
    }
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop))) {
      return reader.getRecordCount();
    }
  }

  private static String format(
      List<FileStatus> found, List<String> paths, @Nullable String format) {
    return format != null ? format.toLowerCase(Locale.ROOT) : guess(found, paths);
  }

  private static List<FileStatus> list(List<String> paths, Configuration hadoop) {
    return paths.stream().flatMap(path -> list(path, hadoop).stream()).toList();
  }

  private static List<FileStatus> list(String path, Configuration hadoop) {
    try {
      Path given = new Path(path);
      FileSystem files = given.getFileSystem(hadoop);
      FileStatus[] matches = files.globStatus(given);
      if (matches == null || matches.length == 0) {
        throw new DataException(
            path
                + ": no such file or directory; check data.train and the directory you start from");
      }
      List<FileStatus> found = new ArrayList<>();
      for (FileStatus match : matches) {
        collect(files, match, found);
      }
      if (found.isEmpty()) {
        throw new DataException(path + ": the directory holds no data files");
      }
      return found;
    } catch (FileNotFoundException e) {
      throw new DataException(path + ": no such file or directory; check data.train");
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(path + ": cannot be read: " + firstLine(e));
    }
  }

  private static void collect(FileSystem files, FileStatus status, List<FileStatus> found)
      throws IOException {
    String name = status.getPath().getName();
    if (name.startsWith("_") || name.startsWith(".")) {
      return;
    }
    if (!status.isDirectory()) {
      found.add(status);
      return;
    }
    FileStatus[] children = files.listStatus(status.getPath());
    Arrays.sort(children);
    for (FileStatus child : children) {
      collect(files, child, found);
    }
  }

  private static String guess(List<FileStatus> found, List<String> paths) {
    String name = found.get(0).getPath().getName().toLowerCase(Locale.ROOT);
    String[] parts = name.split("\\.", -1);
    int last = parts.length - 1;
    if (last > 0 && COMPRESSIONS.contains(parts[last])) {
      last--;
    }
    String format = last > 0 ? EXTENSIONS.get(parts[last]) : null;
    if (format == null) {
      throw new DataException(
          String.join(", ", paths)
              + ": the extension of "
              + found.get(0).getPath().getName()
              + " tells no format; set data.format to csv, json, libsvm, orc or parquet");
    }
    return format;
  }

  private static Dataset<Row> read(
      SparkSession spark, List<String> paths, String format, Map<String, String> options) {
    String[] all = paths.toArray(String[]::new);
    DataFrameReader reader = spark.read().options(options);
    switch (format) {
      case "csv" -> {
        Map<String, String> csv = new LinkedHashMap<>();
        csv.put("header", "true");
        csv.put("mode", "PERMISSIVE");
        csv.put("columnPruning", "false"); // a line is checked as a whole, used columns or not
        if (paths.get(0).contains(".tsv")) {
          csv.put("delimiter", "\t");
        }
        csv.putAll(options);
        checkHeader(spark, csv, all);
        StructType schema =
            spark.read().option("inferSchema", "true").options(csv).csv(all).schema();
        return spark
            .read()
            .options(csv)
            .option("columnNameOfCorruptRecord", CORRUPT)
            .schema(withCorrupt(checked(schema, paths)))
            .csv(all);
      }
      case "json" -> {
        StructType schema = reader.json(all).schema();
        return spark
            .read()
            .options(options)
            .option("columnNameOfCorruptRecord", CORRUPT)
            .schema(withCorrupt(checked(schema, paths)))
            .json(all);
      }
      case "libsvm" -> {
        return reader.text(all);
      }
      case "orc" -> {
        return checkedNames(reader.orc(all), paths);
      }
      default -> {
        return checkedNames(reader.format(DriverFooter.NAME).load(all), paths);
      }
    }
  }

  /** Spark would rename a column that stands twice; the user should know of it. */
  private static void checkHeader(SparkSession spark, Map<String, String> options, String[] all) {
    if (!options.getOrDefault("header", "false").equals("true")) {
      return;
    }
    Map<String, String> asRows = new LinkedHashMap<>(options);
    asRows.put("header", "false");
    List<Row> first = spark.read().options(asRows).csv(all).limit(1).collectAsList();
    if (first.isEmpty()) {
      return;
    }
    StructType names = new StructType();
    for (int k = 0; k < first.get(0).size(); k++) {
      String name = first.get(0).isNullAt(k) ? "_c" + k : first.get(0).getString(k);
      names = names.add(name, DataTypes.StringType);
    }
    checked(names, List.of(all));
  }

  private static StructType withCorrupt(StructType schema) {
    return Arrays.asList(schema.fieldNames()).contains(CORRUPT)
        ? schema
        : schema.add(CORRUPT, DataTypes.StringType);
  }

  private static Dataset<Row> checkedNames(Dataset<Row> rows, List<String> paths) {
    checked(rows.schema(), paths);
    return rows;
  }

  private static StructType checked(StructType schema, List<String> paths) {
    Map<String, String> seen = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<String> problems = new ArrayList<>();
    for (StructField field : schema.fields()) {
      String before = seen.putIfAbsent(field.name(), field.name());
      if (before != null) {
        problems.add(
            String.join(", ", paths)
                + ": column "
                + field.name()
                + " stands twice (names differ only in case, or not at all); rename one");
      }
      if (field.name().indexOf('\uFFFD') >= 0) {
        problems.add(
            String.join(", ", paths)
                + ": column name "
                + field.name()
                + " is not UTF-8; set data.options: {encoding: ISO-8859-1} or convert the file");
      }
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    return schema;
  }

  private static final Pattern FILE = Pattern.compile("\\b[a-z0-9]+:/[^\\s,;'\"]+[^\\s,;'\".:)]");

  /** What Spark, Parquet, ORC and the codecs say of a file that is not what it should be. */
  private static final Pattern BROKEN_FILE =
      Pattern.compile(
          "FAILED_READ_FILE|CANNOT_READ_FILE_FOOTER|not a Parquet file|Malformed ORC file"
              + "|incorrect header check|not in gzip format|EOFException|Unexpected end",
          Pattern.CASE_INSENSITIVE);

  /**
   * Turns what was thrown while rows were read into one line for the user, where the files or the
   * SQL over them are to blame; gives back what was thrown where not.
   */
  static RuntimeException blamed(List<String> paths, String format, RuntimeException thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      String message = String.valueOf(cause);
      if (cause instanceof SparkThrowable spark
          && String.valueOf(spark.getSqlState()).startsWith("22")) {
        return new DataException(
            "the SQL over the rows (data.where, or the column of a split) fails on a row: "
                + firstLine(cause)
                + "; mend the condition");
      }
      if (cause instanceof DataException data) {
        return data;
      }
      if (BROKEN_FILE.matcher(message).find()) {
        return broken(paths, format, message);
      }
    }
    return thrown;
  }

  private static DataException broken(List<String> paths, String format, String message) {
    Matcher file = FILE.matcher(message);
    return new DataException(
        (file.find() ? file.group().replaceFirst("^file:/+", "/") : String.join(", ", paths))
            + ": not a whole "
            + format
            + " file; it may be truncated or damaged, or data.format may be wrong");
  }

  /** The same for files that could not even be opened: those are always to blame. */
  private static DataException unreadable(
      List<String> paths, String format, RuntimeException thrown) {
    if (blamed(paths, format, thrown) instanceof DataException data) {
      return data;
    }
    String message = String.valueOf(thrown.getMessage());
    String all = String.join(", ", paths);
    if (message.contains("COLUMN_ALREADY_EXISTS") || message.contains("AMBIGUOUS")) {
      return new DataException(
          all + ": a column stands twice: " + firstLine(thrown) + "; rename one");
    }
    if (message.contains("UNABLE_TO_INFER_SCHEMA")) {
      return new DataException(
          all + ": no " + format + " file with a schema; is data.format right?");
    }
    return new DataException(all + ": cannot be read as " + format + ": " + firstLine(thrown));
  }

  static String firstLine(Throwable thrown) {
    String message = thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    return message.lines().filter(line -> !line.isBlank()).findFirst().orElse(message).strip();
  }

  static String names(Dataset<Row> rows) {
    return FeaturePlan.names(rows.schema());
  }

  /**
   * Files from all over a source, in all about so many bytes and at least one; the paths themselves
   * where columns are in the names of directories.
   */
  static List<String> spread(SparkSession spark, Opened opened, long bytes) {
    List<String> all = inputFiles(opened.rows());
    if (opened.bytes() <= bytes || all.stream().anyMatch(file -> file.contains("="))) {
      return opened.paths();
    }
    int wanted = (int) Math.max(1, Math.round((double) all.size() * bytes / opened.bytes()));
    List<String> files = new ArrayList<>();
    for (int k = 0; k < wanted; k++) {
      files.add(all.get((int) ((2L * k + 1) * all.size() / (2L * wanted))));
    }
    return files;
  }

  /** The paths of the files, which Spark gives as URIs. */
  private static List<String> inputFiles(Dataset<Row> rows) {
    return Arrays.stream(rows.inputFiles())
        .map(file -> new Path(URI.create(file)).toString())
        .toList();
  }

  /** The size of the files at some paths. */
  static long bytes(SparkSession spark, List<String> paths) {
    return list(paths, spark.sparkContext().hadoopConfiguration()).stream()
        .mapToLong(FileStatus::getLen)
        .sum();
  }
}
