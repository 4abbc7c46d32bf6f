package dev.talweg.jobs.config;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.Metrics;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The names that a configuration can ask for: those of the {@link Catalog}. */
final class Vocabulary {
  private Vocabulary() {}

  static List<String> optimizers() {
    return names(Catalog.optimizers());
  }

  static List<String> losses() {
    return Stream.concat(names(Catalog.losses()).stream(), names(Catalog.classLosses()).stream())
        .toList();
  }

  static List<String> schedules() {
    return names(Catalog.schedules());
  }

  static List<String> models() {
    return Catalog.models().stream().map(ModelEntry::name).toList();
  }

  static List<String> metrics() {
    return Metrics.all().stream().map(Metric::name).distinct().toList();
  }

  static Entry<?> optimizer(String name) {
    return find(Catalog.optimizers(), name).orElseThrow();
  }

  static Entry<?> loss(String name) {
    Optional<? extends Entry<?>> ofOne = find(Catalog.losses(), name);
    return ofOne.isPresent() ? ofOne.get() : find(Catalog.classLosses(), name).orElseThrow();
  }

  static Entry<?> schedule(String name) {
    return find(Catalog.schedules(), name).orElseThrow();
  }

  static ModelEntry model(String name) {
    return Catalog.models().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private static <T> List<String> names(List<Entry<T>> entries) {
    return entries.stream().map(Entry::name).toList();
  }

  private static <T> Optional<Entry<T>> find(List<Entry<T>> entries, String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }
}
