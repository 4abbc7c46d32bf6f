package dev.talweg.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.talweg.datasets.DataException;
import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Feature;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.Scorer;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A trained linear or multinomial model as its run directory holds it: the table {@code model/},
 * one row per parameter, and {@code model.json} with the rest of the encoding. Loading reads
 * Parquet and JSON only.
 *
 * @param parameters d weights, then the intercept; or as many for each class as {@link
 *     SoftmaxModel} has them
 * @param lossName the loss's name in configurations, and its parameters
 * @param label the label's column, which {@code evaluate} reads
 * @param positive the class that is 1; null where labels are numbers
 * @param weight the column of row weights, if there was one
 * @param offset what margins had beside features and intercept, which new rows need too
 * @param keys columns that are copied to predictions
 */
public record SavedModel(
    Encoding encoding,
    double[] parameters,
    String lossName,
    Map<String, Object> lossParameters,
    String label,
    @Nullable String positive,
    @Nullable String weight,
    DataSpec.@Nullable Offset offset,
    List<String> keys) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;
  private static final int ROWS_PER_TASK = 1 << 18;
  private static final StructType SCHEMA =
      new StructType()
          .add("slice", DataTypes.StringType, false)
          .add("index", DataTypes.LongType, false)
          .add("feature", DataTypes.StringType, false)
          .add("column", DataTypes.StringType)
          .add("level", DataTypes.StringType)
          .add("value", DataTypes.DoubleType, false)
          .add("deviation", DataTypes.DoubleType)
          .add("curvature", DataTypes.DoubleType)
          .add("class", DataTypes.StringType);

  /** The model that the parameters are of. */
  public Model model() {
    return isMultinomial()
        ? softmax()
        : new LinearModel(Losses.of(lossName, new Settings(lossParameters)), encoding.dimension());
  }

  /** What labels are to the model. */
  LabelKind labels() {
    return isMultinomial() ? LabelKind.MULTICLASS : LabelKind.of(((LinearModel) model()).loss());
  }

  private boolean isMultinomial() {
    return !encoding.classes().isEmpty();
  }

  private SoftmaxModel softmax() {
    return new SoftmaxModel(new SoftmaxLoss(encoding.classes().size()), encoding.dimension());
  }

  /** The SHA-256 of the parameters' bits: equal for equal models, and for no others. */
  static String fingerprint(double[] parameters) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer buffer = ByteBuffer.allocate(Double.BYTES);
      for (double parameter : parameters) {
        digest.update(buffer.putDouble(0, parameter).array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What executors score with. */
  public Scorer scorer() {
    return isMultinomial()
        ? new ClassScorer(softmax(), parameters, encoding)
        : new LinearScorer((LinearModel) model(), parameters);
  }

  private record LinearScorer(LinearModel model, double[] parameters) implements Scorer {
    private static final long serialVersionUID = 1L;

    @Override
    public int width() {
      return 1;
    }

    @Override
    public void margins(Block block, double[] margins) {
      model.predict(block, 0, block.rows(), parameters, margins);
    }

    @Override
    public StructType columns() {
      return new StructType()
          .add("margin", DataTypes.DoubleType)
          .add(model.loss().classifies() ? "probability" : "value", DataTypes.DoubleType);
    }

    @Override
    public List<@Nullable Object> predict(double[] margins, int row) {
      return List.of(margins[row], model.loss().predict(margins[row]));
    }
  }

  /** Weights by the name of their feature and class, and intercepts under their own name. */
  Map<String, Double> byFeature() {
    Map<String, Double> values = new LinkedHashMap<>();
    List<String> suffixes = suffixes(encoding);
    for (int at = 0; at < parameters.length; at++) {
      int j = at / suffixes.size();
      String name = j < encoding.dimension() ? encoding.feature(j).name() : INTERCEPT;
      values.put(name + suffixes.get(at % suffixes.size()), parameters[at]);
    }
    return values;
  }

  /** What tells the weights of one feature apart: a text for each class, or one that is empty. */
  static List<String> suffixes(Encoding encoding) {
    return encoding.classes().isEmpty()
        ? List.of("")
        : encoding.classes().stream().map(name -> " of class " + name).toList();
  }

  static final String INTERCEPT = "(intercept)";

  /**
   * Writes {@code model/} and {@code model.json} below a directory.
   *
   * @param deviations of the features among the training rows, population standard
   * @param curvature the objective's second derivative along each parameter, or empty
   */
  void write(
      SparkSession spark,
      FileSystem files,
      Path directory,
      double[] deviations,
      double[] curvature) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    Broadcast<SavedModel.Table> table =
        context.broadcast(new Table(encoding, parameters, deviations, curvature));
    try {
      List<Integer> starts = new ArrayList<>();
      for (int start = 0; start < parameters.length; start += ROWS_PER_TASK) {
        starts.add(start);
      }
      JavaRDD<Row> rows =
          context
              .parallelize(starts, starts.size())
              .flatMap(start -> table.value().rows(start).iterator());
      spark.createDataFrame(rows, SCHEMA).write().parquet(new Path(directory, "model").toString());
    } finally {
      table.destroy();
    }
    try (OutputStream out = files.create(new Path(directory, "model.json"), true)) {
      out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description()));
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write", directory, e);
    }
  }

  private record Table(
      Encoding encoding, double[] parameters, double[] deviations, double[] curvature)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    List<Row> rows(int start) {
      int d = encoding.dimension();
      List<String> classes = encoding.classes();
      int margins = Math.max(1, classes.size());
      List<Row> rows = new ArrayList<>();
      for (int at = start; at < Math.min(parameters.length, start + ROWS_PER_TASK); at++) {
        Double second = curvature.length == 0 ? null : (Double) curvature[at];
        String ofClass = classes.isEmpty() ? null : classes.get(at % margins);
        int j = at / margins;
        if (j < d) {
          Feature feature = encoding.feature(j);
          rows.add(
              RowFactory.create(
                  "weights",
                  (long) at,
                  feature.name(),
                  feature.column(),
                  feature.level(),
                  parameters[at],
                  deviations[j],
                  second,
                  ofClass));
        } else {
          rows.add(
              RowFactory.create(
                  "intercept",
                  (long) at,
                  INTERCEPT,
                  null,
                  null,
                  parameters[at],
                  null,
                  second,
                  ofClass));
        }
      }
      return rows;
    }
  }

  private ObjectNode description() throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("model", isMultinomial() ? Training.MULTINOMIAL : "linear");
    ObjectNode loss = json.putObject("loss");
    loss.put("kind", lossName);
    loss.setAll((ObjectNode) JSON.valueToTree(lossParameters));
    json.put("label", label);
    json.put("positive", positive);
    json.put("weight", weight);
    if (offset != null) {
      json.putObject("offset")
          .put("column", offset.column())
          .put("form", offset.form().name().toLowerCase(Locale.ROOT));
    }
    json.set("keys", JSON.valueToTree(keys));
    json.set("encoding", JSON.readTree(encoding.toJson()));
    return json;
  }

  /**
   * Loads the model of a run.
   *
   * @param run the output directory of a run
   * @throws DataException where there is none
   */
  public static SavedModel load(SparkSession spark, String run) {
    Path directory = new Path(run);
    try {
      FileSystem files = directory.getFileSystem(spark.sparkContext().hadoopConfiguration());
      Path description = new Path(directory, "model.json");
      if (!files.exists(description)) {
        throw new DataException(
            run + ": no model.json there; give the output directory of a finished run");
      }
      JsonNode json;
      try (InputStream in = files.open(description)) {
        json = JSON.readTree(in);
      }
      if (json.path("format").asInt() != FORMAT) {
        throw new DataException(
            run
                + ": model.json has format "
                + json.path("format").asText()
                + ", this version reads "
                + FORMAT);
      }
      return of(
          json,
          spark
              .read()
              .schema(SCHEMA)
              .parquet(new Path(directory, "model").toString())
              .select("index", "level", "value")
              .collectAsList());
    } catch (IOException e) {
      throw new DataException(
          run + ": the model cannot be read: " + RunDirectory.reason(e) + "; train it again");
    }
  }

  private static SavedModel of(JsonNode json, List<Row> rows) {
    double[] parameters = new double[rows.size()];
    int margins = Math.max(1, json.path("encoding").path("classes").size());
    @Nullable String[] levels = new @Nullable String[rows.size() / margins - 1];
    for (Row row : rows) {
      int index = (int) row.getLong(0);
      parameters[index] = row.getDouble(2);
      if (index / margins < levels.length) {
        levels[index / margins] = row.getString(1);
      }
    }
    Map<String, Object> lossParameters = new LinkedHashMap<>();
    json.path("loss")
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("kind")) {
                lossParameters.put(entry.getKey(), entry.getValue().asDouble());
              }
            });
    List<String> keys = new ArrayList<>();
    json.path("keys").forEach(key -> keys.add(key.asText()));
    return new SavedModel(
        Encoding.fromJson(json.path("encoding").toString(), levels),
        parameters,
        json.path("loss").path("kind").asText(),
        lossParameters,
        json.path("label").asText(),
        text(json, "positive"),
        text(json, "weight"),
        offset(json.path("offset")),
        keys);
  }

  private static DataSpec.@Nullable Offset offset(JsonNode json) {
    return json.isMissingNode()
        ? null
        : new DataSpec.Offset(
            json.path("column").asText(),
            DataSpec.Offset.Form.valueOf(json.path("form").asText().toUpperCase(Locale.ROOT)));
  }

  private static @Nullable String text(JsonNode json, String field) {
    return json.path(field).isTextual() ? json.path(field).asText() : null;
  }
}
