package dev.talweg.datasets;

import dev.talweg.optimizer.objective.Moments;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.StringType;
import org.jspecify.annotations.Nullable;

/**
 * What all partitions say together, merged in their order: whether training is possible, and the
 * encoding that is fitted to it.
 */
final class MergedSummaries {
  private static final int HASH_BITS = 20;

  /** A class with fewer training rows than this is worth a warning. */
  private static final int FEW_ROWS = 10;

  final RawPartition.Summary total;
  final FeaturePlan plan;
  final RowSchema schema;
  private final List<Dictionary> levels;
  private List<Ranking> rankings = List.of();
  private final List<Sample> samples = new ArrayList<>(); // partitions in order
  final List<String> warnings = new ArrayList<>();
  final List<ColumnSummary> columns = new ArrayList<>();
  final Map<Integer, SeenFeatures> seen = new HashMap<>(); // of wide columns
  @Nullable String positive;
  @Nullable String negative;
  List<String> many = List.of(); // classes

  /** Values of numeric columns in some training rows of a partition, and of how many rows. */
  private record Sample(float[][] values, long rows) {
    int size() {
      return values.length == 0 ? 0 : values[0].length;
    }
  }

  private MergedSummaries(
      RawPartition.Summary total, List<Dictionary> levels, FeaturePlan plan, RowSchema schema) {
    this.total = total;
    this.levels = levels;
    this.plan = plan;
    this.schema = schema;
  }

  static MergedSummaries of(List<RawPartition.Summary> parts, FeaturePlan plan, RowSchema schema) {
    RawPartition.Summary total =
        new RawPartition.Summary(
            0, plan.numeric().size(), plan.dictionaries().size() + plan.crosses().size());
    List<Dictionary> levels =
        IntStream.range(0, total.nulls.length).parallel().mapToObj(c -> levels(parts, c)).toList();
    MergedSummaries merged = new MergedSummaries(total, levels, plan, schema);
    for (RawPartition.Summary part : parts) {
      for (int split = 0; split < 3; split++) {
        total.rows[split] += part.rows[split];
      }
      total.bad += part.bad;
      total.examples.addAll(part.examples);
      for (int c = 0; c < total.numeric.length; c++) {
        total.numeric[c].merge(part.numeric[c]);
      }
      part.labels.forEach((label, count) -> total.labels.merge(label, count, Long::sum));
      total.moreLabels |= part.moreLabels;
      total.labelSum += part.labelSum;
      total.labelWeight += part.labelWeight;
      total.vectorSize = Math.max(total.vectorSize, part.vectorSize);
      total.fingerprint += part.fingerprint;
      total.fingerprintToo += part.fingerprintToo;
      merged.samples.add(new Sample(part.sample, part.rows[RowReader.TRAIN]));
      for (int c = 0; c < total.overflown.length; c++) {
        total.nulls[c] += part.nulls[c];
        total.overflown[c] |= part.overflown[c];
      }
    }
    for (int c = 0; c < total.overflown.length; c++) {
      total.overflown[c] |= levels.get(c).size() > RawPartition.Summary.MOST_LEVELS;
    }
    return merged;
  }

  /** The levels of a column in all partitions; of too many no more than show that they are. */
  private static Dictionary levels(List<RawPartition.Summary> parts, int c) {
    Dictionary levels = new Dictionary();
    for (RawPartition.Summary part : parts) {
      if (levels.size() <= RawPartition.Summary.MOST_LEVELS) {
        levels.addCounted(part.levels[c]);
      }
    }
    return levels;
  }

  /** What makes training impossible, all at once. */
  void check(DataSpec data, LabelKind kind, Sources.Opened opened) {
    List<String> problems = new ArrayList<>();
    long rows = total.rows[0] + total.rows[1] + total.rows[2];
    long all = rows + total.bad;
    String where = opened.where();
    if (total.bad > 0
        && (data.badRows() == DataSpec.BadRows.FAIL || total.bad > data.maxBadRows() * all)) {
      problems.add(
          String.format(
              Locale.ROOT,
              "%s: %d of %d rows cannot be used, %s; mend them, or raise data.max-bad-rows",
              where,
              total.bad,
              all,
              data.badRows() == DataSpec.BadRows.FAIL
                  ? "and data.bad-rows is fail"
                  : "more than data.max-bad-rows " + data.maxBadRows() + " allows"));
      Set<String> reasons = new HashSet<>();
      total.examples.stream()
          .filter(bad -> reasons.add(bad.column() + bad.reason()))
          .limit(10)
          .forEach(bad -> problems.add(bad.describe()));
    } else if (total.bad > 0) {
      warnings.add(
          String.format(
              Locale.ROOT,
              "%d of %d rows cannot be used and are in quarantine/; the first: %s",
              total.bad,
              all,
              total.examples.get(0).describe()));
    }
    if (total.rows[0] == 0 && problems.isEmpty()) {
      problems.add(
          where
              + ": no rows to train on; the data is empty, or data.where or the splits leave none");
    } else if (kind == LabelKind.BINARY && problems.isEmpty()) {
      checkClasses(data, problems);
    } else if (kind == LabelKind.MULTICLASS && problems.isEmpty()) {
      checkManyClasses(data, problems);
    } else if (kind == LabelKind.NOT_NEGATIVE && total.labelSum == 0 && problems.isEmpty()) {
      problems.add(
          "data.label: column "
              + data.label().column()
              + " is 0 in every training row of positive weight; the best mean is 0, whose"
              + " logarithm no model reaches: give rows with events");
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  /** The same of a DataFrame, whose owner knows nothing of a configuration. */
  void checkVectors() {
    List<String> problems = new ArrayList<>();
    if (total.bad > 0) {
      problems.add(
          total.bad + " of " + (total.rows[0] + total.bad) + " rows cannot be used; mend them");
      total.examples.stream().limit(10).forEach(bad -> problems.add(bad.describe()));
    } else if (total.rows[0] == 0) {
      problems.add("there are no rows to train on");
    }
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
  }

  private void checkClasses(DataSpec data, List<String> problems) {
    String column = data.label().column();
    String wanted = data.label().positive();
    Map<String, Long> counts = total.labels;
    boolean text = schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType;
    String found = classes(counts);
    if (counts.size() == 1) {
      problems.add(
          "data.label: column "
              + column
              + " has one class only, "
              + found
              + "; two are needed to tell apart");
    } else if (counts.size() > 2 && wanted == null) {
      problems.add(
          "data.label: column "
              + column
              + " has "
              + labels()
              + " values, "
              + found
              + "; model: logistic needs two: name one, label: {column: "
              + column
              + ", positive: …}, against all others, or use model: multinomial for "
              + (total.moreLabels
                  ? "up to " + RawPartition.Summary.MOST_LABELS + " classes"
                  : "each as a class")
              + " or model: linear for numbers");
    } else if (wanted != null) {
      positive = text ? wanted : number(wanted);
      if (positive == null || !counts.containsKey(positive)) {
        problems.add(
            "data.label.positive: "
                + wanted
                + " is no value of column "
                + column
                + "; its values are "
                + found);
      }
    } else if (text) {
      problems.add(
          "data.label: column "
              + column
              + " holds texts, "
              + found
              + "; say which is 1: label: {column: "
              + column
              + ", positive: …}");
    } else {
      positive =
          counts.keySet().stream()
              .max(Comparator.comparingDouble(Double::parseDouble))
              .orElseThrow();
    }
    List<String> others =
        counts.keySet().stream().filter(label -> !label.equals(positive)).toList();
    negative = others.size() == 1 ? others.get(0) : "not " + positive;
    if (others.size() > 1 && problems.isEmpty()) {
      warnings.add(
          "column "
              + column
              + " has "
              + (others.size() + 1)
              + " values: "
              + positive
              + " is 1, all others are 0");
    }
  }

  private String labels() {
    return total.moreLabels || total.labels.size() > RawPartition.Summary.MOST_LABELS
        ? "more than " + RawPartition.Summary.MOST_LABELS
        : Integer.toString(total.labels.size());
  }

  /** Classes in the order of their values: numbers by size, texts by their letters. */
  private void checkManyClasses(DataSpec data, List<String> problems) {
    String column = data.label().column();
    Map<String, Long> counts = total.labels;
    boolean text = schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType;
    if (data.label().positive() != null) {
      problems.add(
          "data.label.positive: model: multinomial has no positive class: remove it, or use model:"
              + " logistic for one class against all others");
    }
    if (counts.size() == 1) {
      problems.add(
          "data.label: column "
              + column
              + " has one class only, "
              + classes(counts)
              + "; two are needed to tell apart");
    } else if (total.moreLabels || counts.size() > RawPartition.Summary.MOST_LABELS) {
      problems.add(
          "data.label: column "
              + column
              + " has "
              + labels()
              + " values, "
              + classes(counts)
              + "; model: multinomial has weights for each of up to "
              + RawPartition.Summary.MOST_LABELS
              + " classes: group the rare ones, or use model: linear for numbers");
    }
    if (problems.isEmpty()) {
      Comparator<String> order =
          text ? Comparator.naturalOrder() : Comparator.comparingDouble(Double::parseDouble);
      List<String> sorted = counts.keySet().stream().sorted(order).toList();
      many =
          text
              ? sorted
              : sorted.stream().map(label -> Cells.shown(Double.parseDouble(label))).toList();
      List<String> few =
          counts.entrySet().stream()
              .filter(label -> label.getValue() < FEW_ROWS)
              .map(label -> label.getKey() + " (" + label.getValue() + ")")
              .toList();
      if (!few.isEmpty()) {
        warnings.add(
            few.size()
                + " classes of column "
                + column
                + " have fewer than "
                + FEW_ROWS
                + " training rows: "
                + String.join(", ", few.subList(0, Math.min(6, few.size())))
                + (few.size() > 6 ? ", …" : ""));
      }
    }
  }

  private static @Nullable String number(String text) {
    try {
      return Double.toString(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return text.equals("true") ? "1.0" : text.equals("false") ? "0.0" : null;
    }
  }

  private static String classes(Map<String, Long> counts) {
    List<String> shown = new ArrayList<>();
    counts.forEach((label, count) -> shown.add(label + " (" + count + " rows)"));
    return shown.size() <= 6
        ? String.join(", ", shown)
        : String.join(", ", shown.subList(0, 6)) + ", …";
  }

  /** Fits the encoding; columns that tell nothing are dropped with a warning. */
  Encoding encoding(LabelKind kind, List<String> notes) {
    rankings = IntStream.range(0, levels.size()).parallel().mapToObj(this::ranking).toList();
    List<Encoding.Column> encoded = new ArrayList<>();
    List<Integer> used = new ArrayList<>();
    Map<Long, String> positions = new HashMap<>();
    for (int c = 0; c < plan.numeric().size(); c++) {
      String name = plan.numeric().get(c).feature();
      ColumnStatistics statistics = total.numeric[c];
      if (statistics.nan > 0) {
        warnings.add("column " + name + ": " + statistics.nan + " NaN were read as missing");
      }
      if (statistics.isEmpty()) {
        warnings.add("column " + name + " has no value in any training row: dropped");
        drop(name, Kind.NUMERIC, statistics);
      } else if (statistics.minimum == statistics.maximum && statistics.missing == 0) {
        warnings.add(
            "column " + name + " is " + statistics.minimum + " in all training rows: dropped");
        drop(name, Kind.NUMERIC, statistics);
      } else {
        String twin = positions.putIfAbsent(statistics.positions, name);
        if (twin != null) {
          warnings.add("columns " + twin + " and " + name + " are equal in every training row");
        }
        used.add(c);
      }
    }
    int flags = used.size();
    for (int c : used) {
      ColumnStatistics statistics = total.numeric[c];
      int flag = statistics.missing > 0 ? flags++ : -1;
      FeatureSpec.Numeric column = plan.numeric().get(c);
      encoded.add(
          new Encoding.Column(
              Kind.NUMERIC,
              List.of(column.column()),
              encoded.size(),
              1,
              statistics.mean(),
              flag,
              0,
              List.of(),
              null,
              null,
              column.transform()));
      columns.add(
          new ColumnSummary(
              column.feature(),
              Kind.NUMERIC,
              flag < 0 ? 1 : 2,
              statistics.missing,
              statistics.mean(),
              statistics.deviation(),
              statistics.minimum,
              statistics.maximum,
              null));
    }
    int next = flags;
    for (int c = 0; c < plan.dictionaries().size(); c++) {
      List<String> inputs = List.of(plan.dictionaries().get(c).column());
      next = dictionary(c, Kind.CATEGORICAL, inputs, next, encoded, notes);
    }
    for (int c = 0; c < plan.hashed().size(); c++) {
      FeatureSpec.Categorical hashed = plan.hashed().get(c);
      List<String> inputs = List.of(hashed.column());
      next =
          buckets(
              Kind.HASHED, inputs, hashed.hashBits(), next, seen(c, inputs.get(0), notes), encoded);
    }
    for (int k = 0; k < plan.crosses().size(); k++) {
      int c = plan.dictionaries().size() + k;
      next = dictionary(c, Kind.CROSS, plan.crosses().get(k), next, encoded, notes);
    }
    if (plan.vector() != null) {
      SeenFeatures entries = seen(RawPartition.VECTOR, plan.vector(), notes);
      Sequence sequence = plan.sequence();
      int longest = sequence == null ? total.vectorSize : sequence.size(total.vectorSize);
      int size = entries == null ? longest : entries.size();
      encoded.add(
          new Encoding.Column(
              Kind.VECTOR,
              List.of(plan.vector()),
              next,
              size,
              0,
              -1,
              0,
              List.of(),
              entries,
              sequence == null ? null : sequence.of(size),
              NumericTransform.NONE));
      columns.add(
          new ColumnSummary(plan.vector(), Kind.VECTOR, size, 0, null, null, null, null, null));
      next += size;
    }
    if (next == 0) {
      throw new DataException(
          "no feature is left: every column is constant or empty; " + String.join("; ", warnings));
    }
    String one = kind == LabelKind.BINARY ? positive : null;
    return new Encoding(encoded, schema.libsvm(), one, many, plan.missing());
  }

  /** How the values of training rows are distributed, of numeric columns by their sample. */
  Profile profile() {
    List<Profile.Column> profiled = new ArrayList<>();
    long rows = total.rows[RowReader.TRAIN];
    for (int c = 0; c < plan.numeric().size() && sampled() > 0; c++) {
      profiled.add(numericProfile(c, rows));
    }
    for (int c = 0; c < levels.size(); c++) {
      if (!total.overflown[c]) {
        Kind kind = c < plan.dictionaries().size() ? Kind.CATEGORICAL : Kind.CROSS;
        profiled.add(
            new Profile.Levels(
                plan.dictionaryName(c), kind, levels.get(c).counts(), total.nulls[c], rows));
      }
    }
    return new Profile(profiled);
  }

  private int sampled() {
    return samples.stream().mapToInt(Sample::size).sum();
  }

  private Profile.Column numericProfile(int c, long rows) {
    float[] values = new float[sampled()];
    double[] weights = new double[values.length];
    int next = 0;
    for (Sample part : samples) {
      for (int i = 0; i < part.size(); i++) {
        values[next] = part.values()[c][i];
        weights[next++] = (double) part.rows() / part.size();
      }
    }
    double missing = rows == 0 ? 0 : (double) total.numeric[c].missing / rows;
    return Profile.Numbers.of(plan.numeric().get(c).feature(), values, weights, missing);
  }

  /** The columns that are numbered by what training rows have, each with its width. */
  Map<Integer, Integer> wide() {
    Map<Integer, Integer> wide = new TreeMap<>();
    for (int c = 0; c < plan.hashed().size(); c++) {
      if (1 << plan.hashed().get(c).hashBits() > SeenFeatures.WIDE) {
        wide.put(c, 1 << plan.hashed().get(c).hashBits());
      }
    }
    boolean whole = plan.sequence() == null; // else places are steps
    if (plan.vector() != null && whole && total.vectorSize > SeenFeatures.WIDE) {
      wide.put(RawPartition.VECTOR, total.vectorSize);
    }
    return wide;
  }

  private @Nullable SeenFeatures seen(int column, String name, List<String> notes) {
    SeenFeatures entries = seen.get(column);
    if (entries != null) {
      notes.add(
          String.format(
              Locale.ROOT,
              "column %s has room for %,d features; the %,d that training rows have are features",
              name,
              wide().get(column),
              entries.size()));
    }
    return entries;
  }

  private void drop(String name, Kind kind, ColumnStatistics statistics) {
    columns.add(new ColumnSummary(name, kind, 0, statistics.missing, null, null, null, null, null));
  }

  private record Level(String name, long count) {
    /** The most frequent first, those that are as frequent by their names. */
    static final Comparator<Level> ORDER =
        (a, b) -> a.count != b.count ? Long.compare(b.count, a.count) : a.name.compareTo(b.name);
  }

  /**
   * The levels of a column that are features, in their order.
   *
   * @param garbled whether bytes of a level are not UTF-8
   */
  private record Ranking(List<Level> levels, boolean garbled) {}

  private Ranking ranking(int c) {
    Dictionary counted = levels.get(c);
    boolean crossed = c >= plan.dictionaries().size();
    long minCount = crossed ? 1 : plan.dictionaries().get(c).minCount();
    List<Level> sorted = new ArrayList<>();
    boolean garbled = false;
    long rare = 0;
    for (int code = 0; code < counted.size() && !total.overflown[c]; code++) {
      Level level = new Level(counted.level(code), counted.countOf(code));
      garbled |= level.name().indexOf('\uFFFD') >= 0;
      if (level.count() < minCount) {
        rare += level.count();
      } else {
        sorted.add(level);
      }
    }
    if (total.nulls[c] > 0) {
      sorted.add(new Level(Encoding.MISSING, total.nulls[c]));
    }
    if (rare > 0) {
      sorted.add(new Level(Encoding.RARE, rare));
    }
    sorted.sort(Level.ORDER);
    return new Ranking(sorted, garbled);
  }

  private int dictionary(
      int c,
      Kind kind,
      List<String> inputs,
      int next,
      List<Encoding.Column> encoded,
      List<String> notes) {
    String name = plan.dictionaryName(c);
    if (total.overflown[c]) {
      notes.add(
          "column "
              + name
              + " has more than "
              + RawPartition.Summary.MOST_LEVELS
              + " levels: hashed into 2^"
              + HASH_BITS
              + " features");
      Kind hashed = kind == Kind.CROSS ? kind : Kind.HASHED;
      return buckets(hashed, inputs, HASH_BITS, next, null, encoded);
    }
    Ranking ranking = rankings.get(c);
    List<Level> sorted = ranking.levels();
    if (kind == Kind.CATEGORICAL && ranking.garbled()) {
      warnings.add(
          "column "
              + name
              + " holds bytes that are not UTF-8; set data.options: {encoding: ISO-8859-1} or"
              + " convert the file");
    }
    long distinct = levels.get(c).size();
    if (sorted.size() < 2) {
      warnings.add(
          "column "
              + name
              + (distinct == 0
                  ? " has no value in any training row: dropped"
                  : " has one level in all training rows: dropped"));
      columns.add(
          new ColumnSummary(name, kind, 0, total.nulls[c], null, null, null, null, distinct));
      return next;
    }
    if (kind == Kind.CATEGORICAL && distinct > 0.5 * total.rows[0] && distinct > 100) {
      warnings.add(
          "column "
              + name
              + " has "
              + distinct
              + " levels in "
              + total.rows[0]
              + " rows: is it a key? name it under data.keys or data.ignore");
    }
    encoded.add(
        new Encoding.Column(
            kind,
            inputs,
            next,
            sorted.size(),
            0,
            -1,
            0,
            sorted.stream().map(Level::name).toList(),
            null));
    columns.add(
        new ColumnSummary(
            name, kind, sorted.size(), total.nulls[c], null, null, null, null, distinct));
    return next + sorted.size();
  }

  private int buckets(
      Kind kind,
      List<String> inputs,
      int bits,
      int next,
      @Nullable SeenFeatures entries,
      List<Encoding.Column> encoded) {
    int size = entries == null ? 1 << bits : entries.size();
    String name = String.join(FeaturePlan.CROSS, inputs);
    encoded.add(new Encoding.Column(kind, inputs, next, size, 0, -1, bits, List.of(), entries));
    columns.add(new ColumnSummary(name, kind, size, 0, null, null, null, null, null));
    return next + size;
  }

  /**
   * Corrects the numbers of rows to those that have a label of a class: a held-out row may have one
   * that no training row has.
   */
  void keep(long[] rows) {
    long unknown = 0;
    for (int split = 0; split < rows.length; split++) {
      unknown += total.rows[split] - rows[split];
      total.rows[split] = rows[split];
    }
    if (unknown > 0) {
      warnings.add(
          unknown
              + " held-out rows have a label in column "
              + schema.labelName()
              + " that no training row has: they are predicted, and counted in no metric");
    }
  }

  IngestReport report(Encoding encoding, Moments moments, List<String> notes, double seconds) {
    boolean classes = !encoding.classes().isEmpty();
    double mean = classes ? Double.NaN : moments.label() / moments.weight();
    LabelKind kind =
        classes
            ? LabelKind.MULTICLASS
            : encoding.positive() == null ? LabelKind.REAL : LabelKind.BINARY;
    return new IngestReport(
        total.rows[0],
        total.rows[1],
        total.rows[2],
        total.bad,
        String.format(Locale.ROOT, "%016x%016x", total.fingerprint, total.fingerprintToo),
        warnings,
        List.copyOf(notes),
        columns,
        new LabelSummary(
            String.valueOf(schema.labelName()),
            kind,
            encoding.positive(),
            negative,
            mean,
            classes
                ? Double.NaN
                : Math.sqrt(Math.max(0, moments.labelSquares() / moments.weight() - mean * mean))),
        seconds);
  }
}
