package dev.talweg.jobs.config;

import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Items;
import dev.talweg.jobs.config.Value.Scalar;
import dev.talweg.optimizer.catalog.NearestName;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fills the places {@code ${name}} in the values of a configuration with what {@code --set
 * name=text} says, so that one file serves every night of a schedule.
 *
 * <p>A name is a variable where some value has its place, and no key. {@code ${date - 1d}} is so
 * many days before or after a variable that is a day. Two dollars before the brace are the text
 * with one. Names of keys have no places, and what is filled in has none either.
 */
final class Variables {
  private static final Pattern PLACE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)}");
  private static final Pattern EXPRESSION =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*(?:([+-])\\s*(\\d{1,5})\\s*d\\s*)?");

  private final Problems problems;
  private final List<String> keys;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final List<String> others = new ArrayList<>();

  /**
   * @param file the configuration as it was written
   * @param sets {@code name=text} of variables and {@code path=YAML} of keys
   * @param keys the names of keys at the top, which no variable can have
   */
  Variables(Block file, List<String> sets, List<String> keys, Problems problems) {
    this.problems = problems;
    this.keys = keys;
    Set<String> places = new LinkedHashSet<>();
    collect(file, places);
    sets.forEach(set -> collect(set.substring(set.indexOf('=') + 1), places));
    for (String set : sets) {
      int equals = set.indexOf('=');
      String name = equals < 0 ? "" : set.substring(0, equals).strip();
      if (places.contains(name) && !keys.contains(name)) {
        values.put(name, set.substring(equals + 1).strip());
      } else {
        others.add(set);
      }
    }
  }

  /** What is left to replace values of keys. */
  List<String> others() {
    return others;
  }

  /** The same block with every place filled. */
  Block filled(Block block) {
    return filled(block, "");
  }

  /** A text that is read as itself: the inverse of filling. */
  static String escaped(String text) {
    return text.replace("${", "$${");
  }

  private static void collect(Value value, Set<String> places) {
    if (value instanceof Scalar scalar) {
      collect(scalar.text(), places);
    } else if (value instanceof Items items) {
      items.items().forEach(item -> collect(item, places));
    } else if (value instanceof Block block) {
      block.fields().values().forEach(field -> collect(field.value(), places));
    }
  }

  private static void collect(String text, Set<String> places) {
    Matcher place = PLACE.matcher(text);
    while (place.find()) {
      Matcher expression = EXPRESSION.matcher(place.group(1) == null ? "" : place.group(1));
      if (expression.matches()) {
        places.add(expression.group(1));
      }
    }
  }

  private Block filled(Block block, String path) {
    Map<String, Field> fields = new LinkedHashMap<>();
    block
        .fields()
        .forEach(
            (name, field) -> {
              String below = path.isEmpty() ? name : path + "." + name;
              fields.put(name, new Field(field.key(), filled(field.value(), below)));
            });
    return new Block(fields, block.origin());
  }

  private Value filled(Value value, String path) {
    if (value instanceof Items items) {
      return new Items(
          items.items().stream().map(item -> filled(item, path)).toList(), items.origin());
    }
    return value instanceof Block block ? filled(block, path) : filled((Scalar) value, path);
  }

  private Scalar filled(Scalar scalar, String path) {
    Matcher place = PLACE.matcher(scalar.text());
    StringBuilder text = new StringBuilder();
    while (place.find()) {
      String inner = place.group(1);
      String filling = inner == null ? "${" : filling(inner, scalar.origin(), path);
      place.appendReplacement(text, Matcher.quoteReplacement(filling));
    }
    return new Scalar(place.appendTail(text).toString(), scalar.quoted(), scalar.origin());
  }

  /** What stands for an expression; the expression itself where that is a problem. */
  private String filling(String inner, Origin origin, String path) {
    String place = "${" + inner + "}";
    Matcher expression = EXPRESSION.matcher(inner);
    if (!expression.matches()) {
      problems.add(
          origin,
          path,
          place
              + " is no variable; write ${date} or ${date - 1d}, or $"
              + place
              + " for the text itself");
      return place;
    }
    String name = expression.group(1);
    String value = values.get(name);
    if (value == null) {
      problems.add(origin, path, place + " has no value; " + remedy(name));
      return place;
    }
    return expression.group(2) == null
        ? value
        : shifted(value, expression.group(2) + expression.group(3), place, origin, path);
  }

  private String remedy(String name) {
    return keys.contains(name)
        ? name + " is the name of a key, and no variable can have it: choose another"
        : "give --set "
            + name
            + "=…"
            + NearestName.of(name, candidates())
                .map(near -> "; is --set " + near + " misspelt?")
                .orElse("");
  }

  /** What was set and is neither a key nor a place: perhaps a misspelt variable. */
  private List<String> candidates() {
    return others.stream()
        .map(set -> set.substring(0, Math.max(0, set.indexOf('='))).strip())
        .filter(name -> !name.isEmpty() && !keys.contains(name) && name.indexOf('.') < 0)
        .toList();
  }

  private String shifted(String value, String days, String place, Origin origin, String path) {
    try {
      return LocalDate.parse(value).plusDays(Long.parseLong(days)).toString();
    } catch (DateTimeException e) {
      problems.add(
          origin, path, place + " needs a day such as 2026-11-25, but the variable is " + value);
      return place;
    }
  }
}
