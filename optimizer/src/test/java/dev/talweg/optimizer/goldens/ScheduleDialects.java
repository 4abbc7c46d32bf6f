package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.goldens.ScheduleValues.Golden;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.stopping.Patience.Better;
import dev.talweg.optimizer.transform.ScaleByPlateau;
import dev.talweg.optimizer.transform.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the libraries' schedules are in the catalog's words: a line a schedule and library. */
final class ScheduleDialects {
  /** Keras rounds its own default, a Python float, to single precision. */
  private static final double KERAS_END = 1e-4f;

  private final Golden golden;
  private final Set<String> entries = new LinkedHashSet<>();

  private ScheduleDialects(Golden golden) {
    this.golden = golden;
  }

  /** Names of the catalog that the golden needs. */
  static Set<String> entries(Golden golden) {
    ScheduleDialects dialect = new ScheduleDialects(golden);
    if (plateau(golden)) {
      dialect.plateaus();
    } else {
      dialect.schedule();
      dialect.cycled();
    }
    return dialect.entries;
  }

  /** The schedule, but for a plateau's. */
  static List<Schedule> schedules(Golden golden) {
    return plateau(golden) ? List.of() : List.of(new ScheduleDialects(golden).schedule());
  }

  /** Rates of the steps that can be compared. */
  static double[] rates(Golden golden) {
    if (plateau(golden)) {
      return new ScheduleDialects(golden).plateaus();
    }
    int steps = golden.values().length;
    if (golden.kind().equals("OneCycleLR")) {
      // after its last step PyTorch goes on beyond its own end
      steps = Math.min(steps, (int) new ScheduleDialects(golden).oneCycleSteps());
    }
    return at(schedules(golden).get(0), steps);
  }

  static double[] momentum(Golden golden) {
    Schedule schedule = new ScheduleDialects(golden).cycled();
    return schedule == null ? new double[0] : at(schedule, rates(golden).length);
  }

  private static double[] at(Schedule schedule, int steps) {
    double[] values = new double[steps];
    for (int step = 0; step < steps; step++) {
      values[step] = schedule.at(step);
    }
    return values;
  }

  private static boolean plateau(Golden golden) {
    return golden.kind().contains("lateau");
  }

  private Schedule schedule() {
    return switch (golden.library()) {
      case "torch" -> torch();
      case "keras" -> keras();
      default -> optax();
    };
  }

  private Schedule torch() {
    double lr = n("lr", 0);
    String kind = golden.kind();
    int bracket = kind.indexOf('[');
    return switch (bracket < 0 ? kind : kind.substring(0, bracket)) {
      case "ConstantLR" ->
          of(
              "piecewise",
              "boundaries",
              List.of(n("total_iters", 5)),
              "values",
              List.of(lr * n("factor", 1.0 / 3), lr));
      case "LinearLR" ->
          of(
              "linear",
              "start",
              lr * n("start_factor", 1.0 / 3),
              "end",
              lr * n("end_factor", 1),
              "steps",
              (long) n("total_iters", 5));
      case "StepLR" ->
          of("step", "start", lr, "factor", n("gamma", 0.1), "every", (long) n("step_size", 1));
      case "MultiStepLR" ->
          of(
              "multi-step",
              "start",
              lr,
              "factor",
              n("gamma", 0.1),
              "milestones",
              golden.params().get("milestones"));
      case "ExponentialLR" -> of("exponential", "start", lr, "factor", n("gamma", 1));
      case "MultiplicativeLR" ->
          of(
              "exponential",
              "start",
              lr,
              "factor",
              Double.parseDouble(kind.substring(bracket + 1, kind.length() - 1)));
      case "PolynomialLR" ->
          of(
              "polynomial",
              "start",
              lr,
              "steps",
              (long) n("total_iters", 5),
              "power",
              n("power", 1));
      case "CosineAnnealingLR" ->
          of("cosine-wave", "start", lr, "end", n("eta_min", 0), "steps", (long) n("T_max", 1));
      case "CosineAnnealingWarmRestarts" ->
          of(
              "cosine-restarts",
              "start",
              lr,
              "end",
              n("eta_min", 0),
              "first",
              (long) n("T_0", 1),
              "growth",
              n("T_mult", 1));
      case "OneCycleLR" -> torchOneCycle();
      case "CyclicLR" -> cyclic(n("base_lr", 0), n("max_lr", 0));
      case "SWALR" ->
          of(
              "interpolated",
              "knots",
              List.of(0.0, n("anneal_epochs", 10)),
              "values",
              List.of(lr, n("swa_lr", 0)),
              "curve",
              t("anneal_strategy", "cos").equals("linear") ? "linear" : "cosine");
      case "SequentialLR" ->
          of("join", "schedules", written(lr), "boundaries", golden.params().get("milestones"));
      case "ChainedScheduler" -> {
        List<Object> factors = new ArrayList<>(written(1));
        factors.add(lr);
        yield of("product", "schedules", factors);
      }
      case "LambdaLR" -> lambda(lr, kind);
      default -> throw new NotCovered("no schedule for " + kind());
    };
  }

  /** A formula that stands in the name: Noam's, or the inverse square root. */
  private Schedule lambda(double lr, String kind) {
    Matcher noam = Pattern.compile("noam d=(\\d+),W=(\\d+)").matcher(kind);
    if (noam.find()) {
      long warmup = Long.parseLong(noam.group(2));
      double peak = lr / Math.sqrt(Double.parseDouble(noam.group(1))) / Math.sqrt((double) warmup);
      return of("inverse-root", "peak", peak, "warmup", warmup);
    }
    if (kind.contains("inverse sqrt")) {
      return of("inverse-root", "peak", lr, "warmup", 1L);
    }
    throw new NotCovered("a function that only its name tells");
  }

  /** The schedules that stand in the name, with their arguments in PyTorch's order. */
  private List<Object> written(double lr) {
    List<Object> all = new ArrayList<>();
    Matcher call = Pattern.compile("(\\w+)\\(([^)]*)\\)").matcher(golden.kind());
    while (call.find()) {
      double[] a =
          Arrays.stream(call.group(2).split(",")).mapToDouble(Double::parseDouble).toArray();
      all.add(
          switch (call.group(1)) {
            case "ConstantLR" ->
                of("piecewise", "boundaries", List.of(a[1]), "values", List.of(lr * a[0], lr));
            case "LinearLR" ->
                of("linear", "start", lr * a[0], "end", lr * a[1], "steps", (long) a[2]);
            case "ExponentialLR" -> of("exponential", "start", lr, "factor", a[0]);
            case "StepLR" -> of("step", "start", lr, "factor", a[1], "every", (long) a[0]);
            case "CosineAnnealingLR" -> of("cosine-wave", "start", lr, "steps", (long) a[0]);
            default -> throw new NotCovered("no schedule for " + kind());
          });
    }
    return all;
  }

  private long oneCycleSteps() {
    return golden.params().containsKey("epochs")
        ? (long) (n("epochs", 1) * n("steps_per_epoch", 1))
        : (long) n("total_steps", 1);
  }

  private Schedule torchOneCycle() {
    return of(
        "one-cycle",
        "peak",
        n("max_lr", 0),
        "steps",
        oneCycleSteps(),
        "warm-share",
        n("pct_start", 0.3),
        "divisor",
        n("div_factor", 25),
        "final-divisor",
        n("final_div_factor", 1e4),
        "curve",
        t("anneal_strategy", "cos").equals("linear") ? "linear" : "cosine",
        "phases",
        flag("three_phase") ? "three" : "two");
  }

  private Schedule cyclic(double base, double peak) {
    double up = n("step_size_up", 2000);
    String height =
        switch (t("mode", "triangular")) {
          case "triangular2" -> "halved";
          case "exp_range" -> "power";
          default -> "same";
        };
    return of(
        "cyclic",
        "base",
        base,
        "peak",
        peak,
        "up",
        (long) up,
        "down",
        (long) n("step_size_down", up),
        "height",
        height,
        "factor",
        n("gamma", 1));
  }

  /** The momentum of a golden that has one. */
  private Schedule cycled() {
    if (golden.momentum().length == 0) {
      return null;
    }
    return golden.kind().equals("CyclicLR")
        ? cyclic(n("max_momentum", 0.9), n("base_momentum", 0.8))
        : of(
            "one-cycle-momentum",
            "least",
            n("base_momentum", 0.85),
            "most",
            n("max_momentum", 0.95),
            "steps",
            oneCycleSteps(),
            "warm-share",
            n("pct_start", 0.3),
            "curve",
            t("anneal_strategy", "cos").equals("linear") ? "linear" : "cosine",
            "phases",
            flag("three_phase") ? "three" : "two");
  }

  private Schedule keras() {
    double lr = n("initial_learning_rate", 0);
    boolean stairs = flag("staircase");
    return switch (golden.kind()) {
      case "ExponentialDecay" ->
          of(
              stairs ? "step" : "exponential",
              "start",
              lr,
              "factor",
              n("decay_rate", 1),
              "every",
              (long) n("decay_steps", 1));
      case "InverseTimeDecay" ->
          of(
              "inverse-time",
              "start",
              lr,
              "factor",
              n("decay_rate", 1),
              "every",
              (long) n("decay_steps", 1),
              "form",
              stairs ? "stairs" : "smooth");
      case "PolynomialDecay" ->
          of(
              "polynomial",
              "start",
              lr,
              "end",
              n("end_learning_rate", KERAS_END),
              "steps",
              (long) n("decay_steps", 1),
              "power",
              n("power", 1),
              "tail",
              flag("cycle") ? "cycle" : "constant");
      case "PiecewiseConstantDecay" ->
          of(
              "piecewise",
              "boundaries",
              Json.list(golden.params().get("boundaries")).stream()
                  .map(b -> Json.number(b) + 1)
                  .toList(),
              "values",
              golden.params().get("values"));
      case "CosineDecay" -> {
        Object target = golden.params().get("warmup_target");
        if (target == null) {
          yield cosine(lr, n("alpha", 0) * lr, n("decay_steps", 1), 1);
        }
        double peak = Json.number(target);
        long warmup = (long) n("warmup_steps", 0);
        yield of(
            "join",
            "schedules",
            List.of(
                of("linear", "start", lr, "end", peak, "steps", warmup),
                cosine(peak, n("alpha", 0) * peak, n("decay_steps", 1), 1)),
            "boundaries",
            List.of((double) warmup));
      }
      case "CosineDecayRestarts" ->
          of(
              "cosine-restarts",
              "start",
              lr,
              "end",
              n("alpha", 0) * lr,
              "first",
              (long) n("first_decay_steps", 1),
              "growth",
              n("t_mul", 2),
              "decay",
              n("m_mul", 1));
      default -> throw new NotCovered("no schedule for " + kind());
    };
  }

  private Schedule cosine(double start, double end, double steps, double exponent) {
    return of("cosine", "start", start, "end", end, "steps", (long) steps, "exponent", exponent);
  }

  private Schedule optax() {
    double init = n("init_value", 0);
    double peak = n("peak_value", 0);
    long begin = (long) n("transition_begin", 0);
    String kind = golden.kind();
    int bracket = kind.indexOf('[');
    return switch (bracket < 0 ? kind : kind.substring(0, bracket)) {
      case "constant_schedule" -> of("constant", "value", n("value", 0));
      case "linear_schedule" ->
          after(
              begin,
              init,
              of(
                  "linear",
                  "start",
                  init,
                  "end",
                  n("end_value", 0),
                  "steps",
                  (long) n("transition_steps", 1)));
      case "polynomial_schedule" ->
          after(
              begin,
              init,
              of(
                  "polynomial",
                  "start",
                  init,
                  "end",
                  n("end_value", 0),
                  "power",
                  n("power", 1),
                  "steps",
                  (long) n("transition_steps", 1)));
      case "exponential_decay" -> decay(init, begin);
      case "cosine_decay_schedule" ->
          cosine(init, n("alpha", 0) * init, n("decay_steps", 1), n("exponent", 1));
      case "piecewise_constant_schedule" -> {
        List<Double> values = scaled(init);
        yield of("piecewise", "boundaries", boundaries(), "values", values);
      }
      case "piecewise_interpolate_schedule" -> {
        List<Double> knots = new ArrayList<>(List.of(0.0));
        knots.addAll(boundaries());
        yield of(
            "interpolated",
            "knots",
            knots,
            "values",
            scaled(init),
            "curve",
            t("interpolate_type", "linear"));
      }
      case "cosine_onecycle_schedule" -> {
        double start = peak / n("div_factor", 25);
        double steps = n("transition_steps", 1);
        yield of(
            "interpolated",
            "knots",
            List.of(0.0, Math.floor(n("pct_start", 0.3) * steps), steps),
            "values",
            List.of(start, peak, start / n("final_div_factor", 1e4)),
            "curve",
            "cosine");
      }
      case "linear_onecycle_schedule" -> {
        double start = peak / n("div_factor", 25);
        double steps = n("transition_steps", 1);
        yield of(
            "interpolated",
            "knots",
            List.of(
                0.0,
                Math.floor(n("pct_start", 0.3) * steps),
                Math.floor(n("pct_final", 0.85) * steps),
                steps),
            "values",
            List.of(start, peak, start, start / n("final_div_factor", 1e4)),
            "curve",
            "linear");
      }
      case "warmup_constant_schedule" ->
          of("linear", "start", init, "end", peak, "steps", (long) n("warmup_steps", 1));
      case "warmup_cosine_decay_schedule" -> warmupCosine(golden.params());
      case "warmup_exponential_decay_schedule" -> {
        long warmup = (long) n("warmup_steps", 1);
        yield of(
            "join",
            "schedules",
            List.of(of("linear", "start", init, "end", peak, "steps", warmup), decay(peak, begin)),
            "boundaries",
            List.of((double) warmup));
      }
      case "sgdr_schedule" -> {
        List<Object> cycles = new ArrayList<>();
        List<Double> boundaries = new ArrayList<>();
        double at = 0;
        for (Object cycle : Json.list(golden.params().get("cosine_kwargs"))) {
          cycles.add(warmupCosine(Json.map(cycle)));
          at += Json.number(Json.map(cycle).get("decay_steps"));
          boundaries.add(at);
        }
        boundaries.remove(boundaries.size() - 1);
        yield of("join", "schedules", cycles, "boundaries", boundaries);
      }
      case "join_schedules" -> joined(kind);
      default -> throw new NotCovered("no schedule for " + kind());
    };
  }

  /** What stands in the name, with lr for the rate that is given. */
  private Schedule joined(String kind) {
    double lr = n("lr", 0);
    List<Double> boundaries =
        Arrays.stream(Json.numbers(golden.params().get("boundaries"))).boxed().toList();
    List<Object> all = new ArrayList<>();
    Matcher call = Pattern.compile("(linear|cosine|constant)(?:\\(([^)]*)\\))?").matcher(kind);
    while (call.find()) {
      double[] a =
          call.group(2) == null
              ? new double[] {lr}
              : Arrays.stream(call.group(2).split(","))
                  .mapToDouble(word -> word.equals("lr") ? lr : Double.parseDouble(word))
                  .toArray();
      all.add(
          switch (call.group(1)) {
            case "linear" ->
                a[0] == 0 && all.isEmpty()
                    ? of("warm-up", "then", a[1], "steps", (long) a[2], "first", 0.0)
                    : of("linear", "start", a[0], "end", a[1], "steps", (long) a[2]);
            case "cosine" -> cosine(a[0], 0, a[1], 1);
            default -> a[0];
          });
    }
    Matcher trapezoid =
        Pattern.compile("linear\\(0,lr,(\\d+)\\),constant,linear\\(lr,0,(\\d+)\\)").matcher(kind);
    if (trapezoid.find()) {
      long decay = Long.parseLong(trapezoid.group(2));
      return of(
          "warmup-stable-decay",
          "peak",
          lr,
          "warmup",
          Long.parseLong(trapezoid.group(1)),
          "decay",
          decay,
          "steps",
          (long) (double) boundaries.get(1) + decay);
    }
    return of("join", "schedules", all, "boundaries", boundaries);
  }

  private Schedule decay(double start, long begin) {
    boolean stairs = flag("staircase");
    Schedule decay =
        after(
            begin,
            start,
            of(
                stairs ? "step" : "exponential",
                "start",
                start,
                "factor",
                n("decay_rate", 1),
                "every",
                (long) n("transition_steps", 1)));
    return golden.params().containsKey("end_value")
        ? of("at-least", "then", decay, "floor", n("end_value", 0))
        : decay;
  }

  private Schedule warmupCosine(Map<String, ?> params) {
    double init = Json.number(params.get("init_value"));
    double peak = Json.number(params.get("peak_value"));
    double warmup = Json.number(params.get("warmup_steps"));
    double steps = Json.number(params.get("decay_steps"));
    Object end = params.get("end_value");
    Object exponent = params.get("exponent");
    if (init == 0 && exponent == null) {
      return of(
          "warmup-cosine",
          "peak",
          peak,
          "warmup",
          (long) warmup,
          "steps",
          (long) steps,
          "end",
          end == null ? 0.0 : Json.number(end));
    }
    return of(
        "join",
        "schedules",
        List.of(
            of("linear", "start", init, "end", peak, "steps", (long) warmup),
            cosine(
                peak,
                end == null ? 0 : Json.number(end),
                steps - warmup,
                exponent == null ? 1 : Json.number(exponent))),
        "boundaries",
        List.of(warmup));
  }

  private Schedule after(long begin, double value, Schedule then) {
    return begin == 0
        ? then
        : of("join", "schedules", List.of(value, then), "boundaries", List.of((double) begin));
  }

  private List<Double> boundaries() {
    return Json.map(golden.params().get("boundaries_and_scales")).keySet().stream()
        .map(Double::valueOf)
        .toList();
  }

  private List<Double> scaled(double init) {
    List<Double> values = new ArrayList<>(List.of(init));
    for (Object scale : Json.map(golden.params().get("boundaries_and_scales")).values()) {
      values.add(values.get(values.size() - 1) * Json.number(scale));
    }
    return values;
  }

  /** Rates after what the plateau saw, or before it: torch and Keras use the rate first. */
  private double[] plateaus() {
    boolean rising = t("mode", "min").equals("max");
    Better sense = rising ? Better.LARGER : Better.SMALLER;
    return golden.library().equals("optax") ? scales(sense) : ratesOfMetrics(sense);
  }

  private double[] ratesOfMetrics(Better sense) {
    boolean keras = golden.library().equals("keras");
    boolean absolute = keras || t("threshold_mode", "rel").equals("abs");
    Plateau plateau =
        (Plateau)
            of(
                "plateau",
                "start",
                n("lr", 1),
                "factor",
                n("factor", 0.1),
                "patience",
                (long) n("patience", 10),
                "threshold",
                keras ? n("min_delta", 1e-4) : n("threshold", 1e-4),
                "improvement",
                absolute ? "absolute" : "relative",
                "cooldown",
                (long) n("cooldown", 0),
                "end",
                n("min_lr", 0),
                "form",
                keras ? "keras" : "pytorch");
    Plateau.State state = plateau.begin();
    double[] rates = new double[golden.values().length];
    for (int step = 0; step < rates.length; step++) {
      rates[step] = plateau.at(step, state.rate());
      state = plateau.judged(state, golden.losses()[step], sense);
    }
    return rates;
  }

  /** Of updates, within a chain, by the objective of training. */
  private double[] scales(Better sense) {
    boolean absolute = n("atol", 0) > 0;
    Plateau rule =
        new Plateau(
            1,
            n("factor", 0.1),
            (long) n("patience", 10),
            absolute ? n("atol", 0) : n("rtol", 1e-4),
            absolute ? Plateau.Improvement.ABSOLUTE : Plateau.Improvement.RELATIVE,
            (long) n("cooldown", 0),
            n("min_scale", 0),
            0,
            Plateau.Waiting.UNTIL);
    ScaleByPlateau plateau = new ScaleByPlateau(rule, sense, (long) n("accumulation_size", 1));
    ScaleByPlateau.State state = plateau.init(1);
    double[] scales = new double[golden.values().length];
    for (int step = 0; step < scales.length; step++) {
      double[] one = {1};
      state = plateau.update(one, state, new Step(step, golden.losses()[step], new double[1]));
      scales[step] = one[0];
    }
    return scales;
  }

  private double n(String name, double byDefault) {
    Object value = golden.params().get(name);
    return value == null ? byDefault : Json.number(value);
  }

  private boolean flag(String name) {
    return Boolean.TRUE.equals(golden.params().get(name));
  }

  private String kind() {
    return golden.library() + "/" + golden.kind();
  }

  private String t(String name, String byDefault) {
    Object value = golden.params().get(name);
    return value == null ? byDefault : String.valueOf(value);
  }

  /** An entry of the catalog with these settings. */
  private Schedule of(String name, Object... settings) {
    entries.add(name);
    Entry<Schedule> entry =
        Catalog.schedules().stream().filter(e -> e.name().equals(name)).findFirst().orElseThrow();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      if (parameter.byDefault() != null) {
        values.put(parameter.name(), parameter.byDefault());
      }
    }
    for (int k = 0; k < settings.length; k += 2) {
      values.put((String) settings[k], settings[k + 1]);
    }
    return entry.factory().apply(new Settings(values));
  }
}
