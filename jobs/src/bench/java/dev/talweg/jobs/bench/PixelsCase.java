package dev.talweg.jobs.bench;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Matrix;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Fashion-MNIST, 60 000 × 784 pixels in [0, 1], ten classes → multinomial logistic regression. */
record PixelsCase() implements Case.Training {
  /** Which of the files. */
  enum Rows {
    TRAIN("train", "fashion-mnist.parquet"),
    TEST("t10k", "fashion-mnist-test.parquet");

    private final String files;
    private final String parquet;

    Rows(String files, String parquet) {
      this.files = files;
      this.parquet = parquet;
    }

    private Path images(Workspace workspace) {
      return workspace.set("fashion-mnist/" + files + "-images-idx3-ubyte.gz");
    }

    private Path labels(Workspace workspace) {
      return workspace.set("fashion-mnist/" + files + "-labels-idx1-ubyte.gz");
    }
  }

  private static final int PIXELS = 784;
  private static final int CLASSES = 10;
  private static final double L2 = 1e-4;

  @Override
  public String name() {
    return "pixels";
  }

  @Override
  public String what() {
    return "Fashion-MNIST, 60 000 × 784 pixels, ten classes, multinomial, λ = 1e-4; vectors "
        + "in Parquet → model.";
  }

  @Override
  public ToTargets comparison(Workspace workspace) {
    String parquet = prepared(workspace, Rows.TRAIN);
    Supplier<Dataset<Row>> rows =
        () -> workspace.spark().read().parquet(parquet).select("label", "features");
    String yaml =
        """
        data: {train: "%s", label: label}
        features: {vector: features}
        model: multinomial
        penalty: {l2: %s, standardize: none}
        """
            .formatted(parquet, L2);
    TalwegSide talweg =
        new TalwegSide(
            workspace.spark(),
            yaml,
            workspace.run(name()),
            TalwegSide.Form.SAME,
            run -> examined(rows.get(), table(workspace, run)));
    SparkLogistic spark =
        new SparkLogistic(
            "spark.ml",
            rows,
            List.of(),
            0,
            L2,
            trained ->
                examined(
                    rows.get(),
                    classes(
                        trained.regression().coefficientMatrix(),
                        trained.regression().interceptVector())));
    return new ToTargets(
        name(), List.of(talweg, spark), ToTargets.Yardstick.SHARED, List.of(1e-3, 1e-4), 200);
  }

  /** Weights of feature j and class k at j · classes + k, then the intercepts. */
  private static double[] table(Workspace workspace, Path run) {
    return ModelTable.parameters(workspace.spark(), run, (PIXELS + 1) * CLASSES);
  }

  private static double[] classes(Matrix weights, Vector intercepts) {
    double[] parameters = new double[(PIXELS + 1) * CLASSES];
    for (int k = 0; k < CLASSES; k++) {
      for (int j = 0; j < PIXELS; j++) {
        parameters[j * CLASSES + k] = weights.apply(k, j);
      }
      parameters[PIXELS * CLASSES + k] = intercepts.apply(k);
    }
    return parameters;
  }

  private static Map<String, Object> examined(Dataset<Row> rows, double[] parameters) {
    double penalty = 0;
    for (int j = 0; j < PIXELS * CLASSES; j++) {
      penalty += L2 / 2 * parameters[j] * parameters[j];
    }
    Broadcast<double[]> shared =
        JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext()).broadcast(parameters);
    List<double[]> sums =
        rows.toJavaRDD()
            .mapPartitions(
                part -> {
                  double[] sum = new double[2];
                  part.forEachRemaining(
                      row -> {
                        sum[0] += loss(row.getAs(1), (int) row.getDouble(0), shared.value());
                        sum[1]++;
                      });
                  return List.of(sum).iterator();
                })
            .collect();
    shared.destroy();
    double loss = sums.stream().mapToDouble(sum -> sum[0]).sum();
    double count = sums.stream().mapToDouble(sum -> sum[1]).sum();
    return Map.of("objective", loss / count + penalty);
  }

  private static double loss(Vector features, int label, double[] parameters) {
    double[] margins = new double[CLASSES];
    System.arraycopy(parameters, PIXELS * CLASSES, margins, 0, CLASSES);
    for (int j = 0; j < PIXELS; j++) {
      double x = features.apply(j);
      for (int k = 0; k < CLASSES; k++) {
        margins[k] += x * parameters[j * CLASSES + k];
      }
    }
    double most = Double.NEGATIVE_INFINITY;
    for (double margin : margins) {
      most = Math.max(most, margin);
    }
    double sum = 0;
    for (double margin : margins) {
      sum += Math.exp(margin - most);
    }
    return most + Math.log(sum) - margins[label];
  }

  static String prepared(Workspace workspace, Rows which) {
    Path files = workspace.data().resolve(which.parquet);
    if (!Files.exists(files.resolve("_SUCCESS"))) {
      StructType schema =
          new StructType().add("label", DataTypes.DoubleType).add("features", new VectorUDT());
      workspace
          .spark()
          .createDataFrame(read(which.images(workspace), which.labels(workspace)), schema)
          .repartition(4)
          .write()
          .mode("overwrite")
          .parquet(files.toString());
    }
    return files.toString();
  }

  private static List<Row> read(Path images, Path labels) {
    try (DataInputStream pixels = opened(images);
        DataInputStream classes = opened(labels)) {
      pixels.skipNBytes(4);
      int count = pixels.readInt();
      pixels.skipNBytes(8);
      classes.skipNBytes(8);
      List<Row> rows = new ArrayList<>();
      byte[] image = new byte[PIXELS];
      for (int i = 0; i < count; i++) {
        pixels.readFully(image);
        double[] values = new double[PIXELS];
        for (int j = 0; j < PIXELS; j++) {
          values[j] = (image[j] & 0xff) / 255.0;
        }
        double label = classes.readUnsignedByte();
        rows.add(RowFactory.create(label, Vectors.dense(values).compressed()));
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataInputStream opened(Path file) throws IOException {
    return new DataInputStream(
        new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file))));
  }
}
