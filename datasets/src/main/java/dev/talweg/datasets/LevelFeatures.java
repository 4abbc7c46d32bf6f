package dev.talweg.datasets;

import java.util.List;
import org.apache.spark.unsafe.types.UTF8String;

/** The features of a column's levels, which are found by their bytes. */
final class LevelFeatures {
  private final Dictionary known = new Dictionary();
  private final int[] features; // by code

  /**
   * @param levels in the order of their features
   * @param first the first one's feature
   */
  LevelFeatures(List<String> levels, int first) {
    features = new int[levels.size()];
    for (int k = 0; k < features.length; k++) { // where a name comes twice, the last one has it
      features[known.code(UTF8String.fromString(levels.get(k)))] = first + k;
    }
  }

  /**
   * The feature of each code of a partition's dictionary, then that of a null; −1 for none. What is
   * not known shares the feature of rare levels.
   */
  int[] of(Dictionary local) {
    int rare = feature(known.find(Encoding.RARE), -1);
    int[] found = new int[local.size() + 1];
    for (int code = 0; code < local.size(); code++) {
      found[code] = feature(known.find(local, code), rare);
    }
    found[local.size()] = feature(known.find(Encoding.MISSING), -1);
    return found;
  }

  private int feature(int code, int otherwise) {
    return code < 0 ? otherwise : features[code];
  }
}
