package dev.talweg.jobs.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.talweg.jobs.config.Key.Presence;
import dev.talweg.jobs.config.RunConfig.Clip;
import dev.talweg.jobs.config.RunConfig.Group;
import dev.talweg.jobs.config.RunConfig.Nested;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A configuration as plain maps, as YAML and as a hash. */
final class ConfigWriter {
  private static final Pattern PLAIN_TEXT = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./*-]*");
  private static final Set<String> NO_PLAIN_TEXT =
      Set.of("null", "true", "false", "yes", "no", "on", "off", "y", "n");
  private static final List<String> NOT_IN_FINGERPRINT =
      List.of("name", "output", "checkpoint", "reference", "promote", "evaluation");

  private ConfigWriter() {}

  static Map<String, Object> map(RunConfig config) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Key<?> key : Schema.ALL) {
      Object written = key.written(config);
      if (written == null && key.presence() == Presence.ALTERNATIVE) {
        continue;
      }
      put(map, key.path(), masked(written));
    }
    Map<String, Object> model = block(map, "model");
    config.model().parameters().forEach((k, v) -> model.put(k, plain(v)));
    Map<String, Object> optimizer = block(map, "optimizer");
    config.optimizer().parameters().forEach((k, v) -> optimizer.put(k, plain(v)));
    if (config.local() != null) {
      Map<String, Object> outer = block(map, "local.outer");
      config.local().outer().parameters().forEach((k, v) -> outer.put(k, plain(v)));
    }
    return cast(map);
  }

  private static Object plain(Object value) {
    if (value instanceof Nested nested) {
      Map<String, Object> block = new LinkedHashMap<>();
      block.put("kind", nested.kind());
      nested.parameters().forEach((k, v) -> block.put(k, plain(v)));
      return block;
    }
    if (value instanceof Group group) {
      Map<String, Object> block = new LinkedHashMap<>();
      block.put("slices", group.slices());
      block.put("rate-factor", group.rateFactor());
      group.parameters().forEach((k, v) -> block.put(k, plain(v)));
      return block;
    }
    if (value instanceof List<?> list) {
      return list.stream().map(ConfigWriter::plain).toList();
    }
    return value instanceof Clip clip ? Map.of(clip.kind(), clip.limit()) : value;
  }

  /** A path may have a password before its host. */
  private static @Nullable Object masked(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(each -> each instanceof String ? masked(each) : each).toList();
    }
    return value instanceof String text ? Secrets.masked(text) : value;
  }

  private static void put(Map<String, @Nullable Object> map, String path, @Nullable Object value) {
    int dot = path.lastIndexOf('.');
    Map<String, Object> parent = dot < 0 ? cast(map) : block(map, path.substring(0, dot));
    putNullable(parent, path.substring(dot + 1), value);
  }

  @SuppressWarnings("NullAway") // JSON's null is a value of its maps
  private static void putNullable(Map<String, Object> map, String key, @Nullable Object value) {
    map.put(key, value);
  }

  /** The nested map at a path, made where it is missing. */
  private static Map<String, Object> block(Map<String, @Nullable Object> map, String path) {
    Map<String, Object> at = cast(map);
    for (String name : path.split("\\.", -1)) {
      at = cast((Map<?, ?>) at.computeIfAbsent(name, n -> new LinkedHashMap<String, Object>()));
    }
    return at;
  }

  @SuppressWarnings("unchecked") // all maps of a configuration have texts as keys
  private static Map<String, Object> cast(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  // --- fingerprint ----------------------------------------------------------------------------

  static boolean decidesTheModel(String path) {
    return !NOT_IN_FINGERPRINT.contains(path.replaceFirst("\\..*", ""));
  }

  static String fingerprint(Map<String, Object> map) {
    Map<String, Object> canonical = new LinkedHashMap<>(map);
    NOT_IN_FINGERPRINT.forEach(canonical::remove);
    try {
      byte[] json = new ObjectMapper().writeValueAsBytes(canonical);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
    } catch (JsonProcessingException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("plain maps and SHA-256 are always there", e);
    }
  }

  // --- YAML -----------------------------------------------------------------------------------

  static String yaml(Map<String, ?> map) {
    StringBuilder out = new StringBuilder();
    write(out, map, "");
    return out.toString();
  }

  private static void write(StringBuilder out, Map<String, ?> map, String indent) {
    map.forEach(
        (key, value) -> {
          out.append(indent).append(text(key)).append(':');
          if (value instanceof Map<?, ?> block && !block.isEmpty() && !isSmall(block)) {
            out.append('\n');
            write(out, cast(block), indent + "  ");
          } else {
            out.append(' ').append(flow(value)).append('\n');
          }
        });
  }

  /** Whether a block reads better on one line: up to three plain values. */
  private static boolean isSmall(Map<?, ?> block) {
    return block.size() <= 3
        && block.values().stream().noneMatch(v -> v instanceof Map || v instanceof Collection)
        && flow(block).length() <= 80;
  }

  private static String flow(@Nullable Object value) {
    if (value instanceof Map<?, ?> block) {
      return cast(block).entrySet().stream()
          .map(e -> text(e.getKey()) + ": " + flow(e.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(ConfigWriter::flow).collect(Collectors.joining(", ", "[", "]"));
    }
    if (value instanceof Double number) {
      return Forms.plain(number);
    }
    return value instanceof String string ? text(Variables.escaped(string)) : String.valueOf(value);
  }

  /** A text, quoted unless nothing else could be read from it. */
  static String text(String text) {
    if (PLAIN_TEXT.matcher(text).matches()
        && !NO_PLAIN_TEXT.contains(text.toLowerCase(Locale.ROOT))) {
      return text;
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints().forEach(c -> quoted.append(escaped(c)));
    return quoted.append('"').toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\t' -> "\\t";
      default ->
          isPrintable(c)
              ? Character.toString(c)
              : String.format(Locale.ROOT, c > 0xffff ? "\\U%08x" : "\\u%04x", c);
    };
  }

  private static boolean isPrintable(int c) {
    boolean ascii = c >= 0x20 && c < 0x7f;
    boolean letter = c >= 0xa0 && c < 0xd800 && c != 0x2028 && c != 0x2029;
    return ascii || letter;
  }
}
