package dev.talweg.optimizer.objective;

/**
 * As what the numbers of a gradient travel from partitions to where they are added up. They are
 * added up as doubles, in the order of partitions, either way.
 *
 * <p><b>Error of {@link #FLOAT}.</b> Partition p sends fl(g_pj) in place of g_pj, rounded once to
 * the nearest float. So the sum over partitions is off by at most
 *
 * <p>|Σ_p fl(g_pj) − Σ_p g_pj| ≤ Σ_p max(2⁻²⁴ |g_pj|, 2⁻¹⁵⁰),
 *
 * <p>half a unit in the last of 24 digits, and half the least float where g_pj is below 2⁻¹²⁶; the
 * sum in doubles adds no more than it does to doubles. Near an optimum, where the terms of
 * different partitions cancel, this is small against Σ_p |g_pj| and not against the gradient: a run
 * cannot come nearer than that. Partitions that hold a number no float can (from 2¹²⁸ on) send
 * doubles.
 *
 * <p>Sums over all rows — of the loss, of its derivative by an intercept — stay doubles, since a
 * line search compares them, and so does whatever a certificate is made of.
 *
 * <p>What a partition sends is a function of its own rows: the bits of a run do not depend on the
 * number of executors, nor on whether anything had to travel.
 */
public enum Wire {
  /** 8 bytes a number, and no error. */
  DOUBLE {
    @Override
    public SparseArray sent(SparseArray terms, int exact) {
      return terms;
    }
  },

  /** 4 bytes a number. */
  FLOAT {
    @Override
    public SparseArray sent(SparseArray terms, int exact) {
      return terms.rounded(exact);
    }
  };

  /**
   * What a partition sends; the array is handed over.
   *
   * @param exact how many numbers at the end of the array stay as they are
   */
  public abstract SparseArray sent(SparseArray terms, int exact);
}
