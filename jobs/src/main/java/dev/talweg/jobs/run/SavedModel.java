package dev.talweg.jobs.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.talweg.datasets.DataException;
import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Ingested;
import dev.talweg.datasets.LabelKind;
import dev.talweg.datasets.Scorer;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Nets;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.SoftmaxModel;
import dev.talweg.optimizer.net.Net;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntUnaryOperator;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
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
 * @param kind of model, as in configurations
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
    String kind,
    String lossName,
    Map<String, Object> lossParameters,
    String label,
    @Nullable String positive,
    @Nullable String weight,
    DataSpec.@Nullable Offset offset,
    List<String> keys) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;

  static SavedModel of(RunConfig config, Ingested data, double[] parameters) {
    return new SavedModel(
        data.encoding(),
        parameters,
        config.model().kind(),
        config.model().loss(),
        config.model().parameters(),
        config.data().label().column(),
        config.data().label().positive(),
        config.data().weight(),
        config.data().offset(),
        config.data().keys());
  }

  /** The model that the parameters are of. */
  public Model model() {
    return isNet()
        ? net()
        : isMultinomial()
            ? softmax()
            : new LinearModel(
                Catalog.loss(lossName, new Settings(lossParameters)), encoding.dimension());
  }

  /** What labels are to the model. */
  LabelKind labels() {
    return isMultinomial()
        ? LabelKind.MULTICLASS
        : LabelKind.of(Catalog.loss(lossName, new Settings(lossParameters)));
  }

  boolean isNet() {
    return Nets.isNet(kind);
  }

  private Net net() {
    return NetTraining.model(kind, lossName, new Settings(lossParameters), encoding.outline());
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
      ByteBuffer some = ByteBuffer.allocate(1024 * Double.BYTES);
      for (int at = 0; at < parameters.length; at++) {
        some.putDouble(parameters[at]);
        if (!some.hasRemaining() || at == parameters.length - 1) {
          digest.update(some.flip());
          some.clear();
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** What executors score with. */
  public Scorer scorer() {
    return isMultinomial()
        ? new ClassScorer(model(), new SoftmaxLoss(encoding.classes().size()), parameters, encoding)
        : new MarginScorer(
            model(), Catalog.loss(lossName, new Settings(lossParameters)), parameters);
  }

  private record MarginScorer(Model model, PointwiseLoss loss, double[] parameters)
      implements Scorer {
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
          .add(loss.classifies() ? "probability" : "value", DataTypes.DoubleType);
    }

    @Override
    public List<@Nullable Object> predict(double[] margins, int row) {
      return List.of(margins[row], loss.predict(margins[row]));
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
   * The rows of {@code model/}.
   *
   * @param deviations of the features among the training rows, population standard
   * @param curvature the objective's second derivative along each parameter, or empty
   */
  ModelTable table(double[] deviations, double[] curvature) {
    if (isNet()) {
      Net net = net();
      return new ModelTable(
          encoding, net.layout().slices(), parameters, deviations, curvature, net::feature);
    }
    int margins = model().margins();
    return new ModelTable(
        encoding, List.of(), parameters, deviations, curvature, at -> at / margins);
  }

  /** Writes {@code model/} and {@code model.json} below a directory. */
  void write(FileSystem files, Path directory, ModelTable table) {
    table.write(files, new Path(directory, "model"));
    try (OutputStream out = files.create(new Path(directory, "model.json"), true)) {
      out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description()));
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write", directory, e);
    }
  }

  private ObjectNode description() throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("model", isNet() ? kind : isMultinomial() ? Training.MULTINOMIAL : "linear");
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
   * Loads the model of a run: JSON and Parquet of the columns that a model has, nothing else,
   * whatever the files are.
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
              .schema(ModelTable.SCHEMA)
              .parquet(new Path(directory, "model").toString())
              .select("index", "level", "value")
              .collectAsList());
    } catch (DataException e) {
      throw e;
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare
      throw new DataException(
          run
              + ": the model cannot be read: "
              + RunDirectory.reason(e)
              + "; its files are not those that Talweg wrote: copy them again, or train it again");
    }
  }

  private static SavedModel of(JsonNode json, List<Row> rows) {
    double[] parameters = new double[rows.size()];
    Encoding.Outline outline = Encoding.outline(json.path("encoding").toString());
    Map<String, Object> lossParameters = new LinkedHashMap<>();
    json.path("loss")
        .properties()
        .forEach(
            entry -> {
              if (!entry.getKey().equals("kind")) {
                lossParameters.put(entry.getKey(), plain(entry.getValue()));
              }
            });
    String kind = json.path("model").asText();
    String loss = json.path("loss").path("kind").asText();
    int margins = Math.max(1, outline.classes());
    int expected = (outline.dimension() + 1) * margins;
    IntUnaryOperator features = at -> at / margins;
    if (Nets.isNet(kind)) {
      Net net = NetTraining.model(kind, loss, new Settings(lossParameters), outline);
      expected = net.layout().dimension();
      features = net::feature;
    }
    if (rows.size() != expected) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "there are %d parameters, its columns and layers have %d",
              rows.size(),
              expected));
    }
    @Nullable String[] levels = new @Nullable String[outline.dimension()];
    for (Row row : rows) {
      int index = (int) row.getLong(0);
      parameters[index] = row.getDouble(2);
      int feature = features.applyAsInt(index);
      if (feature >= 0 && feature < levels.length) {
        levels[feature] = row.getString(1);
      }
    }
    List<String> keys = new ArrayList<>();
    json.path("keys").forEach(key -> keys.add(key.asText()));
    return new SavedModel(
        Encoding.fromJson(json.path("encoding").toString(), levels),
        parameters,
        kind,
        loss,
        lossParameters,
        json.path("label").asText(),
        text(json, "positive"),
        text(json, "weight"),
        offset(json.path("offset")),
        keys);
  }

  /** A number, a text, a flag, or a list or a block of them. */
  private static Object plain(JsonNode json) {
    if (json.isObject()) {
      Map<String, Object> block = new LinkedHashMap<>();
      json.properties().forEach(entry -> block.put(entry.getKey(), plain(entry.getValue())));
      return block;
    }
    if (json.isArray()) {
      List<Object> list = new ArrayList<>();
      json.forEach(each -> list.add(plain(each)));
      return list;
    }
    return json.isTextual()
        ? json.asText()
        : json.isBoolean() ? (Object) json.asBoolean() : (Object) json.asDouble();
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
