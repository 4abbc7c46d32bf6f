package dev.talweg.optimizer.goldens;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Words of the libraries that no committed configuration has, in runs that are known. */
class DialectsTest {

  /** c f. */
  private record Scaled(BatchObjective objective, double factor) implements BatchObjective {
    @Override
    public int dimension() {
      return objective.dimension();
    }

    @Override
    public long stepsPerEpoch() {
      return objective.stepsPerEpoch();
    }

    @Override
    public Evaluation evaluate(double[] parameters, long step) {
      Evaluation of = objective.evaluate(parameters, step);
      double[] gradient = of.gradient().clone();
      for (int j = 0; j < gradient.length; j++) {
        gradient[j] *= factor;
      }
      return new Evaluation(factor * of.value(), gradient);
    }
  }

  private static Configuration known(String file, String id) throws IOException {
    Map<String, @Nullable Object> text =
        Json.object(Files.readString(GoldenFilesTest.HERE.resolve(file)));
    return Configuration.read(text).stream()
        .filter(configuration -> configuration.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static Problems.Problem rosenbrock() throws IOException {
    return Problems.of(Map.of(), GoldenFilesTest.HERE).named("rosenbrock");
  }

  private static double excess(
      Configuration known, Map<String, Object> more, Problems.Problem problem) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>(known.params());
    params.putAll(more);
    Configuration configuration =
        new Configuration(
            known.id(),
            known.library(),
            known.kind(),
            params,
            known.extras(),
            known.precision(),
            known.runs());
    Run run =
        known.runs().stream()
            .filter(r -> r.problem().equals("rosenbrock"))
            .findFirst()
            .orElseThrow();
    return Dialects.of(configuration, run).compare(run, known.precision(), problem).excess();
  }

  @Test
  void howATorchStepIsComputedIsNoPartOfItsRule() throws IOException {
    Configuration adam = known("updates_torch.json", "torch/Adam(weight_decay=0.1)");
    assertTrue(excess(adam, Map.of("foreach", true, "fused", false), rosenbrock()) <= 1);
    assertThrows(
        NotCovered.class, () -> excess(adam, Map.of("no_such_switch", true), rosenbrock()));
  }

  @Test
  void whatIsMaximizedIsMinusWhatIsMinimized() throws IOException {
    Configuration adam = known("updates_torch.json", "torch/Adam(weight_decay=0.1)");
    Problems.Problem plain = rosenbrock();
    Problems.Problem turned =
        new Problems.Problem(new Scaled(plain.objective(), -1), plain.start());
    assertTrue(excess(adam, Map.of("maximize", true), turned) <= 1);
    assertTrue(excess(adam, Map.of("maximize", true), plain) > 1);
  }

  @Test
  void gradientsOfAScaledLossAreScaledBack() throws IOException {
    Configuration adam = known("updates_keras.json", "keras/Adam(epsilon=0.01)");
    Problems.Problem plain = rosenbrock();
    Problems.Problem scaled = new Problems.Problem(new Scaled(plain.objective(), 8), plain.start());
    assertTrue(excess(adam, Map.of("loss_scale_factor", 8.0), scaled) <= 1);
    assertTrue(excess(adam, Map.of(), scaled) > 1);
  }
}
