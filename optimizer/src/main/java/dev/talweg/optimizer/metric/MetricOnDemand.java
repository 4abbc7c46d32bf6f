package dev.talweg.optimizer.metric;

import dev.talweg.optimizer.metric.Metric.Labels;
import dev.talweg.optimizer.metric.Metric.Sense;
import java.util.Optional;
import java.util.Set;

/**
 * A metric that is computed only where it is asked for, since sums of one pass do not tell it.
 *
 * @param name in kebab case; one with an argument is asked for as {@code NAME@ARGUMENT}
 * @param labels that it is for
 * @param needs what it costs beside the pass that predicts
 * @param measure how it is measured
 */
public record MetricOnDemand<M>(
    String name,
    Argument argument,
    Set<Labels> labels,
    Sense sense,
    String needs,
    String summary,
    M measure) {

  /** What stands after the {@code @}. */
  public enum Argument {
    /** Nothing. */
    NONE("", ""),
    /** How many rows are looked at. */
    ROWS("@ROWS", "a whole number ≥ 1"),
    /** The same, or all rows. */
    ROWS_OR_ALL("[@ROWS]", "a whole number ≥ 1"),
    /** How many groups rows fall into. */
    GROUPS("@GROUPS", "a whole number ≥ 1"),
    /** A share of the weight. */
    SHARE("@SHARE", "a number between 0 and 1"),
    /** A power of the variance. */
    POWER("@POWER", "a number that is not between 0 and 1");

    private final String form;
    private final String range;

    Argument(String form, String range) {
      this.form = form;
      this.range = range;
    }

    private boolean allows(double value) {
      return switch (this) {
        case NONE -> false;
        case ROWS, ROWS_OR_ALL, GROUPS -> value >= 1 && value == Math.rint(value) && value < 1e9;
        case SHARE -> value > 0 && value < 1;
        case POWER -> Double.isFinite(value) && (value <= 0 || value >= 1);
      };
    }
  }

  /** The name with the form of its argument. */
  public String form() {
    return name + argument.form;
  }

  /**
   * The metric with its argument, where it is the one that was asked for.
   *
   * @throws IllegalArgumentException where it is, with another argument than it can have
   */
  public Optional<AskedMetric<M>> asked(String asked) {
    int at = asked.indexOf('@');
    if (!name.equals(at < 0 ? asked : asked.substring(0, at))) {
      return Optional.empty();
    }
    double value = Double.POSITIVE_INFINITY;
    boolean allowed = argument == Argument.NONE || argument == Argument.ROWS_OR_ALL;
    if (at >= 0) {
      try {
        value = Double.parseDouble(asked.substring(at + 1));
        allowed = argument.allows(value);
      } catch (NumberFormatException e) {
        allowed = false;
      }
    }
    if (!allowed) {
      throw new IllegalArgumentException(
          argument == Argument.NONE
              ? asked + ": this metric has no argument; write " + name
              : asked + ": write " + form() + ", with " + argument.range + " after the @");
    }
    return Optional.of(new AskedMetric<>(asked, value, measure));
  }
}
