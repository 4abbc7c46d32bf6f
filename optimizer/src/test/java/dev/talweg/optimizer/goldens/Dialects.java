package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.goldens.Replay.Recorded;
import dev.talweg.optimizer.schedule.Form;
import dev.talweg.optimizer.schedule.InverseTime;
import dev.talweg.optimizer.schedule.StepDecay;
import dev.talweg.optimizer.transform.Accumulate;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.ByTensor;
import dev.talweg.optimizer.transform.Centralize;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.ClipAdaptively;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.ClipByValue;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.GradientTransform;
import dev.talweg.optimizer.transform.Lookahead;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.Scale;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByParameterRms;
import dev.talweg.optimizer.transform.ScheduleFree;
import dev.talweg.optimizer.transform.SharpnessAware;
import dev.talweg.optimizer.transform.StatelessTransform;
import dev.talweg.optimizer.transform.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** What the libraries' names mean here: a line a rule and library. */
final class Dialects {
  private static final Map<String, Function<Translation, Replay>> LINES = new LinkedHashMap<>();

  static {
    torch();
    keras();
    kerasLayers();
    tensorflow();
    lazy();
    optax();
    packages();
    distances();
    scheduleFrees();
    pytorchOptimizer();
    LINES.putAll(AdaptiveDialects.LINES);
    LINES.putAll(MatrixDialects.LINES);
    matlab();
    LINES.putAll(MomentumDialects.LINES);
    LINES.putAll(MomentDialects.LINES);
    LINES.putAll(DistanceDialects.LINES);
    NamedRules.LINES.forEach(Dialects::line);
  }

  private Dialects() {}

  /** The rule that a configuration's run is of. */
  static Replay of(Configuration configuration, Run run) {
    Function<Translation, Replay> line =
        LINES.get(configuration.library() + "/" + configuration.kind());
    if (line == null) {
      throw new NotCovered("no rule for " + configuration.library() + "/" + configuration.kind());
    }
    return line.apply(new Translation(configuration, run, like(configuration.library())));
  }

  private static Like like(String library) {
    return switch (library) {
      case "torch" -> Like.PYTORCH;
      case "keras" -> Like.KERAS;
      case "tensorflow" -> Like.TENSORFLOW;
      case "optax" -> Like.OPTAX;
      case "matlab-doc" -> Like.MATLAB;
      default -> Like.NONE;
    };
  }

  private static void line(String name, Function<Translation, Replay> means) {
    LINES.put(name, means);
  }

  private static void torch() {
    line("torch/SGD", t -> torch(t).entry("sgd"));
    line("torch/Adam", t -> torch(t).entry(t.flag("amsgrad") ? "amsgrad" : "adam"));
    line(
        "torch/AdamW",
        t ->
            t.flag("amsgrad")
                ? torch(t)
                    .set("decay", "decoupled")
                    .set("weight-decay", t.number("weight_decay", 1e-2))
                    .entry("amsgrad")
                : torch(t).entry("adamw"));
    for (String name : List.of("NAdam", "RAdam", "Adamax")) {
      line("torch/" + name, t -> torch(t).entry(name.toLowerCase(Locale.ROOT)));
    }
    line(
        "torch/RMSprop", t -> torch(t).set("decay-rate", t.number("alpha", 0.99)).entry("rmsprop"));
    line("torch/Adagrad", Dialects::torchAdagrad);
    line("torch/Adadelta", t -> torch(t).entry("adadelta"));
    line(
        "torch/ASGD",
        t -> {
          if (t.hasExtra("record") && t.extraText("record").equals("ax")) {
            t.recorded(Recorded.SERVED);
          }
          return torch(t)
              .set("lambda", t.number("lambd", 1e-4))
              .set("power", t.number("alpha", 0.75))
              .set("averages-from", t.number("t0", 1e6))
              .entry("asgd");
        });
    line(
        "torch/Rprop",
        t -> {
          double[] etas = t.numbers("etas");
          double[] sizes = t.numbers("step_sizes");
          if (etas != null) {
            t.set("down", etas[0]).set("up", etas[1]);
          }
          if (sizes != null) {
            t.set("least-step", sizes[0]).set("largest-step", sizes[1]);
          }
          return torch(t).entry("rprop");
        });
    line(
        "torch/Adafactor",
        t -> {
          double[] eps = t.numbers("eps");
          if (eps != null) {
            t.set("epsilon", eps[0]).set("parameter-scale", eps[1]);
          }
          return torch(t)
              .set("clip-rms", t.number("d", 1))
              .set("decay-power", -t.number("beta2_decay", -0.8))
              .entry("adafactor");
        });
    line(
        "torch/Muon",
        t -> {
          t.extraText("newton_schulz_dtype");
          coefficients(t, "ns_coefficients");
          String factor =
              switch (t.text("adjust_lr_fn", "original")) {
                case "match_rms_adamw" -> "rms";
                case "spectral_unclamped" -> "unclamped";
                default -> "rows-to-columns";
              };
          return torch(t)
              .set("factor", factor)
              .set("adam-rate", 0.0)
              .set("iterations", (long) t.number("ns_steps", 5))
              .entry("muon");
        });
    line("torch/SGD[sparse]", t -> torch(t).entry("sgd"));
    line("torch/Adagrad[sparse]", Dialects::torchAdagrad);
  }

  private static Replay torchAdagrad(Translation t) {
    double decay = t.number("lr_decay", 0);
    if (decay > 0) {
      t.rate(new InverseTime(t.run.rate(), decay, 1, Form.SMOOTH));
    }
    return torch(t).entry("adagrad");
  }

  private static Translation torch(Translation t) {
    // how it is computed, of which its own paths differ in the last bits
    t.ignore("foreach").ignore("fused").ignore("capturable").ignore("differentiable");
    if (t.flag("maximize")) {
      t.wrap(rule -> chain(new Uphill()).then(rule));
    }
    if (t.flag("decoupled_weight_decay")) {
      t.set("decay", "decoupled");
    }
    if (t.hasExtra("clip_value")) {
      t.set("clip", new ClipByValue(t.extra("clip_value")));
    }
    if (t.hasExtra("clip_norm")) {
      ClipByGlobalNorm.Norm norm =
          switch (t.extraText("norm_type")) {
            case "inf" -> ClipByGlobalNorm.Norm.MAXIMUM;
            case "1.0" -> ClipByGlobalNorm.Norm.SUM;
            default -> ClipByGlobalNorm.Norm.EUCLIDEAN;
          };
      t.set("clip", new ClipByGlobalNorm(t.extra("clip_norm"), 1e-6, norm));
    }
    if (t.hasExtra("accumulate")) {
      t.set("accumulate", (long) t.extra("accumulate"));
    }
    if (t.hasExtra("average")) {
      t.set("average", t.extraText("average").equals("swa") ? "equal" : "exponential")
          .set("average-decay", t.hasExtra("decay") ? t.extra("decay") : 0)
          .set("average-from", t.hasExtra("average_from") ? (long) t.extra("average_from") - 1 : 0)
          .recorded(Recorded.SERVED);
    }
    return t;
  }

  /** u ← −u. */
  private record Uphill() implements StatelessTransform {
    private static final long serialVersionUID = 1L;

    @Override
    public void update(double[] updates, Step step) {
      Arrays.setAll(updates, j -> -updates[j]);
    }
  }

  private static void coefficients(Translation t, String name) {
    double[] abc = t.numbers(name);
    if (abc != null) {
      t.set("a", abc[0]).set("b", abc[1]).set("c", abc[2]);
    }
  }

  private static Chain chain(GradientTransform<?> only) {
    return Chain.of(List.of(only));
  }

  private static void keras() {
    for (String sparse : List.of("", "[sparse]")) {
      line("keras/SGD" + sparse, t -> keras(t).entry("sgd"));
      line("keras/Adam" + sparse, t -> keras(t).entry(t.flag("amsgrad") ? "amsgrad" : "adam"));
      line(
          "keras/AdamW" + sparse,
          t ->
              t.flag("amsgrad")
                  ? keras(t).set("weight-decay", t.number("weight_decay", 4e-3)).entry("amsgrad")
                  : keras(t).entry("adamw"));
      line("keras/Ftrl" + sparse, t -> keras(t).entry("ftrl"));
      for (String name : List.of("Nadam", "Adamax", "RMSprop", "Adagrad", "Adadelta", "Lion")) {
        line("keras/" + name + sparse, t -> keras(t).entry(name.toLowerCase(Locale.ROOT)));
      }
    }
  }

  private static void kerasLayers() {
    line("keras/Lamb", t -> keras(t).entry("lamb"));
    line(
        "keras/Adafactor",
        t ->
            keras(t.ignore("relative_step"))
                .set("clip-rms", t.number("clip_threshold", 1))
                .set("decay-power", -t.number("beta_2_decay", -0.8))
                .entry("adafactor"));
    line(
        "keras/Muon",
        t -> {
          Object rms = t.configuration.params().getOrDefault("rms_rate", 0.2);
          t.ignore("rms_rate");
          t.set("factor", rms == null ? "none" : "rms");
          for (String name : List.of("weight_decay", "adam_weight_decay")) {
            if (t.configuration.params().containsKey(name) && !t.has(name)) {
              t.ignore(name).set(name.replace('_', '-'), 0.0);
            }
          }
          return keras(t)
              .set("iterations", (long) t.number("ns_steps", 5))
              .set("a", t.number("muon_a", 3.4445))
              .set("b", t.number("muon_b", -4.7750))
              .set("c", t.number("muon_c", 2.0315))
              .set("adam-rate", t.number("adam_lr_ratio", 1))
              .entry("muon");
        });
    line(
        "keras/ScheduleFreeAdamW",
        t -> {
          if (t.hasExtra("record") && t.extraText("record").equals("z")) {
            t.recorded(Recorded.ITERATE);
          }
          return t.set("warmup", (long) t.number("warmup_steps", 0)).entry("schedule-free-adamw");
        });
  }

  private static Translation keras(Translation t) {
    if (t.hasExtra("python_floats")) {
      PythonFloats.keras(t);
    }
    if (t.has("loss_scale_factor")) {
      double factor = t.number("loss_scale_factor", 1);
      t.wrap(rule -> chain(new Scale(1 / factor)).then(rule));
    }
    if (t.has("clipvalue")) {
      t.set("clip", new ClipByValue(t.number("clipvalue", 0)));
    }
    if (t.has("clipnorm")) {
      t.set("clip", new ClipByTensor(t.number("clipnorm", 0), ClipByTensor.Measure.NORM));
    }
    if (t.has("global_clipnorm")) {
      t.set("clip", new ClipByGlobalNorm(t.number("global_clipnorm", 0)));
    }
    if (t.has("gradient_accumulation_steps")) {
      t.set("accumulate", (long) t.number("gradient_accumulation_steps", 1))
          .set("accumulate-clock", "gradients");
    }
    if (t.flag("use_ema")) {
      t.set("average", "exponential")
          .set("average-decay", t.number("ema_momentum", 0.99))
          .set("average-overwrite", (long) t.number("ema_overwrite_frequency", 0));
    }
    if (t.hasExtra("record") && t.extraText("record").equals("ema")) {
      t.recorded(Recorded.SERVED);
    }
    return t;
  }

  private static void tensorflow() {
    for (String sparse : List.of("", "[sparse]")) {
      line("tensorflow/GradientDescentOptimizer" + sparse, t -> tf(t).entry("sgd"));
      line(
          "tensorflow/AdamOptimizer" + sparse,
          t ->
              t.hasExtra("python_floats")
                  ? PythonFloats.tensorflowAdam(t).entry("adam")
                  : tf(t).entry("adam"));
      line("tensorflow/AdagradOptimizer" + sparse, t -> tf(t).entry("adagrad"));
    }
    line("tensorflow/FtrlOptimizer", t -> tf(t).entry("ftrl"));
    line("tensorflow/MomentumOptimizer", t -> tf(t).entry("sgd"));
    line(
        "tensorflow/RMSPropOptimizer",
        t -> tf(t).set("decay-rate", t.number("decay", 0.9)).entry("rmsprop"));
    line("tensorflow/AdadeltaOptimizer", t -> tf(t).entry("adadelta"));
    for (String kind : List.of("Ftrl", "FtrlV2")) {
      line(
          "tensorflow/ResourceApply" + kind,
          t ->
              tf(t.ignore("multiply_linear_by_lr"))
                  .set("initial-accumulator", slot(t, 0))
                  .entry("ftrl"));
    }
    line("tensorflow/ResourceApplyGradientDescent", t -> tf(t).entry("sgd"));
    line("tensorflow/ResourceApplyMomentum", t -> tf(t).entry("sgd"));
    line(
        "tensorflow/ResourceApplyKerasMomentum",
        t -> tf(t).set("velocity", "of-steps").entry("sgd"));
    line(
        "tensorflow/ResourceApplyAdam",
        t ->
            tf(t)
                .set("mean", t.flag("use_nesterov") ? "nesterov-one-correction" : "plain")
                .entry("adam"));
    line("tensorflow/ResourceApplyAdamWithAmsgrad", t -> tf(t).entry("amsgrad"));
    line("tensorflow/ResourceApplyAdaMax", t -> tf(t).entry("adamax"));
    for (String kind : List.of("RMSProp", "CenteredRMSProp")) {
      line(
          "tensorflow/ResourceApply" + kind,
          t ->
              tf(t)
                  .set("initial-accumulator", slot(t, 0))
                  .set("centered", kind.startsWith("Centered"))
                  .entry("rmsprop"));
    }
    line(
        "tensorflow/ResourceApplyAdagrad",
        t -> tf(t).set("initial-accumulator", slot(t, 0)).entry("adagrad"));
    line(
        "tensorflow/ResourceApplyAdagradV2",
        t -> tf(t).set("initial-accumulator", slot(t, 0)).entry("adagrad"));
    line("tensorflow/ResourceApplyAdadelta", t -> tf(t).entry("adadelta"));
  }

  static double slot(Translation t, int k) {
    return Json.numbers(t.configuration.extras().get("slots"))[k];
  }

  static Translation tf(Translation t) {
    t.ignore("slots").ignore("use_locking");
    if (t.hasExtra("python_floats")) {
      throw new NotCovered("takes hyper-parameters in single precision");
    }
    if (t.hasExtra("clip_by_global_norm")) {
      t.set("clip", new ClipByGlobalNorm(t.extra("clip_by_global_norm")));
    }
    if (t.hasExtra("clip_by_norm")) {
      t.set("clip", new ClipByTensor(t.extra("clip_by_norm"), ClipByTensor.Measure.NORM));
    }
    if (t.hasExtra("clip_by_value")) {
      t.set("clip", new ClipByValue(t.extra("clip_by_value")));
    }
    return t;
  }

  private static void optax() {
    line("optax/sgd", t -> t.entry("sgd"));
    line("optax/adam", t -> nesterov(t).entry("adam"));
    line("optax/adamw", t -> nesterov(t).entry("adamw"));
    line(
        "optax/amsgrad",
        t ->
            t.set("maximum", t.flag("bias_correction_nu", true) ? "corrected" : "never-corrected")
                .set("mean-correction", t.flag("bias_correction_mu", true) ? "corrected" : "none")
                .entry("amsgrad"));
    line("optax/nadam", t -> t.entry("nadam"));
    line("optax/nadamw", t -> decayed(t, 1e-4).entry("nadam"));
    line("optax/radam", t -> nesterov(t).entry("radam"));
    line("optax/adamax", t -> t.entry("adamax"));
    line("optax/adamaxw", t -> decayed(t, 1e-4).entry("adamax"));
    line("optax/adabelief", t -> nesterov(t).entry("adabelief"));
    line(
        "optax/rmsprop",
        t -> {
          boolean inside = t.flag("eps_in_sqrt", true);
          boolean corrected = t.flag("bias_correction");
          return t.set("initial-accumulator", t.number("initial_scale", 0))
              .set("decay-rate", t.number("decay", 0.9))
              .set(
                  "epsilon-form",
                  inside
                      ? corrected ? "inside-corrected" : "inside"
                      : corrected ? "corrected" : "uncorrected")
              .entry("rmsprop");
        });
    line("optax/adagrad", t -> t.entry("adagrad"));
    line("optax/adadelta", t -> t.entry("adadelta"));
    line("optax/adan", t -> t.entry("adan"));
    line("optax/yogi", t -> t.entry("yogi"));
    line("optax/lion", t -> t.entry("lion"));
    line("optax/sign_sgd", t -> t.entry("sign-sgd"));
    line("optax/signum", t -> t.set("momentum", t.number("beta", 0.9)).entry("sign-sgd"));
    line(
        "optax/chain[apply_every,sgd]",
        t -> {
          long every = (long) t.number("k", 1);
          Accumulate.Reduction sum = Accumulate.Reduction.SUM;
          return t.wrap(rule -> chain(new Accumulate(every, sum, Accumulate.Clock.STEPS, rule)))
              .entry("sgd");
        });
    line("optax/lamb", t -> t.entry("lamb"));
    line(
        "optax/lars",
        t ->
            t.set("trust-coefficient", t.number("trust_coefficient", 1e-3))
                .set("momentum", t.number("momentum", 0.9))
                .entry("lars"));
    line("optax/novograd", t -> t.entry("novograd"));
    line(
        "optax/adafactor",
        t -> {
          t.ignore("dtype_momentum");
          if (t.hasExtra("step_count")) {
            t.extraText("step_count");
          }
          boolean clips = t.configuration.params().getOrDefault("clipping_threshold", 1.0) != null;
          return t.set("least-side", (long) t.number("min_dim_size_to_factor", 128))
              .set("clip-rms", clips ? t.number("clipping_threshold", 1) : ignored(t))
              .set("relative", t.flag("multiply_by_parameter_scale", true))
              .set("decay-power", t.number("decay_rate", 0.8))
              .set("weight-decay", t.number("weight_decay_rate", 0))
              .entry("adafactor");
        });
    line(
        "optax/muon",
        t -> {
          coefficients(t, "ns_coeffs");
          boolean rms = t.has("consistent_rms");
          if (rms) {
            t.set("rms-rate", t.number("consistent_rms", 0.2));
          }
          t.set("adam-nesterov", t.flag("nesterov", true));
          return t.set("nesterov", t.flag("nesterov", true))
              .set("factor", rms ? "rms" : "columns-to-rows")
              .set("iterations", (long) t.number("ns_steps", 5))
              .set("momentum", t.number("beta", 0.95))
              .set("dual-norm", t.flag("adaptive"))
              .entry("muon");
        });
    for (String name : List.of("schedule_free_sgd", "schedule_free_adamw")) {
      line(
          "optax/" + name,
          t -> {
            if (t.hasExtra("step_count")) {
              t.extraText("step_count");
            }
            return t.recorded(Recorded.SERVED)
                .set("beta", t.number("b1", 0.9))
                .set("warmup", (long) t.number("warmup_steps", 0))
                .set("rate-power", t.number("weight_lr_power", 2))
                .entry(name.replace('_', '-'));
          });
    }
    for (String name : List.of("prodigy", "dadapt_adamw")) {
      line(
          "optax/" + name,
          t -> {
            if (t.has("beta3")) {
              t.set("beta3", t.number("beta3", 0));
            }
            t.set("d0", t.number("estim_lr0", 1e-6)).set("bias-correction", true);
            if (name.equals("prodigy")) {
              t.set("d-coef", t.number("estim_lr_coef", 1))
                  .set("safeguard-warmup", t.flag("safeguard_warmup"));
            }
            return t.entry(name.equals("prodigy") ? "prodigy" : "dadapt-adam", Like.NONE);
          });
    }
    line(
        "optax/polyak_sgd",
        t ->
            t.set("beneath", t.text("variant", "sps").equals("sps+") ? "stay" : "retreat")
                .set("minimum", t.number("f_min", 0))
                .set("scaling", t.number("scaling", 1))
                .entry("polyak"));
    line(
        "optax/sam",
        t -> {
          t.ignore("optimizer").ignore("adv_optimizer").ignore("opaque_mode");
          int period = (int) t.number("sync_period", 2);
          double radius = t.number("rho", 0.05);
          return t.evaluations(period)
              .wrap(rule -> chain(new SharpnessAware(radius, period, rule)))
              .entry("sgd");
        });
    line(
        "optax/chain[ema debias,scale]",
        t ->
            t.replay(
                new Ema(t.number("decay", 0), Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL)
                    .then(new ScaleByLearningRate(t.rate()))));
    line(
        "optax/chain[scale_by_param_block_rms,scale]",
        t ->
            t.replay(
                Chain.of(
                    List.of(
                        new ScaleByAdam(0.9, 0.999, 1e-8),
                        new ScaleByParameterRms(1e-3),
                        new ScaleByLearningRate(t.rate())))));
    line(
        "optax/chain[adam,scale_by_trust_ratio]",
        t -> t.set("least-norm", t.number("min_norm", 0)).set("epsilon", 1e-8).entry("lamb"));
    line(
        "optax/chain[scale_by_factored_rms,scale]",
        t -> {
          if (t.hasExtra("step_count")) {
            t.extraText("step_count");
          }
          return t.set("least-side", 1L)
              .set("clip-rms", 0.0)
              .set("relative", false)
              .entry("adafactor");
        });
    line("optax/lookahead", Dialects::optaxLookahead);
    line("optax/MultiSteps", Dialects::multiSteps);
    line(
        "optax/chain[clip,sgd momentum .9]",
        t -> clipped(t).set("clip", new ClipByValue(t.number("c", 0))).entry("sgd"));
    line(
        "optax/chain[clip_by_global_norm,sgd momentum .9]",
        t -> clipped(t).set("clip", new ClipByGlobalNorm(t.number("c", 0))).entry("sgd"));
    line(
        "optax/chain[clip_by_block_rms,sgd momentum .9]",
        t ->
            clipped(t)
                .set(
                    "clip",
                    new ClipByTensor(t.number("c", 0), ClipByTensor.Measure.ROOT_MEAN_SQUARE))
                .entry("sgd"));
    line(
        "optax/chain[adaptive_grad_clip,sgd momentum .9]",
        t ->
            clipped(t)
                .set("clip", new ClipAdaptively(t.number("clipping", 0), t.number("eps", 1e-3)))
                .entry("sgd"));
    line(
        "optax/chain[centralize,sgd momentum .9]",
        t -> clipped(t).set("clip", new Centralize()).entry("sgd"));
    line(
        "optax/chain[clip_by_global_norm,adam]",
        t -> t.set("clip", new ClipByGlobalNorm(t.number("c", 0))).entry("adam"));
    line(
        "optax/chain[add_decayed_weights,sgd momentum .9 (L2 in gradient)]",
        t -> clipped(t).set("weight-decay", t.number("wd", 0)).entry("sgd"));
    line(
        "optax/chain[trace nesterov,scale]",
        t -> t.set("momentum", t.number("decay", 0)).set("nesterov", true).entry("sgd"));
    line("optax/chain[scale_by_stddev,scale]", t -> t.set("centered", true).entry("rmsprop"));
    line(
        "optax/chain[scale_by_yogi v0,scale]",
        t ->
            t.set("initial-accumulator", t.number("v0", 0))
                .set("initial-mean", t.number("v0", 0))
                .entry("yogi"));
    line(
        "optax/chain[scale_by_rss,scale]",
        t -> t.set("initial-accumulator", t.number("a0", 0)).entry("adagrad"));
  }

  private static double ignored(Translation t) {
    t.ignore("clipping_threshold");
    return 0;
  }

  private static Translation nesterov(Translation t) {
    return t.set("mean", t.flag("nesterov") ? "nesterov" : "plain");
  }

  private static Translation decayed(Translation t, double byDefault) {
    return t.set("weight-decay", t.number("weight_decay", byDefault)).set("decay", "decoupled");
  }

  private static Translation clipped(Translation t) {
    return t.set("momentum", 0.9);
  }

  private static Replay optaxLookahead(Translation t) {
    long period = (long) t.number("sync_period", 6);
    double rate = t.number("slow_step_size", 0.5);
    Lookahead.Memory memory =
        t.flag("reset_state") ? Lookahead.Memory.RESET : Lookahead.Memory.KEPT;
    if (t.hasExtra("record") && t.extraText("record").equals("slow")) {
      t.recorded(Recorded.SERVED);
    }
    return t.wrap(rule -> chain(new Lookahead(period, rate, memory, rule)))
        .entry(t.text("fast", "adam"));
  }

  private static Replay multiSteps(Translation t) {
    long every = (long) t.number("every_k_schedule", 1);
    t.ignore("inner_kw");
    t.ignore("accumulator_dtype");
    Object momentum = Json.map(t.configuration.params().get("inner_kw")).get("momentum");
    if (momentum != null) {
      t.set("momentum", momentum);
    }
    Accumulate.Reduction reduction =
        t.flag("use_grad_mean", true) ? Accumulate.Reduction.MEAN : Accumulate.Reduction.SUM;
    return t.wrap(rule -> chain(new Accumulate(every, reduction, Accumulate.Clock.STEPS, rule)))
        .entry(t.text("inner", "sgd"));
  }

  private static void packages() {
    // decoupled there is divided by the first rate, so it is free of a constant one
    line(
        "lion-pytorch/Lion",
        t ->
            t.set("decay", t.flag("decoupled_weight_decay") ? "independent" : "decoupled")
                .entry("lion"));
    line(
        "pytorch-optimizer/Yogi",
        t ->
            decoupled(t)
                .set("initial-mean", t.number("initial_accumulator", 1e-6))
                .set("initial-accumulator", t.number("initial_accumulator", 1e-6))
                .entry("yogi"));
    for (String name : List.of("prodigyopt/Prodigy", "pytorch-optimizer/Prodigy")) {
      line(
          name,
          t -> {
            if (t.has("beta3")) {
              t.set("beta3", t.number("beta3", 0));
            }
            return t.set("stride", (long) t.number("slice_p", 1))
                .set("d-coef", t.number("d_coef", 1))
                .set("safeguard-warmup", t.flag("safeguard_warmup"))
                .set("bias-correction", t.flag("use_bias_correction"))
                .set("decay", t.flag("decouple", true) ? "decoupled" : "l2")
                .entry("prodigy");
          });
    }
    for (String name : List.of("dadaptation/DAdaptAdam", "pytorch-optimizer/DAdaptAdam")) {
      line(
          name,
          t ->
              t.set("bias-correction", t.flag("use_bias_correction"))
                  .set("decay", t.flag("decouple", false) ? "decoupled" : "l2")
                  .entry("dadapt-adam"));
    }
    line(
        "muon-optimizer/SingleDeviceMuon",
        t -> {
          t.extraText("newton_schulz_dtype");
          return t.set("divisor", "sum")
              .set("adam-rate", 0.0)
              .set("weight-decay", t.number("weight_decay", 0))
              .entry("muon");
        });
    line("pytorch-optimizer/Lion", t -> decoupled(t).entry("lion"));
    line("pytorch-optimizer/SGDW", t -> decoupled(t).entry("sgd"));
    line("pytorch-optimizer/NAdam", t -> decoupled(t).entry("nadam"));
    line("pytorch-optimizer/Lookahead", Dialects::lookahead);
  }

  private static Translation scheduleFree(Translation t) {
    double[] betas = t.numbers("betas");
    if (betas != null) {
      t.set("beta", betas[0]).set("beta2", betas[1]);
    }
    return t.recorded(Recorded.SERVED)
        .set("warmup", (long) t.number("warmup_steps", 0))
        .set("step-power", t.number("r", 0))
        .set("rate-power", t.number("weight_lr_power", 2));
  }

  /** pytorch_optimizer's switches of decay. */
  static Translation pulled(Translation t, String byDefault) {
    boolean shrinks = t.flag("weight_decouple", byDefault.equals("decoupled"));
    String shrinking = t.flag("fixed_decay") ? "independent" : "decoupled";
    return t.set("decay", shrinks ? shrinking : "l2");
  }

  private static Translation decoupled(Translation t) {
    return t.set("decay", t.flag("weight_decouple", true) ? "decoupled" : "l2");
  }

  private static Replay lookahead(Translation t) {
    long period = (long) t.number("k", 5);
    double rate = t.number("alpha", 0.5);
    Lookahead.Memory memory =
        switch (t.text("pullback_momentum", "none")) {
          case "reset" -> Lookahead.Memory.RESET;
          case "pullback" -> Lookahead.Memory.PULLED_BACK;
          default -> Lookahead.Memory.KEPT;
        };
    String base = t.text("base", "Adam");
    // the package resets or pulls back what only SGD has
    Lookahead.Memory then = base.equals("SGD") ? memory : Lookahead.Memory.KEPT;
    t.ignore("base_kw");
    Map<String, ?> inner = Json.map(t.configuration.params().get("base_kw"));
    inner.forEach((name, value) -> t.set(name, value));
    return t.wrap(rule -> chain(new Lookahead(period, rate, then, rule)))
        .entry(base.toLowerCase(Locale.ROOT));
  }

  /** Sparse gradients of rows, whose other rows stay. */
  private static void lazy() {
    line("torch/SparseAdam", t -> t.set("lazy", true).set("epsilon-form", "hat").entry("adam"));
    line("tensorflow/MomentumOptimizer[sparse]", t -> tf(t).set("lazy", true).entry("sgd"));
    line(
        "tensorflow/RMSPropOptimizer[sparse]",
        t -> tf(t).set("lazy", true).set("decay-rate", t.number("decay", 0.9)).entry("rmsprop"));
    line("tensorflow/AdadeltaOptimizer[sparse]", t -> tf(t).set("lazy", true).entry("adadelta"));
    line("tensorflow/FtrlOptimizer[sparse]", t -> tf(t).set("lazy", true).entry("ftrl"));
  }

  private static void distances() {
    for (String from : List.of("dadaptation", "pytorch-optimizer")) {
      boolean other = from.equals("pytorch-optimizer");
      line(
          from + "/DAdaptSGD",
          t -> t.set("momentum", t.number("momentum", other ? 0.9 : 0)).entry("dadapt-sgd"));
      line(
          from + "/DAdaptAdaGrad",
          t -> {
            if (!other && t.number("weight_decay", 0) > 0) {
              throw new NotCovered("the package forgets the decay that it computes");
            }
            return t.set("epsilon", t.number("eps", other ? 0 : 1e-6)).entry("dadapt-adagrad");
          });
    }
    line("dadaptation/DAdaptLion", t -> t.entry("dadapt-lion"));
    line(
        "dadaptation/DAdaptAdan",
        t -> t.set("decay", t.flag("no_prox") ? "decoupled" : "proximal").entry("dadapt-adan"));
    line(
        "adan-pytorch/Adan",
        t -> {
          double[] given = t.numbers("betas");
          double[] betas = given == null ? new double[] {0.02, 0.08, 0.01} : given;
          return t.set("beta1", 1 - betas[0])
              .set("beta2", 1 - betas[1])
              .set("beta3", 1 - betas[2])
              .set("first-gradient", "kept")
              .set("decay", "proximal")
              .entry("adan");
        });
    line(
        "pytorch-optimizer/Adan",
        t -> {
          double most = t.number("max_grad_norm", 0);
          if (most > 0) {
            t.set("clip", new ClipByGlobalNorm(most, t.number("eps", 1e-8)));
            t.set("epsilon", t.number("eps", 1e-8));
          }
          return t.set("decay", t.flag("weight_decouple") ? "decoupled" : "proximal").entry("adan");
        });
  }

  private static void scheduleFrees() {
    for (String kind : List.of("", "Reference", "Paper")) {
      line(
          "schedulefree/AdamWScheduleFree" + kind,
          t -> {
            t.set("correction", kind.equals("Paper") ? "of-rate" : "of-square");
            t.set("decay", t.flag("decay_at_z") ? "at-iterate" : "at-point");
            return scheduleFree(t).entry("schedule-free-adamw");
          });
    }
    for (String name :
        List.of(
            "schedulefree/SGDScheduleFree",
            "schedulefree/SGDScheduleFreeReference",
            "pytorch-optimizer/ScheduleFreeSGD")) {
      line(
          name,
          t -> {
            t.set("decay", t.flag("decay_at_z") ? "at-iterate" : "at-point");
            return scheduleFree(t)
                .set("beta", t.number("momentum", 0.9))
                .entry("schedule-free-sgd");
          });
    }
    line(
        "pytorch-optimizer/ScheduleFreeAdamW",
        t -> scheduleFree(t).set("epsilon-root", 1e-15).entry("schedule-free-adamw"));
    line(
        "schedulefree/RAdamScheduleFree",
        t -> {
          t.set("early", t.flag("silent_sgd_phase", true) ? "still" : "descent");
          return scheduleFree(t).entry("schedule-free-radam");
        });
    line(
        "pytorch-optimizer/ScheduleFreeRAdam",
        t -> {
          if (!t.flag("silent_sgd_phase", true)) {
            throw new NotCovered("has a rate of 1 while it waits, whatever the rate is");
          }
          return scheduleFree(t).entry("schedule-free-radam");
        });
    line(
        "schedulefree/ScheduleFreeWrapper",
        t -> around(t, t.text("base", "SGD"), t.number("momentum", 0.9), "weight_decay_at_y"));
    line(
        "optax/schedule_free",
        t -> around(t, t.text("base", "sgd"), t.number("b1", 0.9), "weight_decay"));
  }

  /** Schedule-free around another rule, whose decay is at the point of gradients. */
  private static Replay around(Translation t, String base, double beta, String decay) {
    String entry = base.toLowerCase(Locale.ROOT);
    t.set("weight-decay", t.number(decay, 0)).set("decay", "decoupled");
    double power = t.number("weight_lr_power", 2);
    double ofStep = t.number("r", 0);
    t.recorded(Recorded.SERVED)
        .wrap(rule -> chain(new ScheduleFree(beta, t.rate(), ofStep, power, rule)));
    return t.configuration.library().equals("optax")
        ? t.entry(entry)
        : t.entry(entry, Like.PYTORCH);
  }

  private static void pytorchOptimizer() {
    line(
        "pytorch-optimizer/AdaBelief",
        t -> {
          if (t.has("eps")) {
            t.set("epsilon-root", t.number("eps", 0)).set("epsilon", t.number("eps", 0));
          }
          return decoupled(t)
              .set("bound", t.flag("ams_bound") ? "largest" : "current")
              .set("start", t.flag("rectify") ? "rectified" : "at-once")
              .entry("adabelief");
        });
    line(
        "pytorch-optimizer/RAdam",
        t ->
            decoupled(t)
                .set("threshold", t.number("n_sma_threshold", 5))
                .set("early", t.flag("degenerated_to_sgd") ? "momentum" : "still")
                .entry("radam"));
    line(
        "pytorch-optimizer/SignSGD",
        t -> decoupled(t).set("momentum", t.number("momentum", 0.9)).entry("sign-sgd"));
    line(
        "pytorch-optimizer/FTRL",
        t ->
            t.set("l1", t.number("lambda_1", 0))
                .set("l2", t.number("lambda_2", 0) / 2)
                .set("initial-accumulator", 0.0)
                .set("start", "forget")
                .entry("ftrl"));
    line(
        "pytorch-optimizer/NovoGrad",
        t -> {
          if (t.flag("weight_decouple") && t.decays()) {
            throw new NotCovered("decay beside the velocity");
          }
          double[] betas = t.numbers("betas");
          return t.set("beta1", betas == null ? 0.95 : betas[0])
              .set("beta2", betas == null ? 0.98 : betas[1])
              .set("epsilon", t.number("eps", 1e-8))
              .set("averaging", t.flag("grad_averaging") ? "mean" : "sum")
              .entry("novograd");
        });
    line(
        "pytorch-optimizer/LARS",
        t ->
            t.set("momentum", t.number("momentum", 0.9))
                .set("trust-coefficient", t.number("trust_coefficient", 1e-3))
                .set("ratio", "paper")
                .set("velocity", "of-gradients")
                .set("vectors", "plain")
                .entry("lars"));
    line(
        "pytorch-optimizer/Lamb",
        t -> {
          double epsilon = t.number("eps", 1e-6);
          double most = t.number("max_grad_norm", 1);
          if (t.flag("pre_norm") && most > 0) {
            t.set("clip", new ClipByGlobalNorm(most, epsilon));
          }
          return t.set("epsilon", epsilon)
              .set("ratio-epsilon", epsilon)
              .set("most-norm", 10.0)
              .set("correction", "of-rate")
              .set("averaging", t.flag("grad_averaging", true) ? "mean" : "sum")
              .set("decay", "first")
              .entry("lamb");
        });
    line(
        "pytorch-optimizer/AdaFactor",
        t -> {
          t.ignore("momentum_dtype");
          boolean relative = t.flag("relative_step", true);
          double[] betas = t.numbers("betas");
          t.set("momentum", betas == null ? 0.9 : betas[0]);
          if (relative) {
            t.rate(new dev.talweg.optimizer.schedule.Constant(1e-2));
          }
          return t.set("epsilon", t.number("eps1", 1e-30))
              .set("parameter-scale", t.number("eps2", 1e-3))
              .set("epsilon-form", "added-to-squares")
              .set("relative", t.flag("scale_parameter", true))
              .set("inverse-root", relative)
              .set("clip-rms", t.number("clip_threshold", 1))
              .set("decay-power", -t.number("decay_rate", -0.8))
              .entry("adafactor");
        });
  }

  /** Its documentation's names; regularization first, then the threshold, then the solver. */
  private static void matlab() {
    line("matlab-doc/sgdm", t -> matlab(t).set("momentum", t.number("Momentum", 0.9)).entry("sgd"));
    line(
        "matlab-doc/rmsprop",
        t ->
            matlab(t)
                .set("decay-rate", t.number("SquaredGradientDecayFactor", 0.9))
                .set("epsilon", t.number("Epsilon", 1e-8))
                .entry("rmsprop"));
    line(
        "matlab-doc/adam",
        t -> {
          boolean corrected =
              t.hasExtra("bias_correction") && t.extraText("bias_correction").equals("true");
          return matlab(t)
              .set("beta1", t.number("GradientDecayFactor", 0.9))
              .set("beta2", t.number("SquaredGradientDecayFactor", 0.999))
              .set("epsilon", t.number("Epsilon", 1e-8))
              .set("epsilon-form", corrected ? "hat" : "uncorrected")
              .entry("adam");
        });
  }

  private static Translation matlab(Translation t) {
    if (t.text("LearnRateSchedule", "none").equals("piecewise")) {
      double factor = t.number("LearnRateDropFactor", 0.1);
      long period = (long) t.number("LearnRateDropPeriod", 10);
      t.rate(new StepDecay(t.run.rate(), factor, period));
    }
    List<GradientTransform<?>> before = new ArrayList<>();
    double decay = t.number("L2Regularization", 0);
    if (decay > 0) {
      ByTensor.All all = new ByTensor.All();
      before.add(
          new ByTensor(
              new ByTensor.Spared(all), Chain.of(List.of()), chain(new AddDecayedWeights(decay))));
    }
    double most = t.number("GradientThreshold", Double.POSITIVE_INFINITY);
    String method = t.text("GradientThresholdMethod", "l2norm");
    if (most < Double.POSITIVE_INFINITY) {
      before.add(
          switch (method) {
            case "l2norm" -> new ClipByTensor(most, ClipByTensor.Measure.NORM);
            case "global-l2norm" -> new ClipByGlobalNorm(most);
            case "absolute-value" -> new ClipByValue(most);
            default -> throw new NotCovered("no threshold " + method);
          });
    }
    return t.wrap(rule -> Chain.of(before).then(rule));
  }
}
