package dev.talweg.optimizer.minimizer;

import dev.talweg.optimizer.linesearch.Line;
import dev.talweg.optimizer.linesearch.LineSearch;
import dev.talweg.optimizer.linesearch.Trial;
import dev.talweg.optimizer.minimizer.Lbfgs.Pair;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.state.StateCodec;
import dev.talweg.optimizer.stopping.Termination;
import java.util.List;
import java.util.Optional;

/**
 * Limited-memory BFGS as PyTorch, SciPy and optax have it: H₀ is a multiple of the identity, the
 * search evaluates the objective, and the method judges itself when it is done. What the libraries
 * do differently are parameters, so from the same start it takes the steps of each.
 *
 * <p>It is for the numbers of those who come from there, and for what has no margins that are
 * linear in the parameters; {@link Lbfgs} is faster where it can be used. The objective is that of
 * all rows, and has to be a function of the parameters alone.
 *
 * <p>Where a search finds nothing, it begins again from the gradient alone, as L-BFGS-B does.
 *
 * @param memory curvature pairs kept, at least 1
 * @param first what the gradient is scaled by where there is no pair at the start
 * @param scaling what it is scaled by later
 * @param pairs which pairs are kept
 * @param rate the step that a search tries first
 * @param trials most steps of one search, at least 1
 * @param evaluations most of a run
 */
public record PlainLbfgs(
    int memory,
    First first,
    Scaling scaling,
    Pairs pairs,
    LineSearch search,
    double rate,
    int trials,
    long evaluations,
    Until until)
    implements Minimizer<BatchObjective, PlainLbfgs.State> {

  public PlainLbfgs {
    if (memory < 1 || trials < 1 || evaluations < 1 || !(rate > 0)) {
      throw new IllegalArgumentException(
          "memory "
              + memory
              + ", trials "
              + trials
              + ", evaluations "
              + evaluations
              + " must be at least 1, rate "
              + rate
              + " above 0");
    }
  }

  /** H₀ of the first step. */
  public enum First {
    /** 1/‖g‖: SciPy. */
    INVERSE_NORM {
      @Override
      double of(double[] gradient) {
        return 1 / Vectors.norm(gradient);
      }
    },
    /** The same, 1 at most: optax. */
    CAPPED_INVERSE_NORM {
      @Override
      double of(double[] gradient) {
        return Math.min(1, 1 / Vectors.norm(gradient));
      }
    },
    /** 1/Σ|g_j|, 1 at most: PyTorch. */
    CAPPED_INVERSE_SUM {
      @Override
      double of(double[] gradient) {
        double sum = 0;
        for (double entry : gradient) {
          sum += Math.abs(entry);
        }
        return Math.min(1, 1 / sum);
      }
    },
    /** The gradient as it is. */
    ONE {
      @Override
      double of(double[] gradient) {
        return 1;
      }
    };

    abstract double of(double[] gradient);
  }

  /** H₀ of later steps. */
  public enum Scaling {
    /** sᵀy/yᵀy of the latest pair. */
    LATEST,
    /** 1. */
    NONE
  }

  /** Which pairs s, y are kept. */
  public enum Pairs {
    /** sᵀy above 2⁻⁵² of what the slope promised: SciPy. */
    BY_SLOPE {
      @Override
      boolean keeps(double curvature, double promised) {
        return curvature > Math.ulp(1.0) * promised;
      }
    },
    /** sᵀy above 1e-10: PyTorch. */
    ABSOLUTE {
      @Override
      boolean keeps(double curvature, double promised) {
        return curvature > 1e-10;
      }
    },
    /** All with sᵀy that is not 0: optax. */
    ANY {
      @Override
      boolean keeps(double curvature, double promised) {
        return curvature != 0;
      }
    };

    abstract boolean keeps(double curvature, double promised);
  }

  /**
   * When the method is done.
   *
   * @param gradient the largest entry of the gradient that will do
   * @param change how the last step is measured
   * @param tolerance of that
   */
  public record Until(double gradient, Change change, double tolerance) {
    Reached judge(State before, State now, double moved) {
      double largest = Vectors.largest(now.gradient);
      if (largest <= gradient) {
        return new Reached("largest entry of the gradient", largest, gradient);
      }
      double fell = before.value - now.value;
      return switch (change) {
        case NONE -> Reached.NOTHING;
        case RELATIVE -> {
          double scale = Math.max(1, Math.max(Math.abs(before.value), Math.abs(now.value)));
          yield Reached.orNothing("relative decrease", Math.abs(fell) / scale, tolerance);
        }
        case ABSOLUTE -> {
          double promised = now.promised(); // nothing, where negative curvature has it go uphill
          double least = promised < 0 ? Math.abs(fell) : Math.min(Math.abs(fell), promised);
          yield least < tolerance
              ? new Reached("change of the objective", least, tolerance)
              : Reached.orNothing("largest change of a parameter", moved, tolerance);
        }
      };
    }
  }

  /** How a step is measured. */
  public enum Change {
    /** By the decrease of the value, relative to the larger of the two and 1: SciPy. */
    RELATIVE,
    /**
     * By the largest change of a parameter, that of the value, and what is promised next: PyTorch.
     */
    ABSOLUTE,
    /** Not at all: optax. */
    NONE
  }

  /**
   * A criterion that was met.
   *
   * @param criterion empty where none was
   */
  public record Reached(String criterion, double measured, double tolerance) {
    static final Reached NOTHING = new Reached("", 0, 0);

    static Reached orNothing(String criterion, double measured, double tolerance) {
      return measured <= tolerance ? new Reached(criterion, measured, tolerance) : NOTHING;
    }
  }

  /**
   * After a step.
   *
   * @param before the value before it; half a norm of the gradient above the first one at the start
   * @param direction of the next one, which follows from gradient and pairs
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record State(
      long step,
      double[] parameters,
      double before,
      double value,
      double[] gradient,
      double[] direction,
      double stepLength,
      long probes,
      List<Pair> pairs,
      Reached reached,
      String failure)
      implements Minimizer.State {

    @Override
    public double gradientNorm() {
      return Vectors.norm(gradient);
    }

    @Override
    public double gap() {
      return Double.NaN;
    }

    /** gᵀHg: what the next step would gain if the objective were as steep all the way. */
    private double promised() {
      return -Vectors.dot(gradient, direction);
    }

    /** By half of gᵀHg, as Newton's decrement. */
    @Override
    public double gapEstimate() {
      double scale = Math.max(Math.abs(value), Double.MIN_NORMAL);
      double promised = promised();
      return pairs.isEmpty() || promised <= 0 ? Double.NaN : promised / 2 / scale;
    }

    @Override
    public boolean resumable() {
      return true;
    }

    private State with(Reached met, String why, long spent) {
      return new State(
          step, parameters, before, value, gradient, direction, stepLength, spent, pairs, met, why);
    }
  }

  @Override
  public StateCodec<State> codec() {
    return StateCodec.of(State.class);
  }

  @Override
  public Optional<Termination> end(State state) {
    Reached reached = state.reached;
    if (!reached.criterion.isEmpty()) {
      return Optional.of(
          new Termination.Converged(reached.criterion, reached.measured, reached.tolerance));
    }
    return state.probes >= evaluations
        ? Optional.of(new Termination.Exhausted("evaluations", evaluations))
        : Minimizer.super.end(state);
  }

  @Override
  public State start(BatchObjective objective, double[] parameters) {
    objective.checkLength(parameters);
    Evaluation at = objective.evaluateAll(parameters);
    double[] direction = Vectors.negative(at.gradient());
    Vectors.scale(first.of(at.gradient()), direction);
    double before = at.value() + Vectors.norm(at.gradient()) / 2; // as SciPy's BFGS has it
    State state = state(0, parameters.clone(), before, at, direction, 0, 1, List.of());
    double largest = Vectors.largest(at.gradient());
    return state.with(
        Reached.orNothing("largest entry of the gradient", largest, until.gradient), "", 1);
  }

  @Override
  public State next(BatchObjective objective, State state) {
    State from = state;
    double[] direction = state.direction();
    while (true) {
      OfObjective line = new OfObjective(objective, from, direction);
      int most = (int) Math.min(trials, evaluations - from.probes);
      Optional<Trial> found =
          line.start().slope() < 0 ? search.search(line, rate, most) : Optional.empty();
      long probes = from.probes + line.tried;
      if (found.isPresent()) {
        return after(from, line, found.get(), probes);
      }
      if (from.pairs.isEmpty() || probes >= evaluations) {
        String why = "no step decreases the objective: it is at its minimum to rounding";
        return state.with(Reached.NOTHING, why, probes);
      }
      direction = Vectors.negative(from.gradient);
      from = forgetful(from, direction, probes);
    }
  }

  private State forgetful(State state, double[] direction, long probes) {
    Evaluation there = new Evaluation(state.value, state.gradient);
    return state(
        state.step,
        state.parameters,
        state.before,
        there,
        direction,
        state.stepLength,
        probes,
        List.of());
  }

  private State after(State before, OfObjective line, Trial taken, long probes) {
    double[] step = line.direction.clone();
    Vectors.scale(taken.step(), step);
    double promised = -taken.step() * line.start().slope();
    List<Pair> kept = kept(before, step, taken.gradient(), promised);
    State now =
        state(
            before.step + 1,
            taken.parameters(),
            before.value,
            new Evaluation(taken.value(), taken.gradient()),
            direction(taken.gradient(), kept),
            taken.step(),
            probes,
            kept);
    return now.with(until.judge(before, now, Vectors.largest(step)), "", probes);
  }

  private State state(
      long step,
      double[] parameters,
      double before,
      Evaluation at,
      double[] direction,
      double length,
      long probes,
      List<Pair> kept) {
    return new State(
        step,
        parameters,
        before,
        at.value(),
        at.gradient(),
        direction,
        length,
        probes,
        kept,
        Reached.NOTHING,
        "");
  }

  private List<Pair> kept(State before, double[] step, double[] gradient, double promised) {
    Pair pair = new Pair(step, Vectors.minus(gradient, before.gradient));
    return pairs.keeps(pair.curvature(), promised)
        ? pair.after(before.pairs, memory)
        : before.pairs;
  }

  private double[] direction(double[] gradient, List<Pair> kept) {
    return Vectors.negative(
        Pair.inverseTimes(
            gradient,
            kept,
            vector -> {
              if (scaling == Scaling.LATEST && !kept.isEmpty()) {
                Vectors.scale(kept.get(kept.size() - 1).scale(), vector);
              }
              return vector;
            }));
  }

  /** The ray from a state; counts what it evaluates. */
  private static final class OfObjective implements Line {
    private final BatchObjective objective;
    private final double[] direction;
    private final double before;
    private final Trial start;
    private int tried;

    OfObjective(BatchObjective objective, State from, double[] direction) {
      this.objective = objective;
      this.direction = direction;
      this.before = from.before;
      this.start =
          new Trial(
              0, from.value, Vectors.dot(from.gradient, direction), from.parameters, from.gradient);
    }

    @Override
    public Trial start() {
      return start;
    }

    @Override
    public Trial at(double step) {
      tried++;
      double[] parameters = start.parameters().clone();
      Vectors.add(step, direction, parameters);
      Evaluation there = objective.evaluateAll(parameters);
      double slope = Vectors.dot(there.gradient(), direction);
      return new Trial(step, there.value(), slope, parameters, there.gradient());
    }

    @Override
    public double before() {
      return before;
    }

    @Override
    public double largest() {
      return Vectors.largest(direction);
    }
  }
}
