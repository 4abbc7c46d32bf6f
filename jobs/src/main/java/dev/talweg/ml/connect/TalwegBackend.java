package dev.talweg.ml.connect;

import dev.talweg.ml.classification.LinearSVC;
import dev.talweg.ml.classification.LogisticRegression;
import dev.talweg.ml.classification.MultilayerPerceptronClassifier;
import dev.talweg.ml.regression.GeneralizedLinearRegression;
import dev.talweg.ml.regression.LinearRegression;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.sql.connect.plugin.MLBackendPlugin;

/**
 * Has a Connect server train {@code org.apache.spark.ml}'s estimators with Talweg, where {@code
 * spark.connect.ml.backend.classes} names this class: clients need neither Talweg nor another
 * import.
 */
public final class TalwegBackend implements MLBackendPlugin {
  /** Each of ours by the name of the class of Spark that it extends. */
  private static final Map<String, Class<?>> OURS =
      Stream.<Class<? extends Estimator<?>>>of(
              LogisticRegression.class,
              LinearSVC.class,
              MultilayerPerceptronClassifier.class,
              LinearRegression.class,
              GeneralizedLinearRegression.class)
          .collect(Collectors.toMap(c -> c.getSuperclass().getName(), Function.identity()));

  /** For the server, which makes one by reflection. */
  public TalwegBackend() {}

  @Override
  public Optional<String> transform(String name) {
    return Optional.ofNullable(OURS.get(name)).map(Class::getName);
  }
}
