package dev.talweg.optimizer.goldens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final List<Kind> KINDS =
      List.of(
          new Kind(f -> configured(f, "runs"), UpdateRuns::compare),
          new Kind(f -> configured(f, "schedule"), ScheduleValues::compare),
          new Kind(f -> f.containsKey("losses") && f.containsKey("units"), LossValues::compare),
          new Kind(f -> f.containsKey("sets"), MetricValues::compare),
          new Kind(f -> f.containsKey("optima"), OptimaValues::compare),
          new Kind(f -> f.containsKey("sgd") && f.containsKey("mlp"), SklearnRuns::compare),
          new Kind(
              f -> f.containsKey("data") && (f.containsKey("torch") || f.containsKey("keras")),
              LayerValues::compare),
          new Kind(
              f -> f.containsKey("x") && f.containsKey("runs"),
              (f, directory, tally) ->
                  tally.not(
                      "nets, layers or groups",
                      "this project's own form, which a test of their own reads")),
          new Kind(
              f ->
                  f.containsKey("runs")
                      || f.keySet().stream().anyMatch(key -> key.startsWith("sklearn_logistic")),
              QuasiNewtonRuns::compare),
          new Kind(
              f -> f.containsKey("optimizers") && f.containsKey("grads"),
              (f, directory, tally) ->
                  Json.map(f.get("optimizers"))
                      .keySet()
                      .forEach(
                          name ->
                              tally.not(
                                  name,
                                  "has its hyper-parameters in its name alone; updates_*.json have"
                                      + " the rule by the library itself"))),
          new Kind(
              f -> !f.isEmpty() && f.values().stream().allMatch(GoldenFiles::league),
              (f, directory, tally) ->
                  f.keySet()
                      .forEach(name -> tally.not(name, "its data, a9a, are not in the files"))),
          new Kind(f -> f.containsKey("problems"), (f, directory, tally) -> {}));

  private static boolean configured(Map<String, @Nullable Object> file, String field) {
    List<?> all = Json.list(file.get("configurations"));
    return !all.isEmpty() && all.stream().allMatch(each -> Json.map(each).containsKey(field));
  }

  private static boolean league(@Nullable Object value) {
    return value instanceof Map<?, ?> map && map.containsKey("iters_to_relgap");
  }

  /** All files of a directory, in the order of their names. */
  static List<Agreement> of(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.list(directory)) {
      files = paths.filter(p -> p.toString().endsWith(".json")).sorted().toList();
    }
    List<Agreement> all = new ArrayList<>();
    for (Path path : files) {
      all.add(compared(path, directory));
    }
    return all;
  }

  private static Agreement compared(Path path, Path directory) throws IOException {
    Tally tally = new Tally();
    Map<String, @Nullable Object> file;
    try {
      file = Json.object(Files.readString(path));
    } catch (RuntimeException malformed) {
      tally.not("the file", "is no JSON object: " + malformed);
      return tally.agreement(path.getFileName().toString());
    }
    for (Kind kind : KINDS) {
      if (kind.is.test(file)) {
        kind.comparer.compare(file, directory, tally);
        return tally.agreement(path.getFileName().toString());
      }
    }
    tally.not("the file", "of a kind that is not known, with " + file.keySet());
    return tally.agreement(path.getFileName().toString());
  }
}
