package dev.talweg.optimizer.conformance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.state.Snapshot;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every first-order method of the catalog promises, and the numbers of PyTorch: the tables are
 * the {@link Catalog} and goldens/updates_torch.csv.
 */
class OptimizerConformanceTest {
  private static final String CSV = "/goldens/updates_torch.csv";

  /** A method under a name of ours. */
  private record Method(String name, Descent descent) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Method> methods() {
    List<Method> methods = new ArrayList<>();
    for (Entry<Minimizer<?, ?>> entry : Catalog.optimizers()) {
      Map<String, Object> clipped = Map.of("clip", new ClipByGlobalNorm(0.5));
      for (Map<String, Object> replaced : List.of(Map.<String, Object>of(), clipped)) {
        Minimizer<?, ?> made = entry.factory().apply(Settled.with(entry, replaced));
        if (made instanceof Descent descent) {
          methods.add(new Method(entry.name() + replaced.keySet(), descent));
        }
      }
    }
    methods.add(
        new Method(
            "nesterov",
            new Descent(Optimizers.momentum(new Constant(1e-3), 0.9, Momentum.Form.NESTEROV))));
    methods.add(new Method("adamW", new Descent(Optimizers.adamW(new Constant(1e-3), 1e-2))));
    return methods;
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

  @ParameterizedTest
  @MethodSource("methods")
  void aRunResumedFromAnyStateIsTheRunThatWentOn(Method method) {
    Descent descent = method.descent;
    BatchObjective objective = new Rosenbrock();
    double[] start = {-1.2, 1};
    double[] whole = run(descent, objective, descent.start(objective, start), 30).parameters();
    for (int cut = 0; cut <= 30; cut += 5) {
      Descent.State first = run(descent, objective, descent.start(objective, start), cut);
      Snapshot snapshot = Snapshot.take(descent.toString(), cut, descent.codec(), first);
      Descent.State restored = snapshot.restore(descent.toString(), descent.codec());
      assertArrayEquals(whole, run(descent, objective, restored, 30 - cut).parameters());
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

  @ParameterizedTest
  @MethodSource("methods")
  void atAZeroGradientItStaysUnlessItDecays(Method method) {
    BatchObjective flat =
        new BatchObjective() {
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
        };
    double[] start = {1, -2, 1e10};
    Descent.State end = run(method.descent, flat, method.descent.start(flat, start), 5);
    if (method.name.equals("adamW")) {
      double left = Math.pow(1 - 1e-3 * 1e-2, 5); // five decays and nothing else
      for (int j = 0; j < 3; j++) {
        assertEquals(start[j] * left, end.parameters()[j], 10 * Math.ulp(start[j]));
      }
    } else {
      assertArrayEquals(start, end.parameters());
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

  /** One run of a library on given gradients. */
  private record Golden(
      String id, GradientTransform<?> ours, double[] x0, List<double[]> gradients, double[][] x) {
    @Override
    public String toString() {
      return id;
    }
  }

  /** What the library's names mean here: a line enrols a run. */
  private static Map<String, Chain> rules() {
    Constant tenth = new Constant(0.1);
    Constant thousandth = new Constant(1e-3);
    Map<String, Chain> rules = new LinkedHashMap<>();
    rules.put("torch/SGD", Optimizers.sgd(tenth));
    rules.put("torch/SGD(momentum=0.9)", heavyBall(tenth));
    rules.put(
        "torch/SGD(momentum=0.9,dampening=0.5)",
        new Momentum(0.9, 0.5, Momentum.Form.HEAVY_BALL).then(new ScaleByLearningRate(tenth)));
    rules.put(
        "torch/SGD(momentum=0.9,nesterov=True)",
        Optimizers.momentum(tenth, 0.9, Momentum.Form.NESTEROV));
    rules.put("torch/Adam", Optimizers.adam(tenth));
    rules.put("torch/Adam[default-lr]", Optimizers.adam(thousandth));
    rules.put("torch/Adam(eps=0.01)", Optimizers.adam(tenth, 0.9, 0.999, 0.01));
    rules.put("torch/Adam(betas=(0.8, 0.95))", Optimizers.adam(tenth, 0.8, 0.95, 1e-8));
    rules.put("torch/Adam(betas=(0.0, 0.99))", Optimizers.adam(tenth, 0, 0.99, 1e-8));
    rules.put("torch/AdamW(weight_decay=0.1)", Optimizers.adamW(tenth, 0.1));
    rules.put(
        "torch/SGD(momentum=0.9,clip_norm=1.0)",
        new ClipByGlobalNorm(1.0, 1e-6).then(heavyBall(tenth)));
    rules.put(
        "torch/Adam(clip_norm=1.0)",
        new ClipByGlobalNorm(1.0, 1e-6)
            .then(new ScaleByAdam(0.9, 0.999, 1e-8))
            .then(new ScaleByLearningRate(tenth)));
    return rules;
  }

  private static Chain heavyBall(Constant rate) {
    return Optimizers.momentum(rate, 0.9, Momentum.Form.HEAVY_BALL);
  }

  static List<Golden> goldens() throws IOException {
    List<String> lines;
    try (InputStream in = OptimizerConformanceTest.class.getResourceAsStream(CSV)) {
      lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    double[] x0 = new double[0];
    List<double[]> gradients = new ArrayList<>();
    Map<String, List<double[]>> runs = new LinkedHashMap<>();
    String id = "";
    for (String line : lines) {
      String[] cells = line.split(";", -1);
      switch (cells[0]) {
        case "x0" -> x0 = numbers(cells);
        case "g" -> gradients.add(numbers(cells));
        case "run" -> id = cells[1];
        case "x" -> runs.computeIfAbsent(id, k -> new ArrayList<>()).add(numbers(cells));
        default -> assertTrue(line.startsWith("#"), line);
      }
    }
    List<Golden> goldens = new ArrayList<>();
    for (Map.Entry<String, List<double[]>> run : runs.entrySet()) {
      Chain ours = Objects.requireNonNull(rules().get(run.getKey()), run.getKey());
      double[][] x = run.getValue().toArray(double[][]::new);
      goldens.add(new Golden(run.getKey(), ours, x0, gradients, x));
    }
    return goldens;
  }

  private static double[] numbers(String[] cells) {
    return Arrays.stream(cells, 1, cells.length).mapToDouble(Double::parseDouble).toArray();
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void twentyStepsHaveTheLibrarysNumbers(Golden golden) {
    BatchObjective given =
        new BatchObjective() {
          @Override
          public int dimension() {
            return golden.x0.length;
          }

          @Override
          public long stepsPerEpoch() {
            return 1;
          }

          @Override
          public Evaluation evaluate(double[] parameters, long step) {
            int at = (int) Math.min(step, golden.gradients.size() - 1);
            return new Evaluation(0, golden.gradients.get(at).clone());
          }
        };
    Descent descent = new Descent(golden.ours);
    Descent.State state = descent.start(given, golden.x0);
    for (int step = 0; step < golden.x.length; step++) {
      state = descent.next(given, state);
      for (int j = 0; j < golden.x0.length; j++) {
        double expected = golden.x[step][j];
        // flipping last bits moved the library's own numbers by up to 1e-13 relative (its
        // `sensitivity`); a gradient entry is 1e8, so parameters pass through 1e7
        double error = 1e-12 * Math.max(1, Math.abs(expected));
        assertEquals(expected, state.parameters()[j], error, "step " + step + ", entry " + j);
      }
    }
  }
}
