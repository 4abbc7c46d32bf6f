package dev.talweg.optimizer.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.loss.GammaLoss;
import dev.talweg.optimizer.loss.HuberLoss;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.PoissonLoss;
import dev.talweg.optimizer.loss.SquaredHingeLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.loss.TweedieLoss;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Iteration;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.LinearMinimizer;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.Owlqn;
import dev.talweg.optimizer.minimizer.RayMinimizer;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LinearProblem;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.stopping.GapEstimateBelow;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.StoppingRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every minimizer of linear objectives in the catalog promises: the table is the catalog. */
class LinearMinimizerConformanceTest {
  private static final List<PointwiseLoss> LOSSES =
      List.of(
          new LogisticLoss(),
          new SquaredLoss(),
          new HuberLoss(1.35),
          new SquaredHingeLoss(),
          new PoissonLoss(),
          new GammaLoss(),
          new TweedieLoss(1.5));

  /** A method, with a preconditioner of one kind where it has one. */
  private record Method(String name, Minimizer<? super LinearObjective, ?> minimizer) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    for (Entry<Minimizer<?, ?>> entry : Catalog.optimizers()) {
      for (Map<String, Object> replaced : choices(entry)) {
        // OWL-QN has no preconditioner for these columns; KinkedMinimizersTest has its own problems
        Minimizer<?, ?> minimizer = entry.factory().apply(Settled.with(entry, replaced));
        if (minimizer instanceof RayMinimizer<?> m && !(m instanceof Owlqn)) {
          methods.add(new Method(entry.name() + replaced, m));
        } else if (minimizer instanceof LinearMinimizer<?> m) {
          methods.add(new Method(entry.name() + replaced, m));
        }
      }
    }
    assertTrue(methods.size() >= 7, () -> "lost some: " + methods);
    return methods;
  }

  private static List<Map<String, Object>> choices(Entry<?> entry) {
    List<String> names = entry.parameters().stream().map(Parameter::name).toList();
    if (!names.contains("block")) {
      return List.of(Map.of("refresh", 3L));
    }
    List<Map<String, Object>> choices = new ArrayList<>();
    for (long block : new long[] {0, 7, 300}) {
      choices.add(Map.of("block", block, "refresh", 3L));
    }
    if (names.contains("block-of")) {
      choices.add(Map.of("block", 300L, "block-of", "sample", "refresh", 3L));
    }
    return choices;
  }

  /** Dual ascent has no curvature, and no dual without a ridge: CocoaTest has its own problems. */
  static List<Method> methodsWithCurvature() {
    return methods().stream().filter(m -> !(m.minimizer instanceof Cocoa)).toList();
  }

  @ParameterizedTest
  @MethodSource("methodsWithCurvature")
  void reachesACertifiedOptimumOfEveryLoss(Method method) {
    for (PointwiseLoss loss : LOSSES) {
      LinearProblem problem = LinearProblems.mixed(5, 400, 6, loss, 1e-2);
      Minimizer.State state = run(method.minimizer, problem, 150, 1e-11);
      double gap = problem.certify(state.parameters()).orElseThrow().relativeGap();
      assertTrue(gap <= 1e-10, loss.name() + ": gap " + gap + " after step " + state.step());
    }
  }

  @ParameterizedTest
  @MethodSource("methodsWithCurvature")
  void withoutAnInterceptTheOptimumThroughTheOriginIsCertified(Method method) {
    for (PointwiseLoss loss : LOSSES) {
      LinearProblem problem = LinearProblems.mixed(5, 400, 6, loss, 1e-2, Intercept.NONE);
      Minimizer.State state = run(method.minimizer, problem, 150, 1e-11);
      double[] parameters = state.parameters();
      assertEquals(0, parameters[parameters.length - 1]);
      double gap = problem.certify(parameters).orElseThrow().relativeGap();
      assertTrue(gap <= 1e-10, loss.name() + ": gap " + gap + " after step " + state.step());
    }
  }

  private static <S extends Minimizer.State> S run(
      Minimizer<? super LinearObjective, S> minimizer,
      LinearObjective problem,
      int steps,
      double gap) {
    S state = minimizer.start(problem, problem.prior());
    while (state.step() < steps && state.failure().isEmpty() && !(state.gap() <= gap)) {
      state = minimizer.next(problem, state);
    }
    return state;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aRunResumedFromAnyResumableStateIsTheRunThatWentOn(Method method) {
    resumed(method.minimizer);
  }

  private static <S extends Minimizer.State> void resumed(
      Minimizer<? super LinearObjective, S> minimizer) {
    LinearProblem problem = LinearProblems.mixed(11, 300, 6, new LogisticLoss(), 1e-6);
    S state = minimizer.start(problem, problem.prior());
    List<Snapshot> saved = new ArrayList<>();
    while (state.step() < 7 && state.failure().isEmpty()) {
      if (state.resumable()) {
        saved.add(Snapshot.take(minimizer.toString(), state.step(), minimizer.codec(), state));
      }
      state = minimizer.next(problem, state);
    }
    long last = state.step();
    assertTrue(saved.size() >= 2, () -> saved.size() + " states to resume from");
    for (Snapshot snapshot : saved) {
      LinearProblem anew = LinearProblems.mixed(11, 300, 6, new LogisticLoss(), 1e-6);
      S again = snapshot.restore(minimizer.toString(), minimizer.codec());
      while (again.step() < last) {
        again = minimizer.next(anew, again);
      }
      assertArrayEquals(state.parameters(), again.parameters());
      assertEquals(state.value(), again.value());
      assertEquals(state.gap(), again.gap());
    }
  }

  /** What rows may be like. */
  private enum Oddity {
    CLASSES_IN_PARTITIONS_OF_THEIR_OWN,
    WEIGHTS_OF_ZERO,
    NO_FEATURES
  }

  @ParameterizedTest
  @MethodSource("methodsWithCurvature")
  void oddRowsEndAtTheOptimumOfTheObjectiveThatPlainLoopsHave(Method method) {
    double lambda = 1e-2;
    for (Oddity oddity : Oddity.values()) {
      Random random = new Random(6);
      List<double[]> rows = new ArrayList<>();
      double[] labels = new double[150];
      double[] weights = new double[labels.length];
      for (int i = 0; i < labels.length; i++) {
        boolean odd = i % 3 == 1;
        boolean own = oddity == Oddity.CLASSES_IN_PARTITIONS_OF_THEIR_OWN;
        boolean none = oddity == Oddity.WEIGHTS_OF_ZERO && odd;
        labels[i] = own ? 2 * i / labels.length : random.nextInt(2);
        double[] row = random.doubles(4, -1, 1).toArray();
        row[0] += labels[i];
        row[1] *= none ? 1e6 : 1;
        Arrays.setAll(row, j -> (float) row[j]); // as blocks have them
        rows.add(oddity == Oddity.NO_FEATURES && odd ? new double[4] : row);
        weights[i] = none ? 0 : 1 + i % 2;
      }
      LinearProblem problem =
          LinearProblems.of(rows, labels, weights, new LogisticLoss(), lambda, Intercept.FREE);
      Minimizer.State state = run(method.minimizer, problem, 150, 1e-11);
      double gap = problem.certify(state.parameters()).orElseThrow().relativeGap();
      assertTrue(gap <= 1e-10, oddity + ": gap " + gap + " after step " + state.step());
      double plain = objective(rows, labels, weights, lambda, state.parameters());
      assertEquals(
          plain, state.value(), 1e-13, oddity.toString()); // 150 roundings of numbers near 1
    }
  }

  /** Of the rows that have a weight. */
  private static double objective(
      List<double[]> rows, double[] labels, double[] weights, double lambda, double[] parameters) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      if (weights[i] > 0) {
        double z = parameters[4];
        for (int j = 0; j < 4; j++) {
          z += parameters[j] * rows.get(i)[j];
        }
        sum += weights[i] * (Math.log1p(Math.exp(z)) - labels[i] * z);
        total += weights[i];
      }
    }
    double ridge = Arrays.stream(parameters, 0, 4).map(w -> lambda * w * w / 2).sum();
    return sum / total + ridge;
  }

  /** No weights are best: the objective falls towards 0 until a limit or rounding ends the run. */
  @ParameterizedTest
  @MethodSource("methodsWithCurvature")
  void separableRowsWithoutAPenaltyEndWithFiniteNumbers(Method method) {
    LinearProblem problem = separable(0);
    separable(method.minimizer, problem, problem.prior());
  }

  private static <F, S extends Minimizer.State> void separable(
      Minimizer<F, S> minimizer, F problem, double[] prior) {
    StoppingRule rule = new GapEstimateBelow(1e-6).or(new MaxIterations(60));
    S start = minimizer.start(problem, prior);
    Iterations<F, S> iterations = new Iterations<>(minimizer, problem, start, rule);
    double before = start.value();
    while (iterations.hasNext()) {
      Iteration<S> iteration = iterations.next();
      S state = iteration.state();
      // a search takes what is within rounding of the value before
      assertTrue(
          state.value() <= before * (1 + 1e-12),
          "step " + state.step() + " rises to " + state.value());
      assertTrue(Arrays.stream(state.parameters()).allMatch(Double::isFinite));
      assertTrue(Double.isFinite(state.gradientNorm()));
      // rows' slopes are σ − y, to 1e-16 each: below that they say no more where a loss falls
      boolean seen = state.value() > 1e-16;
      iteration
          .termination()
          .ifPresent(end -> assertFalse(seen && end.status().equals("failed"), end.describe()));
      before = state.value();
    }
    // there is no optimum: the estimate of 1e-6 is of the curvature some steps before, and where
    // that ends a run is chance; the prior has 0.7
    assertTrue(before < 1e-9, "only " + before);
  }

  /** One feature decides the class. */
  private static LinearProblem separable(double lambda) {
    Random random = new Random(8);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[120];
    for (int i = 0; i < labels.length; i++) {
      double[] row = random.doubles(9, -1, 1).toArray();
      labels[i] = row[0] > 0 ? 1 : 0;
      rows.add(row);
    }
    return LinearProblems.of(rows, labels, new LogisticLoss(), lambda);
  }

  /** At λ = 1e-9 weights grow to 10³ and curvatures vanish. */
  @ParameterizedTest
  @MethodSource("methods")
  void separableRowsGiveNoNumberThatIsNotOne(Method method) {
    LinearProblem problem = separable(1e-9);
    Minimizer.State state = run(method.minimizer, problem, 40, 0);
    assertTrue(Double.isFinite(state.value()) && Double.isFinite(state.gradientNorm()));
    double prior = Math.log(2);
    assertTrue(state.value() < 1e-2 * prior, () -> "only " + state.value());
  }

  /** Columns that are equal, constant or empty, and no penalty: a singular Hessian. */
  @ParameterizedTest
  @MethodSource("methodsWithCurvature")
  void aSingularHessianIsNoObstacle(Method method) {
    Random random = new Random(2);
    List<double[]> rows = new ArrayList<>();
    double[] labels = new double[90];
    for (int i = 0; i < labels.length; i++) {
      double x = random.nextGaussian();
      rows.add(new double[] {x, x, 1, 0, random.nextGaussian(), 0, 2 * x, 5, random.nextInt(2)});
      labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-x)) ? 1 : 0;
    }
    LinearProblem problem = LinearProblems.of(rows, labels, new LogisticLoss(), 0);
    Minimizer.State state = run(method.minimizer, problem, 60, 0);
    assertFalse(Double.isNaN(state.value()));
    // a gradient of 1e-6 leaves ½ gᵀH⁻¹g ≈ 1e-11 at curvatures of 0.05: far below any stopping rule
    assertTrue(state.gradientNorm() < 1e-6, () -> "gradient " + state.gradientNorm());
  }
}
