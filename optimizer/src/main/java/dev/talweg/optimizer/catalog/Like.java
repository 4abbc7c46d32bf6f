package dev.talweg.optimizer.catalog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Whose defaults and conventions a rule follows. */
public enum Like {
  /** Talweg's own, which are PyTorch's wherever it has the rule. */
  NONE,
  PYTORCH,
  KERAS,
  TENSORFLOW,
  OPTAX,
  SCIPY,
  SKLEARN,
  MATLAB;

  /** As it is written in a configuration. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one that is written so. */
  public static Like of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** All as they are written. */
  public static List<String> texts() {
    return Arrays.stream(values()).map(Like::text).toList();
  }
}
