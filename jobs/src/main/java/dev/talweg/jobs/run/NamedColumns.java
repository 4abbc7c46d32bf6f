package dev.talweg.jobs.run;

import dev.talweg.datasets.Mentioned;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Nets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The names of columns that a configuration has outside of {@code features}. */
final class NamedColumns {
  private static final String ALL = "model.embedding";

  private NamedColumns() {}

  /** By the keys that have them. */
  static Mentioned of(RunConfig config) {
    Map<String, Set<String>> levels = new LinkedHashMap<>();
    if (Nets.isNet(config.model().kind())) {
      Set<String> embedded = Nets.embedded(config.model().settings());
      put(levels, embedded.equals(Set.of("*")) ? ALL : ALL + ".columns", embedded);
      if (!embedded.isEmpty()) {
        put(levels, "optimizer.freeze", columns(config.optimizer().texts("freeze")));
        put(levels, "optimizer.groups", columns(groups(config.optimizer())));
        put(levels, "warm-start.fresh", columns(config.fresh()));
      }
    }
    return new Mentioned(FeaturePenalties.names(config.penalty()), levels);
  }

  private static void put(Map<String, Set<String>> all, String key, Set<String> names) {
    if (!names.isEmpty()) {
      all.put(key, names);
    }
  }

  private static List<String> groups(RunConfig.OptimizerChoice rule) {
    return rule.parameters().get("groups") instanceof List<?> groups
        ? groups.stream().flatMap(g -> ((RunConfig.Group) g).slices().stream()).toList()
        : List.of();
  }

  /** Of slices that are embeddings by their beginning, the rest of the name. */
  private static Set<String> columns(List<String> slices) {
    return slices.stream()
        .filter(slice -> slice.startsWith(Nets.OF_COLUMNS))
        .map(slice -> slice.substring(Nets.OF_COLUMNS.length()))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }
}
