package dev.talweg.optimizer.minimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.optimizer.Optimizers;
import dev.talweg.optimizer.block.ColumnBlock;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.net.Architecture;
import dev.talweg.optimizer.net.Head;
import dev.talweg.optimizer.net.Initializer;
import dev.talweg.optimizer.net.Perceptron;
import dev.talweg.optimizer.net.Relu;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalBatches;
import dev.talweg.optimizer.random.CounterRandom;
import dev.talweg.optimizer.schedule.Constant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is measured of gradients, what is said of it, and the learning-rate range test. */
class GradientFlowTest {
  private static final int ROWS = 40;

  private static Perceptron net(Architecture.Norm norm) {
    return new Perceptron(
        3,
        new Architecture(List.of(6, 4), new Relu(), norm, 0, Initializer.HE),
        new Head.OfClasses(new SoftmaxLoss(3), 0));
  }

  private static LocalBatches objective(Perceptron net) {
    float[] numeric = new float[3 * ROWS];
    double[] labels = new double[ROWS];
    double[] weights = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < 3; j++) {
        numeric[j * ROWS + i] = (float) CounterRandom.gaussian(1, i, j, 0);
      }
      labels[i] = CounterRandom.below(3, 2, i, 0, 0);
      weights[i] = 1;
    }
    ColumnBlock block = new ColumnBlock(ROWS, 3, 3, numeric, 0, new int[0], labels, weights);
    double[] none = new double[net.layout().dimension()];
    return new LocalBatches(List.of(Shard.of(List.of(block), 3)), net, none, ROWS, 1);
  }

  @ParameterizedTest
  @EnumSource(Architecture.Norm.class)
  void aUnitWhoseActivationIsAlwaysZeroIsDead(Architecture.Norm norm) {
    Perceptron net = net(norm);
    LocalBatches objective = objective(net);
    double[] parameters = net.initial(3);
    String last = norm == Architecture.Norm.NONE ? "layer-2.biases" : "layer-2.shifts";
    int at =
        net.layout().slices().stream()
            .filter(slice -> slice.name().equals(last))
            .findFirst()
            .orElseThrow()
            .from();
    parameters[at] = -1e6; // far below what any row adds to it
    Descent descent = new Descent(Optimizers.sgd(new Constant(0.01)));
    List<SliceFlow> flows = new GradientFlow(net, 1).see(descent.start(objective, parameters));
    SliceFlow layer = flow(flows, last);
    assertTrue(layer.dead() >= 0.25 && layer.dead() < 1, layer.toString());
    assertTrue(Double.isNaN(flow(flows, "layer-2.weights").dead()));
    assertEquals(net.layout().slices().size() - net.buffers().size(), flows.size());
  }

  private static SliceFlow flow(List<SliceFlow> flows, String slice) {
    return flows.stream().filter(flow -> flow.slice().equals(slice)).findFirst().orElseThrow();
  }

  /** Of plain SGD a step is the rate times the gradient it follows: the same but for rounding. */
  @Test
  void theEffectiveRateOfPlainStepsIsTheLearningRate() {
    Perceptron net = net(Architecture.Norm.NONE);
    LocalBatches objective = objective(net);
    Descent descent = new Descent(Optimizers.sgd(new Constant(0.05)));
    GradientFlow watch = new GradientFlow(net, 3);
    Descent.State state = descent.start(objective, net.initial(3));
    List<SliceFlow> flows = new ArrayList<>();
    for (int k = 0; k < 10; k++) {
      flows.addAll(watch.see(state));
      state = descent.next(objective, state);
    }
    assertEquals(4 * net.layout().slices().size(), flows.size());
    for (SliceFlow flow : flows) {
      if (flow.step() == 0) {
        assertTrue(Double.isNaN(flow.effectiveRate()));
      } else {
        // x + ηg rounds to 2⁻⁵³ of x, some 10³ times as long as ηg
        assertEquals(0.05, flow.effectiveRate(), 1e-12);
        assertTrue(flow.updateRatio() > 0 || flow.slice().endsWith("biases"), flow.toString());
      }
    }
  }

  // --- what is said -----------------------------------------------------------------------------

  private static List<String> told(double[] objectives, double[] norms, long stepsPerEpoch) {
    Symptoms symptoms = new Symptoms(stepsPerEpoch);
    List<String> texts = new ArrayList<>();
    for (int k = 0; k < objectives.length; k++) {
      texts.addAll(symptoms.see(k, objectives[k], norms[k], List.of()));
    }
    return texts.stream().map(text -> text.replaceAll(":.*", "")).toList();
  }

  private static double[] constant(int length, double value) {
    double[] all = new double[length];
    Arrays.fill(all, value);
    return all;
  }

  @Test
  void eachSymptomIsToldOnceAndAHealthyRunHasNone() {
    double[] falling = new double[200];
    for (int k = 0; k < falling.length; k++) {
      falling[k] = 1 / (1 + 0.1 * k) + 0.05 * Math.sin((double) k);
    }
    assertEquals(List.of(), told(falling, constant(200, 1), 20));
    double[] rising = falling.clone();
    for (int k = 100; k < 200; k++) {
      rising[k] = 3;
    }
    assertEquals("diverging", told(rising, constant(200, 1), 20).get(0));
    assertEquals(List.of("plateau"), told(constant(400, 0.7), constant(400, 1), 20));
    double[] spikes = constant(200, 1);
    spikes[70] = 1e3;
    spikes[90] = 1e4;
    assertEquals(List.of("exploding"), told(falling, spikes, 20));
  }

  @Test
  void whatIsAlmostNothingMayDouble() {
    double[] almost = new double[180];
    for (int k = 0; k < almost.length; k++) {
      almost[k] = k < 100 ? Math.exp(-0.1 * k) : 4e-4;
    }
    assertEquals(List.of(), told(almost, constant(180, 1), 20));
    almost[179] = 20 * 0.51; // half of what was won, by the mean of the last window
    assertEquals(List.of("diverging"), told(almost, constant(180, 1), 20));
  }

  @Test
  void gradientsThatExplodeAtOnceAreToldAtOnceAndSmallOnesOfTheStartAreNoMeasure() {
    double[] norms = constant(40, 1);
    norms[1] = 1e4;
    double[] objectives = constant(40, 1);
    assertEquals(List.of(), told(objectives, norms, 20));
    objectives[1] = 5;
    assertEquals(List.of("exploding"), told(objectives, norms, 20));
  }

  @Test
  void faintFirstLayersAndDeadUnitsAreToldAfterSomeInARow() {
    Symptoms symptoms = new Symptoms(10);
    List<String> texts = new ArrayList<>();
    for (int k = 0; k < 9; k++) {
      double dead = k == 2 ? 0.1 : 0.6; // the row begins anew
      texts.addAll(
          symptoms.see(
              k,
              1.0 / (k + 1),
              1,
              List.of(
                  new SliceFlow(k, "layer-1.weights", 1e-6, 1, 1e-3, 1, Double.NaN),
                  new SliceFlow(k, "layer-1.biases", 1, 1, 1e-3, 1, dead),
                  new SliceFlow(k, "layer-2.weights", 1, 1, 1e-3, 1, Double.NaN))));
      assertEquals(k < 4 ? 0 : k < 7 ? 1 : 2, texts.size(), "" + texts);
    }
    assertTrue(texts.get(0).contains("vanishing: the gradient of layer-1.weights is 1.0e-06"));
    assertTrue(texts.get(1).contains("60 % of the units of layer-1.biases"));
  }

  // --- the range test ---------------------------------------------------------------------------

  /** ½ Σ λ_j x_j² of curvatures 1 and 10. */
  private record Quadratic() implements BatchObjective {
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
      return new Evaluation(0.5 * (x[0] * x[0] + 10 * x[1] * x[1]), new double[] {x[0], 10 * x[1]});
    }
  }

  /**
   * Steps of descent diverge above 2/L = 0.2, so the lowest loss is near it: smoothing over 20
   * steps and the time to grow back move it by less than a factor of 10^(±1).
   */
  @Test
  void theSuggestedRateIsBelowWhereStepsDiverge() {
    RateRange range = new RateRange(1e-5, 100, 140);
    Descent descent = new Descent(Optimizers.sgd(range.schedule()));
    RateRange.Curve curve = range.run(descent, new Quadratic(), new double[] {1, 1});
    double steepest = curve.steepest().orElseThrow();
    double tenth = curve.minimumTenth().orElseThrow();
    assertTrue(steepest > 1e-3 && steepest < 0.2, "steepest " + steepest);
    assertTrue(tenth > 0.02 / 10 && tenth < 0.2, "a tenth " + tenth);
    assertTrue(curve.end().startsWith("the loss "), curve.end());
    assertTrue(curve.points().size() < 140);
    assertEquals(1e-5, curve.points().get(0).rate());
  }
}
