package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.catalog.Parameter.Kind;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.Accumulate;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.AddNoise;
import dev.talweg.optimizer.transform.Average;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.DecayFirst;
import dev.talweg.optimizer.transform.DecayProximally;
import dev.talweg.optimizer.transform.DecayWeights;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Lazily;
import dev.talweg.optimizer.transform.Lookahead;
import dev.talweg.optimizer.transform.Mechanic;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.SharpnessAware;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What every first-order rule has around it: clipping, decay and the learning rate. */
final class Sentence {
  static final Parameter LEARNING_RATE =
      Parameters.schedule(
          "learning-rate",
          1e-3,
          value -> value > 0,
          "a number above 0, or a schedule",
          "Length of a step, in units of parameters per gradient; a number or a schedule.");

  private static final Parameter WEIGHT_DECAY =
      Parameters.schedule(
          "weight-decay",
          0,
          value -> value >= 0,
          "a number of at least 0, or a schedule",
          "Pull λ of all parameters to 0, the intercept included.");
  private static final Parameter DECAY =
      Parameters.choice(
          "decay",
          "l2",
          List.of("l2", "decoupled", "independent", "proximal"),
          "How: λ x added to the gradient (l2), x shrunk by λ times the rate (decoupled), or by λ"
              + " alone (independent), or divided by 1 + λ times the rate after the step"
              + " (proximal).");
  private static final Parameter CLIP =
      new Parameter(
          "clip",
          Kind.CLIP,
          null,
          "{global-norm: NUMBER}, or sum-norm, maximum-norm, layer-norm, layer-rms, value, adaptive"
              + " or quantile, with a number above 0",
          value ->
              value instanceof GradientTransform
                  || (value instanceof Number number && number.doubleValue() > 0),
          "Gradients that are larger are cut to a limit: of the Euclidean norm of all or of a"
              + " layer, of the sum or the maximum of all sizes, of a layer's root mean square, of"
              + " entries, of a share of the parameters, or of a quantile of the norms before; off"
              + " unless written.");

  /** What the batches of a run see to, and no rule. */
  static final Parameter CLIP_EXAMPLES =
      Parameters.notNegative(
          "clip-examples",
          0.0,
          "Euclidean norm that each row's own gradient is cut to before it is weighted and added"
              + " (Abadi et al. 2016), with numeric columns on one scale; 0 is off.");

  private static final Parameter ACCUMULATE =
      Parameters.integer("accumulate", 1, 1, "Gradients of one step of the rule, of their mean.");
  private static final Parameter CLOCK =
      Parameters.choice(
          "accumulate-clock",
          "steps",
          List.of("steps", "gradients"),
          "What schedules count: steps of the rule (PyTorch, optax) or gradients (Keras).");
  private static final Parameter AVERAGE =
      Parameters.choice(
          "average",
          "none",
          List.of("none", "exponential", "equal"),
          "The average of parameters that validation and the model take: exponential (EMA), or of"
              + " equal weights (SWA).");
  private static final Parameter AVERAGE_DECAY =
      Parameters.share("average-decay", 0.999, "Share of an exponential average that is kept.");
  private static final Parameter AVERAGE_FROM =
      Parameters.integer("average-from", 0, 0, "Steps before the average begins.");
  private static final Parameter AVERAGE_OVERWRITE =
      Parameters.integer(
          "average-overwrite",
          0,
          0,
          "Steps after which training goes on at the average, again and again (Keras'"
              + " ema_overwrite_frequency); 0 is never.");
  private static final Parameter LOOKAHEAD =
      Parameters.integer(
          "lookahead",
          0,
          0,
          "Steps of the rule between two moves of the slow parameters (Zhang et al. 2019); 0 is"
              + " off.");
  private static final Parameter LOOKAHEAD_RATE =
      Parameters.number(
          "lookahead-rate",
          0.5,
          "a number above 0 and at most 1",
          value -> value > 0 && value <= 1,
          "How far slow parameters move to the fast ones.");
  private static final Parameter SHARPNESS =
      Parameters.notNegative(
          "sharpness",
          0.0,
          "Radius ρ of sharpness-aware minimization (Foret et al. 2021), which takes two gradients"
              + " of each batch, so an epoch has twice the steps; 0 is off.");
  private static final Parameter MECHANIC =
      Parameters.notNegative(
          "mechanic",
          0.0,
          "Scale of the rule's first step, such as 1e-6, from which on Mechanic learns it (Cutkosky"
              + " et al. 2023); 0 is off.");
  private static final Parameter MECHANIC_DECAY =
      Parameters.notNegative(
          "mechanic-decay", 0.01, "Pull to 0 in what Mechanic learns from, a share of ‖g‖.");
  private static final Parameter NOISE =
      Parameters.notNegative(
          "noise", 0.0, "Variance η of Gaussian noise added to gradients; 0 is off.");
  private static final Parameter NOISE_DECAY =
      Parameters.notNegative(
          "noise-decay", 0.55, "Power γ of the step t that the variance η/t^γ falls with.");

  /** In the order they are written. */
  static final List<Parameter> COMMON =
      List.of(
          Groups.FREEZE,
          Groups.GROUPS,
          CLIP,
          CLIP_EXAMPLES,
          NOISE,
          NOISE_DECAY,
          ACCUMULATE,
          CLOCK,
          MECHANIC,
          MECHANIC_DECAY,
          LOOKAHEAD,
          LOOKAHEAD_RATE,
          SHARPNESS,
          AVERAGE,
          AVERAGE_DECAY,
          AVERAGE_FROM,
          AVERAGE_OVERWRITE);

  /** The rate of rules that have no schedule. */
  static Parameter fixedRate(double byDefault) {
    return Parameters.aboveZero("learning-rate", byDefault, "Length of the first or longest step.");
  }

  /** Of rules of single entries. */
  static final Parameter LAZY =
      Parameters.flag(
          "lazy",
          false,
          "Parameters and memories move only where the gradient is not 0, as in PyTorch's"
              + " SparseAdam and TensorFlow's sparse updates; decoupled decay is owed, and paid at"
              + " the next touch.");

  /** Decay of rules for which both conventions make sense. */
  static final List<Parameter> DECAYS = List.of(WEIGHT_DECAY, DECAY);

  private Sentence() {}

  /** The rule with everything around it that is asked for. */
  static Chain around(Settings settings, Chain rule) {
    List<GradientTransform<?>> words = new ArrayList<>();
    Object clip = settings.values().get("clip");
    if (clip != null) {
      words.add(
          clip instanceof GradientTransform<?> made
              ? made
              : new ClipByGlobalNorm(((Number) clip).doubleValue()));
    }
    if (settings.number("noise") > 0) {
      words.add(new AddNoise(settings.number("noise"), settings.number("noise-decay"), 1));
    }
    double scale = settings.number("mechanic");
    words.add(
        scale > 0 ? new Mechanic(scale, settings.number("mechanic-decay"), 1e-8, 6, rule) : rule);
    Chain whole = Chain.of(words);
    if (settings.number("sharpness") > 0) {
      whole = Chain.of(List.of(new SharpnessAware(settings.number("sharpness"), 2, whole)));
    }
    if (settings.integer("lookahead") > 0) {
      whole =
          Chain.of(
              List.of(
                  new Lookahead(
                      settings.integer("lookahead"),
                      settings.number("lookahead-rate"),
                      Lookahead.Memory.KEPT,
                      whole)));
    }
    if (settings.integer("accumulate") > 1) {
      whole =
          Chain.of(
              List.of(
                  new Accumulate(
                      settings.integer("accumulate"),
                      Accumulate.Reduction.MEAN,
                      settings.choice("accumulate-clock", Accumulate.Clock.class),
                      whole)));
    }
    if (!settings.text("average").equals("none")) {
      whole =
          whole.then(
              new Average(
                  settings.choice("average", Average.Kind.class),
                  settings.number("average-decay"),
                  settings.integer("average-from"),
                  settings.integer("average-overwrite"),
                  whole.repeats().round()));
    }
    return Groups.frozen(settings, whole);
  }

  /** The rule, lazy where that is asked for: then decay beside the gradient is owed. */
  static Chain lazily(Settings settings, Function<Settings, Chain> rule) {
    if (!Boolean.TRUE.equals(settings.values().get(LAZY.name()))) {
      return rule.apply(settings);
    }
    Object convention = settings.values().get(DECAY.name());
    boolean independent = "independent".equals(convention);
    if (!independent && !"decoupled".equals(convention)) {
      return Chain.of(List.of(new Lazily(new Constant(0), rule.apply(settings))));
    }
    Schedule decay = settings.schedule("weight-decay");
    Schedule shrinking =
        independent ? decay : new Product(List.of(decay, settings.schedule("learning-rate")));
    Map<String, Object> without = new LinkedHashMap<>(settings.values());
    without.put("weight-decay", 0.0);
    return Chain.of(List.of(new Lazily(shrinking, rule.apply(new Settings(without)))));
  }

  /**
   * Decay, scaling and rate.
   *
   * @param before words between the gradient and the rate
   * @param after words between the rate and decoupled decay
   */
  static Chain of(
      Settings settings, List<GradientTransform<?>> before, List<GradientTransform<?>> after) {
    return of(settings, settings.schedule("learning-rate"), before, after);
  }

  /** The same where the rate of steps is not the one that decay is in units of. */
  static Chain of(
      Settings settings,
      Schedule rate,
      List<GradientTransform<?>> before,
      List<GradientTransform<?>> after) {
    Schedule decay = settings.schedule("weight-decay");
    String convention = decay.equals(new Constant(0)) ? "none" : settings.text("decay");
    Schedule shrinking = new Product(List.of(decay, settings.schedule("learning-rate")));
    List<GradientTransform<?>> words = new ArrayList<>();
    if (convention.equals("l2")) {
      words.add(new AddDecayedWeights(decay));
    }
    words.addAll(before);
    boolean within = after.isEmpty() && rate.equals(settings.schedule("learning-rate"));
    if (convention.equals("decoupled") && within) {
      words.add(new AddDecayedWeights(decay));
    }
    words.add(new ScaleByLearningRate(rate));
    words.addAll(after);
    return switch (convention) {
      case "decoupled" ->
          within ? Chain.of(words) : Chain.of(words).then(new DecayWeights(shrinking));
      case "independent" -> Chain.of(words).then(new DecayWeights(decay));
      case "proximal" -> Chain.of(words).then(new DecayProximally(shrinking));
      case "first" -> Chain.of(List.of(new DecayFirst(shrinking, Chain.of(words))));
      default -> Chain.of(words);
    };
  }
}
