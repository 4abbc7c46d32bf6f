package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.PYTORCH;
import static dev.talweg.optimizer.catalog.Rules.EPSILON;
import static dev.talweg.optimizer.catalog.Rules.EPSILON_ROOT;
import static dev.talweg.optimizer.catalog.Rules.WEIGHT_DECAY;
import static dev.talweg.optimizer.catalog.Rules.only;
import static dev.talweg.optimizer.catalog.Rules.own;
import static dev.talweg.optimizer.catalog.Rules.whole;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.BiasCorrection;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Rectified;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.schedule.WarmUp;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.AveragedSgd;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByRms;
import dev.talweg.optimizer.transform.ScheduleFree;
import dev.talweg.optimizer.transform.WhenTractable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Rules whose model is an average of where they were. */
final class AveragingRules {
  static final Entry<Minimizer<?, ?>> ASGD =
      own(
              whole(
                  "asgd",
                  "gradient descent whose average is the model",
                  "Polyak and Juditsky, SIAM J. Control and Optimization 30 (1992)",
                  List.of(
                      Parameters.notNegative("lambda", 1e-4, "Decay λ of rate and parameters."),
                      Parameters.notNegative("power", 0.75, "Power α of the rate."),
                      Parameters.notNegative("averages-from", 1e6, "Step t₀ of the first average."),
                      WEIGHT_DECAY),
                  s -> {
                    List<GradientTransform<?>> words = new ArrayList<>();
                    if (s.number("weight-decay") > 0) {
                      words.add(new AddDecayedWeights(s.number("weight-decay")));
                    }
                    words.add(
                        new AveragedSgd(
                            s.schedule("learning-rate"),
                            s.number("lambda"),
                            s.number("power"),
                            s.number("averages-from")));
                    return Chain.of(words);
                  }),
              Map.of("learning-rate", 1e-2))
          .in(PYTORCH, Map.of());

  private static final Parameter AVERAGE_SHARE =
      Parameters.share("beta", 0.9, "Share of the average in the point of gradients.");
  private static final Parameter WARMUP =
      Parameters.integer("warmup", 0, 0, "Steps in which the rate grows.");
  private static final Parameter WARMUP_FIRST =
      Parameters.integer("warmup-first", 1, 0, "1 if the first step already moves, else 0.");
  private static final Parameter STEP_POWER =
      Parameters.notNegative("step-power", 0.0, "Power r of the step in the average's weights.");
  private static final Parameter RATE_POWER =
      Parameters.notNegative("rate-power", 2.0, "Power of the rate in the average's weights.");
  private static final Parameter DECAY_AT =
      Parameters.choice(
          "decay",
          "at-point",
          List.of("at-point", "at-iterate", "recovered"),
          "What decays: the iterate by the point of gradients or by itself, or the average by the"
              + " point (Keras).");

  /** The parameters of an average, around those of the rule that is averaged. */
  private static List<Parameter> averaged(Parameter... own) {
    return Stream.of(
            Stream.of(AVERAGE_SHARE),
            Stream.of(own),
            Stream.of(WARMUP, WARMUP_FIRST, STEP_POWER, RATE_POWER, WEIGHT_DECAY, DECAY_AT))
        .flatMap(parameters -> parameters)
        .toList();
  }

  static final Entry<Minimizer<?, ?>> SCHEDULE_FREE_SGD =
      own(
              whole(
                  "schedule-free-sgd",
                  "gradient descent that needs no end of its schedule: an average is the model",
                  "Defazio et al., NeurIPS (2024)",
                  averaged(),
                  s -> scheduleFree(s, List.of(), new Constant(1))),
              Map.of("learning-rate", 1.0))
          .in(OPTAX, Map.of("warmup-first", 0L));

  static final Entry<Minimizer<?, ?>> SCHEDULE_FREE_ADAMW =
      own(
              whole(
                  "schedule-free-adamw",
                  "AdamW that needs no end of its schedule: an average is the model",
                  "Defazio et al., NeurIPS (2024)",
                  averaged(
                      Parameters.share("beta2", 0.999, "Share of the mean square that is kept."),
                      EPSILON,
                      EPSILON_ROOT,
                      Parameters.choice(
                          "correction",
                          "of-square",
                          List.of("of-square", "of-rate"),
                          "Whether the mean square is corrected, or the rate by its root, which"
                              + " weighs early steps less.")),
                  s -> {
                    boolean ofSquare = s.text("correction").equals("of-square");
                    double beta2 = s.number("beta2");
                    return scheduleFree(
                        s,
                        List.of(meanSquare(s, ofSquare)),
                        ofSquare ? new Constant(1) : new BiasCorrection(beta2, 0.5));
                  }),
              Map.of("learning-rate", 2.5e-3))
          .in(KERAS, Map.of("rate-power", 0.0, "decay", "recovered"))
          .in(OPTAX, Map.of("warmup-first", 0L));

  static final Entry<Minimizer<?, ?>> SCHEDULE_FREE_RADAM =
      own(
          whole(
              "schedule-free-radam",
              "schedule-free AdamW that needs no warm-up: its rate is rectified",
              "Defazio et al., NeurIPS (2024); Liu et al., ICLR (2020)",
              averaged(
                  Parameters.number(
                      "beta2",
                      0.999,
                      "a number above 0.6 and below 1",
                      v -> v > 0.6 && v < 1,
                      "Share of the mean square that is kept."),
                  EPSILON,
                  EPSILON_ROOT,
                  Parameters.choice(
                      "early",
                      "still",
                      List.of("still", "descent"),
                      "Before the variance is tractable: no step, or plain gradient descent.")),
              s -> {
                double early = s.text("early").equals("still") ? 0 : 1;
                Rectified rectified = new Rectified(s.number("beta2"), early);
                Chain scaling = only(meanSquare(s, true));
                return scheduleFree(s, List.of(new WhenTractable(rectified, scaling)), rectified);
              }),
          Map.of("learning-rate", 2.5e-3));

  private AveragingRules() {}

  private static ScaleByRms meanSquare(Settings s, boolean corrected) {
    return new ScaleByRms(
        s.number("beta2"),
        s.number("epsilon"),
        s.number("epsilon-root"),
        corrected ? ScaleByRms.Form.CORRECTED : ScaleByRms.Form.UNCORRECTED,
        0,
        ScaleByRms.Centre.NONE);
  }

  /**
   * Around a scaling.
   *
   * @param factor of the rate
   */
  private static Chain scheduleFree(
      Settings s, List<GradientTransform<?>> scaling, Schedule factor) {
    Schedule given = s.schedule("learning-rate");
    Schedule rate = factor.equals(new Constant(1)) ? given : new Product(List.of(given, factor));
    Schedule weighing = rate;
    long warmup = s.integer("warmup");
    if (warmup > 0) {
      weighing = new WarmUp(rate, warmup, 1);
      rate = new WarmUp(rate, warmup, Math.toIntExact(s.integer("warmup-first")));
    }
    List<GradientTransform<?>> words = new ArrayList<>(scaling);
    boolean recovered = s.text("decay").equals("recovered");
    double decay = s.number("weight-decay");
    if (decay > 0 && !recovered) {
      words.add(new AddDecayedWeights(decay));
    }
    words.add(new ScaleByLearningRate(rate));
    return only(
        new ScheduleFree(
            s.number("beta"),
            weighing,
            s.number("step-power"),
            s.number("rate-power"),
            s.text("decay").equals("at-iterate")
                ? ScheduleFree.Seen.ITERATE
                : ScheduleFree.Seen.POINT,
            decay > 0 && recovered ? new Product(decay, given) : new Constant(0),
            Chain.of(words)));
  }
}
