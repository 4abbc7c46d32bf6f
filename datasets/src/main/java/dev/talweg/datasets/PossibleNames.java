package dev.talweg.datasets;

import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.naming.Glob;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What columns and features can be called, before a row is read: a numeric column's features have
 * its name or its transform's, those of levels, buckets and entries begin with it.
 *
 * @param columns names of columns that have features, crosses among them
 * @param numbers names of the features that numbers are
 * @param levels names of the columns among them that have levels
 * @param beginnings of names that end as the rows decide
 */
record PossibleNames(
    List<String> columns, List<String> numbers, List<String> levels, List<String> beginnings) {

  /** Of a plan. */
  static PossibleNames of(FeaturePlan plan) {
    List<String> columns = new ArrayList<>(plan.numericColumns());
    List<String> beginnings = new ArrayList<>();
    List<String> numbers = plan.numeric().stream().map(FeatureSpec.Numeric::feature).toList();
    plan.dictionaries().forEach(c -> add(c.column(), "=", columns, beginnings));
    plan.hashed().forEach(c -> add(c.column(), "#", columns, beginnings));
    plan.crosses().forEach(c -> add(String.join(FeaturePlan.CROSS, c), "", columns, beginnings));
    List<String> levels = List.copyOf(columns.subList(plan.numeric().size(), columns.size()));
    if (plan.vector() != null) {
      add(plan.vector(), "[", columns, beginnings);
    }
    columns.forEach(column -> beginnings.add(column + " is missing"));
    return new PossibleNames(columns, numbers, levels, beginnings);
  }

  private static void add(
      String column, String then, List<String> columns, List<String> beginnings) {
    columns.add(column);
    beginnings.add(column + then);
  }

  /** Of columns of which it is not known yet what becomes of them. */
  static PossibleNames of(Collection<String> columns) {
    return new PossibleNames(
        List.copyOf(columns), List.of(), List.copyOf(columns), List.copyOf(columns));
  }

  /** One for each name or glob that nothing can have. */
  List<String> problems(Mentioned names) {
    List<String> problems = new ArrayList<>(problems(names.features()));
    names
        .levels()
        .forEach(
            (key, globs) -> {
              if (levels.isEmpty()) {
                problems.add(
                    key
                        + ": no column has levels; name some under features: {categorical: [NAME]},"
                        + " or remove it");
                return;
              }
              globs.stream()
                  .filter(glob -> !matches(glob, levels))
                  .map(glob -> key + ": " + withoutLevels(glob))
                  .forEach(problems::add);
            });
    return problems;
  }

  private static boolean matches(String glob, List<String> names) {
    return names.stream().anyMatch(new Glob(glob)::matches);
  }

  private String withoutLevels(String name) {
    return matches(name, columns)
        ? "column " + name + " has no levels; write features: {categorical: [" + name + "]}"
        : "no column " + name + remedy(name, levels, "columns with levels are ");
  }

  /**
   * One for each name or glob that no column and no feature can have.
   *
   * @param named names by the key of the configuration that has them
   */
  List<String> problems(Map<String, Set<String>> named) {
    List<String> problems = new ArrayList<>();
    named.forEach(
        (key, names) ->
            names.stream()
                .filter(name -> !isPossible(name))
                .map(
                    name ->
                        key
                            + ": no column or feature "
                            + name
                            + remedy(name, columns, "columns with features are "))
                .forEach(problems::add));
    return problems;
  }

  private static String remedy(String name, List<String> names, String otherwise) {
    return NearestName.of(name, names)
        .map(near -> "; did you mean " + near + "?")
        .orElse("; " + otherwise + String.join(", ", names));
  }

  private boolean isPossible(String name) {
    Glob glob = new Glob(name);
    return columns.stream().anyMatch(glob::matches)
        || numbers.stream().anyMatch(glob::matches)
        || beginnings.stream().anyMatch(glob::mayBegin);
  }
}
