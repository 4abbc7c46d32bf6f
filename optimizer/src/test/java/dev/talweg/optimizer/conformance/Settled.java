package dev.talweg.optimizer.conformance;

import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings of a catalog's entry: its defaults, some of them replaced, and what has none given. */
public final class Settled {
  private Settled() {}

  static Settings defaults(Entry<?> entry) {
    return with(entry, Map.of());
  }

  public static Settings with(Entry<?> entry, Map<String, Object> replaced) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      if (parameter.byDefault() != null) {
        values.put(parameter.name(), parameter.byDefault());
      } else if (parameter.name().equals("anchor")) { // of SVRG: every run has to say it
        values.put("anchor", 7L);
      }
    }
    values.putAll(replaced);
    return new Settings(values);
  }
}
