package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.HalfLife;
import dev.talweg.optimizer.schedule.Join;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What libraries call the kin of Adam whose moments differ. */
final class MomentDialects {
  /** pytorch_optimizer adds it to a mean square before the root, in some of its rules. */
  private static final double WITHIN = 1e-15;

  static final Map<String, Function<Translation, Replay>> LINES = new LinkedHashMap<>();

  static {
    optax();
    pytorchOptimizer();
  }

  private MomentDialects() {}

  private static void optax() {
    LINES.put(
        "optax/adopt",
        t -> t.set("limit", t.flag("use_clipping", true) ? "steps-before" : "none").entry("adopt"));
    LINES.put("optax/ademamix", t -> t.set("alpha", t.number("alpha", 5)).entry("ademamix"));
    LINES.put(
        "optax/simplified_ademamix",
        t -> t.set("alpha", t.number("alpha", 0)).entry("simplified-ademamix"));
    LINES.put("optax/acprop", t -> t.entry("acprop"));
    LINES.put("optax/optimistic_gradient_descent", t -> optimistic(t).entry("optimistic-sgd"));
    LINES.put("optax/optimistic_adam_v2", t -> optimistic(nesterov(t)).entry("optimistic-adam"));
    LINES.put(
        "optax/optimistic_adam",
        t ->
            nesterov(t) // whose two weights have the rate in them
                .set("optimism", t.number("optimism", t.run.rate()) / t.run.rate())
                .entry("optimistic-adam"));
    LINES.put(
        "optax/madgrad",
        t -> {
          if (t.hasExtra("step_count")) {
            t.extraText("step_count");
          } else {
            t.rate(weighedInSingle(t.run.rate(), t.number("eps", 1e-6)));
          }
          return t.set("epsilon", t.number("eps", 1e-6)).entry("madgrad");
        });
    LINES.put("optax/sm3", t -> t.entry("sm3"));
    LINES.put(
        "optax/fromage", t -> t.set("least-norm", t.number("min_norm", 1e-6)).entry("fromage"));
  }

  private static Translation nesterov(Translation t) {
    return t.set("mean", t.flag("nesterov", true) ? "nesterov" : "plain");
  }

  private static Translation optimistic(Translation t) {
    return t.set("alpha", t.number("alpha", 1)).set("optimism", t.number("beta", 1));
  }

  private static void pytorchOptimizer() {
    LINES.put(
        "pytorch-optimizer/ADOPT",
        t -> Dialects.pulled(t, "l2").set("limit", "steps").entry("adopt"));
    LINES.put(
        "pytorch-optimizer/AdEMAMix",
        t ->
            Dialects.pulled(t, "l2")
                .set("alpha", t.number("alpha", 5))
                .set("warmup", (long) t.number("t_alpha_beta3", 0))
                .entry("ademamix"));
    LINES.put(
        "pytorch-optimizer/SimplifiedAdEMAMix",
        t -> {
          double[] betas = betas(t, 0.99, 0.95);
          double rate = t.run.rate();
          t.rate( // divided by a root in single precision
              step -> {
                double root = Math.sqrt(1 - StrictMath.pow(betas[1], step + 1.0));
                return rate * root / (float) root;
              });
          return Dialects.pulled(t, "decoupled")
              .set("alpha", t.number("alpha", 0))
              .set("beta1", warmedUp(t, betas[0]))
              .set("velocity", "mean")
              .set("correction", "twice")
              .entry("simplified-ademamix");
        });
    LINES.put("pytorch-optimizer/LaProp", MomentDialects::laprop);
    LINES.put(
        "pytorch-optimizer/DiffGrad",
        t -> {
          boolean waits = t.flag("rectify");
          boolean moves = t.flag("degenerated_to_sgd", true);
          return bounded(Dialects.pulled(t, "decoupled"))
              .set("start", !waits ? "at-once" : moves ? "momentum" : "still")
              .set("threshold", t.number("n_sma_threshold", 5))
              .entry("diffgrad");
        });
    LINES.put(
        "pytorch-optimizer/AdaBound",
        t ->
            bounded(Dialects.pulled(t, "decoupled"))
                .set("last-rate", t.number("final_lr", 0.1) / t.run.rate())
                .set("gamma", t.number("gamma", 1e-3))
                .entry("adabound"));
    LINES.put("pytorch-optimizer/AdaMod", t -> Dialects.pulled(t, "decoupled").entry("adamod"));
    LINES.put(
        "pytorch-optimizer/PAdam",
        t -> Dialects.pulled(t, "l2").set("partial", t.number("partial", 0.25)).entry("padam"));
    LINES.put(
        "pytorch-optimizer/QHAdam",
        t -> {
          double[] betas = betas(t, 0.9, 0.999);
          double[] nus = t.numbers("nus");
          return Dialects.pulled(t, "l2")
              .set("beta1", countedInSingle(betas[0]))
              .set("beta2", countedInSingle(betas[1]))
              .set("nu1", nus == null ? 1 : nus[0])
              .set("nu2", nus == null ? 1 : nus[1])
              .entry("qhadam");
        });
    LINES.put("pytorch-optimizer/MADGRAD", t -> Dialects.pulled(t, "l2").entry("madgrad"));
    LINES.put(
        "pytorch-optimizer/SM3",
        t ->
            t.set("momentum", t.number("momentum", 0))
                .set("epsilon", t.number("eps", 1e-30))
                .entry("sm3"));
    LINES.put(
        "pytorch-optimizer/Fromage",
        t -> {
          if (t.has("p_bound")) {
            t.set("most-growth", t.number("p_bound", 0));
          }
          return t.ignore("p_bound").set("least-norm", 0.0).entry("fromage");
        });
  }

  /** Its half-lives are of shares that 1e-8 was added to, up to the step before the last. */
  private static Schedule warmedUp(Translation t, double beta1) {
    long steps = (long) t.number("beta1_warmup", 0);
    double first = t.number("min_beta1", 0.9);
    Schedule then = new Constant(beta1);
    return steps < 2
        ? then
        : new Join(
            List.of(new HalfLife(first + 1e-8, beta1 + 1e-8, steps), then), List.of(steps - 1));
  }

  /** The rate of weights (η + ε)√t that JAX computes in single precision, as its counter is. */
  private static Schedule weighedInSingle(double rate, double epsilon) {
    return step -> {
      float weight = (float) (rate + epsilon) * (float) Math.sqrt(step + 1.0);
      return weight / Math.sqrt(step + 1.0) - epsilon;
    };
  }

  /** The share in a mean whose count of gradients w ← β w + 1, and 1/w, are in single precision. */
  private static Schedule countedInSingle(double share) {
    return step -> {
      float count = 1;
      double before = 0;
      double now = 1;
      for (long k = 0; k < step; k++) {
        count = count * (float) share + 1;
        before = now;
        now = 1 / (double) (1 / count);
      }
      return step == 0 ? share : (now - 1) / before;
    };
  }

  private static double[] betas(Translation t, double... byDefault) {
    double[] given = t.numbers("betas");
    double[] betas = given == null ? byDefault : given;
    for (int k = 0; k < betas.length; k++) {
      t.set("beta" + (k + 1), betas[k]);
    }
    return betas;
  }

  private static Translation bounded(Translation t) {
    return t.set("epsilon-root", WITHIN).set("bound", t.flag("ams_bound") ? "largest" : "current");
  }

  /** Decays after the step: x (1 − r) is x/(1 + r/(1 − r)). Its L2 comes when g has been used. */
  private static Replay laprop(Translation t) {
    double rate = t.run.rate();
    double decay = t.number("weight_decay", 0);
    double[] betas = betas(t, 0.9, 0.999);
    t.rate( // times a correction in single precision
        step -> {
          double correction = 1 - StrictMath.pow(betas[0], step + 1.0);
          return rate * correction * (float) (1 / correction);
        });
    boolean decoupled = t.flag("weight_decouple", true);
    double share = decoupled ? decay * (t.flag("fixed_decay") ? 1 : rate) : 0;
    return bounded(t.ignore("fixed_decay"))
        .set("decay", "proximal")
        .set("weight-decay", share / (1 - share) / rate)
        .set("centered-after", (long) t.number("steps_before_using_centered", 10))
        .entry("laprop");
  }
}
