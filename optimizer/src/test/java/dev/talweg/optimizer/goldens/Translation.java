package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Piecewise;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.Chain;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A library's words for one run, read as settings of an entry of the catalog. What is not read when
 * the rule is made is not supported, and is said.
 */
final class Translation {
  /** What libraries call a parameter of the catalog. */
  private static final Map<String, String> NAMES =
      Map.ofEntries(
          Map.entry("eps", "epsilon"),
          Map.entry("epsilon", "epsilon"),
          Map.entry("eps_root", "epsilon-root"),
          Map.entry("b1", "beta1"),
          Map.entry("b2", "beta2"),
          Map.entry("b3", "beta3"),
          Map.entry("beta_1", "beta1"),
          Map.entry("beta_2", "beta2"),
          Map.entry("weight_decay", "weight-decay"),
          Map.entry("momentum", "momentum"),
          Map.entry("dampening", "dampening"),
          Map.entry("nesterov", "nesterov"),
          Map.entry("use_nesterov", "nesterov"),
          Map.entry("centered", "centered"),
          Map.entry("rho", "decay-rate"),
          Map.entry("initial_accumulator_value", "initial-accumulator"),
          Map.entry("initial_accumulator", "initial-accumulator"),
          Map.entry("momentum_decay", "momentum-decay"),
          Map.entry("threshold", "threshold"),
          Map.entry("l1_regularization_strength", "l1"),
          Map.entry("l2_regularization_strength", "l2"),
          Map.entry("l2_shrinkage_regularization_strength", "l2-shrinkage"),
          Map.entry("l1", "l1"),
          Map.entry("l2", "l2"),
          Map.entry("l2_shrinkage", "l2-shrinkage"),
          Map.entry("beta", "beta"),
          Map.entry("learning_rate_power", "rate-power"),
          Map.entry("lr_power", "rate-power"),
          Map.entry("d0", "d0"),
          Map.entry("growth_rate", "growth-rate"));

  final Configuration configuration;
  final Run run;
  private final Like like;
  private final Set<String> read = new LinkedHashSet<>();
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final List<UnaryOperator<Chain>> wraps = new ArrayList<>();
  private Replay.Recorded recorded = Replay.Recorded.TRAINED;
  private int evaluations = 1;
  private Schedule rate;

  Translation(Configuration configuration, Run run, Like like) {
    this.configuration = configuration;
    this.run = run;
    this.like = like;
    double lr = run.rate();
    rate = new dev.talweg.optimizer.schedule.Constant(Double.isNaN(lr) ? 1e-3 : lr);
    if (configuration.extras().containsKey("halve_after")) {
      long k = (long) extra("halve_after");
      rate = new Piecewise(List.of(k), List.of(lr, lr / 2));
    }
  }

  Schedule rate() {
    return rate;
  }

  boolean has(String name) {
    return configuration.params().get(name) != null;
  }

  /** Whether there is a decay, of which a switch says how. */
  boolean decays() {
    Object decay = configuration.params().get("weight_decay");
    return decay != null && Json.number(decay) != 0;
  }

  boolean flag(String name) {
    read.add(name);
    return Boolean.TRUE.equals(configuration.params().get(name));
  }

  boolean flag(String name, boolean byDefault) {
    read.add(name);
    Object value = configuration.params().get(name);
    return value == null ? byDefault : value.equals(true);
  }

  double number(String name, double byDefault) {
    read.add(name);
    Object value = configuration.params().get(name);
    return value == null ? byDefault : Json.number(value);
  }

  String text(String name, String byDefault) {
    read.add(name);
    Object value = configuration.params().get(name);
    return value == null ? byDefault : String.valueOf(value);
  }

  double @Nullable [] numbers(String name) {
    read.add(name);
    Object value = configuration.params().get(name);
    return value == null ? null : Json.numbers(value);
  }

  double extra(String name) {
    read.add(name);
    return Json.number(configuration.extras().get(name));
  }

  String extraText(String name) {
    read.add(name);
    return String.valueOf(configuration.extras().get(name));
  }

  boolean hasExtra(String name) {
    return configuration.extras().containsKey(name);
  }

  Translation ignore(String name) {
    read.add(name);
    return this;
  }

  Translation set(String name, Object value) {
    settings.put(name, value);
    return this;
  }

  Translation rate(Schedule schedule) {
    rate = schedule;
    return this;
  }

  /** Something around the rule. */
  Translation wrap(UnaryOperator<Chain> with) {
    wraps.add(with);
    return this;
  }

  Translation recorded(Replay.Recorded which) {
    recorded = which;
    return this;
  }

  Translation evaluations(int each) {
    evaluations = each;
    return this;
  }

  /** The rule that is the catalog's entry of that name, in the library's conventions. */
  Replay entry(String name) {
    return entry(name, like);
  }

  Replay entry(String name, Like conventions) {
    Entry<Minimizer<?, ?>> entry =
        Catalog.optimizers().stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow()
            .like(conventions)
            .orElseThrow(() -> new NotCovered(name + " is not in " + conventions));
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      if (parameter.byDefault() != null) {
        values.put(parameter.name(), parameter.byDefault());
      }
    }
    configuration.params().forEach((theirs, value) -> take(entry, theirs, value, values));
    values.putAll(settings);
    boolean fixed = entry.parameters().get(0).kind() == Parameter.Kind.NUMBER;
    values.put("learning-rate", fixed ? (Object) rate.at(0) : rate);
    for (Parameter parameter : entry.parameters()) {
      Object value = values.get(parameter.name());
      if (value != null && !parameter.accepts().test(value)) {
        throw new NotCovered(parameter.name() + " " + value + " is not " + parameter.allowed());
      }
    }
    Descent descent = (Descent) entry.factory().apply(new Settings(values));
    return replay(descent.chain());
  }

  /** The rule that is this chain. */
  Replay replay(Chain chain) {
    for (String name : configuration.params().keySet()) {
      if (!read.contains(name)) {
        throw new NotCovered("parameter " + name);
      }
    }
    for (String name : configuration.extras().keySet()) {
      if (!read.contains(name)) {
        throw new NotCovered("extra " + name);
      }
    }
    Chain wrapped = chain;
    for (UnaryOperator<Chain> wrap : wraps) {
      wrapped = wrap.apply(wrapped);
    }
    return new Replay(new Descent(wrapped), recorded, evaluations);
  }

  private void take(
      Entry<?> entry, String theirs, @Nullable Object value, Map<String, Object> values) {
    if (read.contains(theirs)) {
      return;
    }
    String ours = NAMES.get(theirs);
    if (theirs.equals("betas")) {
      read.add(theirs);
      double[] betas = Json.numbers(value);
      for (int k = 0; k < betas.length; k++) {
        values.put("beta" + (k + 1), betas[k]);
      }
    } else if (ours != null && entry.parameters().stream().anyMatch(p -> p.name().equals(ours))) {
      read.add(theirs);
      if (value != null) {
        values.put(ours, value);
      }
    }
  }
}
