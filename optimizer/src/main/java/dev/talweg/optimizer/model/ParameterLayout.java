package dev.talweg.optimizer.model;

import java.io.Serializable;
import java.util.List;

/**
 * Named slices of one flat parameter vector, in order and without gaps.
 *
 * @param slices at least one
 */
public record ParameterLayout(List<Slice> slices) {

  /**
   * A run of parameters that belong together.
   *
   * @param penalized whether ridge and decay act on it: an intercept is spared
   */
  public record Slice(String name, int from, int length, boolean penalized)
      implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  public ParameterLayout {
    slices = List.copyOf(slices);
    int next = 0;
    for (Slice slice : slices) {
      if (slice.from() != next || slice.length() < 0) {
        throw new IllegalArgumentException(
            "slice " + slice.name() + " starts at " + slice.from() + ", not at " + next);
      }
      next += slice.length();
    }
  }

  /** Number of parameters. */
  public int dimension() {
    Slice last = slices.get(slices.size() - 1);
    return last.from() + last.length();
  }

  /** The slice that parameter {@code index} is in. */
  public Slice at(int index) {
    return slices.stream()
        .filter(slice -> index < slice.from() + slice.length())
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no parameter " + index));
  }
}
