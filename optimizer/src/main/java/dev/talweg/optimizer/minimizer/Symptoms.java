package dev.talweg.optimizer.minimizer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Looks at the numbers of a first-order run as they come, and says what seems to be wrong and what
 * to try, each thing once.
 *
 * <ul>
 *   <li><i>exploding</i>: a gradient norm above {@value #SPIKE} times the median of the {@value
 *       #RECENT} before it; as long as there are fewer, with an objective above twice that of the
 *       start, since gradients may begin by being small;
 *   <li><i>diverging</i>: the mean objective of a window above twice the lowest of those before,
 *       and half of what was won since the start given back: where almost nothing is left of it,
 *       twice as much is nothing;
 *   <li><i>plateau</i>: the mean objective of {@value #FLAT} windows in a row not below the lowest
 *       before by {@value #PROGRESS} of it;
 *   <li><i>vanishing</i>: the gradient of the first weights below {@value #FAINT} of that of the
 *       last ones, {@value #IN_A_ROW} measurements in a row; of nets alone;
 *   <li><i>dead units</i>: at least half of a layer's without a gradient, as often in a row.
 * </ul>
 *
 * <p>The limits were held against runs of nets that are sick and well (docs/decisions/0022).
 *
 * <p>A window is an epoch, but at least {@value #LEAST} and at most {@value #MOST} steps.
 */
public final class Symptoms {
  private static final double SPIKE = 100;
  private static final int RECENT = 50;
  private static final int FLAT = 5;
  private static final double PROGRESS = 1e-3;
  private static final double FAINT = 1e-3;
  private static final int IN_A_ROW = 5;
  private static final int LEAST = 10;
  private static final int MOST = 500;

  private enum Kind {
    EXPLODING,
    DIVERGING,
    PLATEAU,
    VANISHING,
    DEAD
  }

  private final long window;
  private final Set<Kind> told = EnumSet.noneOf(Kind.class);
  private final Deque<Double> norms = new ArrayDeque<>();
  private final Map<String, Integer> inARow = new HashMap<>();
  private double start = Double.NaN; // the objective of the first state
  private double sum;
  private long count;
  private double lowest = Double.POSITIVE_INFINITY;
  private int flat;

  /**
   * @param stepsPerEpoch steps of the run that are an epoch
   */
  public Symptoms(long stepsPerEpoch) {
    this.window = Math.max(LEAST, Math.min(MOST, stepsPerEpoch));
  }

  /**
   * What is told after a state.
   *
   * @param flows what was measured of its slices; empty where nothing was
   */
  public List<String> see(long step, double objective, double gradientNorm, List<SliceFlow> flows) {
    List<String> texts = new ArrayList<>();
    start = Double.isNaN(start) ? objective : start;
    exploding(step, objective, gradientNorm, texts);
    windows(step, objective, texts);
    vanishing(flows, texts);
    dead(flows, texts);
    return texts;
  }

  private void tell(Kind kind, List<String> texts, String text) {
    if (told.add(kind)) {
      texts.add(text);
    }
  }

  private void exploding(long step, double objective, double norm, List<String> texts) {
    boolean early = norms.size() < RECENT;
    if (!norms.isEmpty() && (!early || objective > start + Math.abs(start))) {
      double[] sorted = norms.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
      if (norm > SPIKE * median && median > 0) {
        tell(
            Kind.EXPLODING,
            texts,
            String.format(
                Locale.ROOT,
                "exploding: the gradient norm %.3g of step %d is %.0f times the median of the %d steps"
                    + " before; try optimizer.clip: {global-norm: %.2g}, or a lower learning rate",
                norm,
                step,
                norm / median,
                sorted.length,
                10 * median));
      }
    }
    if (!early) {
      norms.removeFirst();
    }
    norms.addLast(norm);
  }

  private void windows(long step, double objective, List<String> texts) {
    sum += objective;
    count++;
    if (count < window) {
      return;
    }
    double mean = sum / count;
    sum = 0;
    count = 0;
    if (mean - lowest > Math.max(Math.abs(lowest), (start - lowest) / 2)) {
      tell(
          Kind.DIVERGING,
          texts,
          String.format(
              Locale.ROOT,
              "diverging: the mean objective of the %d steps to step %d, %.5g, is more than twice the"
                  + " lowest, %.5g; try a tenth of the learning rate, a warm-up, or what talweg find-rate"
                  + " suggests",
              window,
              step,
              mean,
              lowest));
    }
    boolean first = Double.isInfinite(lowest);
    flat = first || mean < lowest - PROGRESS * Math.abs(lowest) ? 0 : flat + 1;
    if (flat == FLAT) {
      tell(
          Kind.PLATEAU,
          texts,
          String.format(
              Locale.ROOT,
              "plateau: the mean objective of the last %d times %d steps, to step %d, did not fall by"
                  + " %s of itself from %.5g; try a schedule that lowers the learning rate, fewer epochs,"
                  + " or stopping.patience",
              FLAT,
              window,
              step,
              Double.toString(PROGRESS),
              lowest));
    }
    lowest = Math.min(lowest, mean);
  }

  private void vanishing(List<SliceFlow> flows, List<String> texts) {
    List<SliceFlow> weights =
        flows.stream().filter(flow -> flow.slice().endsWith(".weights")).toList();
    if (weights.size() < 2) {
      return;
    }
    SliceFlow first = weights.get(0);
    SliceFlow last = weights.get(weights.size() - 1);
    boolean faint = first.gradientNorm() < FAINT * last.gradientNorm();
    if (again(first.slice(), faint)) {
      tell(
          Kind.VANISHING,
          texts,
          String.format(
              Locale.ROOT,
              "vanishing: the gradient of %s is %.1e of that of %s at step %d; try activation: relu or"
                  + " gelu, layer-norm: true, or fewer layers",
              first.slice(),
              first.gradientNorm() / last.gradientNorm(),
              last.slice(),
              first.step()));
    }
  }

  private void dead(List<SliceFlow> flows, List<String> texts) {
    for (SliceFlow flow : flows) {
      if (!Double.isNaN(flow.dead()) && again(flow.slice(), flow.dead() >= 0.5)) {
        tell(
            Kind.DEAD,
            texts,
            String.format(
                Locale.ROOT,
                "dead units: %.0f %% of the units of %s got no gradient in the batch of step %d; try a"
                    + " lower learning rate, activation: gelu, or layer-norm: true",
                100 * flow.dead(),
                flow.slice(),
                flow.step()));
      }
    }
  }

  /** Whether something is so for the {@value #IN_A_ROW}th time in a row. */
  private boolean again(String slice, boolean so) {
    int times = so ? inARow.merge(slice, 1, Integer::sum) : 0;
    inARow.put(slice, times);
    return times == IN_A_ROW;
  }
}
