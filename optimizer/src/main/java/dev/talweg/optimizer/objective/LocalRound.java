package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.transform.Chain;
import java.io.Serializable;

/**
 * What every partition does between two reductions: steps of its own, from common parameters, with
 * a common memory of the rule.
 *
 * <p>The batch of a local step is a partition's share of the batch that the cluster has at that
 * step, so as many local steps as batches are an epoch; or as often as the rule wants each of them
 * ({@link Chain#repeats}).
 *
 * <p>What comes back is sums, so that no average is averaged: of ω_p Δ_p, with Δ_p the way that
 * partition p went and ω_p its weight; of the weights themselves, where each coordinate has its
 * own; of the memory, ω_p times; and of ω_p, the loss and the weight of the rows.
 *
 * @param first local step, counted from 0 over all epochs
 * @param steps of the round, at least 1
 * @param memory the rule's state, as {@link RuleMemory} has it
 * @param factor of every step
 * @param plateau the learning rate that a plateau has come to; NaN where there is none
 * @param coordinates that the steps are taken in
 */
@SuppressWarnings("ArrayRecordComponent") // read only, never compared
public record LocalRound(
    Chain rule,
    Weighting weighting,
    long first,
    int steps,
    double[] parameters,
    double[] memory,
    double factor,
    double plateau,
    Standardization coordinates)
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** What the ways of partitions are averaged by. */
  public enum Weighting {
    /** All partitions alike. */
    PLAIN,
    /** By the weights of the rows that were used (McMahan et al. 2017). */
    COUNTS,
    /**
     * Each coordinate by the sum of its squared gradients: who saw a feature decides on its weight,
     * where a plain average shrinks what is rare (Agarwal, Chapelle, Dudík and Langford, JMLR 15
     * (2014), section 3).
     */
    ADAPTIVE
  }

  /** The same in other coordinates. */
  LocalRound in(Standardization others) {
    return new LocalRound(
        rule, weighting, first, steps, parameters, memory, factor, plateau, others);
  }

  /** Numbers that a partition sends. */
  public int length() {
    return atScalars() + 3;
  }

  /** Where the sums of squared gradients begin; there are none but for {@code ADAPTIVE}. */
  int atSquares() {
    return parameters.length;
  }

  int atMemory() {
    return parameters.length * (weighting == Weighting.ADAPTIVE ? 2 : 1);
  }

  /** Where Σω_p, the sum of losses with penalty and that of row weights are. */
  int atScalars() {
    return atMemory() + memory.length;
  }

  /** What the partitions made of it, of the sums over them. */
  public Outcome outcome(double[] sums) {
    int d = parameters.length;
    double total = sums[atScalars()] > 0 ? sums[atScalars()] : 1;
    double rows = sums[atScalars() + 2] > 0 ? sums[atScalars() + 2] : 1;
    double[] way = new double[d];
    for (int j = 0; j < d; j++) {
      double weight = weighting == Weighting.ADAPTIVE ? sums[atSquares() + j] : total;
      way[j] = weight == 0 ? 0 : sums[j] / weight;
    }
    double[] remembered = new double[memory.length];
    for (int k = 0; k < remembered.length; k++) {
      remembered[k] = sums[atMemory() + k] / total;
    }
    return new Outcome(sums[atScalars() + 1] / rows, way, remembered);
  }

  /**
   * Of all partitions.
   *
   * @param value the mean of loss and penalty over the rows of the round, each where its step began
   * @param way from the parameters to the average of where the partitions went
   * @param memory the average
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record Outcome(double value, double[] way, double[] memory) {}
}
