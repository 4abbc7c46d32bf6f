package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.MultinomialProblem;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code optimizer: auto}: chooses by what is known of a problem before the first step. The rules
 * and the measurements behind them are in docs/decisions/0008.
 *
 * <p>Newton-CG is never chosen: on every set measured it took as many passes or up to 3.6 times
 * those of L-BFGS with a dense block. Newton-Cholesky takes fewer steps than L-BFGS, but a Gram
 * matrix at every one of them.
 */
public record Automatic() {
  /** From so many features on, and rows, a block of {@value #LARGE_BLOCK} pays. */
  private static final int MANY_FEATURES = 10_000;

  private static final long MANY_ROWS = 200_000;
  private static final int LARGE_BLOCK = 1200;

  /** So many rows of so many values each have a Gram matrix that is dear beside a sample's. */
  private static final long MANY_TO_SAMPLE = 2L * LinearProblem.SAMPLED_ROWS;

  private static final int MANY_VALUES = 50;

  /** By then a run to 1e-4 is done on clicks, and the diagonal was free: docs/decisions/0008. */
  private static final int LARGE_BLOCK_AFTER = 4;

  /**
   * What is known.
   *
   * @param rows of the training set
   * @param entries values other than 0 that they have, at most
   * @param features d
   * @param leastPenalty the smallest λ_j of a weight
   */
  public record Facts(long rows, long entries, int features, double leastPenalty) {
    /** Of the training rows that these are the moments of. */
    public static Facts of(Moments moments, double leastPenalty) {
      return new Facts(moments.rows(), moments.entries(), moments.sums().length, leastPenalty);
    }

    private long perRow() {
      return entries / Math.max(1, rows);
    }

    /** Whether columns, and not levels of a few, are what features are. */
    private boolean isFull() {
      return 4 * perRow() >= features;
    }
  }

  /**
   * What was chosen.
   *
   * @param <M> its kind
   * @param optimizer its name in the catalog
   * @param settings all of its parameters
   * @param why half a sentence
   */
  public record Choice<M extends Minimizer<?, ?>>(
      M minimizer, String optimizer, Map<String, Object> settings, String why) {
    /** For people: what and why. */
    public String describe() {
      return "optimizer: auto chose " + optimizer + " " + settings + ": " + why;
    }
  }

  /** The same facts always give the same choice: a resumed run makes it again. */
  public Choice<Lbfgs> choose(Facts facts) {
    // l1 and bounds have another default optimizer, and do not come here
    if (facts.features() <= LinearProblem.EXACT_CURVATURE) {
      if (facts.perRow() >= MANY_VALUES
          && facts.rows() >= MANY_TO_SAMPLE
          && facts.leastPenalty() > 0) {
        return ofSample(
            LinearProblem.EXACT_CURVATURE,
            "with "
                + facts.features()
                + " features, at most "
                + LinearProblem.EXACT_CURVATURE
                + ", the whole curvature matrix is worth having, but not of all rows: with "
                + facts.perRow()
                + " values each, "
                + MANY_VALUES
                + " or more, it costs more than the passes it saves beside one of a sample");
      }
      return lbfgs(
          LinearProblem.EXACT_CURVATURE,
          "with "
              + facts.features()
              + " features, at most "
              + LinearProblem.EXACT_CURVATURE
              + ", the whole curvature matrix is worth its pass");
    }
    if (facts.leastPenalty() == 0) {
      return lbfgs(
          0, "a weight without a penalty may be free in a sample: the diagonal knows all rows");
    }
    if (facts.isFull()) {
      return facts.features() <= LARGE_BLOCK
          ? ofSample(
              LARGE_BLOCK,
              "rows have "
                  + facts.perRow()
                  + " of "
                  + facts.features()
                  + " features, at most "
                  + LARGE_BLOCK
                  + ": a whole curvature matrix of a sample saves most passes")
          : lbfgs(
              0,
              "rows have "
                  + facts.perRow()
                  + " of "
                  + facts.features()
                  + " features, more than "
                  + LARGE_BLOCK
                  + ": a dense block of some columns misleads more than the diagonal");
    }
    if (facts.features() >= MANY_FEATURES && facts.rows() >= MANY_ROWS) {
      return lbfgs(
          LARGE_BLOCK,
          LARGE_BLOCK_AFTER,
          "of "
              + facts.features()
              + " features the "
              + LARGE_BLOCK
              + " most frequent get a dense block after "
              + LARGE_BLOCK_AFTER
              + " steps of the free diagonal: over "
              + facts.rows()
              + " rows the passes saved cost more than its factor");
    }
    return lbfgs(
        LinearProblem.EXACT_CURVATURE,
        "of "
            + facts.features()
            + " features the "
            + LinearProblem.EXACT_CURVATURE
            + " most frequent get a dense block");
  }

  private static Choice<Lbfgs> ofSample(int block, String why) {
    Map<String, Object> settings = lbfgs(block, 0);
    settings.put("block-of", "sample");
    return lbfgs(settings, why);
  }

  /** For a margin for each class and a ridge alone. */
  public Choice<Lbfgs> ofClasses(int classes, int features) {
    boolean shared = features <= MultinomialProblem.SHARED;
    return lbfgs(
        shared ? MultinomialProblem.SHARED : 0,
        "of the methods for a ridge it is the one with curvature and a margin for each of "
            + classes
            + " classes; "
            + features
            + (shared ? " features share one curvature matrix" : " features have a diagonal each"));
  }

  /** For a loss whose kinks are not smoothed. */
  public Choice<?> ofKinks(String loss) {
    Map<String, Object> settings = defaults("cocoa");
    return new Choice<>(
        entry("cocoa").factory().apply(new Settings(settings)),
        "cocoa",
        settings,
        "the dual of "
            + loss
            + " has no kinks to pass, and its multipliers certify the optimum; the fewer partitions,"
            + " the fewer rounds");
  }

  private static Choice<Lbfgs> lbfgs(int block, String why) {
    return lbfgs(block, 0, why);
  }

  private static Choice<Lbfgs> lbfgs(int block, int after, String why) {
    return lbfgs(lbfgs(block, after), why);
  }

  private static Choice<Lbfgs> lbfgs(Map<String, Object> settings, String why) {
    return new Choice<>(Catalog.lbfgs(new Settings(settings)), "lbfgs", settings, why);
  }

  private static Map<String, Object> lbfgs(int block, int after) {
    Map<String, Object> settings = defaults("lbfgs");
    settings.put("block", (long) block);
    settings.put("block-after", (long) after);
    return settings;
  }

  private static Map<String, Object> defaults(String optimizer) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Parameter parameter : entry(optimizer).parameters()) {
      Object byDefault = parameter.byDefault();
      if (byDefault != null) {
        settings.put(parameter.name(), byDefault);
      }
    }
    return settings;
  }

  private static Entry<Minimizer<?, ?>> entry(String name) {
    return Catalog.optimizers().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
