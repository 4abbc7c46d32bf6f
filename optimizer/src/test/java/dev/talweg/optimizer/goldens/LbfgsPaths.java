package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.objective.BatchObjective;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The libraries' methods on functions, iteration by iteration: the runs of {@code lbfgs.json}.
 *
 * <p>A quasi-Newton path amplifies rounding, so each of ours is run {@value #VARIANTS} more times
 * from starts whose last bits are others. What that changes up to a point, times a thousand, is how
 * far the library's may be from it, and counts that it changes are not compared. After a point
 * where it is more than 1e-9 nothing is determined but totals, which may be one beyond those of our
 * runs, or as far as these are apart.
 */
final class LbfgsPaths {
  private static final int VARIANTS = 6;
  private static final double LEAST = 1e-12;
  private static final double MOST = 1e-9;

  /** Numbers below it are measured at this scale. */
  private static final double SMALL = 1e-8;

  private static final double AMPLIFIED = 1000;

  /** What is compared at least, of a run that has as many. */
  private static final int FIRST = 3;

  /** No search of a golden run is longer. */
  private static final long UNBOUNDED = 100_000;

  private final Map<String, @Nullable Object> functions;
  private final Problems problems;

  LbfgsPaths(Map<String, @Nullable Object> functions, Problems problems) {
    this.functions = functions;
    this.problems = problems;
  }

  /** States from the start to the end, or for so many steps. */
  record Path(List<Minimizer.State> states) {
    int steps() {
      return states.size() - 1;
    }

    Minimizer.State last() {
      return states.get(steps());
    }

    /** Evaluations of one step; 0 before the first. */
    long tried(int step) {
      return step == 0 ? 0 : states.get(step).probes() - states.get(step - 1).probes();
    }
  }

  /** A minimizer, with a norm of the gradient below which it is stopped. */
  record Method(Minimizer<BatchObjective, ? extends Minimizer.State> minimizer, double least) {
    Path path(BatchObjective objective, double[] start, long most) {
      return path(minimizer, objective, start, most);
    }

    private <S extends Minimizer.State> Path path(
        Minimizer<BatchObjective, S> typed, BatchObjective objective, double[] start, long most) {
      List<Minimizer.State> states = new ArrayList<>();
      S state = typed.start(objective, start);
      states.add(state);
      while (states.size() <= most && typed.end(state).isEmpty() && state.gradientNorm() >= least) {
        state = typed.next(objective, state);
        if (!state.failure().isEmpty()) { // at the step before, which it repeats
          break;
        }
        states.add(state);
      }
      return new Path(states);
    }
  }

  /** As a library has it, but for some settings. */
  static Method method(Like library, Map<String, Object> settings) {
    return method("plain-lbfgs", library, settings, 0);
  }

  private static Method method(
      String name, Like library, Map<String, Object> settings, double least) {
    Entry<Minimizer<?, ?>> entry =
        Catalog.optimizers().stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow()
            .like(library)
            .orElseThrow();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      if (parameter.byDefault() != null) {
        values.put(parameter.name(), parameter.byDefault());
      }
    }
    values.putAll(settings);
    @SuppressWarnings("unchecked") // both entries are minimizers of such objectives
    Minimizer<BatchObjective, ? extends Minimizer.State> minimizer =
        (Minimizer<BatchObjective, ? extends Minimizer.State>)
            entry.factory().apply(new Settings(values));
    return new Method(minimizer, least);
  }

  void compare(Map<String, @Nullable Object> run, Tally tally) {
    StringBuilder id = new StringBuilder();
    id.append(run.get("library")).append('/').append(run.get("optimizer"));
    id.append(' ').append(run.get("problem"));
    params(run).forEach((name, value) -> id.append(' ').append(name).append('=').append(value));
    String name = id.toString().replaceAll("\\.0\\b", "");
    tally.run(name, name, "", () -> new Comparison(run).found());
  }

  private static Map<String, @Nullable Object> params(Map<String, @Nullable Object> run) {
    return Json.map(run.get("params"));
  }

  private BatchObjective objective(String name) {
    return switch (name) {
      case "rosenbrock2" -> new Problems.Rosenbrock(2);
      case "rosenbrock10" -> new Problems.Rosenbrock(10);
      case "quadratic" ->
          new Problems.Quadratic(Json.numbers(Json.map(functions.get(name)).get("d")));
      case "logistic" -> problems.named(name).objective();
      default -> throw new NotCovered("no function of that name");
    };
  }

  /** A run of a library, ours in its place, and what other last bits of the start make of ours. */
  private final class Comparison {
    private final Map<String, @Nullable Object> run;
    private final Path path;
    private final List<Path> variants = new ArrayList<>();

    Comparison(Map<String, @Nullable Object> run) {
      this.run = run;
      String problem = String.valueOf(run.get("problem"));
      BatchObjective objective = objective(problem);
      double[] start = Json.numbers(Json.map(functions.get(problem)).get("x0"));
      Method method = method();
      path = method.path(objective, start, most());
      for (int variant = 1; variant <= VARIANTS; variant++) {
        double[] near = start.clone();
        for (int j = 0; j < near.length; j++) {
          boolean up = Integer.bitCount(variant * (j + 3)) % 2 == 0;
          near[j] += (up ? 1 : -1) * Math.ulp(near[j] == 0 ? 1 : near[j]);
        }
        variants.add(method.path(objective, near, most()));
      }
    }

    private boolean isDefault() {
      return run.containsKey("one_default_step");
    }

    /** Iterations that the library was asked for. */
    private long most() {
      return switch (String.valueOf(run.get("library"))) {
        case "torch" -> isDefault() ? 20 : 500;
        case "scipy" -> (long) number("maxiter", 0);
        default -> isLbfgs() ? 150 : 62;
      };
    }

    private boolean isLbfgs() {
      return String.valueOf(run.get("optimizer")).toLowerCase(Locale.ROOT).contains("lbfgs");
    }

    private double number(String name, double byDefault) {
      Object value = params(run).get(name);
      return value == null ? byDefault : Json.number(value);
    }

    private Method method() {
      return switch (String.valueOf(run.get("library"))) {
        case "torch" -> torch();
        case "scipy" -> scipy();
        case "optax" -> optax();
        default -> throw new NotCovered("no such library");
      };
    }

    private Method torch() {
      Map<String, Object> settings = new LinkedHashMap<>();
      if (params(run).containsKey("line_search_fn")) {
        settings.put("line-search", "strong-wolfe");
      }
      settings.put("memory", (long) number("history_size", 100));
      settings.put("learning-rate", number("lr", 1));
      if (isDefault()) {
        settings.put("max-evaluations", 25L);
      } else {
        settings.put("trials", UNBOUNDED);
        settings.put("max-evaluations", UNBOUNDED);
        settings.put("gradient-tolerance", Json.number(run.get("tolerance_grad")));
        settings.put("change-tolerance", Json.number(run.get("tolerance_change")));
      }
      return LbfgsPaths.method(Like.PYTORCH, settings);
    }

    private Method scipy() {
      if (run.get("optimizer").equals("BFGS")) {
        return bfgs();
      }
      if (!run.get("optimizer").equals("L-BFGS-B")) {
        throw new NotCovered("a method of SciPy's that is none of the catalog");
      }
      if (params(run).containsKey("bounds")) {
        throw new NotCovered("bounds are for proximal-quasi-newton, which has another path");
      }
      return LbfgsPaths.method(
          Like.SCIPY,
          Map.of(
              "memory",
              (long) number("maxcor", 10),
              "max-evaluations",
              (long) number("maxfun", 15_000),
              "gradient-tolerance",
              number("gtol", 1e-5),
              "change-tolerance",
              number("ftol", 0)));
    }

    /** L-BFGS that forgets nothing, whose H₀ is the identity. */
    private Method bfgs() {
      return LbfgsPaths.method(
          Like.SCIPY,
          Map.of(
              "memory", UNBOUNDED,
              "first-scale", "one",
              "scaling", "none",
              "pairs", "any",
              "line-search", "last-decrease",
              "trials", 100L,
              "max-evaluations", UNBOUNDED,
              "gradient-tolerance", number("gtol", 1e-5),
              "change", "none"));
    }

    private Method optax() {
      if (!isLbfgs()) {
        // the library tries once more than it is told to
        return LbfgsPaths.method(
            "armijo",
            Like.NONE,
            Map.of(
                "learning-rate", 1.0,
                "decrease", 1e-4,
                "shrink", 0.8,
                "growth", 1.5,
                "most-tried", 31L,
                "when-none", "step"),
            1e-10);
      }
      Map<String, Object> settings = new LinkedHashMap<>();
      settings.put("memory", (long) number("memory_size", 10));
      settings.put("max-evaluations", UNBOUNDED);
      if (Boolean.FALSE.equals(params(run).get("scale_init_precond"))) {
        settings.put("scaling", "none");
        settings.put("first-scale", "one");
      }
      return LbfgsPaths.method("plain-lbfgs", Like.OPTAX, settings, 1e-10);
    }

    Found found() {
      return switch (String.valueOf(run.get("library"))) {
        case "torch" -> isDefault() ? ofDefaults() : ofTorch();
        case "scipy" -> ofScipy();
        default -> ofOptax();
      };
    }

    /** What our path determines of its state after a step, relative; above 1e-9 nothing. */
    private double allowed(int step) {
      double off = 0;
      for (Path variant : variants) {
        for (int k = 0; k <= step; k++) {
          off = Math.max(off, k > variant.steps() ? 1 : difference(k, variant));
        }
      }
      return Math.max(LEAST, AMPLIFIED * off);
    }

    private double difference(int step, Path variant) {
      Minimizer.State a = path.states().get(step);
      Minimizer.State b = variant.states().get(step);
      return Found.of(a.value(), b.value(), 1, SMALL)
          .and(Found.of(a.gradientNorm(), b.gradientNorm(), 1, SMALL))
          .difference();
    }

    /**
     * Points from some step on, as far as they are determined.
     *
     * @param tried evaluations of a step, of those that are compared
     */
    private Found points(List<?> points, int from, @Nullable ToLongFunction<Integer> tried) {
      Found found = Found.NONE;
      int compared = 0;
      for (int k = 0; k < points.size() && from + k <= path.steps(); k++) {
        int step = from + k;
        double allowed = allowed(step);
        if (allowed > MOST) {
          break;
        }
        Map<String, @Nullable Object> point = Json.map(points.get(k));
        Minimizer.State state = path.states().get(step);
        found =
            found
                .and(Found.of(Json.number(point.get("f")), state.value(), allowed, SMALL))
                .and(Found.of(Json.number(point.get("g2")), state.gradientNorm(), allowed, SMALL));
        if (point.containsKey("learning_rate")) {
          double rate = Json.number(point.get("learning_rate"));
          found = found.and(Found.of(rate, state.stepLength(), allowed, SMALL));
        }
        long ours = path.tried(step);
        if (tried != null
            && step > 0
            && variants.stream().allMatch(variant -> variant.tried(step) == ours)) {
          found = found.and(counted(tried.applyAsLong(k), ours, ours));
        }
        compared++;
      }
      if (compared < Math.min(FIRST, points.size()) && found.excess() <= 1) {
        throw new NotCovered("rounding decides which steps its first search tries");
      }
      return found;
    }

    private Found ofTorch() {
      List<?> points = Json.list(run.get("iterations_of_max_iter_1"));
      boolean searches = params(run).containsKey("line_search_fn");
      Map<String, @Nullable Object> whole = Json.map(run.get("single_call_max_iter_500"));
      return points(points, 0, k -> count(points.get(k), "evals") - (searches ? 1 : 0))
          .and(total(Json.number(whole.get("n_iter")), Path::steps, 1))
          .and(total(Json.number(whole.get("func_evals")), p -> p.last().probes(), 2));
    }

    private Found ofDefaults() {
      Map<String, @Nullable Object> end = Json.map(run.get("one_default_step"));
      Minimizer.State state = path.last();
      double[] x = Json.numbers(end.get("x"));
      double off = 0;
      for (Path variant : variants) {
        double[] near = variant.last().parameters();
        off = Math.max(off, Found.of(state.parameters(), near, 1, SMALL).difference());
      }
      double allowed = Math.min(MOST, Math.max(LEAST, AMPLIFIED * off));
      return Found.of(x, state.parameters(), allowed, SMALL)
          .and(Found.of(Json.number(end.get("f")), state.value(), allowed, SMALL))
          .and(total(Json.number(end.get("n_iter")), Path::steps, 1))
          .and(total(Json.number(end.get("func_evals")), p -> p.last().probes(), 1));
    }

    private Found ofScipy() {
      List<?> points = Json.list(run.get("iterations"));
      Found found =
          points(
                  points.subList(0, Math.min(60, points.size())),
                  1,
                  k ->
                      count(points.get(k), "evals_so_far")
                          - (k == 0 ? 1 : count(points.get(k - 1), "evals_so_far")))
              .and(total(Json.number(run.get("nit")), Path::steps, 1));
      // what is tried where rounding leaves no decrease is rounding
      return endsInRounding(points)
          ? found
          : found.and(total(Json.number(run.get("nfev")), p -> p.last().probes(), 2));
    }

    private boolean endsInRounding(List<?> points) {
      int last = points.size() - 1;
      double value = Json.number(Json.map(points.get(last)).get("f"));
      double before = last == 0 ? Double.NaN : Json.number(Json.map(points.get(last - 1)).get("f"));
      return String.valueOf(run.get("message")).startsWith("ABNORMAL")
          || Math.abs(value - before) <= 4 * Math.ulp(value);
    }

    private Found ofOptax() {
      List<?> points = Json.list(run.get("iterations"));
      return points(points, 0, isLbfgs() ? k -> count(points.get(k), "linesearch_steps") : null)
          .and(total(points.size() - 1, Path::steps, 1));
    }

    private static long count(@Nullable Object point, String name) {
      return (long) Json.number(Json.map(point).get(name));
    }

    /** A total that may be so far beyond those of our runs. */
    private Found total(double theirs, ToLongFunction<Path> of, long beyond) {
      long least = of.applyAsLong(path);
      long most = least;
      for (Path variant : variants) {
        least = Math.min(least, of.applyAsLong(variant));
        most = Math.max(most, of.applyAsLong(variant));
      }
      long apart = Math.max(beyond, most - least);
      return counted((long) theirs, least - apart, most + apart);
    }

    private static Found counted(long theirs, long least, long most) {
      boolean within = least <= theirs && theirs <= most;
      return within ? Found.NONE : new Found(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
  }
}
