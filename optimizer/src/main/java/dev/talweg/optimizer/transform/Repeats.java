package dev.talweg.optimizer.transform;

/**
 * Which batch the gradient of a step is of, for rules that want several gradients of the same one:
 * some batches in a row are gone through, as often as is wanted, before the next ones come.
 *
 * @param times gradients of a batch, at least 1
 * @param run batches in a row, at least 1
 */
public record Repeats(long times, long run) {
  /** A new batch at every step. */
  public static final Repeats NONE = new Repeats(1, 1);

  public Repeats {
    Ranges.checkCount("times", times);
    Ranges.checkCount("run", run);
  }

  /** The batch of a step, both counted from 0. */
  public long batch(long step) {
    return step / round() * run + step % run;
  }

  /** Steps until new batches come. */
  public long round() {
    return times * run;
  }

  /** The first step from this one on that begins with new batches. */
  public long anew(long step) {
    return (step + round() - 1) / round() * round();
  }
}
