package dev.talweg.jobs.breeze;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import breeze.linalg.DenseVector;
import breeze.linalg.DenseVector$;
import breeze.optimize.DiffFunction;
import breeze.optimize.LBFGS;
import dev.talweg.optimizer.conformance.LinearProblems;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Lbfgs;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.objective.Objective;
import dev.talweg.optimizer.state.Snapshot;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BreezeTest {

  static Stream<PointwiseLoss> losses() {
    return Stream.of(
        new LogisticLoss(), new SquaredLoss(), new HuberLoss(1.35), new SquaredHingeLoss());
  }

  /** Columns of one scale: Breeze has no preconditioner. */
  private static LinearProblem problem(PointwiseLoss loss) {
    Random random = new Random(6);
    List<double[]> rows =
        Stream.generate(() -> random.doubles(6, -2, 2).toArray()).limit(300).toList();
    double[] labels =
        rows.stream()
            .mapToDouble(x -> x[0] - x[3] + random.nextGaussian())
            .map(y -> loss.classifies() ? (y > 0 ? 1 : 0) : y)
            .toArray();
    return LinearProblems.of(rows, labels, loss, 1e-2);
  }

  /** f(x) = Σ (x − (1, 2, 3))⁴ + ½ ‖x‖². */
  private record Quartic() implements Objective {
    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public Evaluation evaluate(double[] x) {
      double value = 0;
      double[] gradient = new double[3];
      for (int j = 0; j < 3; j++) {
        double r = x[j] - j - 1;
        value += r * r * r * r + 0.5 * x[j] * x[j];
        gradient[j] = 4 * r * r * r + x[j];
      }
      return new Evaluation(value, gradient);
    }
  }

  @Test
  void thereAndBackIsTheSameFunction() {
    DiffFunction<DenseVector<Object>> there = Breeze.function(new Quartic());
    Objective back = Breeze.objective(there, 3);
    double[] x = {0.3, -2, 7};
    Evaluation expected = new Quartic().evaluate(x.clone());
    assertEquals(expected.value(), back.evaluate(x).value());
    assertArrayEquals(expected.gradient(), back.evaluate(x).gradient());
    assertEquals(3, back.dimension());
    assertEquals(expected.value(), there.valueAt(Breeze.vector(x)));
    assertArrayEquals(expected.gradient(), Breeze.array(there.gradientAt(Breeze.vector(x))));
  }

  @Test
  void vectorsAreCopiedAtTheBorder() {
    double[] x = {1, 2, 3};
    DenseVector<Object> vector = Breeze.vector(x);
    x[0] = 9;
    assertArrayEquals(new double[] {1, 2, 3}, Breeze.array(vector));
    Breeze.array(vector)[1] = 9;
    assertArrayEquals(new double[] {1, 2, 3}, Breeze.array(vector));
  }

  @Test
  void breezeMinimizesOurObjectiveByItself() {
    LinearProblem problem = problem(new LogisticLoss());
    var breeze =
        new LBFGS<DenseVector<Object>>(200, 10, 1e-12, DenseVector$.MODULE$.space_Double());
    double[] found =
        Breeze.array(breeze.minimize(Breeze.function(problem), Breeze.vector(problem.prior())));
    double value = problem.evaluate(found).value();
    double optimum = optimum(problem);
    assertTrue(value - optimum <= 1e-9 * optimum, () -> value + " against " + optimum);
  }

  private static double optimum(LinearProblem problem) {
    Lbfgs lbfgs = new Lbfgs();
    Lbfgs.State state = lbfgs.start(problem, problem.prior());
    while (state.step() < 100 && state.failure().isEmpty() && !(state.gap() <= 1e-13)) {
      state = lbfgs.next(problem, state);
    }
    return state.value();
  }

  /** The oracle: two codes with nothing in common but the objective. */
  @ParameterizedTest
  @MethodSource("losses")
  void breezeAndTalwegFindTheSameOptimum(PointwiseLoss loss) {
    LinearProblem problem = problem(loss);
    BreezeMinimizer.State state = run(new BreezeMinimizer(10, 0), problem, 200);
    double optimum = optimum(problem);
    // Breeze ends where rounding hides any descent: relative 1e-12 leaves it a thousand roundings
    assertEquals(optimum, state.value(), 1e-12 * optimum);
    double gap = problem.certify(state.parameters()).orElseThrow().relativeGap();
    assertTrue(gap < 1e-9, () -> "certified gap of Breeze's point " + gap);
  }

  private static BreezeMinimizer.State run(
      BreezeMinimizer minimizer, LinearProblem problem, int steps) {
    BreezeMinimizer.State state = minimizer.start(problem, problem.prior());
    while (state.step() < steps && state.failure().isEmpty() && state.gradientNorm() > 1e-9) {
      state = minimizer.next(problem, state);
    }
    return state;
  }

  @Test
  void aResumedRunIsTheRunThatWentOn() {
    BreezeMinimizer minimizer = new BreezeMinimizer(4, 0.01);
    LinearProblem problem = problem(new LogisticLoss());
    BreezeMinimizer.State state = minimizer.start(problem, problem.prior());
    BreezeMinimizer.State saved = state;
    while (state.step() < 9) {
      state = minimizer.next(problem, state);
      saved = state.step() == 6 ? state : saved;
    }
    String name = minimizer.toString();
    BreezeMinimizer.State again =
        Snapshot.take(name, 6, minimizer.codec(), saved).restore(name, minimizer.codec());
    while (again.step() < 9) {
      again = minimizer.next(problem(new LogisticLoss()), again);
    }
    assertArrayEquals(state.parameters(), again.parameters());
    assertEquals(state.value(), again.value());
  }

  /** The optimality conditions of ‖·‖₁: |g_j| ≤ λ where w_j = 0, g_j = −λ sign w_j elsewhere. */
  @Test
  void owlqnFindsAPointThatSatisfiesTheConditionsOfTheLasso() {
    double l1 = 0.05;
    LinearProblem problem = problem(new LogisticLoss());
    BreezeMinimizer.State state = run(new BreezeMinimizer(10, l1), problem, 300);
    double[] gradient = problem.evaluate(state.parameters()).gradient();
    int zeros = 0;
    for (int j = 0; j < 6; j++) {
      double w = state.parameters()[j];
      zeros += w == 0 ? 1 : 0;
      double violation =
          w == 0
              ? Math.max(0, Math.abs(gradient[j]) - l1)
              : Math.abs(gradient[j] + l1 * Math.signum(w));
      // the run ends at a pseudo-gradient of 1e-9, or where the search sees only rounding: √1e-16
      assertTrue(violation < 1e-7, "feature " + j + " violates by " + violation);
    }
    assertEquals(0, gradient[6], 1e-7, "the intercept is not penalized");
    assertTrue(zeros >= 2, "of six weights, four have no effect in the data");
    assertFalse(state.parameters()[0] == 0);
  }
}
