package dev.talweg.jobs.config;

import dev.talweg.jobs.config.RunConfig.Nested;
import dev.talweg.jobs.config.Value.Block;
import dev.talweg.jobs.config.Value.Field;
import dev.talweg.jobs.config.Value.Items;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.EmbeddingWidths;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a named thing of the catalog, as the thing declares them. */
final class Parameters {
  private static final String SLICES = "slices";
  private static final String FACTOR = "rate-factor";

  private final Problems problems;
  private final List<String> alsoAllowed;

  /**
   * @param alsoAllowed the block's own keys, for advice
   */
  Parameters(Problems problems, List<String> alsoAllowed) {
    this.problems = problems;
    this.alsoAllowed = alsoAllowed;
  }

  /**
   * Every parameter, defaults filled in; a parameter that is off is left out.
   *
   * @param of the thing's name, for messages
   */
  Map<String, Object> read(
      String path, String of, Entry<?> entry, Map<String, Field> written, Origin origin) {
    List<String> names = new ArrayList<>(entry.parameters().stream().map(Parameter::name).toList());
    names.addAll(alsoAllowed);
    written.forEach(
        (name, field) -> {
          if (!names.contains(name)) {
            problems.add(
                field.key(),
                path + "." + name,
                "unknown key; "
                    + of
                    + " has "
                    + parameterNames(entry)
                    + NearestName.hint(name, names));
          }
        });
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      Object value = value(path, of, entry, parameter, written.get(parameter.name()), origin);
      if (value != null) {
        values.put(parameter.name(), value);
      }
    }
    return values;
  }

  private static String parameterNames(Entry<?> entry) {
    return entry.parameters().isEmpty()
        ? "no parameters"
        : "parameters "
            + String.join(", ", entry.parameters().stream().map(Parameter::name).toList());
  }

  private @Nullable Object value(
      String above,
      String of,
      Entry<?> entry,
      Parameter parameter,
      @Nullable Field field,
      Origin origin) {
    String path = above + "." + parameter.name();
    if (field == null) {
      if (parameter.byDefault() == null && parameter.kind() != Parameter.Kind.CLIP) {
        problems.add(origin, path, of + " needs it; write " + parameter.allowed());
      }
      return parameter.byDefault();
    }
    Value value = field.value();
    if (value.isNull() && parameter.kind() == Parameter.Kind.CLIP) {
      return null;
    }
    return parameter.kind() == Parameter.Kind.GROUPS
        ? groups(path, of, entry, value)
        : value(path, parameter, value);
  }

  private @Nullable Object value(String path, Parameter parameter, Value value) {
    return switch (parameter.kind()) {
      case NUMBER -> checked(path, parameter, value, Forms.asNumber(value));
      case INTEGER -> checked(path, parameter, value, Forms.asInteger(value));
      case TEXT -> checked(path, parameter, value, Forms.asText(value));
      case FLAG -> Forms.flag().read(value, path, problems);
      case SCHEDULE -> schedule(path, parameter, value);
      case NUMBERS -> numbers(path, parameter, value);
      case SCHEDULES -> schedules(path, parameter, value);
      case CLIP -> clip(path, parameter, value);
      case TEXTS -> Forms.texts(parameter.allowed()).read(value, path, problems);
      case WIDTHS -> widths(path, parameter, value);
      case GROUPS -> throw new IllegalArgumentException("groups have no groups");
    };
  }

  private @Nullable Object groups(String path, String of, Entry<?> rule, Value value) {
    if (!(value instanceof Items items)) {
      problems.add(
          value.origin(),
          path,
          "found "
              + value.found()
              + ", a list such as [{slices: layer-1.*, rate-factor: 0.1}] is allowed");
      return null;
    }
    int before = problems.count();
    List<Object> groups = new ArrayList<>();
    for (Value item : items.items()) {
      if (item instanceof Block block) {
        groups.add(group(path, of, rule, block));
      } else {
        problems.add(
            item.origin(),
            path,
            "found "
                + item.found()
                + ", a block such as {slices: layer-1.*, rate-factor: 0.1} is allowed");
      }
    }
    return problems.count() > before ? null : groups;
  }

  private RunConfig.Group group(String path, String of, Entry<?> rule, Block block) {
    Map<String, Parameter> own = new LinkedHashMap<>();
    Catalog.ofGroups(rule).forEach(parameter -> own.put(parameter.name(), parameter));
    List<String> names = new ArrayList<>(List.of(SLICES, FACTOR));
    names.addAll(own.keySet());
    List<String> slices = null;
    Double factor = 1.0;
    Map<String, Object> differ = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : block.fields().entrySet()) {
      String name = entry.getKey();
      Value value = entry.getValue().value();
      Parameter parameter = own.get(name);
      if (name.equals(SLICES)) {
        slices = Forms.texts("a slice, a glob or a list of them").read(value, path, problems);
      } else if (name.equals(FACTOR)) {
        factor = Forms.positive().read(value, path + "." + FACTOR, problems);
      } else if (parameter == null) {
        problems.add(
            entry.getValue().key(),
            path,
            "unknown key "
                + name
                + "; a group of "
                + of
                + " has "
                + String.join(", ", names)
                + NearestName.hint(name, names));
      } else {
        Object read = value(path + "." + name, parameter, value);
        if (read != null) {
          differ.put(name, read);
        }
      }
    }
    if (!block.fields().containsKey(SLICES)) {
      problems.add(block.origin(), path, "a group needs slices, such as slices: layer-1.*");
    }
    return new RunConfig.Group(
        slices == null ? List.of() : slices, factor == null ? 1 : factor, differ);
  }

  private @Nullable Object checked(
      String path, Parameter parameter, Value value, @Nullable Object read) {
    if (read == null || !parameter.accepts().test(read)) {
      problems.add(
          value.origin(),
          path,
          "found " + value.found() + ", " + parameter.allowed() + " is allowed");
      return null;
    }
    return read;
  }

  private @Nullable Object schedule(String path, Parameter parameter, Value value) {
    if (!(value instanceof Block block)) {
      return checked(path, parameter, value, Forms.asNumber(value));
    }
    Field kind = block.fields().get("kind");
    List<String> names = Vocabulary.schedules();
    if (kind == null) {
      problems.add(
          value.origin(), path, "a schedule needs kind, one of " + String.join(", ", names));
      return null;
    }
    String name = Forms.choice(names).read(kind.value(), path + ".kind", problems);
    if (name == null) {
      return null;
    }
    Map<String, Field> rest = new LinkedHashMap<>(block.fields());
    rest.remove("kind");
    Entry<?> entry = Vocabulary.schedule(name);
    int before = problems.count();
    Nested nested =
        new Nested(
            name,
            new Parameters(problems, List.of("kind"))
                .read(path, name, entry, rest, value.origin()));
    if (problems.count() > before) {
      return null;
    }
    try {
      Schedule made = nested.made(); // what no parameter knows alone: a warm-up above all steps
      if (parameter.kind() == Parameter.Kind.SCHEDULE && !parameter.accepts().test(made)) {
        problems.add(
            value.origin(),
            path,
            "found a schedule whose largest value is "
                + Forms.plain(made.most())
                + ", "
                + parameter.allowed()
                + " is allowed");
        return null;
      }
      return nested;
    } catch (IllegalArgumentException e) {
      problems.add(value.origin(), path, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable Object numbers(String path, Parameter parameter, Value value) {
    if (!(value instanceof Items items)) {
      return checked(path, parameter, value, null);
    }
    List<Double> numbers = new ArrayList<>();
    for (Value item : items.items()) {
      Double number = Forms.asNumber(item);
      if (number == null) {
        return checked(path, parameter, item, null);
      }
      if (!parameter.accepts().test(List.of(number))) {
        return checked(path, parameter, item, null);
      }
      numbers.add(number);
    }
    return checked(path, parameter, value, numbers);
  }

  private @Nullable Object schedules(String path, Parameter parameter, Value value) {
    if (!(value instanceof Items items)) {
      return checked(path, parameter, value, null);
    }
    List<Object> schedules = new ArrayList<>();
    for (Value item : items.items()) {
      Object schedule =
          item instanceof Block ? schedule(path, parameter, item) : Forms.asNumber(item);
      if (schedule == null) {
        return item instanceof Block ? null : checked(path, parameter, item, null);
      }
      schedules.add(schedule);
    }
    return checked(path, parameter, value, schedules);
  }

  private @Nullable Object widths(String path, Parameter parameter, Value value) {
    if (!(value instanceof Block block)) {
      return checked(path, parameter, value, asWidth(value));
    }
    int before = problems.count();
    Map<String, Object> widths = new LinkedHashMap<>();
    block
        .fields()
        .forEach(
            (name, field) -> {
              String below = path + "." + name;
              if (name.equals(EmbeddingWidths.OTHERS)) {
                widths.put(name, width(below, field.value()));
              } else if (name.equals(EmbeddingWidths.COLUMNS)
                  && field.value() instanceof Block columns) {
                widths.put(name, widths(below, columns));
              } else if (name.equals(EmbeddingWidths.COLUMNS)) {
                problems.add(
                    field.value().origin(),
                    below,
                    "found "
                        + field.value().found()
                        + ", a block of columns such as {user: 32, item: auto} is allowed");
              } else {
                List<String> names = List.of(EmbeddingWidths.COLUMNS, EmbeddingWidths.OTHERS);
                problems.add(
                    field.key(),
                    below,
                    "unknown key; "
                        + parameter.name()
                        + " has "
                        + String.join(", ", names)
                        + ", as in {columns: {"
                        + name
                        + ": 16}, others: auto}"
                        + NearestName.hint(name, names));
              }
            });
    return problems.count() > before ? null : checked(path, parameter, value, widths);
  }

  private Map<String, Object> widths(String path, Block columns) {
    Map<String, Object> widths = new LinkedHashMap<>();
    columns
        .fields()
        .forEach((name, field) -> widths.put(name, width(path + "." + name, field.value())));
    return widths;
  }

  private Object width(String path, Value value) {
    Object width = asWidth(value);
    if (width == null || !EmbeddingWidths.isWidth(width)) {
      problems.add(
          value.origin(),
          path,
          "found " + value.found() + ", " + EmbeddingWidths.ALLOWED + " is allowed");
      return EmbeddingWidths.NONE;
    }
    return width;
  }

  private static @Nullable Object asWidth(Value value) {
    Long number = Forms.asInteger(value);
    return number == null ? Forms.asText(value) : (Object) number;
  }

  private @Nullable Object clip(String path, Parameter parameter, Value value) {
    if (value instanceof Block block && block.fields().size() == 1) {
      Map.Entry<String, Field> only = block.fields().entrySet().iterator().next();
      String kind = only.getKey();
      if (RunConfig.Clip.KINDS.contains(kind)) {
        Double limit = clipLimit(kind).read(only.getValue().value(), path + "." + kind, problems);
        return limit == null ? null : new RunConfig.Clip(kind, limit);
      }
    }
    return checked(path, parameter, value, null);
  }

  private static Form<Double> clipLimit(String kind) {
    return kind.equals("quantile")
        ? Forms.number("a number above 0 and at most 1", x -> x > 0 && x <= 1, List.of(), List.of())
        : Forms.number("a number above 0", x -> x > 0, List.of(), List.of());
  }
}
