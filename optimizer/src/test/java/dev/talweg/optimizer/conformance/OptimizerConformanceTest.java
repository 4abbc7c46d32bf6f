package dev.talweg.optimizer.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.catalog.SliceGroup;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.transform.ClipAdaptively;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.ClipByQuantile;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.Tensor;
import dev.talweg.optimizer.transform.Tensors;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every first-order method of the catalog promises, in every library's conventions and with
 * everything that can stand around it; the numbers are {@code GoldenFilesTest}'s.
 */
class OptimizerConformanceTest {
  /** What any rule can have around it. */
  private static final List<Map<String, Object>> AROUND =
      List.of(
          Map.of("clip", new ClipByGlobalNorm(0.5)),
          Map.of("clip", new ClipByQuantile(0.5, 4)),
          Map.of("clip", new ClipAdaptively(0.01, 1e-3)),
          Map.of("noise", 0.1),
          Map.of("accumulate", 3L),
          Map.of("mechanic", 1e-6),
          Map.of("lookahead", 3L),
          Map.of("freeze", List.of("biases"), "average", "exponential"),
          Map.of("groups", List.of(new SliceGroup(List.of("bias*"), 0.1, Map.of()))),
          Map.of("sharpness", 0.05),
          Map.of("lazy", true),
          Map.of("truncated-l1", 1e-3),
          Map.of("truncated-l1", 1e-3, "lazy", true),
          Map.of("truncated-l1", 1e-3, "truncated-average", true),
          Map.of("norm-of", "weights"),
          Map.of("average", "exponential"),
          Map.of("average", "equal", "average-from", 3L));

  /** A rule of the catalog, with settings. */
  private record Method(String name, Entry<Minimizer<?, ?>> entry, Descent descent) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    for (Entry<Minimizer<?, ?>> entry : Catalog.optimizers()) {
      for (Like like : Like.values()) {
        entry.like(like).ifPresent(e -> add(methods, e, like.text(), Map.of()));
      }
      for (Map<String, Object> around : AROUND) {
        add(methods, entry, around.toString(), around);
      }
    }
    return methods;
  }

  private static void add(
      List<Method> methods,
      Entry<Minimizer<?, ?>> entry,
      String variant,
      Map<String, Object> replaced) {
    List<String> names = entry.parameters().stream().map(Parameter::name).toList();
    if (!names.contains("learning-rate") || !names.containsAll(replaced.keySet())) {
      return;
    }
    Settings settings = Settled.with(entry, replaced);
    if (entry.factory().apply(settings) instanceof Descent descent) {
      methods.add(new Method(entry.name() + " " + variant, entry, descent));
    }
  }

  /** f(x) = 100 (x₂ − x₁²)² + (1 − x₁)², another batch's noise added to each step's gradient. */
  private record Rosenbrock() implements BatchObjective {
    @Override
    public int dimension() {
      return 2;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double r = x[1] - x[0] * x[0];
      double noise = 0.1 * Math.sin((double) step);
      double[] gradient = {-400 * x[0] * r - 2 * (1 - x[0]) + noise, 200 * r - noise};
      return new Evaluation(100 * r * r + (1 - x[0]) * (1 - x[0]), gradient);
    }
  }

  /** Half a squared distance to (1, 2, …) of a matrix of 2 x 3 and a vector of 3, with noise. */
  private record Layers() implements BatchObjective {
    @Override
    public int dimension() {
      return 9;
    }

    @Override
    public Tensors tensors() {
      return new Tensors(List.of(new Tensor("weights", 0, 2, 3), new Tensor("biases", 6, 1, 3)));
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] x, long step) {
      double[] gradient = new double[x.length];
      double value = 0;
      for (int j = 0; j < x.length; j++) {
        gradient[j] = x[j] - (j + 1) + 0.1 * Math.sin((double) (step + j));
        value += 0.5 * gradient[j] * gradient[j];
      }
      return new Evaluation(value, gradient);
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aRunResumedFromAnyStateIsTheRunThatWentOn(Method method) {
    resumes(method, new Rosenbrock(), new double[] {-1.2, 1});
    resumes(method, new Layers(), new double[] {0.5, 0, -0.5, 1, 0, 0.1, 0, 0, 0.2});
  }

  private static void resumes(Method method, BatchObjective objective, double[] start) {
    Descent descent = method.descent;
    Descent.State whole = run(descent, objective, descent.start(objective, start), 30);
    for (int cut = 0; cut <= 30; cut += 5) {
      Descent.State first = run(descent, objective, descent.start(objective, start), cut);
      Snapshot snapshot = Snapshot.take(descent.toString(), cut, descent.codec(), first);
      Descent.State restored = snapshot.restore(descent.toString(), descent.codec());
      Descent.State end = run(descent, objective, restored, 30 - cut);
      assertArrayEquals(whole.parameters(), end.parameters());
      assertArrayEquals(whole.served(), end.served());
    }
  }

  private static Descent.State run(
      Descent descent, BatchObjective objective, Descent.State from, int steps) {
    Descent.State state = from;
    for (int k = 0; k < steps; k++) {
      state = descent.next(objective, state);
    }
    return state;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void theStateHandedOverIsNotReadAgain(Method method) {
    Descent descent = method.descent;
    BatchObjective objective = new Rosenbrock();
    double[] whole =
        run(descent, objective, descent.start(objective, new double[] {-1.2, 1}), 10).parameters();
    Descent.State state = descent.start(objective, new double[] {-1.2, 1});
    for (int k = 0; k < 10; k++) {
      Descent.State next = descent.next(objective, state);
      poison(state, next);
      state = next;
    }
    assertArrayEquals(whole, state.parameters());
  }

  /** Overwrites every array of the old state that the new one did not take over. */
  private static void poison(Descent.State old, Descent.State next) {
    List<double[]> kept = new ArrayList<>();
    arrays(next, kept);
    List<double[]> left = new ArrayList<>();
    arrays(old, left);
    for (double[] array : left) {
      if (kept.stream().noneMatch(k -> k == array)) {
        Arrays.fill(array, Double.NaN);
      }
    }
  }

  private static void arrays(Object value, List<double[]> into) {
    if (value instanceof double[] array) {
      into.add(array);
    } else if (value instanceof List<?> list) {
      list.forEach(each -> arrays(each, into));
    } else if (value instanceof Record record) {
      for (RecordComponent component : record.getClass().getRecordComponents()) {
        try {
          component.getAccessor().setAccessible(true);
          Object of = component.getAccessor().invoke(record);
          if (of != null) {
            arrays(of, into);
          }
        } catch (ReflectiveOperationException e) {
          throw new LinkageError(e.getMessage(), e);
        }
      }
    }
  }

  /** Three parameters on which nothing depends. */
  private record Flat() implements BatchObjective {
    @Override
    public int dimension() {
      return 3;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] parameters, long step) {
      return new Evaluation(0, new double[3]);
    }
  }

  /** What moves parameters without a gradient. */
  private static final List<String> MOVES_ALONE =
      List.of("weight-decay", "adam-weight-decay", "lambda", "noise", "initial-mean");

  @ParameterizedTest
  @MethodSource("methods")
  void atAZeroGradientItStaysUnlessItDecays(Method method) {
    BatchObjective flat = new Flat();
    double[] start = {1, -2, 1e10};
    Map<String, Object> still = new LinkedHashMap<>();
    for (Parameter parameter : method.entry.parameters()) {
      if (MOVES_ALONE.contains(parameter.name())) {
        still.put(parameter.name(), 0.0);
      }
    }
    Descent descent = (Descent) method.entry.factory().apply(Settled.with(method.entry, still));
    // Keras' FTRL forgets where it was, and Fromage shrinks by the step that it would take
    if (!descent.toString().contains("FORGET") && !descent.toString().contains("Rotate")) {
      Descent.State end = run(descent, flat, descent.start(flat, start), 5);
      assertArrayEquals(start, end.parameters());
    }
  }

  @Test
  void decayThatIsDecoupledShrinksByTheRate() {
    Descent adamW = new Descent(Optimizers.adamW(new Constant(1e-3), 1e-2));
    double[] start = {1, -2, 1e10};
    Descent.State end = run(adamW, new Flat(), adamW.start(new Flat(), start), 5);
    double left = Math.pow(1 - 1e-3 * 1e-2, 5); // five decays and nothing else
    for (int j = 0; j < 3; j++) {
      assertEquals(start[j] * left, end.parameters()[j], 10 * Math.ulp(start[j]));
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void gradientsOfAnyScaleLeaveFiniteParameters(Method method) {
    for (double scale : new double[] {1e-300, 1e-20, 1e20, 1e150}) {
      BatchObjective steep =
          new BatchObjective() {
            @Override
            public int dimension() {
              return 2;
            }

            @Override
            public long stepsPerEpoch() {
              return 1;
            }

            @Override
            public Evaluation evaluate(double[] parameters, long step) {
              return new Evaluation(0, new double[] {scale, -scale});
            }
          };
      Descent.State end = run(method.descent, steep, method.descent.start(steep, new double[2]), 5);
      for (double x : end.parameters()) {
        assertTrue(Double.isFinite(x), method + " at " + scale + ": " + x);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void equalHyperParametersAreEqualMethods(Method method) {
    Method again =
        methods().stream().filter(m -> m.name.equals(method.name)).findFirst().orElseThrow();
    assertEquals(method.descent, again.descent);
    assertEquals(method.descent.toString(), again.descent.toString());
    assertNotEquals(method.descent, new Descent(new ScaleByLearningRate(new Constant(0.123))));
  }
}
