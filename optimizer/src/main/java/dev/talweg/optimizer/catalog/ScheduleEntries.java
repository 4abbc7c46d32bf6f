package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.schedule.AtLeast;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Cosine;
import dev.talweg.optimizer.schedule.CosineRestarts;
import dev.talweg.optimizer.schedule.CosineWave;
import dev.talweg.optimizer.schedule.Cyclic;
import dev.talweg.optimizer.schedule.Exponential;
import dev.talweg.optimizer.schedule.Form;
import dev.talweg.optimizer.schedule.Interpolated;
import dev.talweg.optimizer.schedule.InverseRoot;
import dev.talweg.optimizer.schedule.InverseTime;
import dev.talweg.optimizer.schedule.Join;
import dev.talweg.optimizer.schedule.Linear;
import dev.talweg.optimizer.schedule.MultiStep;
import dev.talweg.optimizer.schedule.Piecewise;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.schedule.Polynomial;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.schedule.Schedules;
import dev.talweg.optimizer.schedule.StepDecay;
import dev.talweg.optimizer.schedule.WarmUp;
import java.util.List;

/** The schedules: plain ones, cycles, pieces, and schedules made of schedules. */
final class ScheduleEntries {
  /** The name of the schedule that follows a metric. */
  static final String PLATEAU = "plateau";

  /** The rate and the momentum of a cycle that is the run. */
  static final List<String> ONE_CYCLE = List.of("one-cycle", "one-cycle-momentum");

  private static final double LEAST_FALL_OF_PYTORCH = 1e-8;

  private static final Parameter STEPS =
      Parameters.integer("steps", null, 1, "Steps from start to end.");
  private static final Parameter START =
      Parameters.notNegative("start", null, "Rate of the first step.");
  private static final Parameter END = Parameters.notNegative("end", 0.0, "Rate at the end.");
  private static final Parameter PEAK = Parameters.notNegative("peak", null, "The largest rate.");
  private static final Parameter FACTOR =
      Parameters.number(
          "factor",
          0.1,
          "a number above 0 and at most 1",
          value -> value > 0 && value <= 1,
          "What the rate is multiplied by.");
  private static final Parameter CURVE =
      Parameters.choice("curve", "linear", List.of("linear", "cosine"), "Between two knots.");
  private static final Parameter SCHEDULES =
      Parameters.schedules("schedules", "Schedules, or numbers as constant ones.");

  static final List<Entry<Schedule>> ENTRIES =
      List.of(
          new Entry<>(
              "constant",
              "the same rate at every step",
              "r(t) = value",
              List.of(Parameters.notNegative("value", null, "The rate.")),
              s -> new Constant(s.number("value"))),
          new Entry<>(
              "step",
              "a decay in stairs",
              "r(t) = start · factor^⌊t/every⌋",
              List.of(
                  START, FACTOR, Parameters.integer("every", null, 1, "Steps between two decays.")),
              s -> new StepDecay(s.number("start"), s.number("factor"), s.integer("every"))),
          new Entry<>(
              "exponential",
              "a smooth decay",
              "r(t) = start · factor^(t/every)",
              List.of(
                  START,
                  FACTOR.withDefault(null),
                  Parameters.integer(
                      "every", 1, 1, "Steps in which the rate falls by the factor.")),
              s -> new Exponential(s.number("start"), s.number("factor"), s.integer("every"))),
          new Entry<>(
              "linear",
              "a straight line, then constant",
              "r(t) = start + (end − start) min(t, steps)/steps",
              List.of(START, Parameters.notNegative("end", 0.0, "Rate after the last."), STEPS),
              s -> new Linear(s.number("start"), s.number("end"), s.integer("steps"))),
          new Entry<>(
              "cosine",
              "half a cosine down, then constant",
              "r(t) = end + (start − end)(1 + cos(π t/steps))/2; Loshchilov and Hutter, ICLR (2017)",
              List.of(
                  START,
                  Parameters.notNegative("end", 0.0, "Rate after the last."),
                  STEPS,
                  Parameters.number(
                      "exponent",
                      1.0,
                      "a number above 0",
                      value -> value > 0,
                      "Power of the cosine, as in optax.")),
              s ->
                  new Cosine(
                      s.number("start"),
                      s.number("end"),
                      s.integer("steps"),
                      s.number("exponent"))),
          new Entry<>(
              "warmup-cosine",
              "linear from 0 to the peak, then half a cosine down",
              "linear for t < warmup, then cosine to step `steps`; optax",
              List.of(
                  PEAK,
                  Parameters.integer("warmup", null, 0, "Steps up to the peak."),
                  Parameters.integer("steps", null, 1, "Steps in all, the warm-up included."),
                  Parameters.notNegative("end", 0.0, "Rate after the last.")),
              s ->
                  Schedules.warmupCosine(
                      s.integer("warmup"), s.integer("steps"), s.number("peak"), s.number("end"))),
          new Entry<>(
              "multi-step",
              "a decay at given steps",
              "r(t) = start · factor^n, n milestones reached",
              List.of(START, FACTOR, Parameters.numbers("milestones", "Steps at which it decays.")),
              s -> new MultiStep(s.number("start"), s.number("factor"), s.integers("milestones"))),
          new Entry<>(
              "piecewise",
              "constant between given steps",
              "values[k] where k boundaries are reached; Keras switches one step later",
              List.of(
                  Parameters.numbers("boundaries", "Steps at which the next value begins."),
                  Parameters.numbers("values", "Rates, one more than boundaries.")),
              s -> new Piecewise(s.integers("boundaries"), s.numbers("values"))),
          new Entry<>(
              "interpolated",
              "a curve through given rates",
              "linear, or half a cosine, between knots",
              List.of(
                  Parameters.numbers("knots", "Steps, growing."),
                  Parameters.numbers("values", "Rates, one a knot."),
                  CURVE),
              s ->
                  new Interpolated(
                      s.numbers("knots"),
                      s.numbers("values"),
                      s.choice("curve", Interpolated.Curve.class))),
          new Entry<>(
              "polynomial",
              "a power of the way that is left, then constant",
              "r(t) = (start − end)(1 − t/steps)^power + end",
              List.of(
                  START,
                  END,
                  STEPS,
                  Parameters.aboveZero("power", 1.0, "The power."),
                  Parameters.choice(
                      "tail",
                      "constant",
                      List.of("constant", "cycle"),
                      "Whether it stays at its end, or begins anew (Keras' cycle).")),
              s ->
                  new Polynomial(
                      s.number("start"),
                      s.number("end"),
                      s.integer("steps"),
                      s.number("power"),
                      s.choice("tail", Polynomial.Tail.class))),
          new Entry<>(
              "inverse-time",
              "one over a linear function of the step",
              "r(t) = start/(1 + factor t/every)^power; Robbins and Monro (1951); scikit-learn",
              List.of(
                  START,
                  Parameters.notNegative("factor", 1.0, "How much the divisor grows."),
                  Parameters.integer("every", 1, 1, "Steps in which it grows by the factor."),
                  Parameters.notNegative("power", 1.0, "Power of the divisor."),
                  Parameters.choice(
                      "form", "smooth", List.of("smooth", "stairs"), "Or all at once.")),
              s ->
                  new InverseTime(
                      s.number("start"),
                      s.number("factor"),
                      s.integer("every"),
                      s.number("power"),
                      s.choice("form", Form.class))),
          new Entry<>(
              "inverse-root",
              "a linear warm-up, then one over the root of the step",
              "r(t) = peak · min((t+1)/warmup, √(warmup/(t+1))); Vaswani et al., NeurIPS (2017)",
              List.of(PEAK, Parameters.integer("warmup", 1, 1, "Steps up to the peak.")),
              s ->
                  new InverseRoot(
                      s.number("peak") * Math.sqrt((double) s.integer("warmup")),
                      s.integer("warmup"))),
          new Entry<>(
              "cosine-wave",
              "cosines down and up again, PyTorch's CosineAnnealingLR",
              "r(t) = end + (start − end)(1 + cos(π t/steps))/2",
              List.of(START, END, STEPS),
              s -> new CosineWave(s.number("start"), s.number("end"), s.integer("steps"))),
          new Entry<>(
              "cosine-restarts",
              "half a cosine down, again and again",
              "Loshchilov and Hutter, ICLR (2017)",
              List.of(
                  START,
                  END,
                  Parameters.integer("first", null, 1, "Steps of the first cycle."),
                  Parameters.number(
                      "growth", 1.0, "a number of at least 1", v -> v >= 1, "Of the length."),
                  Parameters.number(
                      "decay",
                      1.0,
                      "a number above 0 and at most 1",
                      v -> v > 0 && v <= 1,
                      "Of the height.")),
              s ->
                  new CosineRestarts(
                      s.number("start"),
                      s.number("end"),
                      s.integer("first"),
                      s.number("growth"),
                      s.number("decay"))),
          new Entry<>(
              ONE_CYCLE.get(0),
              "up to a large rate and down to a tiny one",
              "Smith and Topin, arXiv 1708.07120 (2018); as PyTorch's OneCycleLR",
              List.of(
                  PEAK,
                  Parameters.integer("steps", null, 3, "Steps of the cycle: all of the run."),
                  Parameters.number(
                      "warm-share",
                      0.3,
                      "a number above 0 and below 1",
                      v -> v > 0 && v < 1,
                      "Share of the steps up to the peak."),
                  Parameters.aboveZero("divisor", 25.0, "Peak over first rate."),
                  Parameters.aboveZero("final-divisor", 1e4, "First rate over last."),
                  Parameters.choice("curve", "cosine", List.of("linear", "cosine"), "Its shape."),
                  Parameters.choice(
                      "phases",
                      "two",
                      List.of("two", "three"),
                      "Down at once, or by way of where it started.")),
              s ->
                  Schedules.oneCycle(
                      s.number("peak"),
                      s.integer("steps"),
                      s.number("warm-share"),
                      s.number("divisor"),
                      s.number("final-divisor"),
                      s.choice("curve", Interpolated.Curve.class),
                      s.choice("phases", Schedules.Phases.class))),
          new Entry<>(
              ONE_CYCLE.get(1),
              "the momentum that runs against one-cycle",
              "Smith and Topin, arXiv 1708.07120 (2018); as PyTorch's OneCycleLR",
              List.of(
                  Parameters.notNegative("least", 0.85, "Momentum at the peak of the rate."),
                  Parameters.notNegative("most", 0.95, "Momentum at both ends."),
                  Parameters.integer("steps", null, 3, "Steps of the cycle: all of the run."),
                  Parameters.number(
                      "warm-share",
                      0.3,
                      "a number above 0 and below 1",
                      v -> v > 0 && v < 1,
                      "Share of the steps up to the peak."),
                  Parameters.choice("curve", "cosine", List.of("linear", "cosine"), "Its shape."),
                  Parameters.choice("phases", "two", List.of("two", "three"), "As the rate's.")),
              s ->
                  Schedules.oneCycleMomentum(
                      s.number("least"),
                      s.number("most"),
                      s.integer("steps"),
                      s.number("warm-share"),
                      s.choice("curve", Interpolated.Curve.class),
                      s.choice("phases", Schedules.Phases.class))),
          new Entry<>(
              "cyclic",
              "triangles between two rates",
              "Smith, WACV (2017); as PyTorch's CyclicLR",
              List.of(
                  Parameters.notNegative("base", null, "Rate at the foot."),
                  PEAK,
                  Parameters.integer("up", 2000, 1, "Steps up."),
                  Parameters.integer("down", 2000, 1, "Steps down."),
                  Parameters.choice(
                      "height",
                      "same",
                      List.of("same", "halved", "power"),
                      "Of a triangle: as the first, half of the one before, or factor^t."),
                  Parameters.number(
                      "factor",
                      1.0,
                      "a number above 0 and at most 1",
                      v -> v > 0 && v <= 1,
                      "Of the height power.")),
              s ->
                  new Cyclic(
                      s.number("base"),
                      s.number("peak"),
                      s.integer("up"),
                      s.integer("down"),
                      s.choice("height", Cyclic.Height.class),
                      s.number("factor"))),
          new Entry<>(
              "warmup-stable-decay",
              "a trapezoid: up, flat, down in the last steps",
              "Zhai et al., CVPR (2022); Hu et al., arXiv 2404.06395 (2024)",
              List.of(
                  PEAK,
                  Parameters.integer("warmup", null, 0, "Steps up."),
                  Parameters.integer("decay", null, 0, "Steps down, the last ones."),
                  Parameters.integer("steps", null, 1, "Steps in all."),
                  END),
              s ->
                  Schedules.warmupStableDecay(
                      s.integer("warmup"),
                      s.integer("decay"),
                      s.integer("steps"),
                      s.number("peak"),
                      s.number("end"))),
          new Entry<>(
              PLATEAU,
              "a rate that falls when the watched validation metric stops getting better",
              "PyTorch's and Keras' ReduceLROnPlateau",
              List.of(
                  Parameters.aboveZero("start", null, "Rate of the first step."),
                  Parameters.number(
                      "factor",
                      0.1,
                      "a number above 0 and below 1",
                      value -> value > 0 && value < 1,
                      "What the rate is multiplied by."),
                  Parameters.integer("patience", 10, 0, "Measurements that may be no better."),
                  Parameters.notNegative(
                      "threshold", 1e-4, "By how much a value must be better to count."),
                  Parameters.choice(
                      "improvement",
                      "relative",
                      List.of("relative", "absolute"),
                      "Whether the threshold is a share of the best value, or in the metric's unit,"
                          + " as in Keras."),
                  Parameters.integer(
                      "cooldown", 0, 0, "Measurements after a fall that do not count."),
                  END,
                  Parameters.choice(
                      "form",
                      "pytorch",
                      List.of("pytorch", "keras", "sklearn"),
                      "Whether the rate falls after more bad values than the patience (pytorch), or"
                          + " as many (keras), where the last value of a cooldown counts; or as many"
                          + " beside the best of all values, and where it cannot fall below end, the"
                          + " run ends (sklearn).")),
              ScheduleEntries::plateau),
          new Entry<>(
              "warm-up",
              "another schedule whose first steps are scaled up",
              "then(t) · min(1, (t + first)/steps)",
              List.of(
                  Parameters.schedule(
                      "then", 1e-3, v -> v >= 0, "a number or a schedule", "The schedule."),
                  Parameters.integer("steps", null, 1, "Steps that are scaled."),
                  Parameters.number(
                      "first", 1.0, "0 or 1", v -> v == 0 || v == 1, "Whether step 0 moves.")),
              s -> new WarmUp(s.schedule("then"), s.integer("steps"), (int) s.number("first"))),
          new Entry<>(
              "join",
              "one schedule after the other, each counting its own steps",
              "optax' join_schedules, PyTorch's SequentialLR",
              List.of(
                  SCHEDULES,
                  Parameters.numbers("boundaries", "Steps at which the next one begins.")),
              s -> new Join(s.schedules("schedules"), s.integers("boundaries"))),
          new Entry<>(
              "product",
              "schedules multiplied",
              "PyTorch's ChainedScheduler",
              List.of(SCHEDULES),
              s -> new Product(s.schedules("schedules"))),
          new Entry<>(
              "at-least",
              "a schedule that does not fall below a floor",
              "max(then(t), floor)",
              List.of(
                  Parameters.schedule(
                      "then", 1e-3, v -> v >= 0, "a number or a schedule", "The schedule."),
                  Parameters.notNegative("floor", null, "The least rate.")),
              s -> new AtLeast(s.schedule("then"), s.number("floor"))));

  private ScheduleEntries() {}

  private static Schedule plateau(Settings s) {
    boolean keras = s.text("form").equals("keras");
    Plateau.Waiting waiting =
        switch (s.text("form")) {
          case "keras" -> Plateau.Waiting.UNTIL;
          case "sklearn" -> Plateau.Waiting.UNTIL_THE_END;
          default -> Plateau.Waiting.BEYOND;
        };
    long cooldown = s.integer("cooldown");
    return new Plateau(
        s.number("start"),
        s.number("factor"),
        s.integer("patience"),
        s.number("threshold"),
        s.choice("improvement", Plateau.Improvement.class),
        keras ? Math.max(0, cooldown - 1) : cooldown,
        s.number("end"),
        waiting == Plateau.Waiting.BEYOND ? LEAST_FALL_OF_PYTORCH : 0,
        waiting);
  }
}
