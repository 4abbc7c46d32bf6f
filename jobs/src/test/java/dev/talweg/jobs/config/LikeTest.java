package dev.talweg.jobs.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.ClipByQuantile;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.ClipByValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A configuration that names a library gets that library's numbers. */
class LikeTest {
  private static RunConfig read(String optimizer) {
    return ConfigReader.read(
        "run.yaml",
        "data: {train: a.csv, label: y}\nmodel: logistic\noutput: out\noptimizer: "
            + optimizer
            + "\n",
        List.of());
  }

  private static String problem(String optimizer) {
    return assertThrows(ConfigException.class, () -> read(optimizer)).problems().toString();
  }

  private static Object made(RunConfig config) {
    return Catalog.optimizers().stream()
        .filter(entry -> entry.name().equals(config.optimizer().kind()))
        .findFirst()
        .orElseThrow()
        .factory()
        .apply(config.optimizer().settings());
  }

  @Test
  void likeKerasIsKerasEpsilonInKerasPlace() {
    RunConfig config = read("{kind: adam, like: keras}");
    assertEquals(1e-7, config.optimizer().parameters().get("epsilon"));
    assertEquals("hat", config.optimizer().parameters().get("epsilon-form"));
    assertEquals("decoupled", config.optimizer().parameters().get("decay"));
  }

  @Test
  void whatIsWrittenWinsOverTheLibrary() {
    RunConfig config = read("{kind: adam, like: keras, epsilon: 1e-3, epsilon-form: corrected}");
    assertEquals(1e-3, config.optimizer().parameters().get("epsilon"));
    assertEquals("corrected", config.optimizer().parameters().get("epsilon-form"));
  }

  @Test
  void aRuleThatALibraryDoesNotHaveIsSaidWithThoseThatDo() {
    assertTrue(problem("{kind: lars, like: keras}").contains("optax do, or remove it"));
    assertTrue(problem("{kind: lbfgs, like: keras}").contains("says nothing about lbfgs; remove"));
    assertTrue(problem("{kind: lbfgs, like: pytorch}").contains("write kind: plain-lbfgs, or"));
  }

  @Test
  void aConventionThatDoesNotExistIsSaidWithThoseThatDo() {
    String problem = problem("{kind: adam, epsilon-form: inside}");
    assertTrue(problem.contains("one of corrected, hat"), problem);
  }

  @Test
  void everyRuleOfEveryLibraryCanBeAskedForAndIsWrittenAsItWasRead() {
    for (Entry<?> entry : Catalog.optimizers()) {
      for (Like like : entry.libraries().keySet()) {
        RunConfig config = read("{kind: " + entry.name() + ", like: " + like.text() + "}");
        RunConfig again = ConfigReader.read("run.yaml", config.toYaml(), List.of());
        assertEquals(config, again);
        assertEquals(made(config), made(again));
      }
    }
  }

  @Test
  void schedulesOfSchedulesAreWrittenAsTheyWereRead() {
    RunConfig config =
        read(
            "{kind: momentum, learning-rate: {kind: join, boundaries: [10], schedules: [0.1, {kind:"
                + " multi-step, start: 0.1, milestones: [5, 15, 15]}]}, momentum: {kind:"
                + " one-cycle-momentum, steps: 100}}");
    RunConfig again = ConfigReader.read("run.yaml", config.toYaml(), List.of());
    assertEquals(config, again);
    assertEquals(made(config), made(again));
  }

  @Test
  void aScheduleThatCannotBeIsAProblemOfItsLine() {
    String none =
        problem("{kind: sgd, learning-rate: {kind: join, boundaries: [], schedules: [1]}}");
    assertTrue(none.contains("a list of numbers"), none);
    String three =
        problem("{kind: sgd, learning-rate: {kind: join, boundaries: [5, 9], schedules: [1, 2]}}");
    assertTrue(three.contains("2 schedules cannot be joined at 2 boundaries"), three);
  }

  @Test
  void clipsHaveTheirKinds() {
    assertTrue(
        made(read("{kind: sgd, clip: {value: 2}}")).toString().contains("" + new ClipByValue(2)));
    assertTrue(
        made(read("{kind: sgd, clip: {layer-norm: 2}}"))
            .toString()
            .contains("" + new ClipByTensor(2, ClipByTensor.Measure.NORM)));
    assertTrue(
        made(read("{kind: sgd, like: pytorch, clip: {sum-norm: 2}}"))
            .toString()
            .contains("" + new ClipByGlobalNorm(2, 1e-6, ClipByGlobalNorm.Norm.SUM)));
    assertTrue(
        made(read("{kind: sgd, clip: {maximum-norm: 2}}"))
            .toString()
            .contains("" + new ClipByGlobalNorm(2, 0, ClipByGlobalNorm.Norm.MAXIMUM)));
    assertTrue(
        made(read("{kind: sgd, clip: {quantile: 0.9}}"))
            .toString()
            .contains("" + new ClipByQuantile(0.9, 1000)));
    assertTrue(problem("{kind: sgd, clip: {quantile: 2}}").contains("quantile"));
    assertTrue(problem("{kind: sgd, clip: {norm: 2}}").contains("layer-norm"));
    assertTrue(problem("{kind: sgd, clip: {value: 0}}").contains("above 0"));
  }
}
