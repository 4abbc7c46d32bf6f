package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.metric.AskedMetric;
import dev.talweg.optimizer.metric.ItemCounts;
import dev.talweg.optimizer.metric.ItemMetrics;
import dev.talweg.optimizer.metric.ItemMetrics.OfItems;
import dev.talweg.optimizer.metric.QueryMeans;
import dev.talweg.optimizer.metric.QueryMetrics;
import dev.talweg.optimizer.metric.QueryMetrics.OfQuery;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Metrics within queries, of which the last has nothing that is relevant. */
final class RankingValues {
  /** Sums of some hundred terms near 1. */
  private static final double TOLERANCE = 1e-12;

  private static final Map<String, String> AT =
      Map.ofEntries(
          Map.entry("ndcg_linear", "ndcg@"),
          Map.entry("ndcg_exponential", "ndcg-exponential@"),
          Map.entry("map_divided_by_min_R_k", "map@"),
          Map.entry("map_divided_by_R", "map-cut@"),
          Map.entry("recall", "recall@"),
          Map.entry("precision", "precision@"),
          Map.entry("hit_rate", "hit-rate@"),
          Map.entry("mrr_at_k", "mrr@"),
          Map.entry("mrr_full", "mrr"),
          Map.entry("sklearn_ndcg_score", "ndcg@"),
          Map.entry("sklearn_ndcg_score_with_ties", "ndcg@"),
          Map.entry("sklearn_dcg_score_with_ties", "dcg@"));

  /** Names of trec_eval and ranx; what they have of the first rows has their number behind. */
  private static final Map<String, String> LIBRARIES =
      Map.ofEntries(
          Map.entry("P", "precision"),
          Map.entry("Rprec", "r-precision"),
          Map.entry("bpref", "bpref"),
          Map.entry("map", "map"),
          Map.entry("map_cut", "map-cut"),
          Map.entry("map@", "map-cut"),
          Map.entry("ndcg", "ndcg"),
          Map.entry("ndcg@", "ndcg"),
          Map.entry("ndcg_cut", "ndcg"),
          Map.entry("ndcg_burges@", "ndcg-exponential"),
          Map.entry("precision@", "precision"),
          Map.entry("recall", "recall"),
          Map.entry("recall@", "recall"),
          Map.entry("recip_rank", "mrr"),
          Map.entry("mrr@", "mrr"),
          Map.entry("success", "hit-rate"),
          Map.entry("hit_rate@", "hit-rate"));

  private static final Map<String, String> OF_ITEMS =
      Map.of(
          "coverage_items_recommended_over_catalogue", "item-coverage@",
          "coverage_entropy_nats", "item-entropy@",
          "coverage_gini", "item-gini@");

  private static final Pattern FIRST_ROWS = Pattern.compile("(.*?)(?:_|(@))(\\d+)");

  private final double[][] relevance;
  private final double[][] scores;
  private final double[][] tied;
  private final String id;
  private final Tally tally;

  private RankingValues(Map<String, @Nullable Object> ranking, String id, Tally tally) {
    this.relevance = Json.rows(ranking.get("relevance"));
    this.scores = Json.rows(ranking.get("scores"));
    this.tied = Json.rows(ranking.get("scores_with_ties"));
    this.id = id;
    this.tally = tally;
  }

  static void compare(Map<String, @Nullable Object> ranking, String id, Tally tally) {
    RankingValues values = new RankingValues(ranking, id, tally);
    Json.map(ranking.get("at_k")).forEach((k, at) -> values.at(k, Json.map(at)));
    int relevant = values.relevance.length - 1;
    ranking.forEach(
        (name, found) -> {
          if (name.contains("mean over")) {
            String library = name.substring(0, name.indexOf(' '));
            Json.map(found)
                .forEach(
                    (metric, value) ->
                        values.run(
                            library + "/" + FIRST_ROWS.matcher(metric).replaceFirst("$1"),
                            library + "/" + metric,
                            () -> values.ours(ofLibrary(metric), relevant, value)));
          }
        });
    values.run(
        "ranking/grouped AUC",
        "ranking/grouped AUC",
        () -> values.ours("grouped-auc", relevant, Json.map(ranking.get("gauc")).get("value")));
  }

  private void run(String rule, String configuration, Tally.Comparison comparison) {
    tally.run(rule, configuration, id, comparison);
  }

  private static String ofLibrary(String metric) {
    Matcher first = FIRST_ROWS.matcher(metric);
    boolean ofFirst = first.matches();
    String theirs = ofFirst ? first.group(1) + (first.group(2) == null ? "" : "@") : metric;
    String ours = LIBRARIES.get(theirs);
    if (ours == null) {
      throw new NotCovered("no such metric within queries");
    }
    return ofFirst ? ours + "@" + first.group(3) : ours;
  }

  /** Means, with the values of each query where the library has them. */
  private void at(String k, Map<String, @Nullable Object> golden) {
    List<?> queries = Json.list(golden.get("per_query"));
    golden.forEach(
        (name, value) -> {
          if (value instanceof Double mean) {
            run("ranking/" + name, "ranking/" + name + "@" + k, () -> at(name, k, mean, queries));
          }
        });
  }

  private Found at(String name, String k, double mean, List<?> queries) {
    if (OF_ITEMS.containsKey(name)) {
      return ofItems(OF_ITEMS.get(name) + k, mean);
    }
    String ours = named(name, k);
    int until = name.startsWith("sklearn") ? relevance.length - 1 : relevance.length;
    double[][] by = name.contains("with_ties") ? tied : scores;
    Found found = measured(ours, by, 0, until, mean);
    for (int query = 0; query < queries.size(); query++) {
      Map<String, @Nullable Object> own = Json.map(queries.get(query));
      if (own.containsKey(name)) {
        found = found.and(measured(ours, scores, query, query + 1, own.get(name)));
      }
    }
    return found;
  }

  private static String named(String theirs, String k) {
    String ours = AT.get(theirs);
    if (ours == null) {
      throw new NotCovered("ties are as NumPy's sort, which is not stable, leaves them");
    }
    return ours.endsWith("@") ? ours + k : ours;
  }

  private Found ours(String metric, int queries, @Nullable Object expected) {
    return measured(metric, scores, 0, queries, expected);
  }

  /** Rows from the highest score down; a stable sort. */
  private static Stream<Integer> ranked(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -scores[i]));
  }

  /** Every query has a row of each item, in their order; every second one is of another part. */
  private Found ofItems(String name, double expected) {
    AskedMetric<OfItems> metric =
        ItemMetrics.all().stream()
            .flatMap(each -> each.asked(name).stream())
            .findFirst()
            .orElseThrow();
    ItemCounts odd = new ItemCounts(List.of(metric));
    ItemCounts even = new ItemCounts(List.of(metric));
    for (int query = 0; query < scores.length; query++) {
      int q = query;
      ranked(scores[q]).forEach(item -> (q % 2 == 0 ? even : odd).add(q, item));
    }
    even.merge(odd);
    return Found.of(expected, even.values().get(0).value(), TOLERANCE, 1e-3);
  }

  /** Every second query is of another part. */
  private Found measured(
      String name, double[][] by, int from, int until, @Nullable Object expected) {
    AskedMetric<OfQuery> metric =
        QueryMetrics.all().stream()
            .flatMap(each -> each.asked(name).stream())
            .findFirst()
            .orElseThrow();
    QueryMeans odd = new QueryMeans(List.of(metric));
    QueryMeans even = new QueryMeans(List.of(metric));
    for (int query = from; query < until; query++) {
      int q = query;
      QueryMeans part = q % 2 == 0 ? even : odd;
      ranked(by[q]).forEach(i -> part.add(q, by[q][i], relevance[q][i]));
    }
    odd.close();
    even.close();
    even.merge(odd);
    double measured = even.values().get(0).value();
    return Found.of(Json.number(expected), measured, TOLERANCE, 1e-3);
  }
}
