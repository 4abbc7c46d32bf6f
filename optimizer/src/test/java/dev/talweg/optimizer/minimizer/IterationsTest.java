package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.GradientBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.stopping.Termination;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IterationsTest {

  /** Walks through the values it is given: the objective is the list of them. */
  record Walk() implements Minimizer<double[], Walk.State> {
    record State(long step, double value, double gradientNorm, String failure)
        implements Minimizer.State {
      @Override
      public double[] parameters() {
        return new double[0];
      }

      @Override
      public double stepLength() {
        return 1;
      }

      @Override
      public double gap() {
        return Double.NaN;
      }

      @Override
      public double gapEstimate() {
        return Double.NaN;
      }

      @Override
      public long probes() {
        return step;
      }

      @Override
      public boolean resumable() {
        return true;
      }
    }

    @Override
    public StateCodec<State> codec() {
      return StateCodec.of(State.class);
    }

    @Override
    public State start(double[] values, double[] parameters) {
      return new State(0, values[0], 1, "");
    }

    @Override
    public State next(double[] values, State state) {
      int step = (int) state.step() + 1;
      return step < values.length
          ? new State(step, values[step], 1.0 / (step + 1), "")
          : new State(state.step(), state.value(), state.gradientNorm(), "no values are left");
    }
  }

  private static final Walk WALK = new Walk();

  private static List<Iteration<Walk.State>> run(StoppingRule rule, double... values) {
    List<Iteration<Walk.State>> run = new ArrayList<>();
    new Iterations<>(WALK, values, WALK.start(values, new double[0]), rule)
        .forEachRemaining(run::add);
    return run;
  }

  @Test
  void theStartIsSeenAndOnlyTheLastStateEndsTheRun() {
    List<Iteration<Walk.State>> run = run(new MaxIterations(2), 3, 2, 1, 0);
    assertEquals(List.of(0L, 1L, 2L), run.stream().map(i -> i.state().step()).toList());
    assertEquals(Optional.empty(), run.get(1).termination());
    assertEquals(Optional.of(new Termination.Exhausted("iterations", 2)), run.get(2).termination());
  }

  @Test
  void aStartThatIsGoodEnoughIsTheWholeRun() {
    assertEquals(1, run(new GradientBelow(1), 0.5, 0.25).size());
  }

  @Test
  void aStateThatFailsEndsTheRunAndIsJudgedByNoRule() {
    List<Iteration<Walk.State>> run = run(new MaxIterations(9), 3, 2);
    assertEquals(
        Optional.of(new Termination.Failed("step 1: no values are left")),
        run.get(2).termination());
    assertEquals(3, run.size());
  }

  @Test
  void anObjectiveThatIsNotFiniteEndsTheRun() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      List<Iteration<Walk.State>> run = run(new MaxIterations(1), 3, bad, 1);
      assertEquals(
          Optional.of(new Termination.Failed("step 1: the objective is " + bad)),
          run.get(1).termination());
    }
    Walk.State state = new Walk.State(4, 1, Double.NaN, "");
    assertEquals(
        Optional.of(new Termination.Failed("step 4: the norm of the gradient is NaN")),
        new Iterations<>(WALK, new double[1], state, new MaxIterations(9)).last().termination());
  }

  @Test
  void theGaugeIsReadOncePerStateAndItsMetricStopsTheRun() {
    List<Long> measured = new ArrayList<>();
    double[] metrics = {0.5, 0.4, 0.45, 0.3};
    double[] values = {4, 3, 2, 1};
    Gauge<Walk.State> gauge =
        state -> {
          measured.add(state.step());
          return Gauge.plain(state).withValidation(metrics[(int) state.step()]);
        };
    StoppingRule rule = new Patience("rmse", 1, Patience.Better.SMALLER);
    Iteration<Walk.State> last =
        new Iterations<>(WALK, values, WALK.start(values, new double[0]), rule, gauge).last();
    assertEquals(List.of(0L, 1L, 2L), measured);
    assertEquals(0.45, last.progress().validation());
    assertFalse(last.termination().orElseThrow().success());
  }

  @Test
  void aRunResumedAtAStateSeesWhatFollowsIt() {
    double[] values = {4, 3, 2, 1, 1, 1};
    StoppingRule rule = new Patience("rmse", 2, Patience.Better.SMALLER).or(new MaxIterations(5));
    Gauge<Walk.State> gauge = state -> Gauge.plain(state).withValidation(state.value());
    List<Iteration<Walk.State>> whole = new ArrayList<>();
    new Iterations<>(WALK, values, WALK.start(values, new double[0]), rule, gauge)
        .forEachRemaining(whole::add);
    for (int k = 0; k < whole.size(); k++) {
      List<Progress> history = whole.subList(0, k).stream().map(Iteration::progress).toList();
      List<Iteration<Walk.State>> rest = new ArrayList<>();
      new Iterations<>(WALK, values, whole.get(k).state(), rule.after(history), gauge)
          .forEachRemaining(rest::add);
      assertEquals(whole.subList(k, whole.size()), rest);
    }
  }

  @Test
  void anEndedRunHasNoNext() {
    Iterations<double[], Walk.State> iterations =
        new Iterations<>(
            WALK, new double[1], WALK.start(new double[1], new double[0]), new MaxIterations(0));
    iterations.next();
    assertThrows(NoSuchElementException.class, iterations::next);
  }
}
