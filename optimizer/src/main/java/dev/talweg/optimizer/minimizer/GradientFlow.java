package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures the states of a first-order run slice by slice, at every so many of them.
 *
 * <p>It reads what a state has anyway: a few loops over the parameters at the steps that are
 * measured and at those before them, no product with the data. A unit is dead in a batch where the
 * parameter that is added before its activation has a gradient of exactly 0: no row got through.
 */
public final class GradientFlow {
  private final List<Slice> slices;
  private final List<String> units;
  private final long every;
  private double[] before = {};
  private double[] norms = {};
  private long step = Long.MIN_VALUE; // that they are of

  /**
   * @param every steps between two measurements, at least 1
   */
  public GradientFlow(Model model, long every) {
    this(model, List.of(), every);
  }

  /**
   * @param frozen slices that do not move
   * @param every steps between two measurements, at least 1
   */
  public GradientFlow(Model model, List<Slice> frozen, long every) {
    this.slices = new ArrayList<>(model.layout().slices());
    this.slices.removeAll(model.buffers()); // have no gradient
    this.slices.removeAll(frozen);
    this.units = model.units();
    this.every = every;
  }

  /** What the states of a run show: called for each in order, and for the one it is resumed at. */
  public List<SliceFlow> see(GradientState state) {
    double[] now = new double[slices.size()];
    boolean due = state.step() % every == 0;
    boolean next = (state.step() + 1) % every == 0;
    if (due || next) {
      for (int s = 0; s < now.length; s++) {
        now[s] = Vectors.norm(state.gradient(), slices.get(s));
      }
    }
    List<SliceFlow> flows = new ArrayList<>();
    for (int s = 0; due && s < now.length; s++) {
      flows.add(flow(s, state, now[s]));
    }
    if (next) {
      before = state.parameters().clone(); // a state's arrays are not to be kept
      norms = now;
      step = state.step();
    }
    return flows;
  }

  private SliceFlow flow(int s, GradientState state, double gradientNorm) {
    Slice slice = slices.get(s);
    double ratio = Double.NaN;
    double rate = Double.NaN;
    if (step == state.step() - 1) {
      double moved = moved(slice, state.parameters());
      double length = Vectors.norm(before, slice);
      double followed = state.gradientIs() == GradientState.Of.THE_STEP ? gradientNorm : norms[s];
      ratio = length > 0 ? moved / length : Double.NaN;
      rate = followed > 0 ? moved / followed : Double.NaN;
    }
    boolean hasUnits =
        units.contains(slice.name()) && state.gradientIs() == GradientState.Of.THE_PARAMETERS;
    return new SliceFlow(
        state.step(),
        slice.name(),
        gradientNorm,
        Vectors.norm(state.parameters(), slice),
        ratio,
        rate,
        hasUnits ? dead(slice, state.gradient()) : Double.NaN);
  }

  private double moved(Slice slice, double[] parameters) {
    double sum = 0;
    for (int j = slice.from(); j < slice.from() + slice.length(); j++) {
      double difference = parameters[j] - before[j];
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }

  private static double dead(Slice slice, double[] gradient) {
    int dead = 0;
    for (int j = slice.from(); j < slice.from() + slice.length(); j++) {
      dead += gradient[j] == 0 ? 1 : 0;
    }
    return slice.length() == 0 ? Double.NaN : (double) dead / slice.length();
  }
}
