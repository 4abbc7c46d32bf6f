package dev.talweg.optimizer.goldens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The golden files of a directory: what kind each is, by what it holds, and how it compares. */
final class GoldenFiles {
  private GoldenFiles() {}

  /** Compares one file; its problems stand beside it. */
  private interface Comparer {
    void compare(Map<String, @Nullable Object> file, Path directory, Tally tally)
        throws IOException;
  }

  private record Kind(Predicate<Map<String, @Nullable Object>> is, Comparer comparer) {}

  private static List<Kind> kinds(String name, GoldenData data) {
    return List.of(
        new Kind(f -> configured(f, "runs"), UpdateRuns::compare),
        new Kind(f -> configured(f, "schedule"), ScheduleValues::compare),
        new Kind(f -> f.containsKey("losses") && f.containsKey("units"), LossValues::compare),
        new Kind(f -> f.containsKey("sets"), MetricValues::compare),
        new Kind(
            f -> f.containsKey("optima"),
            (f, directory, tally) -> OptimaValues.compare(f, directory, data, tally)),
        new Kind(f -> f.containsKey("sgd") && f.containsKey("mlp"), SklearnRuns::compare),
        new Kind(
            f -> f.containsKey("data") && (f.containsKey("torch") || f.containsKey("keras")),
            LayerValues::compare),
        new Kind(
            f ->
                f.containsKey("runs")
                    || f.keySet().stream().anyMatch(key -> key.startsWith("sklearn_logistic")),
            (f, directory, tally) -> QuasiNewtonRuns.compare(f, directory, data, tally)),
        new Kind(
            f -> f.containsKey("optimizers") && f.containsKey("grads"),
            (f, directory, tally) -> NamedRules.compare(f, tally)),
        new Kind(
            f -> !f.isEmpty() && f.values().stream().allMatch(GoldenFiles::league),
            (f, directory, tally) -> LeagueRuns.compare(name, f, data, tally)),
        new Kind(f -> f.containsKey("problems"), (f, directory, tally) -> {}));
  }

  /** Nets, layers and groups, in this project's own form. */
  private static boolean isOwnForm(Map<String, @Nullable Object> file) {
    return file.containsKey("x") && file.containsKey("runs");
  }

  private static boolean configured(Map<String, @Nullable Object> file, String field) {
    List<?> all = Json.list(file.get("configurations"));
    return !all.isEmpty() && all.stream().allMatch(each -> Json.map(each).containsKey(field));
  }

  private static boolean league(@Nullable Object value) {
    return value instanceof Map<?, ?> map && map.containsKey("iters_to_relgap");
  }

  /**
   * All files of a directory that are of the libraries' form, in the order of their names.
   *
   * @param data that they name and do not hold
   */
  static List<Agreement> of(Path directory, GoldenData data) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.list(directory)) {
      files = paths.filter(p -> p.toString().endsWith(".json")).sorted().toList();
    }
    List<Agreement> all = new ArrayList<>();
    for (Path path : files) {
      compared(path, directory, data).ifPresent(all::add);
    }
    return all;
  }

  private static Optional<Agreement> compared(Path path, Path directory, GoldenData data)
      throws IOException {
    Tally tally = new Tally();
    String name = path.getFileName().toString();
    Map<String, @Nullable Object> file;
    try {
      file = Json.object(Files.readString(path));
    } catch (RuntimeException malformed) {
      tally.not("the file", "is no JSON object: " + malformed);
      return Optional.of(tally.agreement(name));
    }
    if (isOwnForm(file)) {
      return Optional.empty();
    }
    for (Kind kind : kinds(name, data)) {
      if (kind.is.test(file)) {
        kind.comparer.compare(file, directory, tally);
        return Optional.of(tally.agreement(name));
      }
    }
    tally.not("the file", "of a kind that is not known, with " + file.keySet());
    return Optional.of(tally.agreement(name));
  }
}
