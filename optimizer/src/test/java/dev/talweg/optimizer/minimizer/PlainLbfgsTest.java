package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.linesearch.FixedStep;
import dev.talweg.optimizer.linesearch.LastDecrease;
import dev.talweg.optimizer.linesearch.LineSearch;
import dev.talweg.optimizer.linesearch.MoreThuente;
import dev.talweg.optimizer.linesearch.StrongWolfe;
import dev.talweg.optimizer.linesearch.Zoom;
import dev.talweg.optimizer.minimizer.PlainLbfgs.Change;
import dev.talweg.optimizer.minimizer.PlainLbfgs.First;
import dev.talweg.optimizer.minimizer.PlainLbfgs.Pairs;
import dev.talweg.optimizer.minimizer.PlainLbfgs.Scaling;
import dev.talweg.optimizer.minimizer.PlainLbfgs.State;
import dev.talweg.optimizer.minimizer.PlainLbfgs.Until;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.Objective;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Termination;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the golden paths of the libraries (LbfgsPaths) do not see. */
class PlainLbfgsTest {
  private static final double[] START = {-1.2, 1};

  /** 100 (x₂ − x₁²)² + (1 − x₁)², and where it was evaluated. */
  private static final class Rosenbrock implements Objective {
    private final List<double[]> seen = new ArrayList<>();

    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public Evaluation evaluate(double[] x) {
      seen.add(x.clone());
      double d = x[1] - x[0] * x[0];
      double e = 1 - x[0];
      return new Evaluation(100 * d * d + e * e, new double[] {-400 * x[0] * d - 2 * e, 200 * d});
    }
  }

  /** x − log x, least at 1, and nothing left of 0. */
  private record Barrier() implements Objective {
    @Override
    public int dimension() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x) {
      return new Evaluation(x[0] - Math.log(x[0]), new double[] {1 - 1 / x[0]});
    }
  }

  private static PlainLbfgs with(LineSearch search, double gradient, long evaluations) {
    return new PlainLbfgs(
        5,
        First.CAPPED_INVERSE_NORM,
        Scaling.LATEST,
        Pairs.BY_SLOPE,
        search,
        1,
        20,
        evaluations,
        new Until(gradient, Change.NONE, 0));
  }

  static Stream<LineSearch> searches() {
    return Stream.of(new MoreThuente(), new LastDecrease(), new StrongWolfe(1e-9), new Zoom());
  }

  static Stream<LineSearch> all() {
    return Stream.concat(searches(), Stream.of(new FixedStep()));
  }

  /** The constants are those of the weakest of the searches: a decrease of 1e-4, a slope of 0.9. */
  @ParameterizedTest
  @MethodSource("searches")
  void everyStepHasWolfesConditionsAndCountsWhatItTries(LineSearch search) {
    Rosenbrock function = new Rosenbrock();
    BatchObjective objective = BatchObjective.full(function);
    PlainLbfgs method = with(search, 1e-8, 1000);
    State state = method.start(objective, START);
    while (method.end(state).isEmpty()) {
      double[] x = state.parameters();
      double[] direction = state.direction();
      double value = state.value();
      double slope = Vectors.dot(state.gradient(), direction);
      state = method.next(objective, state);
      double t = state.stepLength();
      double[] point = x.clone();
      Vectors.add(t, direction, point);
      assertArrayEquals(point, state.parameters());
      assertTrue(state.value() <= value + 1e-4 * t * slope, "value of step " + state.step());
      double there = Vectors.dot(state.gradient(), direction);
      assertTrue(Math.abs(there) <= -0.9 * slope, "slope of step " + state.step());
      assertEquals(function.seen.size(), state.probes());
    }
    Termination.Converged end =
        assertInstanceOf(Termination.Converged.class, method.end(state).orElseThrow());
    assertEquals(1e-8, end.tolerance());
    // the Hessian at (1, 1) has eigenvalues 0.4 and 1001.6
    assertArrayEquals(new double[] {1, 1}, state.parameters(), 1e-8 * Math.sqrt(2) / 0.39);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aStateThatWasStoredGoesOnWithTheSameBits(LineSearch search) {
    BatchObjective objective = BatchObjective.full(new Rosenbrock());
    PlainLbfgs method = with(search, 1e-8, 1000);
    State whole = method.start(objective, START);
    State stored = method.start(objective, START);
    for (int k = 0; k < 12; k++) {
      assertTrue(stored.resumable());
      stored = method.codec().decode(method.codec().encode(stored));
      whole = method.next(objective, whole);
      stored = method.next(objective, stored);
      assertArrayEquals(whole.parameters(), stored.parameters());
      assertEquals(whole.probes(), stored.probes());
    }
  }

  @ParameterizedTest
  @MethodSource("searches")
  void aStepIntoWhatIsNoNumberIsShortened(LineSearch search) {
    BatchObjective objective = BatchObjective.full(new Barrier());
    PlainLbfgs method = with(search, 1e-9, 1000);
    State state = method.start(objective, new double[] {30});
    // the slope of 1 - 1/30 and the curvature of 1/900 send the second step far below 0
    while (method.end(state).isEmpty()) {
      state = method.next(objective, state);
      assertTrue(Double.isFinite(state.value()), "step " + state.step());
    }
    assertEquals(1, state.parameters()[0], 2e-9); // the curvature there is 1
  }

  /** Without a tolerance a run goes on until rounding leaves no step that goes down. */
  @ParameterizedTest
  @MethodSource("searches")
  void whatIsLeftToRoundingIsTheOptimum(LineSearch search) {
    BatchObjective objective =
        BatchObjective.full(
            new Objective() {
              @Override
              public int dimension() {
                return 2;
              }

              @Override
              public Evaluation evaluate(double[] x) {
                double value = 1 + Math.pow(x[0] - 1, 2) + 50 * Math.pow(x[1] + 0.3, 2);
                double noise = 1e-9 * Math.sin(1e9 * x[0]);
                return new Evaluation(
                    value, new double[] {2 * (x[0] - 1) + noise, 100 * (x[1] + 0.3)});
              }
            });
    PlainLbfgs method = with(search, 0, 10_000);
    Termination end =
        new Iterations<>(
                method, objective, method.start(objective, START), new MaxIterations(10_000))
            .last()
            .termination()
            .orElseThrow();
    assertTrue(
        end instanceof Termination.Converged || end instanceof Termination.Exhausted,
        end.describe());
  }

  @Test
  void aRunEndsWithItsEvaluations() {
    Rosenbrock function = new Rosenbrock();
    BatchObjective objective = BatchObjective.full(function);
    PlainLbfgs method = with(new MoreThuente(), 1e-8, 15);
    State state = method.start(objective, START);
    while (method.end(state).isEmpty()) {
      state = method.next(objective, state);
    }
    assertEquals(new Termination.Exhausted("evaluations", 15), method.end(state).orElseThrow());
    assertEquals(15, function.seen.size());
    assertEquals(15, state.probes());
  }

  @Test
  void theStateThatItIsDoneAtIsValidatedToo() {
    BatchObjective objective = BatchObjective.full(new Rosenbrock());
    PlainLbfgs method = with(new MoreThuente(), 1e-8, 1000);
    Gauge<State> gauge = s -> Gauge.plain(s).withValidation((double) s.step());
    State start = method.start(objective, START);
    Iteration<State> last =
        new Iterations<>(method, objective, start, new MaxIterations(1000), gauge).last();
    assertTrue(last.termination().orElseThrow().success());
    assertEquals((double) last.state().step(), last.progress().validation());
  }

  @Test
  void thePairsAreTheLatest() {
    BatchObjective objective = BatchObjective.full(new Rosenbrock());
    PlainLbfgs method = with(new MoreThuente(), 1e-8, 1000);
    State state = method.start(objective, START);
    for (int k = 1; k <= 9; k++) {
      state = method.next(objective, state);
      assertEquals(Math.min(k, 5), state.pairs().size());
    }
  }

  @Test
  void aMemoryOfNothingIsRefused() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new PlainLbfgs(
                0,
                First.ONE,
                Scaling.NONE,
                Pairs.ANY,
                new Zoom(),
                1,
                20,
                100,
                new Until(0, Change.NONE, 0)));
  }
}
