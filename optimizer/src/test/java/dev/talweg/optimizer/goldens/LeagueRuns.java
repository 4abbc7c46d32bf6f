package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LinearProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * First-order rules on all rows of a9a, without an intercept, from zero: {@code *_league.json} has
 * the objective after some steps, and the steps to some relative gaps. The ridge is in the file's
 * name; a run's name is that of a rule, then numbers and {@code name=number}, in units of 1/L where
 * they end so, with L = λ_max(XᵀX)/4n + λ.
 */
final class LeagueRuns {
  private static final Pattern RIDGE = Pattern.compile("lam([\\d.e-]+)_");
  private static final Pattern NUMBER =
      Pattern.compile(
          "(?:(\\w+)=)?(\\d*\\.?\\d+(?:e-?\\d+)?)(/L)?(?:\\*\\((\\d*\\.\\d+)\\.\\.\\))?");
  private static final int POWERS = 300;

  private static final Map<String, Function<Words, Replay>> LINES =
      Map.ofEntries(
          Map.entry("gd", w -> w.rule().entry("sgd")),
          Map.entry("heavyball", w -> w.rule().set("momentum", w.share()).entry("sgd")),
          Map.entry(
              "nesterov(torch)",
              w -> w.rule().set("momentum", w.share()).set("nesterov", true).entry("sgd")),
          Map.entry("adam", w -> w.rule().entry("adam")),
          Map.entry("adagrad", w -> w.rule().entry("adagrad")),
          Map.entry("rmsprop", w -> w.rule().entry("rmsprop")),
          Map.entry("lion", w -> w.rule().entry("lion", Like.NONE)),
          Map.entry(
              "polyak(f*)",
              w -> w.rule(Double.MAX_VALUE).set("minimum", w.least).entry("polyak", Like.NONE)),
          Map.entry("bb1", w -> w.secant("long")),
          Map.entry("bb2", w -> w.secant("short")),
          Map.entry(
              "prodigy", w -> w.rule(1).set("bias-correction", true).entry("prodigy", Like.NONE)),
          Map.entry(
              "hypergrad",
              w ->
                  w.rule()
                      .set("form", "additive")
                      .set("rate-beta", w.of("hl"))
                      .entry("hypergradient", Like.NONE)));

  private final ThroughTheOrigin objective;
  private final double least;
  private final double smoothness;

  private LeagueRuns(SmallRows rows, double ridge) {
    SmallLinear linear = new SmallLinear(rows, new LogisticLoss(), 0, ridge, Intercept.NONE);
    this.objective = new ThroughTheOrigin(linear.problem(1));
    this.least = linear.minimized(1e-14).value();
    this.smoothness = largestEigenvalue(rows.x()) / 4 / rows.labels().length + ridge;
  }

  static void compare(
      String fileName, Map<String, @Nullable Object> file, GoldenData data, Tally tally) {
    LeagueRuns league;
    try {
      Matcher ridge = RIDGE.matcher(fileName);
      if (!ridge.find()) {
        throw new NotCovered("its name has no ridge, as in lam1e-4_");
      }
      SmallRows rows = data.rows(fileName.replaceFirst("_.*", "")).ofClasses();
      league = new LeagueRuns(rows, Double.parseDouble(ridge.group(1)));
    } catch (NotCovered why) {
      file.keySet().forEach(name -> tally.not(name, why.getMessage()));
      return;
    }
    file.forEach(
        (name, golden) ->
            tally.run(
                "league/" + name.replaceAll("[ (].*", "").toLowerCase(Locale.ROOT),
                name,
                "",
                () -> league.found(name, Json.map(golden))));
  }

  private Found found(String name, Map<String, @Nullable Object> golden) {
    String kind = name.toLowerCase(Locale.ROOT).replaceAll(" .*", "");
    Function<Words, Replay> line = LINES.get(kind);
    if (line == null) {
      throw new NotCovered("no rule " + kind);
    }
    Descent descent = line.apply(new Words(name, 1 / smoothness, least)).descent();
    Map<String, @Nullable Object> values = Json.map(golden.get("f_at"));
    Map<String, @Nullable Object> steps = Json.map(golden.get("iters_to_relgap"));
    int most =
        (int)
            Math.max(
                values.keySet().stream().mapToInt(Integer::parseInt).max().orElse(0),
                steps.values().stream().mapToDouble(Json::number).max().orElse(0));
    double[] ours = values(descent, objective, most);
    Found found = against(values, steps, ours, 1e-12);
    if (found.excess() <= 1) {
      return found;
    }
    // as Replay does: eight times what an ulp of the gradient's terms changes, as long as it is
    // small
    double[] rounded = values(descent, new Replay.Rounded(objective), most);
    double noise = 0;
    int determined = 0;
    for (; determined <= most; determined++) {
      double change = 8 * Math.abs(ours[determined] - rounded[determined]) / ours[determined];
      if (change > Replay.AMPLIFIED) {
        break;
      }
      noise = Math.max(noise, change);
    }
    return against(values, steps, Arrays.copyOf(ours, determined), Math.max(1e-12, noise))
        .because(Replay.ROUNDING);
  }

  private static double[] values(Descent descent, BatchObjective objective, int most) {
    double[] values = new double[most + 1];
    Descent.State state = descent.start(objective, new double[objective.dimension()]);
    for (int k = 0; k <= most; k++) {
      values[k] = state.value();
      state = descent.next(objective, state);
    }
    return values;
  }

  /** Of the steps that our values are of. */
  private Found against(
      Map<String, @Nullable Object> values,
      Map<String, @Nullable Object> steps,
      double[] ours,
      double allowed) {
    Found all = Found.NONE;
    for (Map.Entry<String, @Nullable Object> each : values.entrySet()) {
      int step = Integer.parseInt(each.getKey());
      if (step < ours.length) {
        all = all.and(Found.of(Json.number(each.getValue()), ours[step], allowed, least));
      }
    }
    for (Map.Entry<String, @Nullable Object> each : steps.entrySet()) {
      double reached = least * (1 + Double.parseDouble(each.getKey()));
      double expected = Json.number(each.getValue());
      boolean between =
          first(ours, reached * (1 + allowed)) <= expected
              && expected <= first(ours, reached * (1 - allowed));
      if (expected < ours.length && !between) {
        int found = first(ours, reached);
        all = all.and(new Found(Double.POSITIVE_INFINITY, Math.abs(found - expected) / expected));
      }
    }
    return all;
  }

  private static int first(double[] values, double reached) {
    for (int k = 0; k < values.length; k++) {
      if (values[k] <= reached) {
        return k;
      }
    }
    return Integer.MAX_VALUE;
  }

  /** Of XᵀX, by powers of it. */
  private static double largestEigenvalue(double[][] x) {
    double[] v = new double[x[0].length];
    Arrays.fill(v, 1 / Math.sqrt(v.length));
    double size = 0;
    for (int k = 0; k < POWERS; k++) {
      double[] next = new double[v.length];
      for (double[] row : x) {
        double product = 0;
        for (int j = 0; j < v.length; j++) {
          product += row[j] * v[j];
        }
        for (int j = 0; j < v.length; j++) {
          next[j] += row[j] * product;
        }
      }
      size = Math.sqrt(Arrays.stream(next).map(a -> a * a).sum());
      for (int j = 0; j < v.length; j++) {
        v[j] = next[j] / size;
      }
    }
    return size;
  }

  /** An objective of the weights alone. */
  private record ThroughTheOrigin(LinearProblem problem) implements BatchObjective {
    @Override
    public int dimension() {
      return problem.dimension() - 1;
    }

    @Override
    public long stepsPerEpoch() {
      return 1;
    }

    @Override
    public Evaluation evaluate(double[] weights, long step) {
      Evaluation of = problem.evaluate(Arrays.copyOf(weights, weights.length + 1));
      return new Evaluation(of.value(), Arrays.copyOf(of.gradient(), weights.length));
    }
  }

  /** The words of a run's name after that of the rule. */
  private static final class Words {
    private final String name;
    private final double unit;
    private final double least;
    private final Map<String, Double> named = new LinkedHashMap<>();
    private final List<Double> plain = new ArrayList<>();

    Words(String name, double unit, double least) {
      this.name = name;
      this.unit = unit;
      this.least = least;
      String[] words = name.split(" ", -1);
      for (String word : Arrays.copyOfRange(words, 1, words.length)) {
        Matcher matcher = NUMBER.matcher(word);
        if (!matcher.matches()) {
          throw new NotCovered("no meaning of " + word);
        }
        double factor = matcher.group(4) == null ? 1 : Double.parseDouble(matcher.group(4));
        double value =
            factor * Double.parseDouble(matcher.group(2)) * (matcher.group(3) == null ? 1 : unit);
        if (matcher.group(1) == null) {
          plain.add(value);
        } else {
          named.put(matcher.group(1), value);
        }
      }
    }

    double of(String key) {
      Double value = named.get(key);
      if (value == null) {
        throw new NotCovered("no " + key + " in its name");
      }
      return value;
    }

    /** The share of the velocity: by its name, or the number beside a rate that has one. */
    double share() {
      return named.containsKey("b") || plain.isEmpty() ? of("b") : plain.get(0);
    }

    private double rate() {
      for (String key : List.of("lr", "lr0")) {
        if (named.containsKey(key)) {
          return of(key);
        }
      }
      return plain.isEmpty() ? unit : plain.get(plain.size() - 1);
    }

    Translation rule() {
      return rule(rate());
    }

    Translation rule(double rate) {
      Run run = new Run("a9a", rate, new double[0][], new int[0], 0, 0);
      Configuration configuration =
          new Configuration(
              name, "league", "", Map.of(), Map.of(), Configuration.Precision.DOUBLE, List.of());
      return new Translation(configuration, run, Like.PYTORCH);
    }

    Replay secant(String which) {
      return rule().set("secant", which).entry("barzilai-borwein", Like.NONE);
    }
  }
}
