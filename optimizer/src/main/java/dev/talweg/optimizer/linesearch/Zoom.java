package dev.talweg.optimizer.linesearch;

import java.util.Optional;

/**
 * Strong Wolfe conditions by doubling, then zooming by cubics through three points, quadratics or
 * halves, as optax' {@code scale_by_zoom_linesearch} has it (Nocedal and Wright 1999, algorithms
 * 3.5 and 3.6). Close to the optimum, where differences of values are rounding, a decrease is
 * enough by the approximate condition of Hager and Zhang (2006).
 *
 * <p>Where no step has both, the lowest one of those that decrease enough is taken, and without any
 * of them the last one.
 */
public record Zoom() implements LineSearch {
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final double APPROXIMATE = 1e-6;
  private static final double GROWTH = 2;
  private static final double PRECISION = 1e-5;

  @Override
  public Optional<Trial> search(Line line, double first, int most) {
    Trial start = line.start();
    Trial safe = start;
    Trial before = start;
    Trial trial = line.at(first);
    int tried = 1;
    boolean low = false;
    while (true) {
      boolean decreases = decreases(start, trial);
      safe = decreases ? trial : safe;
      if (decreases && isFlat(start, trial)) {
        return Optional.of(trial);
      }
      if (tried >= most) {
        return atLast(safe, trial);
      }
      if (!decreases || (tried > 1 && trial.value() >= before.value())) {
        break;
      }
      if (trial.slope() >= 0) {
        low = true;
        break;
      }
      before = trial;
      trial = line.at(GROWTH * trial.step());
      tried++;
    }
    return low
        ? zoom(line, trial, before, safe, most - tried)
        : zoom(line, before, trial, safe, most - tried);
  }

  private static Optional<Trial> zoom(Line line, Trial begin, Trial end, Trial found, int most) {
    Trial start = line.start();
    Trial low = begin;
    Trial high = end;
    Trial third = begin;
    Trial safe = found;
    for (int tried = 1; ; tried++) {
      double wide = Math.abs(high.step() - low.step());
      Trial trial = line.at(between(low, high, third));
      boolean decreases = decreases(start, trial);
      safe = decreases && trial.value() < safe.value() ? trial : safe;
      if (decreases && isFlat(start, trial)) {
        return Optional.of(trial);
      }
      if (tried >= most || (wide <= PRECISION && safe.step() > 0)) {
        return atLast(safe, trial);
      }
      if (!decreases || trial.value() >= low.value()) {
        third = high;
        high = trial;
      } else if (trial.slope() * (high.step() - low.step()) >= 0) {
        third = high;
        high = low;
        low = trial;
      } else {
        third = low;
        low = trial;
      }
    }
  }

  private static Optional<Trial> atLast(Trial safe, Trial last) {
    Trial taken = safe.step() > 0 || !last.isFinite() ? safe : last;
    return Optional.of(taken).filter(found -> found.step() > 0);
  }

  private static boolean decreases(Trial start, Trial trial) {
    double excess = trial.value() - start.value();
    double armijo = excess - DECREASE * trial.step() * start.slope();
    double approximate =
        Math.max(
            trial.slope() - (2 * DECREASE - 1) * start.slope(),
            excess - APPROXIMATE * Math.abs(start.value()));
    return Math.min(armijo, approximate) <= 0;
  }

  private static boolean isFlat(Trial start, Trial trial) {
    return Math.abs(trial.slope()) <= CURVATURE * Math.abs(start.slope());
  }

  /** By a cubic that stays off the ends by a fifth, else a parabola by a tenth, else the middle. */
  private static double between(Trial low, Trial high, Trial third) {
    double cubic = cubic(low, high, third);
    if (isWithin(cubic, low, high, 0.2)) {
      return cubic;
    }
    double way = high.step() - low.step();
    double bend = (high.value() - low.value() - low.slope() * way) / (way * way);
    double quadratic = low.step() - low.slope() / (2 * bend);
    return isWithin(quadratic, low, high, 0.1) ? quadratic : (low.step() + high.step()) / 2;
  }

  private static boolean isWithin(double step, Trial low, Trial high, double margin) {
    double off = margin * Math.abs(high.step() - low.step());
    return step > Math.min(low.step(), high.step()) + off
        && step < Math.max(low.step(), high.step()) - off;
  }

  /** Where the cubic with the slope of one end and the values of all three has its minimum. */
  private static double cubic(Trial low, Trial high, Trial third) {
    double b = high.step() - low.step();
    double c = third.step() - low.step();
    double atB = high.value() - low.value() - low.slope() * b;
    double atC = third.value() - low.value() - low.slope() * c;
    double denominator = (b * c) * (b * c) * (b - c);
    double a3 = (c * c * atB - b * b * atC) / denominator;
    double a2 = (b * b * b * atC - c * c * c * atB) / denominator;
    return low.step() + (-a2 + Math.sqrt(a2 * a2 - 3 * a3 * low.slope())) / (3 * a3);
  }
}
