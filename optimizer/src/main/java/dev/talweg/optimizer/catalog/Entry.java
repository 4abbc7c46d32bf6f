package dev.talweg.optimizer.catalog;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A named thing a configuration can ask for.
 *
 * @param summary one line: what it is
 * @param reference equation or paper
 * @param libraries by library that has the thing: its defaults, where they differ
 */
public record Entry<T>(
    String name,
    String summary,
    String reference,
    List<Parameter> parameters,
    Function<Settings, T> factory,
    Map<Like, Map<String, Object>> libraries) {

  /** A thing that no library names. */
  public Entry(
      String name,
      String summary,
      String reference,
      List<Parameter> parameters,
      Function<Settings, T> factory) {
    this(name, summary, reference, parameters, factory, Map.of());
  }

  /** With the defaults of a library, where they differ. */
  Entry<T> in(Like library, Map<String, Object> defaults) {
    for (String parameter : defaults.keySet()) {
      if (parameters.stream().noneMatch(p -> p.name().equals(parameter))) {
        throw new IllegalArgumentException(name + " has no parameter " + parameter);
      }
    }
    Map<Like, Map<String, Object>> with = new EnumMap<>(Like.class);
    with.putAll(libraries);
    with.put(library, Map.copyOf(defaults));
    return new Entry<>(name, summary, reference, parameters, factory, with);
  }

  /** The same thing, made otherwise. */
  Entry<T> made(Function<Settings, T> otherwise) {
    return new Entry<>(name, summary, reference, parameters, otherwise, libraries);
  }

  /** The same with another default of one parameter. */
  Entry<T> withDefault(String parameter, Object value) {
    List<Parameter> with =
        parameters.stream()
            .map(p -> p.name().equals(parameter) ? p.withDefault(value) : p)
            .toList();
    return new Entry<>(name, summary, reference, with, factory, libraries);
  }

  /** This thing as a library has it, or nothing if it has none. */
  public Optional<Entry<T>> like(Like library) {
    if (library == Like.NONE) {
      return Optional.of(this);
    }
    Map<String, Object> defaults = libraries.get(library);
    if (defaults == null) {
      return Optional.empty();
    }
    List<Parameter> with = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Object value = defaults.get(parameter.name());
      with.add(value == null ? parameter : parameter.withDefault(value));
    }
    return Optional.of(new Entry<>(name, summary, reference, with, factory, libraries));
  }
}
