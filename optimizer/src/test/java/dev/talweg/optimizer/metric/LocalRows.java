package dev.talweg.optimizer.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Scored rows in a list, which falls into runs as a cluster's rows do. */
public record LocalRows(List<Scored> rows, int parts) implements ScoredRows {

  @Override
  public long count() {
    return rows.size();
  }

  @Override
  public <S extends Sums<S>> S sum(Empty<S> empty) {
    S all = empty.sums();
    for (int part = 0; part < parts; part++) {
      S sums = empty.sums();
      int from = part * rows.size() / parts;
      int until = (part + 1) * rows.size() / parts;
      rows.subList(from, until).forEach(row -> sums.add(row, Place.NONE));
      all.merge(sums);
    }
    return all;
  }

  @Override
  public <S extends Sums<S>> S sum(Order order, Empty<S> empty) {
    S all = empty.sums();
    double weight = 0;
    int position = 0;
    for (List<Scored> run : runs(order)) {
      Places places = new Places(order, position, weight);
      S sums = empty.sums();
      run.forEach(row -> sums.add(row, places.next(row)));
      all.merge(sums);
      position += run.size();
      weight += run.stream().mapToDouble(Scored::weight).sum();
    }
    return all;
  }

  @Override
  public ScoredRows replaced(Order order, Replacement replacement) {
    Places places = new Places(order, 0, 0);
    List<Scored> others = new ArrayList<>();
    for (Scored row : sorted(order)) {
      others.add(replacement.of(row, places.next(row)));
    }
    return new LocalRows(others, parts);
  }

  private List<Scored> sorted(Order order) {
    return rows.stream()
        .sorted(
            Comparator.<Scored>comparingDouble(row -> order.major().of(row) + 0.0)
                .thenComparingDouble(row -> order.minor().of(row) + 0.0)
                .thenComparingLong(Scored::row))
        .toList();
  }

  /** Each with all rows of its major keys; some may be empty. */
  private List<List<Scored>> runs(Order order) {
    List<Scored> sorted = sorted(order);
    List<List<Scored>> runs = new ArrayList<>();
    int from = 0;
    for (int part = 1; part <= parts; part++) {
      int until = Math.max(from, part * sorted.size() / parts);
      while (until > from && until < sorted.size() && isTied(order, sorted, until)) {
        until++;
      }
      runs.add(sorted.subList(from, until));
      from = until;
    }
    return runs;
  }

  private static boolean isTied(Order order, List<Scored> sorted, int at) {
    return order.major().of(sorted.get(at - 1)) == order.major().of(sorted.get(at));
  }
}
