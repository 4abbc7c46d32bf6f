package dev.talweg.optimizer.linesearch;

import java.util.Optional;

/**
 * {@link MoreThuente} as SciPy's BFGS calls it ({@code scalar_search_wolfe1}): the step tried first
 * is where a parabola of this slope would have fallen by as much as the objective did in the last
 * step (Nocedal and Wright 2006, 3.60), and as far as the direction at most. Where it finds nothing
 * SciPy tries another search, and ends; here the method sees to that.
 */
public record LastDecrease() implements LineSearch {
  private static final MoreThuente SEARCH = new MoreThuente(1e-4, 0.9, 1e-14, 1e100);

  @Override
  public Optional<Trial> search(Line line, double first, int most) {
    Trial start = line.start();
    double step = 2.02 * (start.value() - line.before()) / start.slope();
    return SEARCH.search(line, first * (step > 0 ? Math.min(1, step) : 1), most);
  }
}
