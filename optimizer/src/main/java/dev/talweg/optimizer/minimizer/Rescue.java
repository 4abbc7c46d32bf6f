package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.objective.Evaluation;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Where a first-order method goes back to when its value or gradient is no longer finite: once, to
 * parameters that were good, with an empty memory and half of every step from there on. It is part
 * of the state, so that a resumed run is rescued to the same bits.
 *
 * <p>The parameters are those of the start, then of each {@value #EVERY}th step whose value is not
 * beyond twice that of the ones before: what blows up does so over some steps, and its last finite
 * numbers are no place to go back to.
 *
 * @param factor of all steps: 1, and ½ after a rescue
 * @param step of the parameters
 * @param value there
 * @param parameters not to be changed
 * @param event what happened, for people; empty as long as nothing did
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record Rescue(double factor, long step, double value, double[] parameters, String event) {
  private static final long EVERY = 100;

  /** Back to the start. */
  static Rescue to(double[] start, double value) {
    return new Rescue(1, 0, value, start.clone(), "");
  }

  /** Whether a run went back already. */
  public boolean used() {
    return factor < 1;
  }

  /** After a step: perhaps to its parameters. */
  Rescue after(long reached, double there, double[] moved) {
    boolean good = reached % EVERY == 0 && there <= value + Math.abs(value);
    return used() || !good ? this : new Rescue(factor, reached, there, moved.clone(), event);
  }

  /** Gone back, at a step, because of what was found there. */
  Rescue used(long reached, String found) {
    return new Rescue(
        0.5,
        step,
        value,
        parameters,
        String.format(
            Locale.ROOT,
            "step %d: %s; went back to the parameters of step %d, with half of the rate from there"
                + " on",
            reached,
            found,
            step));
  }

  /**
   * What is not finite, in which partitions, in which slice; empty where all is.
   *
   * @param norm of the whole gradient
   * @param partitions asked for only then, since it takes the step again
   */
  static String failure(
      Evaluation at, double norm, Supplier<List<Integer>> partitions, ParameterLayout layout) {
    if (Double.isFinite(at.value()) && Double.isFinite(norm)) {
      return "";
    }
    StringBuilder text = new StringBuilder("the objective is ").append(at.value());
    text.append(" and the norm of its gradient ").append(norm);
    List<Integer> where = partitions.get();
    if (!where.isEmpty()) {
      text.append(" in partition ").append(where.get(0));
      text.append(where.size() > 1 ? " and " + (where.size() - 1) + " more" : "");
    }
    for (Slice slice : layout.slices()) {
      double own = Vectors.norm(at.gradient(), slice);
      if (!Double.isFinite(own)) {
        return text.append(", that of ").append(slice.name()).append(" is ").append(own).toString();
      }
    }
    return text.toString();
  }
}
