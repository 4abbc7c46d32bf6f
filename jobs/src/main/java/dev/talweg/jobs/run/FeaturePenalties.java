package dev.talweg.jobs.run;

import dev.talweg.datasets.DataException;
import dev.talweg.datasets.Encoding;
import dev.talweg.datasets.Feature;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.naming.Glob;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;

/**
 * The configuration's penalty as one number per feature: l2_j = λ₂ f_j σ_j² and l1_j = λ₁ f_j σ_j
 * for a feature that is penalized on its standardized scale with the factor f_j, where the weight
 * of the standardized feature is σ_j w_j; σ_j = 1 for the others. Bounds are those of w_j itself.
 *
 * <p>Factors and bounds name columns or features; what is written later overrides.
 */
final class FeaturePenalties {
  private static final String FACTORS = "penalty.factors";
  private static final String BOUNDS = "penalty.bounds";

  private FeaturePenalties() {}

  /** The names and globs of columns or features that a penalty has, by key. */
  static Map<String, Set<String>> names(RunConfig.Penalty penalty) {
    Map<String, Set<String>> names = new LinkedHashMap<>();
    names.put(FACTORS, penalty.factors().keySet());
    names.put(BOUNDS, penalty.bounds().keySet());
    return names;
  }

  /**
   * @throws DataException where a name of factors or bounds is no feature's
   */
  static Penalty of(RunConfig.Penalty penalty, Encoding encoding, Moments moments) {
    int d = encoding.dimension();
    double[] factors = new double[d];
    Arrays.fill(factors, 1);
    boolean bounded = !penalty.bounds().isEmpty();
    double[] lower = new double[bounded ? d : 0];
    double[] upper = new double[bounded ? d : 0];
    Arrays.fill(lower, Double.NEGATIVE_INFINITY);
    Arrays.fill(upper, Double.POSITIVE_INFINITY);
    List<String> problems = new ArrayList<>();
    each(FACTORS, penalty.factors(), encoding, problems, (f, j) -> factors[j] = f);
    each(
        BOUNDS,
        penalty.bounds(),
        encoding,
        problems,
        (range, j) -> {
          lower[j] = range.lower();
          upper[j] = range.upper();
        });
    if (!problems.isEmpty()) {
      throw new DataException(problems);
    }
    double[] l2 = new double[d];
    double[] l1 = new double[penalty.l1() > 0 ? d : 0];
    for (int j = 0; j < d; j++) {
      double deviation = deviation(penalty.standardize(), encoding, moments, j);
      l2[j] = penalty.l2() * factors[j] * deviation * deviation;
      if (l1.length > 0) {
        l1[j] = penalty.l1() * factors[j] * deviation;
      }
    }
    return new Penalty(l2, l1, lower, upper);
  }

  /** σ_j of a feature that is penalized on its standardized scale, where it has one; else 1. */
  private static double deviation(
      RunConfig.Standardize standardize, Encoding encoding, Moments moments, int j) {
    boolean standardized =
        switch (standardize) {
          case ALL -> true;
          case NUMERIC -> j < encoding.numeric();
          case NONE -> false;
        };
    double deviation = standardized ? moments.deviation(j) : 1;
    return deviation > 0 ? deviation : 1;
  }

  private static <T> void each(
      String key,
      Map<String, T> byName,
      Encoding encoding,
      List<String> problems,
      ObjIntConsumer<T> set) {
    byName.forEach(
        (name, value) -> {
          Glob glob = new Glob(name);
          boolean found = false;
          for (int j = 0; j < encoding.dimension(); j++) {
            Feature feature = encoding.feature(j);
            if (glob.matches(feature.column()) || glob.matches(feature.name())) {
              set.accept(value, j);
              found = true;
            }
          }
          if (!found) {
            problems.add(key + ": no column or feature " + name + remedy(name, encoding));
          }
        });
  }

  private static String remedy(String name, Encoding encoding) {
    Set<String> columns = new LinkedHashSet<>();
    Set<String> known = new LinkedHashSet<>();
    for (int j = 0; j < encoding.dimension() && known.size() < 10_000; j++) {
      columns.add(encoding.feature(j).column());
      known.add(encoding.feature(j).name());
    }
    known.addAll(columns);
    return NearestName.of(name, known)
        .map(near -> "; did you mean " + near + "?")
        .orElse("; columns with features are " + String.join(", ", columns));
  }
}
