package dev.talweg.jobs.run;

import dev.talweg.optimizer.minimizer.GradientFlow;
import dev.talweg.optimizer.minimizer.GradientState;
import dev.talweg.optimizer.minimizer.SliceFlow;
import dev.talweg.optimizer.minimizer.Symptoms;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Watches the gradients of a first-order run: what the table {@code slices/} holds, and the
 * warnings that follow. A resumed run is told again what it was told before, since run.json has all
 * of it.
 */
final class GradientWatch {
  /** About how many steps of a run are measured. */
  private static final long MEASURED = 200;

  /** Between two, where nothing bounds a run. */
  private static final long EVERY = 100;

  private final List<String> names;
  private final GradientFlow flow;
  private final Symptoms symptoms;
  private final Consumer<String> warnings;
  private final List<SliceFlow> flows = new ArrayList<>();
  private String event = "";

  /**
   * @param frozen slices that do not move, hence have no gradient to watch
   * @param limit steps of the run at most
   * @param stepsPerEpoch steps of the run that are an epoch
   */
  GradientWatch(
      Model model, FrozenSlices frozen, long limit, long stepsPerEpoch, Consumer<String> warnings) {
    this.names = model.layout().slices().stream().map(Slice::name).toList();
    long every = limit == Long.MAX_VALUE ? EVERY : Math.max(1, limit / MEASURED);
    this.flow = new GradientFlow(model, frozen.frozen(), every);
    this.symptoms = new Symptoms(stepsPerEpoch);
    this.warnings = warnings;
  }

  /** A state that was not there before. */
  void see(GradientState state) {
    List<SliceFlow> measured = flow.see(state);
    flows.addAll(measured);
    symptoms.see(state.step(), state.value(), state.gradientNorm(), measured).forEach(warnings);
    rescued(state);
  }

  /** The state that a run is resumed at. */
  void seeAgain(GradientState state) {
    flow.see(state);
    rescued(state);
  }

  private void rescued(GradientState state) {
    if (!state.rescue().event().equals(event)) {
      event = state.rescue().event();
      warnings.accept(event);
    }
  }

  /** What was seen until a checkpoint was written. */
  void restore(List<History.Entry> entries, History.Slices slices) {
    flows.addAll(slices.flows(names));
    int next = 0;
    for (History.Entry entry : entries) {
      int first = next;
      while (next < flows.size() && flows.get(next).step() == entry.step()) {
        next++;
      }
      symptoms
          .see(entry.step(), entry.objective(), entry.gradientNorm(), flows.subList(first, next))
          .forEach(warnings);
    }
  }

  /** What was measured until a step. */
  List<SliceFlow> until(long step) {
    return flows.stream().filter(each -> each.step() <= step).toList();
  }

  History.Slices slices(long step) {
    return History.Slices.of(until(step), names);
  }
}
