package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.ByTensor.Branch;
import dev.talweg.optimizer.transform.ByTensor.Selection;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Freeze;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One rule with other settings for some slices. Every group is the rule on its own, with memories
 * and measures of its slices alone, as a group of PyTorch is; what stands around the rule
 * (clipping, averages) sees all slices, and none that is frozen.
 */
final class Groups {
  /** What pulls parameters to 0. */
  private static final List<String> DECAYS =
      List.of("weight-decay", "adam-weight-decay", "l2-shrinkage", MomentumRules.TRUNCATED_L1);

  static final Parameter FREEZE =
      Parameters.texts(
          "freeze",
          "Slices that stay as they are, by names or globs such as layer-1.*; they count in no norm"
              + " of the gradient.");

  static final Parameter GROUPS =
      Parameters.groups(
          "groups",
          "Slices with settings of their own, such as [{slices: layer-1.*, rate-factor: 0.1,"
              + " weight-decay: 0}]: names or globs, a factor of the learning rate, and any of the"
              + " rule's own parameters. Of several groups with a slice the last one has it.");

  static final Parameter DECAY_OF =
      Parameters.choice(
          "decay-of",
          "all",
          List.of("all", "weights"),
          "Whether decay acts on all parameters, or on weights alone: not on biases, intercepts,"
              + " scales and shifts.");

  private Groups() {}

  /** Whether a rule of these parameters decays anything. */
  static boolean decays(List<Parameter> parameters) {
    return parameters.stream().anyMatch(p -> DECAYS.contains(p.name()));
  }

  /** The rule, by groups where there are any. */
  static Chain of(Settings settings, Function<Settings, Chain> rule) {
    List<SliceGroup> groups = settings.groups("groups");
    if (groups.isEmpty() && !spares(settings)) {
      return rule.apply(settings);
    }
    List<Branch> branches = new ArrayList<>();
    for (int g = groups.size() - 1; g >= 0; g--) {
      SliceGroup group = groups.get(g);
      add(branches, new ByTensor.Named(group.slices()), within(settings, group), rule);
    }
    add(branches, new ByTensor.All(), settings, rule);
    return Chain.of(List.of(new ByTensor(branches)));
  }

  private static boolean spares(Settings settings) {
    return "weights".equals(settings.values().get(DECAY_OF.name()));
  }

  private static void add(
      List<Branch> branches, Selection some, Settings settings, Function<Settings, Chain> rule) {
    if (spares(settings)) {
      Map<String, Object> without = new LinkedHashMap<>(settings.values());
      without.replaceAll((name, value) -> DECAYS.contains(name) ? (Object) 0.0 : value);
      branches.add(new Branch(new ByTensor.Spared(some), rule.apply(new Settings(without))));
    }
    branches.add(new Branch(some, rule.apply(settings)));
  }

  private static Settings within(Settings settings, SliceGroup group) {
    Map<String, Object> own = new LinkedHashMap<>(settings.values());
    own.putAll(group.settings());
    String name = Sentence.LEARNING_RATE.name();
    Object rate = own.get(name);
    if (rate != null && group.rateFactor() != 1) {
      own.put(
          name,
          rate instanceof Number number
              ? (Object) (group.rateFactor() * number.doubleValue())
              : new Product(group.rateFactor(), (Schedule) rate));
    }
    return new Settings(own);
  }

  /** A whole sentence that leaves slices as they are. */
  static Chain frozen(Settings settings, Chain whole) {
    List<String> names = settings.texts(FREEZE.name());
    return names.isEmpty() ? whole : Chain.of(List.of(new Freeze(names, whole)));
  }
}
