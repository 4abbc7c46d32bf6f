package dev.talweg.optimizer.goldens;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** What pytorch_optimizer calls its other adaptive rules. */
final class AdaptiveDialects {
  static final Map<String, Function<Translation, Replay>> LINES = new LinkedHashMap<>();

  static {
    kinOfAdam();
    others();
  }

  private AdaptiveDialects() {}

  private static void line(String name, Function<Translation, Replay> means) {
    LINES.put("pytorch-optimizer/" + name, means);
  }

  private static void others() {
    line(
        "AdaSmooth",
        t -> {
          if (t.flag("weight_decouple") && t.decays()) {
            throw new NotCovered("measures the way between decayed parameters");
          }
          return t.entry("adasmooth");
        });
    line(
        "Kate",
        t -> Dialects.pulled(t, "decoupled").set("delta", t.number("delta", 0)).entry("kate"));
    line("MSVAG", t -> t.entry("m-svag"));
    line(
        "Tiger", // whose mean has the sign of Signum's sum
        t ->
            Dialects.pulled(t, "decoupled")
                .set("momentum", t.number("beta", 0.965))
                .set("weight-decay", t.number("weight_decay", 0.01))
                .entry("sign-sgd"));
    line("TAM", t -> beside(t).set("alignment-decay", t.number("decay_rate", 0.9)).entry("tam"));
    line(
        "AdaTAM",
        t ->
            Dialects.pulled(t, "decoupled")
                .set("alignment-decay", t.number("decay_rate", 0.9))
                .entry("adatam"));
    line(
        "Amos",
        t -> t.set("c", t.number("c_coef", 0.25)).set("d", t.number("d_coef", 0.25)).entry("amos"));
  }

  private static void kinOfAdam() {
    line(
        "AdaNorm",
        t ->
            bounded(Dialects.pulled(t, "decoupled"), false)
                .set("norm-decay", t.number("r", 0.95))
                .entry("adanorm"));
    line("AdaPNM", t -> bounded(Dialects.pulled(t, "decoupled"), true).entry("adapnm"));
    line("AvaGrad", t -> Dialects.pulled(t, "decoupled").entry("avagrad"));
    line(
        "Adai",
        t -> {
          if (t.flag("stable_weight_decay") && !t.flag("weight_decouple") && t.decays()) {
            throw new NotCovered("adds decay to gradients whose squares are without it");
          }
          return Dialects.pulled(t, "l2").entry("adai");
        });
    line("Grams", t -> beside(t).entry("grams"));
    line(
        "StableAdamW",
        t ->
            t.ignore("kahan_sum") // of half precision alone
                .set("decay", t.flag("weight_decouple", true) ? "within" : "l2")
                .entry("stable-adamw"));
    line(
        "AdaGC",
        t ->
            Dialects.pulled(t, "decoupled")
                .set("limit", t.number("lambda_abs", 1))
                .set("relative-limit", t.number("lambda_rel", 1.05))
                .set("norm-decay", t.number("beta", 0.98))
                .set("warmup", (long) t.number("warmup_steps", 100))
                .entry("adagc"));
    line(
        "MARS",
        t -> {
          double[] plain = t.numbers("betas_1d");
          return bounded(beside(t), false)
              .set("gamma", t.number("gamma", 0.025))
              .set("form", t.text("mars_type", "adamw"))
              .set("vectors", t.flag("optimize_1d") ? "alike" : "adamw")
              .set("adam-rate", t.number("lr_1d", 3e-3) / t.run.rate())
              .set("adam-beta1", plain == null ? 0.9 : plain[0])
              .set("adam-beta2", plain == null ? 0.95 : plain[1])
              .set("adam-weight-decay", t.number("weight_decay_1d", 0.1))
              .entry("mars");
        });
  }

  /** Of rules that add decay to a gradient they have already used. */
  private static Translation beside(Translation t) {
    if (!t.flag("weight_decouple", true) && t.decays()) {
      throw new NotCovered("adds decay to a gradient that it has already used");
    }
    return Dialects.pulled(t, "decoupled");
  }

  private static Translation bounded(Translation t, boolean largest) {
    return t.set("bound", t.flag("ams_bound", largest) ? "largest" : "current");
  }
}
