package dev.talweg.jobs.run;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.loss.PointwiseLoss;

/** Losses by the name that configurations and saved models give them. */
final class Losses {
  private Losses() {}

  static PointwiseLoss of(String name, Settings settings) {
    return Catalog.losses().stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no loss " + name))
        .factory()
        .apply(settings);
  }
}
