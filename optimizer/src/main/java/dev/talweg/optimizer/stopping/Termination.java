package dev.talweg.optimizer.stopping;

import java.util.Locale;

/** How a run ended: an outcome with the measurement that made it, never an exception. */
public sealed interface Termination {

  /** Whether the optimum was reached as asked. */
  boolean success();

  /** The status in {@code run.json}: converged, exhausted or failed. */
  String status();

  /** One sentence for people. */
  String describe();

  /** A criterion fell to its tolerance. */
  record Converged(String criterion, double measured, double tolerance) implements Termination {
    @Override
    public boolean success() {
      return true;
    }

    @Override
    public String status() {
      return "converged";
    }

    @Override
    public String describe() {
      return String.format(
          Locale.ROOT, "converged: %s %.1e is at most %.1e", criterion, measured, tolerance);
    }
  }

  /** A budget ran out first. */
  record Exhausted(String budget, long limit) implements Termination {
    @Override
    public boolean success() {
      return false;
    }

    @Override
    public String status() {
      return "exhausted";
    }

    @Override
    public String describe() {
      return "stopped: " + budget + " reached its limit of " + limit;
    }
  }

  /** The run could not go on: a number that is not finite, or a search that found no descent. */
  record Failed(String why) implements Termination {
    @Override
    public boolean success() {
      return false;
    }

    @Override
    public String status() {
      return "failed";
    }

    @Override
    public String describe() {
      return "failed: " + why;
    }
  }
}
