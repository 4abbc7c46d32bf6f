package dev.talweg.jobs.config;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Values that are never shown, whoever puts them into a text. */
public final class Concealed {
  private final Set<String> values = ConcurrentHashMap.newKeySet();

  /** Those that the names of the configuration's options call secret. */
  public static Concealed of(RunConfig config) {
    Concealed concealed = new Concealed();
    concealed.addSecretsOf(config.data().options());
    return concealed;
  }

  public void add(String value) {
    if (!value.isBlank()) {
      values.add(value);
    }
  }

  /** The values of the options whose names call them secret. */
  public void addSecretsOf(Map<String, String> options) {
    options.forEach(
        (name, value) -> {
          if (Secrets.isSecret(name)) {
            add(value);
          }
        });
  }

  /**
   * A text as it may be shown: without what its own words call secret too. Values go first, the
   * longest before what may be a part of it, since words may cover but a part of a value.
   */
  public String masked(String text) {
    String shown = text;
    for (String value :
        values.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList()) {
      shown = shown.replace(value, Secrets.MASK);
    }
    return Secrets.masked(shown);
  }
}
