package dev.talweg.jobs.run;

import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.naming.Glob;
import dev.talweg.optimizer.objective.Standardization;
import java.util.List;

/**
 * The slices of a model that a configuration freezes, an intercept that it has not among them.
 *
 * <p>An optimizer works in standardized coordinates, from which and back a number may lose its last
 * bit; so what is frozen is written into the model as it was given.
 */
record FrozenSlices(List<Slice> all, List<Slice> frozen) {

  static FrozenSlices of(RunConfig config, Model model) {
    List<Slice> all = model.layout().slices();
    List<String> globs = config.frozen();
    return new FrozenSlices(all, all.stream().filter(slice -> isOneOf(slice, globs)).toList());
  }

  /** Whether a slice has one of these names. */
  static boolean isOneOf(Slice slice, List<String> globs) {
    return globs.stream().anyMatch(glob -> new Glob(glob).matches(slice.name()));
  }

  List<String> names() {
    return frozen.stream().map(Slice::name).toList();
  }

  /** Writes the frozen parameters of {@code start} into others. */
  double[] restored(double[] start, double[] parameters) {
    double[] restored = parameters.clone();
    for (Slice slice : frozen) {
      System.arraycopy(start, slice.from(), restored, slice.from(), slice.length());
    }
    return restored;
  }

  /**
   * Coordinates in which what is frozen does not move: a centred column moves its mean into the
   * first biases, so where these are frozen and its weights are not, columns are scaled alone.
   */
  Standardization in(Standardization coordinates) {
    boolean biasesAlone = frozen.contains(all.get(1)) && !frozen.contains(all.get(0));
    return biasesAlone ? coordinates.uncentred() : coordinates;
  }
}
