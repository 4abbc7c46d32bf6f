package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.schedule.Product;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Kin of momentum, projections and proximal steps. */
final class MomentumDialects {
  static final Map<String, Function<Translation, Replay>> LINES = new LinkedHashMap<>();

  static {
    pytorchOptimizer();
    optax();
    tensorflow();
  }

  private MomentumDialects() {}

  private static void pytorchOptimizer() {
    LINES.put(
        "pytorch-optimizer/AggMo",
        t -> {
          double[] betas = t.numbers("betas");
          if (betas != null) {
            t.set("decays", Arrays.stream(betas).boxed().toList());
          }
          return Dialects.pulled(t, "l2").entry("aggmo");
        });
    LINES.put(
        "pytorch-optimizer/QHM",
        t ->
            Dialects.pulled(t, "l2")
                .set("momentum", t.number("momentum", 0))
                .set("nu", t.number("nu", 1))
                .entry("qhm"));
    LINES.put(
        "pytorch-optimizer/PID",
        t -> {
          double momentum = t.number("momentum", 0);
          t.set("momentum", momentum)
              .set("dampening", t.number("dampening", 0))
              .set("integral", t.number("integral", 5))
              .set("derivative", t.number("derivative", 10));
          return Dialects.pulled(t, "l2").entry(momentum > 0 ? "pid" : "sgd");
        });
    LINES.put(
        "pytorch-optimizer/AccSGD",
        t ->
            t.set("long-step", t.number("kappa", 1000))
                .set("advantage", t.number("xi", 10))
                .set("constant", t.number("constant", 0.7))
                .entry("acc-sgd"));
    LINES.put(
        "pytorch-optimizer/SGDP",
        t -> {
          if (t.number("dampening", 0) != 0) {
            throw new NotCovered("dampens the first gradient too");
          }
          return projected(t).set("momentum", t.number("momentum", 0)).entry("sgdp");
        });
    LINES.put(
        "pytorch-optimizer/AdamP", t -> projected(t).set("epsilon-form", "hat").entry("adamp"));
    LINES.put(
        "pytorch-optimizer/SWATS",
        t -> {
          if (t.flag("nesterov")) {
            throw new NotCovered("adds its velocity to itself and calls it Nesterov's");
          }
          if (t.flag("ams_bound") || (t.flag("weight_decouple") && t.decays())) {
            throw new NotCovered("bounds Adam, or decays beside a rate that it finds");
          }
          double epsilon = t.number("eps", 1e-6);
          return t.set("epsilon", epsilon)
              .set("epsilon-root", 1e-15)
              .set("tolerance", 1e-8)
              .set("relative-tolerance", epsilon)
              .entry("swats");
        });
    LINES.put(
        "pytorch-optimizer/Ranger",
        t -> {
          boolean spared = t.flag("gc_conv_only");
          return Dialects.pulled(t, "decoupled")
              .set("centralize", t.flag("use_gc", true) && !spared)
              .set("early", t.flag("degenerated_to_sgd") ? "momentum" : "uphill")
              .set("threshold", t.number("n_sma_threshold", 5))
              .set("lookahead", (long) t.number("k", 6))
              .set("lookahead-rate", t.number("alpha", 0.5))
              .entry("ranger");
        });
    LINES.put(
        "pytorch-optimizer/ASGD",
        t -> {
          if (t.flag("fixed_decay") && t.decays()) {
            throw new NotCovered("decays beside a rate that it finds");
          }
          // decay is no part of what is measured, and by the same rate in both conventions
          return t.ignore("weight_decouple")
              .set("growth", t.number("amplifier", 0.02))
              .set("ratio", t.number("theta", 1))
              .set("divisor", t.number("dampening", 1))
              .set("epsilon", t.number("eps", 1e-5))
              .set("change", "difference-of-norms")
              .entry("adgd");
        });
  }

  private static Translation projected(Translation t) {
    if (!t.flag("weight_decouple", true)) {
      t.ignore("weight_decay"); // which it adds to a gradient that is not read any more
    }
    return t.set("decay", t.flag("fixed_decay") ? "independent" : "decoupled")
        .set("delta", t.number("delta", 0.1))
        .set("decay-share", t.number("wd_ratio", 0.1));
  }

  private static void optax() {
    LINES.put(
        "optax/rprop",
        t ->
            t.set("down", t.number("eta_minus", 0.5))
                .set("up", t.number("eta_plus", 1.2))
                .set("least-step", t.number("min_step_size", 1e-6))
                .set("largest-step", t.number("max_step_size", 50))
                .entry("rprop"));
    LINES.put(
        "optax/chain[normalize_by_update_norm,sgd]",
        t -> t.rate(new Product(t.number("s", 1), t.rate())).entry("normalized-gd"));
    LINES.put(
        "optax/chain[keep_params_nonnegative,sgd]",
        t -> t.set("region", "non-negative").entry("proximal-sgd"));
  }

  private static void tensorflow() {
    for (String sparse : List.of("", "[sparse]")) {
      LINES.put(
          "tensorflow/ProximalGradientDescentOptimizer" + sparse,
          t -> lazy(t, sparse).entry("proximal-sgd"));
      LINES.put(
          "tensorflow/ProximalAdagradOptimizer" + sparse,
          t -> lazy(t, sparse).entry("proximal-adagrad"));
    }
    LINES.put(
        "tensorflow/ResourceApplyProximalGradientDescent",
        t -> Dialects.tf(t).entry("proximal-sgd"));
    LINES.put(
        "tensorflow/ResourceApplyProximalAdagrad",
        t ->
            Dialects.tf(t)
                .set("initial-accumulator", Dialects.slot(t, 0))
                .entry("proximal-adagrad"));
    LINES.put(
        "tensorflow/ResourceApplyAdagradDA",
        t -> Dialects.tf(t).set("initial-accumulator", Dialects.slot(t, 1)).entry("adagrad-da"));
    LINES.put(
        "tensorflow/AdagradDAOptimizer", // whose caller counts a step before it is taken
        t ->
            Dialects.tf(t)
                .set("first-step", 2L)
                .set(
                    "initial-accumulator",
                    t.number("initial_gradient_squared_accumulator_value", 0.1))
                .entry("adagrad-da"));
    LINES.put(
        "tensorflow/ResourceApplyAddSign",
        t ->
            Dialects.tf(t)
                .set("alpha", t.number("alpha", 1))
                .set("sign-decay", t.number("sign_decay", 1))
                .entry("add-sign"));
    LINES.put(
        "tensorflow/ResourceApplyPowerSign",
        t ->
            Dialects.tf(t)
                .set("log-base", t.number("logbase", 1))
                .set("sign-decay", t.number("sign_decay", 1))
                .entry("power-sign"));
  }

  private static Translation lazy(Translation t, String sparse) {
    return Dialects.tf(t).set("lazy", !sparse.isEmpty());
  }
}
