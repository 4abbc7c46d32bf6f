package dev.talweg.jobs.config;

import dev.talweg.datasets.RowRange;
import dev.talweg.jobs.config.ConfigException.Problem;
import dev.talweg.jobs.config.RunConfig.Group;
import dev.talweg.jobs.config.RunConfig.Nested;
import dev.talweg.jobs.config.RunConfig.OptimizerChoice;
import dev.talweg.jobs.config.RunConfig.Stopping;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many steps a run takes, and what has to fit that: a batch is no larger than the data, and
 * schedules end where the run ends.
 *
 * <p>A schedule that is longer than the run never comes to its end. One that is shorter is wrong
 * where its rate is 0 from there on, so that the rest of the run moves nothing, or where it is the
 * run by what it is, as one-cycle; a rate that stays above 0 is a plan like any other (GPT-3 ended
 * with a tenth of its peak).
 *
 * <p>Only what is certain is a problem. {@code stopping.max-iterations} and {@code epochs} bound
 * the steps from above; where a gradient, patience or time may end the run before, no schedule is
 * too short. Where steps follow from the number of rows, a schedule may be off by a tenth of them:
 * how many rows a split holds out is not known to the row, and tomorrow's data has more.
 */
public final class RunLength {
  private static final double SLACK = 0.1;

  private static final String RATE = "learning-rate";

  private final RunConfig config;
  private final RowRange rows;
  private final List<Misfit> misfits = new ArrayList<>();

  /** A key whose value does not fit, and what to change. */
  record Misfit(String path, String message) {}

  /**
   * A bound of a number of steps.
   *
   * @param ofRows whether it follows from the number of rows, and not from stopping.max-iterations
   */
  private record Bound(double steps, boolean ofRows) {
    double slack() {
      return ofRows ? SLACK : 0;
    }

    /** Of a clock that counts one where this counts several. */
    Bound over(double gradients) {
      return new Bound(Math.floor(steps / gradients), ofRows);
    }
  }

  /** Steps that a schedule sees: at least, at most. */
  private record Steps(Bound least, Bound most) {
    Steps over(double gradients) {
      return new Steps(least.over(gradients), most.over(gradients));
    }

    String text(Bound bound) {
      String how = least.equals(most) ? "" : bound.equals(most) ? "at most " : "at least ";
      return how + number(bound.steps);
    }
  }

  private RunLength(RunConfig config, RowRange rows) {
    this.config = config;
    this.rows = rows;
  }

  /**
   * Checks what the number of training rows decides.
   *
   * @throws ConfigException with every problem found
   */
  public static void check(RunConfig config, RowRange rows) {
    List<Problem> problems =
        misfits(config, rows).stream()
            .map(misfit -> new Problem(misfit.path, 0, 0, "", misfit.message))
            .toList();
    if (!problems.isEmpty()) {
      throw new ConfigException(problems);
    }
  }

  static List<Misfit> misfits(RunConfig config, RowRange rows) {
    RunLength length = new RunLength(config, rows);
    length.ofBatch();
    length.ofSchedules();
    return length.misfits;
  }

  /** The default batch of nets is for any data: what has fewer rows is one batch. */
  private void ofBatch() {
    Long batch = config.batch();
    if (batch != null
        && batch > rows.most()
        && rows.most() > 0
        && !(batch == ConfigReader.BATCH_OF_NETS && Vocabulary.isNet(config.model().kind()))) {
      misfits.add(
          new Misfit(
              "batch",
              String.format(
                  Locale.ROOT,
                  "found %,d, but there are %s%,d rows to train on; write batch: %d or fewer",
                  batch,
                  rows.least() == rows.most() ? "" : "at most ",
                  rows.most(),
                  rows.most())));
    }
  }

  private void ofSchedules() {
    RunConfig.Local local = config.local();
    double least = perEpoch(rows.least());
    double most = perEpoch(rows.most());
    double epochs = epochs();
    double times = times(config.optimizer());
    double each = (double) config.localSteps(); // of a round, at most
    rule(
        "optimizer",
        config.optimizer(),
        new Steps(bound(times * epochs * least, 1), bound(times * epochs * most, times * each)));
    if (local != null) {
      double single = Math.min(epochs, (double) local.singleEpochs());
      double many = epochs - single;
      rule(
          "local.outer",
          local.outer(),
          new Steps(
              bound(single * least + many * Math.ceil(least / each), 1),
              bound(single * most + many * Math.ceil(most / each), 1)));
    }
  }

  private double epochs() {
    Long epochs = config.epochs();
    return epochs == null ? 1 : (double) epochs;
  }

  /** Steps of an epoch; without a limit where there are no batches. */
  private double perEpoch(long trained) {
    Long batch = config.batch();
    return batch == null ? Double.POSITIVE_INFINITY : Math.ceil((double) trained / (double) batch);
  }

  /** The smaller one of steps and the configured limit, which is one of so many steps each. */
  private Bound bound(double steps, double each) {
    Long limit = config.stopping().maxIterations();
    double limited = limit == null ? Double.POSITIVE_INFINITY : each * (double) limit;
    return steps < limited ? new Bound(steps, true) : new Bound(limited, false);
  }

  /** Gradients of the same batch that a step takes. */
  private static double times(OptimizerChoice rule) {
    return rule.number("sharpness") > 0 ? 2 : 1;
  }

  private void rule(String path, OptimizerChoice rule, Steps gradients) {
    boolean accumulates = "steps".equals(rule.parameters().get("accumulate-clock"));
    double of = times(rule) * (accumulates ? rule.number("accumulate") : 1);
    Steps steps = gradients.over(of);
    rule.parameters()
        .forEach(
            (name, value) -> {
              schedule(path, name, value, steps, of);
              if (value instanceof List<?> list) {
                for (Object each : list) {
                  if (each instanceof Group group) {
                    group
                        .parameters()
                        .forEach((own, v) -> schedule(path + "." + name, own, v, steps, of));
                  }
                }
              }
            });
  }

  private void schedule(String above, String name, @Nullable Object value, Steps run, double of) {
    if (!(value instanceof Nested nested)) {
      return;
    }
    Schedule schedule = nested.made();
    double steps = steps(nested, schedule);
    boolean still = name.equals(RATE) && isStill(schedule);
    Bound least = run.least();
    Bound most = run.most();
    if (steps > most.steps() * (1 + most.slack())) {
      says(above + "." + name, nested, "is of ", steps, run.text(most), most, of);
    } else if (steps > 0
        && (still || Vocabulary.spansTheRun(nested.kind()))
        && least.steps() < Double.POSITIVE_INFINITY
        && steps < least.steps() * (1 - least.slack()) - 1 // the last step may be at the end
        && !mayEndBefore(config.stopping())) {
      String ends = still ? "is 0 after " : "is over after ";
      says(above + "." + name, nested, ends, steps, run.text(least), least, of);
    }
  }

  private void says(
      String path, Nested nested, String what, double steps, String has, Bound run, double of) {
    boolean written =
        nested.parameters().get("steps") instanceof Number own && own.doubleValue() == steps;
    String fits = String.format(Locale.ROOT, "%.0f", run.steps());
    misfits.add(
        new Misfit(
            path,
            "found "
                + nested.kind()
                + ", which "
                + what
                + number(steps)
                + " steps, but the run has "
                + has
                + "; "
                + (written ? "write steps: " + fits : "make it " + fits + " steps long")
                + otherwise(steps, run, of)));
  }

  /** Steps from start to end, as they are written where they are; 0 for a schedule without end. */
  private static double steps(Nested nested, Schedule schedule) {
    long end = schedule.horizon();
    boolean counted = // one-cycle is at its end in the last of its steps
        nested.parameters().get("steps") instanceof Number steps && steps.longValue() == end + 1;
    return (double) (counted ? end + 1 : end);
  }

  /** Whether its rate is 0 from its end on; a wave is so for a step at most. */
  private static boolean isStill(Schedule schedule) {
    long end = schedule.horizon();
    return schedule.at(end) == 0 && schedule.at(end + 1) == 0;
  }

  private static boolean mayEndBefore(Stopping stopping) {
    return stopping.gradient() != null || stopping.patience() != null || stopping.time() != null;
  }

  /** A run that is as long as the schedule, where a key says it. */
  private String otherwise(double steps, Bound run, double of) {
    if (!run.ofRows()) {
      return config.local() == null
          ? String.format(Locale.ROOT, ", or stopping.max-iterations: %.0f", steps * of)
          : "";
    }
    double now = epochs();
    double epochs = Math.rint(steps * now / run.steps());
    return epochs < 1 || epochs == now
        ? ""
        : String.format(Locale.ROOT, ", or epochs: %.0f", epochs);
  }

  private static String number(double steps) {
    return String.format(Locale.ROOT, "%,.0f", steps);
  }
}
