package dev.talweg.optimizer.linesearch;

import java.util.Optional;

/**
 * Strong Wolfe conditions by bracketing and cubic interpolation, as PyTorch's {@code strong_wolfe}
 * has them (minFunc's; Nocedal and Wright 2006, algorithms 3.5 and 3.6). Of the steps to try it
 * counts those after the first.
 *
 * @param tolerance a bracket in which no parameter changes by more is not searched further
 */
public record StrongWolfe(double tolerance) implements LineSearch {
  private static final double DECREASE = 1e-4;
  private static final double CURVATURE = 0.9;

  /** A step this share of a bracket from its end, twice running, is moved off by as much. */
  private static final double MARGIN = 0.1;

  @Override
  public Optional<Trial> search(Line line, double first, int most) {
    Trial start = line.start();
    Trial before = start;
    Trial trial = line.at(first);
    int more = 0;
    boolean bracketed = false;
    while (more < most && !bracketed) {
      bracketed = isTooHigh(start, trial) || (more > 1 && trial.value() >= before.value());
      if (!bracketed && isFlat(start, trial)) {
        return Optional.of(trial);
      }
      bracketed |= trial.slope() >= 0;
      if (!bracketed) {
        double shortest = trial.step() + 0.01 * (trial.step() - before.step());
        double next = minimum(before, trial, shortest, 10 * trial.step());
        before = trial;
        trial = line.at(next);
        more++;
      }
    }
    Trial[] bracket = {bracketed ? before : start, trial};
    int low = lower(bracket);
    boolean close = false;
    while (more < most && !isTight(bracket, line)) {
      double left = Math.min(bracket[0].step(), bracket[1].step());
      double right = Math.max(bracket[0].step(), bracket[1].step());
      double next = minimum(bracket[0], bracket[1], left, right);
      double margin = MARGIN * (right - left);
      boolean near = Math.min(right - next, next - left) < margin;
      if (near && (close || next >= right || next <= left)) {
        next = Math.abs(next - right) < Math.abs(next - left) ? right - margin : left + margin;
        near = false;
      }
      close = near;
      trial = line.at(next);
      more++;
      if (isTooHigh(start, trial) || trial.value() >= bracket[low].value()) {
        bracket[1 - low] = trial;
        low = lower(bracket);
        continue;
      }
      if (isFlat(start, trial)) {
        return Optional.of(trial);
      }
      if (trial.slope() * (bracket[1 - low].step() - bracket[low].step()) >= 0) {
        bracket[1 - low] = bracket[low];
      }
      bracket[low] = trial;
    }
    return Optional.of(bracket[low]).filter(found -> found.step() > 0);
  }

  private boolean isTight(Trial[] bracket, Line line) {
    return Math.abs(bracket[1].step() - bracket[0].step()) * line.largest() < tolerance;
  }

  private static boolean isTooHigh(Trial start, Trial trial) {
    return !(trial.value() <= start.value() + DECREASE * trial.step() * start.slope());
  }

  private static boolean isFlat(Trial start, Trial trial) {
    return Math.abs(trial.slope()) <= -CURVATURE * start.slope();
  }

  private static int lower(Trial[] bracket) {
    double first = bracket[0].value();
    return bracket[1].value() < first || Double.isNaN(first) ? 1 : 0;
  }

  /** Of the cubic through two points, within bounds; the middle of these where it has none. */
  private static double minimum(Trial a, Trial b, double least, double most) {
    Trial left = a.step() <= b.step() ? a : b;
    Trial right = a.step() <= b.step() ? b : a;
    double d1 =
        left.slope()
            + right.slope()
            - 3 * (left.value() - right.value()) / (left.step() - right.step());
    double d2 = Math.sqrt(d1 * d1 - left.slope() * right.slope());
    double at =
        right.step()
            - (right.step() - left.step())
                * ((right.slope() + d2 - d1) / (right.slope() - left.slope() + 2 * d2));
    return Double.isNaN(at) ? Trial.between(least, most) : Math.min(Math.max(at, least), most);
  }
}
