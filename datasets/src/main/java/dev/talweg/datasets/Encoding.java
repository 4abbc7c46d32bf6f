package dev.talweg.datasets;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.CsrBlock;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of a row become features and its label a number: a value, fitted on the training
 * rows.
 *
 * <p>Features, in order: one per numeric column; one flag per numeric column that had missing
 * values; the levels of each dictionary, the most frequent first; 2^bits buckets of each hashed
 * column; the levels of each cross; the entries of a vector column. So the numeric features are [0,
 * k), as {@link ColumnBlock} wants them.
 */
public final class Encoding implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What a level of its own stands for: no value. */
  static final String MISSING = "(missing)";

  /** Levels below a column's min-count share this one. */
  static final String RARE = "(rare)";

  private final List<Column> columns;
  private final int numeric;
  private final int dimension;
  private final boolean libsvm;
  private final @Nullable String positive;
  private final List<String> classes;
  private final List<String> missing;
  private final List<Object> classValues;
  private final Map<String, Integer> places = new HashMap<>();
  private transient @Nullable Map<String, Integer> classNumbers;
  private transient @Nullable List<LevelFeatures> dictionaries;

  /**
   * One column.
   *
   * @param inputs its columns in the data: several for a cross
   * @param first its first feature
   * @param size how many features it has
   * @param mean of a numeric column, in the place of missing values
   * @param flag the feature that says that the value is missing, or −1
   * @param bits of hashed columns and crosses
   * @param levels of a dictionary
   * @param seen of a wide column: its entries that are features; null where all are
   * @param sequence of a vector column, where rows have lengths of their own
   * @param transform of a numeric column
   */
  record Column(
      Kind kind,
      List<String> inputs,
      int first,
      int size,
      double mean,
      int flag,
      int bits,
      List<String> levels,
      @Nullable SeenFeatures seen,
      @Nullable Sequence sequence,
      NumericTransform transform)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    Column(
        Kind kind,
        List<String> inputs,
        int first,
        int size,
        double mean,
        int flag,
        int bits,
        List<String> levels,
        @Nullable SeenFeatures seen) {
      this(kind, inputs, first, size, mean, flag, bits, levels, seen, null, NumericTransform.NONE);
    }

    /** The feature of an entry of a vector or of a bucket, or −1 where it is none. */
    int feature(int entry) {
      if (seen == null) {
        return entry < size ? first + entry : -1;
      }
      int number = seen.number(entry);
      return number < 0 ? -1 : first + number;
    }

    /** The entry or bucket that the feature {@code first + k} is. */
    int entry(int k) {
      return seen == null ? k : seen.entry(k);
    }

    String name() {
      return String.join(FeaturePlan.CROSS, inputs);
    }
  }

  /**
   * @param positive the class that is 1, of two; null for others
   * @param classes the names of many classes in their order; empty for others
   * @param missing texts that stand for a missing number
   */
  Encoding(
      List<Column> columns,
      boolean libsvm,
      @Nullable String positive,
      List<String> classes,
      List<String> missing) {
    this.missing = List.copyOf(missing);
    this.classes = List.copyOf(classes);
    this.classValues = values(classes);
    this.columns = List.copyOf(columns);
    int last = 0;
    int numbers = 0;
    for (Column column : columns) {
      last = Math.max(last, Math.max(column.first() + column.size(), column.flag() + 1));
      numbers += column.kind() == Kind.NUMERIC ? 1 : 0;
    }
    for (int k = 0; k < columns.size(); k++) {
      places.putIfAbsent(columns.get(k).name(), k);
    }
    this.numeric = numbers;
    this.dimension = last;
    this.libsvm = libsvm;
    this.positive = positive;
  }

  List<Column> columns() {
    return columns;
  }

  boolean isLibsvm() {
    return libsvm;
  }

  /** The text or number of the class that is 1; null for real labels. */
  @Nullable String positive() {
    return positive;
  }

  /**
   * The classes of the label in the order of their values, numbers by size and texts by their
   * letters; empty where there are not many.
   */
  public List<String> classes() {
    return classes;
  }

  /** The type of a column that holds classes: numbers where all their names are. */
  public DataType classType() {
    return classValues.stream().allMatch(Double.class::isInstance)
        ? DataTypes.DoubleType
        : DataTypes.StringType;
  }

  /** Class k as Spark's rows hold it. */
  public Object classValue(int k) {
    return classValues.get(k);
  }

  private static List<Object> values(List<String> classes) {
    try {
      return List.copyOf(classes.stream().map(Double::valueOf).toList());
    } catch (NumberFormatException e) {
      return List.copyOf(classes.stream().map(UTF8String::fromString).toList());
    }
  }

  /** The number of the class that a label read is, of many; −1 if it is none. */
  double classOf(double read, RawPartition partition, RowSchema schema) {
    if (Double.isNaN(read)) {
      return read;
    }
    boolean text = schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType;
    String label = text ? partition.labels.level((int) read) : Cells.shown(read);
    return classNumbers().getOrDefault(label, -1);
  }

  private Map<String, Integer> classNumbers() {
    Map<String, Integer> numbers = classNumbers;
    if (numbers == null) {
      numbers = new HashMap<>();
      for (int k = 0; k < classes.size(); k++) {
        numbers.put(classes.get(k), k);
      }
      classNumbers = numbers;
    }
    return numbers;
  }

  /** Number of features. */
  public int dimension() {
    return dimension;
  }

  /** Which entry of its vector, or bucket of its column, the feature j is. */
  public int entry(int j) {
    for (Column column : columns) {
      if (j >= column.first() && j < column.first() + column.size()) {
        return column.entry(j - column.first());
      }
    }
    throw new IllegalArgumentException("feature " + j + " is not in [0, " + dimension + ")");
  }

  /**
   * The features of a column, one after the other: its flag is not among them.
   *
   * @param column its name, or those of a cross
   */
  public record Span(Kind kind, String column, int first, int size) {
    /** Whether each of them stands for a level, or for those of a bucket. */
    public boolean ofLevels() {
      return kind == Kind.CATEGORICAL || kind == Kind.HASHED || kind == Kind.CROSS;
    }
  }

  /**
   * What there is, without the names of levels and classes.
   *
   * @param spans by ascending features
   */
  public record Outline(int dimension, int classes, List<Span> spans) {}

  /** Without the levels. */
  public Outline outline() {
    return new Outline(
        dimension,
        classes.size(),
        columns.stream()
            .map(c -> new Span(c.kind(), c.name(), c.first(), c.size()))
            .sorted(Comparator.comparingInt(Span::first))
            .toList());
  }

  /** The same of what {@link #toJson} gave. */
  public static Outline outline(String json) {
    try {
      JsonNode node = new ObjectMapper().readTree(json);
      List<Span> spans = new ArrayList<>();
      int dimension = 0;
      for (JsonNode column : node.path("columns")) {
        List<String> inputs = new ArrayList<>();
        column.path("columns").forEach(name -> inputs.add(name.asText()));
        Kind kind = Kind.valueOf(column.path("kind").asText().toUpperCase(Locale.ROOT));
        int first = column.path("first").asInt();
        int size = column.path("size").asInt();
        spans.add(new Span(kind, String.join(FeaturePlan.CROSS, inputs), first, size));
        int last = Math.max(first + size, column.path("flag").asInt() + 1);
        dimension = Math.max(dimension, last);
      }
      spans.sort(Comparator.comparingInt(Span::first));
      return new Outline(dimension, node.path("classes").size(), List.copyOf(spans));
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static @Nullable Sequence sequence(JsonNode json, int size) {
    return json.isMissingNode()
        ? null
        : new Sequence(
            json.path("channels").asInt(),
            size,
            Sequence.Longer.valueOf(json.path("longer").asText().toUpperCase(Locale.ROOT)));
  }

  private static DataException unreadable(IOException e) {
    return new DataException("model.json cannot be read: " + e.getMessage() + "; train again");
  }

  /** How many features are numeric columns: those in {@code [0, numeric)}, and no others. */
  public int numeric() {
    return numeric;
  }

  /** What feature j is, in [0, dimension). */
  public Feature feature(int j) {
    for (Column column : columns) {
      if (j == column.flag()) {
        return new Feature(column.name() + " is missing", column.name(), null, Kind.FLAG);
      }
      if (j >= column.first() && j < column.first() + column.size()) {
        int k = j - column.first();
        if (!column.levels().isEmpty()) {
          String level = column.levels().get(k);
          String name = column.name() + "=" + level;
          return new Feature(name, column.name(), level, column.kind());
        }
        String level = column.seen() == null ? null : Integer.toString(column.entry(k));
        return switch (column.kind()) {
          case NUMERIC ->
              new Feature(
                  column.transform().named(column.name()), column.name(), null, Kind.NUMERIC);
          case VECTOR ->
              new Feature(
                  column.name() + "[" + column.entry(k) + "]", column.name(), level, Kind.VECTOR);
          default ->
              new Feature(
                  column.name() + "#" + column.entry(k), column.name(), level, column.kind());
        };
      }
    }
    throw new IllegalArgumentException("feature " + j + " is not in [0, " + dimension + ")");
  }

  /** The bucket of a hash among 2^bits. */
  static int bucket(long hash, int bits) {
    return (int) (RowReader.mix(hash) >>> (64 - bits));
  }

  /** The features of levels; what has no levels has an empty one. */
  List<LevelFeatures> dictionaries() {
    List<LevelFeatures> known = dictionaries;
    if (known == null) {
      known = columns.parallelStream().map(c -> new LevelFeatures(c.levels(), c.first())).toList();
      dictionaries = known;
    }
    return known;
  }

  /** Per dictionary of a partition, the feature of each of its codes; then that of a null. */
  int[][] features(FeaturePlan plan, Dictionary[] local) {
    int[][] features = new int[local.length][];
    for (int c = 0; c < local.length; c++) {
      int index = indexOf(plan.dictionaryName(c));
      if (index < 0) {
        features[c] = new int[local[c].size() + 1];
        Arrays.fill(features[c], -1);
      } else if (columns.get(index).bits() > 0) {
        features[c] = bucketFeatures(columns.get(index), local[c]);
      } else {
        features[c] = dictionaries().get(index).of(local[c]);
      }
    }
    return features;
  }

  private static int[] bucketFeatures(Column column, Dictionary local) {
    int[] features = new int[local.size() + 1];
    for (int code = 0; code < local.size(); code++) {
      features[code] = column.first() + bucket(local.hash(code), column.bits());
    }
    features[local.size()] = -1;
    return features;
  }

  /** The place of a column that is not dropped, or −1. */
  private int indexOf(String name) {
    return places.getOrDefault(name, -1);
  }

  /**
   * A block of the rows of a chunk that {@code picked} names, in that order.
   *
   * @param features of {@link #features}
   */
  Block block(FeaturePlan plan, RawChunk chunk, int[] picked, int[][] features, double[] labels) {
    double @Nullable [] weights = picked(chunk.weights, picked);
    double @Nullable [] offsets = picked(chunk.offsets, picked);
    float[] numbers = new float[numeric * picked.length];
    Fields fields = new Fields(picked.length, columns);
    List<String> read = plan.numericColumns();
    for (Column column : columns) {
      if (column.kind() == Kind.NUMERIC) {
        float[] values = chunk.numeric[read.indexOf(column.name())];
        numbers(values, picked, column, numbers);
        if (column.flag() >= 0) {
          flags(values, picked, column, fields);
        }
      }
    }
    int dictionaries = plan.dictionaries().size();
    for (int c = 0; c < dictionaries; c++) {
      levels(plan, chunk, picked, features, c, fields);
    }
    for (int c = 0; c < plan.hashed().size(); c++) {
      Column column = columns.get(indexOf(plan.hashed().get(c).column()));
      int at = fields.next();
      for (int i = 0; i < picked.length; i++) {
        int bucket = chunk.buckets[c][picked[i]];
        fields.ids[at + i] = bucket < 0 ? -1 : column.feature(bucket);
      }
    }
    for (int c = dictionaries; c < dictionaries + plan.crosses().size(); c++) {
      levels(plan, chunk, picked, features, c, fields);
    }
    return chunk.starts.length == 0
        ? new ColumnBlock(
            picked.length,
            dimension,
            numeric,
            numbers,
            fields.count,
            fields.ids,
            labels,
            weights,
            offsets)
        : csrBlock(chunk, picked, numbers, fields, labels, weights, offsets);
  }

  /** The one feature of each row in each field, field after field. */
  private static final class Fields {
    final int rows;
    final int count;
    final int[] ids;
    private int filled;

    /** With room for a field for each column that has features to choose from, and each flag. */
    Fields(int rows, List<Column> columns) {
      this.rows = rows;
      int fields = 0;
      for (Column column : columns) {
        boolean one = column.kind() != Kind.NUMERIC && column.kind() != Kind.VECTOR;
        fields += one || column.flag() >= 0 ? 1 : 0;
      }
      this.count = fields;
      this.ids = new int[rows * fields];
    }

    /** Where the next field begins. */
    int next() {
      return rows * filled++;
    }
  }

  private static void numbers(float[] values, int[] picked, Column column, float[] numbers) {
    int at = column.first() * picked.length;
    for (int i = 0; i < picked.length; i++) {
      float value = values[picked[i]];
      numbers[at + i] = Float.isNaN(value) ? (float) column.mean() : value;
    }
  }

  private static void flags(float[] values, int[] picked, Column column, Fields fields) {
    int at = fields.next();
    for (int i = 0; i < picked.length; i++) {
      fields.ids[at + i] = Float.isNaN(values[picked[i]]) ? column.flag() : -1;
    }
  }

  private static double @Nullable [] picked(double[] values, int[] picked) {
    if (values.length == 0) {
      return null;
    }
    double[] chosen = new double[picked.length];
    for (int i = 0; i < picked.length; i++) {
      chosen[i] = values[picked[i]];
    }
    return chosen;
  }

  /** The field of dictionary c, unless its column was dropped. */
  private void levels(
      FeaturePlan plan, RawChunk chunk, int[] picked, int[][] features, int c, Fields fields) {
    if (indexOf(plan.dictionaryName(c)) >= 0) {
      int at = fields.next();
      int[] codes = chunk.codes[c];
      int[] meant = features[c];
      for (int i = 0; i < picked.length; i++) {
        int code = codes[picked[i]];
        fields.ids[at + i] = meant[code < 0 ? meant.length - 1 : code];
      }
    }
  }

  private Block csrBlock(
      RawChunk chunk,
      int[] picked,
      float[] numbers,
      Fields fields,
      double[] labels,
      double @Nullable [] weights,
      double @Nullable [] offsets) {
    Column vector = columns.get(columns.size() - 1);
    int rows = picked.length;
    boolean all = vector.seen() == null && chunk.widest() < vector.size();
    if (columns.size() == 1 && rows == chunk.rows && all) {
      return new CsrBlock(
          dimension, chunk.starts, chunk.indices, chunk.values, labels, weights, offsets);
    }
    int entries = 0;
    for (int row : picked) {
      entries += chunk.starts[row + 1] - chunk.starts[row] + numeric + fields.count;
    }
    int[] starts = new int[rows + 1];
    int[] indices = new int[entries];
    float[] values = new float[entries];
    int p = 0;
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < numeric; j++) {
        indices[p] = j;
        values[p++] = numbers[j * rows + i];
      }
      for (int f = i; f < fields.ids.length; f += rows) { // fields come by ascending features
        if (fields.ids[f] >= 0) {
          indices[p] = fields.ids[f];
          values[p++] = 1;
        }
      }
      for (int q = chunk.starts[picked[i]]; q < chunk.starts[picked[i] + 1]; q++) {
        int feature = vector.feature(chunk.indices[q]);
        if (feature >= 0) { // an entry that training never saw has no weight
          indices[p] = feature;
          values[p++] = chunk.values[q];
        }
      }
      starts[i + 1] = p;
    }
    return new CsrBlock(
        dimension,
        starts,
        Arrays.copyOf(indices, p),
        Arrays.copyOf(values, p),
        labels,
        weights,
        offsets);
  }

  /** The plan that reads another source in the same way. */
  FeaturePlan plan() {
    List<FeatureSpec.Numeric> numbers = new ArrayList<>();
    List<FeatureSpec.Categorical> levels = new ArrayList<>();
    List<FeatureSpec.Categorical> hashed = new ArrayList<>();
    List<List<String>> crosses = new ArrayList<>();
    String vector = null;
    Sequence sequence = null;
    for (Column column : columns) {
      switch (column.kind()) {
        case NUMERIC -> numbers.add(new FeatureSpec.Numeric(column.name(), column.transform()));
        case CATEGORICAL -> levels.add(new FeatureSpec.Categorical(column.name(), 0, 1));
        case HASHED -> hashed.add(new FeatureSpec.Categorical(column.name(), column.bits(), 1));
        case CROSS -> crosses.add(column.inputs());
        default -> {
          vector = column.name();
          sequence = column.sequence();
        }
      }
    }
    return new FeaturePlan(numbers, levels, hashed, crosses, vector, missing, sequence);
  }

  /** Everything but the levels of dictionaries, which {@link #feature} tells. */
  public String toJson() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("libsvm", libsvm);
    json.put("positive", positive);
    if (!classes.isEmpty()) {
      json.set("classes", mapper.valueToTree(classes));
    }
    if (!missing.equals(FeatureSpec.MISSING)) {
      json.set("missing", mapper.valueToTree(missing));
    }
    ArrayNode list = json.putArray("columns");
    for (Column column : columns) {
      ObjectNode node = list.addObject();
      node.put("kind", column.kind().text());
      node.set("columns", mapper.valueToTree(column.inputs()));
      node.put("first", column.first());
      node.put("size", column.size());
      node.put("mean", column.mean());
      node.put("flag", column.flag());
      node.put("bits", column.bits());
      node.put("seen", column.seen() != null);
      if (column.transform() != NumericTransform.NONE) {
        node.put("transform", column.transform().text());
      }
      Sequence sequence = column.sequence();
      if (sequence != null) {
        node.putObject("sequence")
            .put("channels", sequence.channels())
            .put("longer", sequence.longer().name().toLowerCase(Locale.ROOT));
      }
    }
    return json.toString();
  }

  /**
   * Reads what {@link #toJson} gave.
   *
   * @param levels the {@link Feature#level} of every feature
   */
  public static Encoding fromJson(String json, @Nullable String[] levels) {
    try {
      JsonNode node = new ObjectMapper().readTree(json);
      List<Column> columns = new ArrayList<>();
      for (JsonNode column : node.path("columns")) {
        List<String> inputs = new ArrayList<>();
        column.path("columns").forEach(name -> inputs.add(name.asText()));
        Kind kind = Kind.valueOf(column.path("kind").asText().toUpperCase(Locale.ROOT));
        int first = column.path("first").asInt();
        int size = column.path("size").asInt();
        List<String> own = new ArrayList<>();
        int bits = column.path("bits").asInt();
        boolean named = kind == Kind.CATEGORICAL || (kind == Kind.CROSS && bits == 0);
        for (int j = first; named && j < first + size; j++) {
          own.add(String.valueOf(levels[j]));
        }
        SeenFeatures seen = null;
        if (column.path("seen").asBoolean()) {
          int[] entries = new int[size];
          for (int k = 0; k < size; k++) {
            entries[k] = Integer.parseInt(String.valueOf(levels[first + k]));
          }
          seen = new SeenFeatures(entries);
        }
        columns.add(
            new Column(
                kind,
                inputs,
                first,
                size,
                column.path("mean").asDouble(),
                column.path("flag").asInt(),
                bits,
                own,
                seen,
                sequence(column.path("sequence"), size),
                NumericTransform.valueOf(
                    column.path("transform").asText("none").toUpperCase(Locale.ROOT))));
      }
      List<String> classes = new ArrayList<>();
      node.path("classes").forEach(name -> classes.add(name.asText()));
      List<String> missing = new ArrayList<>();
      node.path("missing").forEach(text -> missing.add(text.asText()));
      return new Encoding(
          columns,
          node.path("libsvm").asBoolean(),
          node.path("positive").isTextual() ? node.path("positive").asText() : null,
          classes,
          node.has("missing") ? missing : FeatureSpec.MISSING);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
