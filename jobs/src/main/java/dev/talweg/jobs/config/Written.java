package dev.talweg.jobs.config;

import dev.talweg.jobs.config.Key.Presence;
import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Scalar;
import dev.talweg.optimizer.catalog.NearestName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What was written, key by key of {@link Schema}, and the parameters that stand beside a kind. What
 * belongs to no key is a problem.
 */
final class Written {
  private final Origin whole;
  private final Problems problems;
  private final Map<String, Field> found = new LinkedHashMap<>();
  private final Map<String, Map<String, Field>> extras = new LinkedHashMap<>();

  Written(Origin whole, Block block, Problems problems) {
    this.whole = whole;
    this.problems = problems;
    assign(block, "");
  }

  private void assign(Block block, String above) {
    block.fields().forEach((name, field) -> assign(name, field, above));
  }

  private void assign(String name, Field field, String above) {
    String path = above.isEmpty() ? name : above + "." + name;
    if (name.contains(".")) {
      problems.add(
          field.key(),
          above,
          "unknown key " + name + "; a dotted name is written as nested blocks");
    } else if (isKey(path)) {
      found.put(path, field);
    } else if (isBlock(path)) {
      assignBlock(path, field);
    } else if (Schema.OPEN_BLOCKS.contains(above)) {
      extras.computeIfAbsent(above, a -> new LinkedHashMap<>()).put(name, field);
    } else {
      problems.add(field.key(), path, "unknown key" + advice(name, above));
    }
  }

  private void assignBlock(String path, Field field) {
    Value value = field.value();
    String shorthand = Schema.SHORTHANDS.get(path);
    if (value instanceof Block inner) {
      assign(inner, path);
    } else if (shorthand != null) {
      found.put(path + "." + shorthand, field);
    } else if (!(value.isNull() && Schema.OPTIONAL_BLOCKS.contains(path))) {
      String allowed = String.join(", ", children(path));
      problems.add(
          value.origin(),
          path,
          "found " + value.found() + ", a block of " + allowed + " is allowed");
    }
  }

  private static boolean isKey(String path) {
    return Schema.ALL.stream().anyMatch(key -> key.path().equals(path));
  }

  private static boolean isBlock(String path) {
    return Schema.ALL.stream().anyMatch(key -> key.path().startsWith(path + "."));
  }

  /** The names allowed below a path. */
  static List<String> children(String above) {
    String prefix = above.isEmpty() ? "" : above + ".";
    return Schema.ALL.stream()
        .map(Key::path)
        .filter(path -> path.startsWith(prefix))
        .map(path -> path.substring(prefix.length()).replaceFirst("\\..*", ""))
        .distinct()
        .toList();
  }

  /** What a misspelt or misplaced key was meant to be. */
  private static String advice(String name, String above) {
    List<String> siblings = children(above);
    Optional<String> near = NearestName.of(name, siblings);
    if (near.isPresent()) {
      return "; did you mean " + near.get() + "?";
    }
    List<String> elsewhere =
        Schema.ALL.stream()
            .map(Key::path)
            .filter(path -> path.endsWith("." + name) || path.startsWith(name + "."))
            .map(path -> path.startsWith(name + ".") ? name : path)
            .distinct()
            .toList();
    if (!elsewhere.isEmpty()) {
      return "; did you mean " + elsewhere.get(0) + "?";
    }
    return "; allowed here: " + String.join(", ", siblings);
  }

  /** A problem of a key, or of a block of them. */
  void problem(String path, String what) {
    problems.add(origin(path), path, what);
  }

  /** Whether a key was written, be it as null. */
  boolean has(String path) {
    return found.containsKey(path);
  }

  boolean has(Key<?> key) {
    return has(key.path());
  }

  /** The keys written that begin so, and the open blocks, in their order. */
  Stream<String> below(String block) {
    return Stream.concat(found.keySet().stream(), extras.keySet().stream())
        .filter(path -> path.startsWith(block + "."));
  }

  /** What stands beside the kind of an open block. */
  Map<String, Field> extras(String block) {
    return extras.getOrDefault(block, Map.of());
  }

  /** Whether a key was written with a value. */
  boolean hasValue(String path) {
    Field field = found.get(path);
    return field != null && !field.value().isNull();
  }

  /** The value written, or the key's default. */
  <T> @Nullable T value(Key<T> key) {
    T byDefault = null;
    if (key.byDefault() != null) {
      Value value =
          YamlTree.ofOption("default of " + key.path(), key.byDefault(), problems).orElseThrow();
      byDefault = key.form().read(value, key.path(), problems);
    }
    return value(key, byDefault);
  }

  <T> @Nullable T value(Key<T> key, @Nullable T byDefault) {
    Field field = found.get(key.path());
    if (field == null) {
      if (key.presence() == Presence.REQUIRED) {
        problems.add(whole, key.path(), "missing; write " + key.form().allowed() + remedy(key));
      }
      return byDefault;
    }
    if (field.value().isNull() && key.presence() == Presence.NULLABLE) {
      return null;
    }
    return key.form().read(field.value(), key.path(), problems);
  }

  private static String remedy(Key<?> key) {
    return key.path().equals(Schema.OUTPUT.path())
        ? ", or give --output"
        : ", such as " + key.path() + ": " + key.form().valid().get(0);
  }

  void requires(Key<?> key, Key<?> other) {
    if (found.containsKey(key.path()) && !found.containsKey(other.path())) {
      problems.add(origin(key.path()), key.path(), "is allowed only beside " + other.path());
    }
  }

  /** Where a key, or the first key of a block, is written. */
  Origin origin(String path) {
    Field field = found.get(path);
    if (field != null) {
      return field.value() instanceof Scalar ? field.value().origin() : field.key();
    }
    for (Map.Entry<String, Field> entry : found.entrySet()) {
      if (entry.getKey().startsWith(path + ".")) {
        return entry.getValue().key();
      }
    }
    return whole;
  }
}
