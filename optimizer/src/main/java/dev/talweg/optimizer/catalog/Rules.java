package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.minimizer.Backtracking;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Estimate;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByRectifiedAdam;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The first-order rules: what a rule is made of, its parameters, and by library the defaults and
 * conventions that differ. A convention is a parameter like any other, so what {@code like} chose
 * stands in {@code run.json} and can be written alone.
 */
final class Rules {
  static final Parameter BETA1 =
      Parameters.share("beta1", 0.9, "Share of the running mean that is kept.");
  static final Parameter BETA2 =
      Parameters.share("beta2", 0.999, "Share of the running mean square that is kept.");
  static final Parameter EPSILON =
      Parameters.aboveZero(
          "epsilon", 1e-8, "Added to the root mean square, in units of the gradient.");
  static final Parameter EPSILON_FORM =
      Parameters.choice(
          "epsilon-form",
          "corrected",
          List.of("corrected", "hat", "uncorrected"),
          "Whether epsilon is added after the bias correction or before it (Kingma and Ba's ε̂), or"
              + " nothing is corrected (MATLAB's documentation).");

  static final Parameter LOOKING =
      Parameters.choice(
          "mean",
          "plain",
          List.of("plain", "nesterov"),
          "What stands above the root: the mean, or Nesterov's as in optax.");

  static final Parameter EPSILON_ROOT =
      Parameters.notNegative("epsilon-root", 0.0, "Added inside of the root.");

  /** Where the root of a variance divides. */
  static final Parameter EPSILON_OF_VARIANCE =
      Parameters.aboveZero("epsilon", 1e-16, "Added to the root, in units of the gradient.");

  static final Parameter EPSILON_IN_VARIANCE =
      Parameters.notNegative("epsilon-root", 1e-16, "Added to the variance at every step.");

  static final Parameter BOUND =
      Parameters.choice(
          "bound",
          "current",
          List.of("current", "largest"),
          "Whether the largest mean square so far divides, as in AMSGrad.");
  static final Parameter WEIGHT_DECAY =
      Parameters.notNegative("weight-decay", 0.0, "Pull λ of all parameters to 0.");

  static final Map<String, Object> DECOUPLED = Map.of("decay", "decoupled");

  private Rules() {}

  /** Of a velocity. */
  static Momentum.Form form(Settings s) {
    return s.flag("nesterov") ? Momentum.Form.NESTEROV : Momentum.Form.HEAVY_BALL;
  }

  /** Parameters of RAdam, with what it does before its variance is tractable. */
  static List<Parameter> rectified(Parameter early) {
    return List.of(
        BETA1,
        BETA2,
        EPSILON,
        Parameters.choice(
            "epsilon-form",
            "hat",
            List.of("corrected", "hat"),
            "Whether epsilon is added after the bias correction or before it."),
        Parameters.number(
            "threshold",
            5.0,
            "a number of at least 4",
            value -> value >= 4,
            "Length of the average from which on steps are adaptive."),
        early,
        LOOKING);
  }

  static ScaleByRectifiedAdam rectifiedAdam(Settings s) {
    return new ScaleByRectifiedAdam(
        s.number("beta1"),
        s.number("beta2"),
        s.number("epsilon"),
        s.choice("epsilon-form", Epsilon.class),
        s.number("threshold"),
        s.choice("early", ScaleByRectifiedAdam.Early.class),
        s.choice("mean", ScaleByAdam.Mean.class));
  }

  /** With other defaults than the common ones. */
  static Entry<Minimizer<?, ?>> own(Entry<Minimizer<?, ?>> entry, Map<String, Object> defaults) {
    List<Parameter> parameters =
        entry.parameters().stream()
            .map(p -> defaults.containsKey(p.name()) ? p.withDefault(defaults.get(p.name())) : p)
            .toList();
    return new Entry<>(
        entry.name(), entry.summary(), entry.reference(), parameters, entry.factory());
  }

  /** A rule that scales the gradient before the rate. */
  static Entry<Minimizer<?, ?>> rule(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, GradientTransform<?>> scaling) {
    return entry(
        name,
        summary,
        reference,
        lazy(parameters),
        s -> Sentence.of(s, List.of(scaling.apply(s)), List.of()));
  }

  /** Of a rule of single entries. */
  static List<Parameter> lazy(List<Parameter> parameters) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.add(Sentence.LAZY);
    return all;
  }

  /** A rule with decay in one of the conventions. */
  static Entry<Minimizer<?, ?>> entry(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.addAll(Sentence.DECAYS);
    return whole(name, summary, reference, all, chain);
  }

  /** A rule whose rate is a number. */
  static Entry<Minimizer<?, ?>> fixed(
      String name,
      String summary,
      String reference,
      double rate,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    Entry<Minimizer<?, ?>> entry = whole(name, summary, reference, parameters, chain);
    List<Parameter> all = new ArrayList<>(entry.parameters());
    all.set(0, Sentence.fixedRate(rate));
    return new Entry<>(name, summary, reference, List.copyOf(all), entry.factory());
  }

  /** A rule that has its own decay, or none. */
  static Entry<Minimizer<?, ?>> whole(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, Chain> chain) {
    List<Parameter> all = new ArrayList<>(parameters);
    all.add(0, Sentence.LEARNING_RATE);
    if (Groups.decays(parameters)) {
      all.add(Groups.DECAY_OF);
    }
    all.addAll(Sentence.COMMON);
    return new Entry<>(
        name,
        summary,
        reference,
        List.copyOf(all),
        s -> descent(s, chain, Estimate.OF_BATCHES, null));
  }

  /** A rule with groups and all that stands around it. */
  static Descent descent(
      Settings settings,
      Function<Settings, Chain> rule,
      Estimate estimate,
      @Nullable Backtracking search) {
    Plateau plateau =
        settings.values().get(Sentence.LEARNING_RATE.name()) instanceof Plateau given
            ? given
            : null;
    Chain chain = Groups.of(settings, each -> Sentence.lazily(each, rule));
    return new Descent(Sentence.around(settings, chain), plateau, estimate, search);
  }

  /** Decay of the gradient, where there is any, then the rule. */
  static Chain decayed(Settings s, GradientTransform<?> rule) {
    double decay = s.number("weight-decay");
    return decay > 0 ? new AddDecayedWeights(decay).then(rule) : only(rule);
  }

  /** The same of a rule that has other conventions of decay beside it. */
  static Chain decayedByL2(Settings s, GradientTransform<?> rule) {
    return s.text("decay").equals("l2") ? decayed(s, rule) : only(rule);
  }

  /** A chain of one word. */
  static Chain only(GradientTransform<?> rule) {
    return Chain.of(List.of(rule));
  }
}
