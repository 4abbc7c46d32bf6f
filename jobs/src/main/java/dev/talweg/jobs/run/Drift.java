package dev.talweg.jobs.run;

import dev.talweg.datasets.Profile;
import dev.talweg.datasets.Profile.Bin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * How far the training rows have moved since an earlier run: the population stability index of each
 * column over the bins of that run's {@code profile/}.
 *
 * @param columns in the order of the encoding, then those that are gone
 */
record Drift(String reference, List<Column> columns) {
  /** From here on a column has shifted, as the credit industry reads the index. */
  private static final double SHIFTED = 0.1;

  /** From here on it has drifted: a model should be looked at. */
  private static final double DRIFTED = 0.25;

  private static final int NAMED = 5;

  static final StructType PROFILE =
      new StructType()
          .add("column", DataTypes.StringType, false)
          .add("kind", DataTypes.StringType, false)
          .add("bin", DataTypes.IntegerType, false)
          .add("upper", DataTypes.DoubleType)
          .add("level", DataTypes.StringType)
          .add("share", DataTypes.DoubleType, false)
          .add("rows", DataTypes.LongType, false);

  static final StructType SCHEMA =
      new StructType()
          .add("column", DataTypes.StringType, false)
          .add("kind", DataTypes.StringType, false)
          .add("psi", DataTypes.DoubleType)
          .add("verdict", DataTypes.StringType, false)
          .add("bin", DataTypes.StringType)
          .add("share_before", DataTypes.DoubleType)
          .add("share_now", DataTypes.DoubleType);

  /**
   * One column.
   *
   * @param psi null for a column that is new or gone
   * @param moved the bin whose share has changed most, as a person reads it
   * @param before its share in the reference
   * @param now its share in this run
   */
  record Column(
      String column,
      String kind,
      @Nullable Double psi,
      @Nullable String moved,
      @Nullable Double before,
      @Nullable Double now) {

    String verdict() {
      if (psi == null) {
        return moved == null ? "new" : moved;
      }
      return psi < SHIFTED ? "stable" : psi < DRIFTED ? "shifted" : "drifted";
    }

    Row row() {
      return RowFactory.create(
          column, kind, psi, verdict(), psi == null ? null : moved, before, now);
    }
  }

  /** The rows of {@code profile/}. */
  static List<Row> profile(Profile profile) {
    List<Row> rows = new ArrayList<>();
    for (Profile.Column column : profile.columns()) {
      int number = 0;
      for (Bin bin : column.bins()) {
        rows.add(
            RowFactory.create(
                column.column(),
                column.kind().text(),
                number++,
                bin.upper(),
                bin.level(),
                bin.share(),
                bin.rows()));
      }
    }
    return rows;
  }

  /** Compares with an earlier run; empty where that has no profile, as of earlier versions. */
  static Optional<Drift> since(SparkSession spark, String reference, Profile profile) {
    Path path = new Path(reference, "profile");
    try {
      FileSystem files = path.getFileSystem(spark.sparkContext().hadoopConfiguration());
      if (!files.exists(path)) {
        return Optional.empty();
      }
    } catch (IOException e) {
      throw RunDirectory.failed("cannot read", path, e);
    }
    List<Row> rows =
        spark
            .read()
            .schema(PROFILE)
            .parquet(path.toString())
            .orderBy("column", "bin")
            .collectAsList();
    return Optional.of(new Drift(reference, compared(earlier(rows), profile)));
  }

  private static Map<String, List<Row>> earlier(List<Row> rows) {
    Map<String, List<Row>> byColumn = new LinkedHashMap<>();
    rows.forEach(
        row -> byColumn.computeIfAbsent(row.getString(0), c -> new ArrayList<>()).add(row));
    return byColumn;
  }

  private static List<Column> compared(Map<String, List<Row>> earlier, Profile profile) {
    List<Column> columns = new ArrayList<>();
    for (Profile.Column column : profile.columns()) {
      List<Row> rows = earlier.remove(column.column());
      columns.add(
          rows != null && rows.get(0).getString(1).equals(column.kind().text())
              ? compared(column, rows.stream().map(Drift::bin).toList())
              : new Column(column.column(), column.kind().text(), null, null, null, null));
    }
    earlier.forEach(
        (name, rows) ->
            columns.add(new Column(name, rows.get(0).getString(1), null, "gone", null, null)));
    return columns;
  }

  private static Bin bin(Row row) {
    return new Bin(
        row.isNullAt(3) ? null : (Double) row.getDouble(3),
        row.isNullAt(4) ? null : row.getString(4),
        row.getDouble(5),
        row.getLong(6));
  }

  private static Column compared(Profile.Column column, List<Bin> before) {
    List<Bin> now = column.in(before);
    Map<String, Double> shares = new LinkedHashMap<>();
    List<String> names = names(before);
    for (int k = 0; k < names.size(); k++) {
      shares.put(names.get(k), before.get(k).share());
    }
    List<String> namesNow = names(now);
    String moved = namesNow.get(0);
    double most = -1;
    double share = 0;
    for (int k = 0; k < namesNow.size(); k++) {
      double change = Math.abs(now.get(k).share() - shares.getOrDefault(namesNow.get(k), 0.0));
      if (change > most) {
        most = change;
        moved = namesNow.get(k);
        share = now.get(k).share();
      }
    }
    return new Column(
        column.column(),
        column.kind().text(),
        Profile.stabilityIndex(before, now),
        moved,
        shares.getOrDefault(moved, 0.0),
        share);
  }

  /** What bins are called: a level, or the numbers that are in them. */
  private static List<String> names(List<Bin> bins) {
    List<String> names = new ArrayList<>();
    String above = "";
    for (Bin bin : bins) {
      if (bin.level() != null) {
        names.add(bin.level());
      } else if (bin.upper() != null) {
        String upper = Float.toString(bin.upper().floatValue());
        names.add(above.isEmpty() ? "≤ " + upper : above + " – " + upper);
        above = upper;
      } else {
        names.add(above.isEmpty() ? "any number" : "> " + above);
      }
    }
    return names;
  }

  /** The rows of {@code drift/}: what is new or gone, then what moved most. */
  List<Row> rows() {
    return columns.stream()
        .sorted(
            Comparator.comparing((Column column) -> column.psi() != null)
                .thenComparing(Comparator.comparingDouble(Drift::psi).reversed())
                .thenComparing(Column::column))
        .map(Column::row)
        .toList();
  }

  RunSummary.Drift summary() {
    Optional<Column> largest =
        columns.stream().filter(c -> c.psi() != null).max(Comparator.comparingDouble(Drift::psi));
    return new RunSummary.Drift(
        reference,
        columns.size(),
        largest.map(Column::column).orElse(null),
        largest.map(Drift::psi).orElse(null),
        named("shifted"),
        named("drifted"),
        named("new"),
        named("gone"));
  }

  private static double psi(Column column) {
    return column.psi() == null ? 0 : column.psi();
  }

  private List<String> named(String verdict) {
    return columns.stream()
        .filter(column -> column.verdict().equals(verdict))
        .map(Column::column)
        .toList();
  }

  /** What should be looked at, if anything should. */
  Optional<String> warning() {
    List<String> drifted = named("drifted");
    if (drifted.isEmpty()) {
      return Optional.empty();
    }
    List<String> worst =
        columns.stream()
            .filter(column -> column.verdict().equals("drifted"))
            .sorted(Comparator.comparingDouble(Drift::psi).reversed())
            .limit(NAMED)
            .map(column -> String.format(Locale.ROOT, "%s (%.2f)", column.column(), psi(column)))
            .toList();
    return Optional.of(
        (drifted.size() == 1 ? "1 column has" : drifted.size() + " columns have")
            + " drifted since "
            + reference
            + ", PSI above "
            + DRIFTED
            + ": "
            + String.join(", ", worst)
            + (drifted.size() > NAMED ? ", …" : "")
            + "; see drift/");
  }
}
