package dev.talweg.datasets;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** How the columns of a row become features and its label a number: a value. */
@SuppressWarnings("DoNotCallSuggester") // signatures first, bodies next
public final class Encoding implements Serializable {
  private static final long serialVersionUID = 1L;

  Encoding() {}

  /** Number of features. */
  public int dimension() {
    throw unfinished();
  }

  /** What feature j is, in [0, dimension). */
  public Feature feature(int j) {
    throw unfinished();
  }

  /** Everything but the levels of dictionaries, which {@link #feature} tells. */
  public String toJson() {
    throw unfinished();
  }

  /**
   * @param json what {@link #toJson} gave
   * @param levels the {@link Feature#level} of every feature
   */
  public static Encoding fromJson(String json, @Nullable String[] levels) {
    throw unfinished();
  }

  private static RuntimeException unfinished() {
    return new UnsupportedOperationException("not finished yet");
  }
}
