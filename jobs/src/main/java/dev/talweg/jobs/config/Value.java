package dev.talweg.jobs.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What YAML text means before a schema says more, with the place of every part. */
sealed interface Value {
  Origin origin();

  /** What was found, for error messages. */
  String found();

  default boolean isNull() {
    return false;
  }

  /** One text; {@code quoted} tells "1" from 1. */
  record Scalar(String text, boolean quoted, Origin origin) implements Value {
    private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

    @Override
    public boolean isNull() {
      return !quoted && NULLS.contains(text);
    }

    @Override
    public String found() {
      if (isNull()) {
        return "nothing";
      }
      String shown = text.length() > 60 ? text.substring(0, 57) + "…" : text;
      return quoted ? '"' + shown.replace("\n", "\\n") + '"' : shown;
    }
  }

  record Items(List<Value> items, Origin origin) implements Value {
    @Override
    public String found() {
      return items.isEmpty() ? "an empty list" : "a list";
    }
  }

  record Block(Map<String, Field> fields, Origin origin) implements Value {
    @Override
    public String found() {
      return fields.isEmpty()
          ? "an empty block"
          : "a block of " + String.join(", ", fields.keySet());
    }
  }

  /** A value and where its key is. */
  record Field(Origin key, Value value) {}
}
