package dev.talweg.datasets;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which columns become features and how, as the configuration's {@code features} says it.
 *
 * <p>Where none of {@code numeric}, {@code categorical} and {@code vector} is given, they are
 * inferred from the schema: every column that is not label, weight, key or ignored. Where one is
 * given, only the named columns are used.
 *
 * @param numeric a missing value becomes the column's mean, and a flag feature is added
 * @param vector a spark.ml vector, an array of numbers or a sparse struct column
 * @param missing texts that stand for a missing number in a text column
 * @param sequence of the vector column, where rows have lengths of their own
 */
public record FeatureSpec(
    List<Numeric> numeric,
    List<Categorical> categorical,
    List<List<String>> crosses,
    @Nullable String vector,
    List<String> missing,
    @Nullable Sequence sequence) {

  /** Where rows of a vector are all alike. */
  public FeatureSpec(
      List<Numeric> numeric,
      List<Categorical> categorical,
      List<List<String>> crosses,
      @Nullable String vector,
      List<String> missing) {
    this(numeric, categorical, crosses, vector, missing, null);
  }

  /** The same where the rows of its vector are sequences. */
  public FeatureSpec with(Sequence of) {
    return new FeatureSpec(numeric, categorical, crosses, vector, missing, of);
  }

  /**
   * One numeric column, or several by a glob.
   *
   * @param transform of its numbers, where they are read
   */
  public record Numeric(String column, NumericTransform transform) implements Serializable {
    /** With its numbers as they are. */
    public Numeric(String column) {
      this(column, NumericTransform.NONE);
    }

    /** The name of its feature. */
    String feature() {
      return transform.named(column);
    }
  }

  /**
   * One categorical column, or several by a glob.
   *
   * @param hashBits 0 for a dictionary, else levels are hashed into 2^hashBits features
   * @param minCount levels rarer than this in the training rows share one feature
   */
  public record Categorical(String column, int hashBits, long minCount) implements Serializable {}

  /** The texts that stand for a missing number unless said otherwise. */
  public static final List<String> MISSING =
      List.of("", "NA", "N/A", "NaN", "nan", "null", "NULL", "?");

  public static FeatureSpec inferred() {
    return new FeatureSpec(List.of(), List.of(), List.of(), null, MISSING);
  }

  public boolean isInferred() {
    return numeric.isEmpty() && categorical.isEmpty() && vector == null;
  }
}
