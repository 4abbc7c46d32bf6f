package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Mechanic;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What the libraries call rules that find their own rate, or measure curvature. */
final class DistanceDialects {
  static final Map<String, Function<Translation, Replay>> LINES =
      Map.ofEntries(
          Map.entry("optax/dog", DistanceDialects::optaxDog),
          Map.entry(
              "optax/chain[distance_over_gradients,scale]",
              t -> relative(t).set("norms", "slices").entry("dog")),
          Map.entry("dog-optimizer/DoG", t -> ofPackage(t).entry("dog")),
          Map.entry("dog-optimizer/LDoG", t -> ofPackage(t).set("norms", "slices").entry("dog")),
          Map.entry(
              "optax/dowg",
              t -> {
                double square = t.number("init_estim_sq_dist", t.number("eps", 1e-4));
                return t.set("first", Math.sqrt(square))
                    .set("epsilon", t.number("eps", 1e-4))
                    .entry("dowg");
              }),
          Map.entry("optax/cocob", t -> t.set("alpha", t.number("alpha", 100)).entry("cocob")),
          Map.entry("optax/mechanize", DistanceDialects::mechanize),
          Map.entry(
              "optax/momo", t -> optaxMomo(t).set("beta1", t.number("beta", 0.9)).entry("momo")),
          Map.entry("optax/momo_adam", t -> optaxMomo(t).entry("momo-adam")),
          Map.entry(
              "momo-opt/Momo",
              t ->
                  momo(t)
                      .set("beta1", t.number("beta", 0.9))
                      .set("means", t.flag("bias_correction") ? "from-zero" : "from-first")
                      .entry("momo")),
          Map.entry(
              "momo-opt/MomoAdam",
              t ->
                  momo(t)
                      .set("decay", t.flag("divide", true) ? "proximal" : "decoupled")
                      .entry("momo-adam")),
          Map.entry("optax/sophia", DistanceDialects::sophia));

  private DistanceDialects() {}

  private static Replay optaxDog(Translation t) {
    t.ignore("init_step");
    Object given = t.configuration.params().get("init_step");
    List<?> step = given == null ? List.of("heuristic", 1e-6) : Json.list(given);
    String beginning =
        switch (String.valueOf(step.get(0))) {
          case "distance" -> "distance";
          case "learning_rate" -> "rate";
          default -> "relative";
        };
    return t.set("beginning", beginning).set("first", Json.number(step.get(1))).entry("dog");
  }

  private static Translation relative(Translation t) {
    return t.set("first", t.number("reps_rel", 1e-6));
  }

  /** Its first rate is one that the learning rate does not multiply. */
  private static Translation ofPackage(Translation t) {
    relative(t);
    return t.has("init_eta")
        ? t.set("beginning", "rate").set("first", t.number("init_eta", 0) / t.run.rate())
        : t.ignore("init_eta");
  }

  private static Replay mechanize(Translation t) {
    double first = t.number("s_init", 1e-6);
    double decay = t.number("weight_decay", 1e-2);
    double epsilon = t.number("eps", 1e-8);
    long bets = (long) t.number("num_betas", 6);
    return t.wrap(rule -> Chain.of(List.of(new Mechanic(first, decay, epsilon, bets, rule))))
        .entry(t.text("base", "sgd"));
  }

  private static Translation optaxMomo(Translation t) {
    return t.set("minimum", t.number("lower_bound", 0))
        .set("estimate-minimum", t.flag("adapt_lower_bound"));
  }

  private static Translation momo(Translation t) {
    return t.set("minimum", t.number("lb", 0)).set("estimate-minimum", t.flag("use_fstar"));
  }

  private static Replay sophia(Translation t) {
    @Nullable Object most = t.configuration.params().getOrDefault("clip_threshold", 1.0);
    t.ignore("clip_threshold").ignore("verbose").ignore("print_win_rate_every_n_steps");
    return t.set("clip-threshold", most == null ? Double.MAX_VALUE : Json.number(most))
        .set("gamma", t.number("gamma", 0.01))
        .set("update-interval", (long) t.number("update_interval", 10))
        .entry("sophia");
  }
}
