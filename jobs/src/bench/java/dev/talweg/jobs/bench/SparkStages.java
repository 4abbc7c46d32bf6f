package dev.talweg.jobs.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.FeatureHasher;
import org.apache.spark.ml.feature.Imputer;
import org.apache.spark.ml.feature.OneHotEncoder;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;

/**
 * What spark.ml makes features of raw columns with.
 *
 * @param numbers columns of type double, nulls allowed
 * @param texts columns of strings
 */
record SparkStages(List<String> numbers, List<String> texts) {
  private static final int HASHED = 1 << 18;

  /** Imputer, then FeatureHasher into 2^18 features. */
  List<PipelineStage> hasher() {
    List<PipelineStage> stages = new ArrayList<>(imputer());
    List<String> inputs = new ArrayList<>(made("__filled", numbers));
    inputs.addAll(texts);
    stages.add(
        new FeatureHasher()
            .setInputCols(inputs.toArray(String[]::new))
            .setNumFeatures(HASHED)
            .setOutputCol("features"));
    return stages;
  }

  /** Imputer, StringIndexer, OneHotEncoder, VectorAssembler: a feature per level. */
  List<PipelineStage> indexer() {
    List<PipelineStage> stages = new ArrayList<>(imputer());
    List<String> inputs = new ArrayList<>(made("__filled", numbers));
    if (!texts.isEmpty()) {
      String[] indexed = made("__index", texts).toArray(String[]::new);
      List<String> encoded = made("__hot", texts);
      stages.add(
          new StringIndexer()
              .setInputCols(texts.toArray(String[]::new))
              .setOutputCols(indexed)
              .setHandleInvalid("keep"));
      stages.add(
          new OneHotEncoder()
              .setInputCols(indexed)
              .setOutputCols(encoded.toArray(String[]::new))
              .setDropLast(false));
      inputs.addAll(encoded);
    }
    stages.add(
        new VectorAssembler().setInputCols(inputs.toArray(String[]::new)).setOutputCol("features"));
    return stages;
  }

  private List<PipelineStage> imputer() {
    if (numbers.isEmpty()) {
      return List.of();
    }
    return List.of(
        new Imputer()
            .setInputCols(numbers.toArray(String[]::new))
            .setOutputCols(made("__filled", numbers).toArray(String[]::new)));
  }

  /** Names of made columns, which no source has. */
  private static List<String> made(String what, List<String> of) {
    String[] names = new String[of.size()];
    Arrays.setAll(names, k -> what + k);
    return List.of(names);
  }
}
