package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.goldens.Replay.Recorded;
import dev.talweg.optimizer.goldens.Translation.NotCovered;
import dev.talweg.optimizer.schedule.Form;
import dev.talweg.optimizer.schedule.InverseTime;
import dev.talweg.optimizer.transform.Accumulate;
import dev.talweg.optimizer.transform.Average;
import dev.talweg.optimizer.transform.Centralize;
import dev.talweg.optimizer.transform.ClipAdaptively;
import dev.talweg.optimizer.transform.ClipByGlobalNorm;
import dev.talweg.optimizer.transform.ClipByTensor;
import dev.talweg.optimizer.transform.ClipByValue;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Lookahead;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.ScaleByParameterRms;
import dev.talweg.optimizer.transform.SharpnessAware;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the libraries' names mean here: a line a rule and library. */
final class Dialects {
  private static final Map<String, Function<Translation, Replay>> LINES = new LinkedHashMap<>();

  /** Kinds that have a reason of their own not to be compared. */
  private static final Map<String, String> WHY_NOT =
      Map.ofEntries(
          Map.entry("optax/rprop", "applies the step of the call before: not Rprop"),
          Map.entry("torch/SparseAdam", "updated lazily, on touched rows only"),
          Map.entry("tensorflow/MomentumOptimizer[sparse]", "updated lazily"),
          Map.entry("tensorflow/RMSPropOptimizer[sparse]", "updated lazily"),
          Map.entry("tensorflow/AdadeltaOptimizer[sparse]", "updated lazily"),
          Map.entry("tensorflow/FtrlOptimizer[sparse]", "updated lazily"),
          Map.entry("schedulefree/AdamWScheduleFreePaper", "another place of decay"),
          Map.entry("pytorch-optimizer/ScheduleFreeAdamW", "epsilon before the correction"),
          Map.entry("pytorch-optimizer/Lamb", "another bias correction"),
          Map.entry("adan-pytorch/Adan", "matched by no formula, CORRECTIONS A12"));

  static {
    torch();
    keras();
    kerasLayers();
    tensorflow();
    optax();
    packages();
  }

  private Dialects() {}

  /** The rule that a configuration's run is of. */
  static Replay of(Configuration configuration, Run run) {
    String why = WHY_NOT.get(configuration.library() + "/" + configuration.kind());
    if (why != null) {
      throw new NotCovered(why);
    }
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
      line("torch/" + name, t -> torch(t).entry(name.toLowerCase(java.util.Locale.ROOT)));
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
          doublePrecision(t);
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
      long every = (long) t.extra("accumulate");
      t.wrap(
          rule ->
              chain(
                  new Accumulate(every, Accumulate.Reduction.MEAN, Accumulate.Clock.STEPS, rule)));
    }
    if (t.hasExtra("average")) {
      boolean equal = t.extraText("average").equals("swa");
      double decay = t.hasExtra("decay") ? t.extra("decay") : 0;
      long from = t.hasExtra("average_from") ? (long) t.extra("average_from") - 1 : 0;
      Average average =
          new Average(equal ? Average.Kind.EQUAL : Average.Kind.EXPONENTIAL, decay, from, 0);
      t.wrap(rule -> rule.then(average)).recorded(Recorded.SERVED);
    }
    return t;
  }

  private static void doublePrecision(Translation t) {
    if (t.configuration.precision() == Configuration.Precision.HALF) {
      throw new NotCovered("the library iterates in bfloat16");
    }
    t.extraText("newton_schulz_dtype");
  }

  private static void coefficients(Translation t, String name) {
    double[] abc = t.numbers(name);
    if (abc != null) {
      t.set("a", abc[0]).set("b", abc[1]).set("c", abc[2]);
    }
  }

  private static dev.talweg.optimizer.transform.Chain chain(
      dev.talweg.optimizer.transform.GradientTransform<?> only) {
    return dev.talweg.optimizer.transform.Chain.of(List.of(only));
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
        line(
            "keras/" + name + sparse, t -> keras(t).entry(name.toLowerCase(java.util.Locale.ROOT)));
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
          if (t.hasExtra("record")) {
            throw new NotCovered("the variable z alone");
          }
          if (t.number("weight_decay", 0) > 0) {
            throw new NotCovered("decay of y, from which x is recovered");
          }
          return t.set("warmup", (long) t.number("warmup_steps", 0)).entry("schedule-free-adamw");
        });
  }

  private static Translation keras(Translation t) {
    if (t.hasExtra("python_floats")) {
      throw new NotCovered("hyper-parameters are rounded to single precision");
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
      long every = (long) t.number("gradient_accumulation_steps", 1);
      t.wrap(
          rule ->
              chain(
                  new Accumulate(
                      every, Accumulate.Reduction.MEAN, Accumulate.Clock.GRADIENTS, rule)));
    }
    if (t.flag("use_ema")) {
      Average average =
          new Average(
              Average.Kind.EXPONENTIAL,
              t.number("ema_momentum", 0.99),
              0,
              (long) t.number("ema_overwrite_frequency", 0));
      t.wrap(rule -> rule.then(average));
    }
    if (t.hasExtra("record") && t.extraText("record").equals("ema")) {
      t.recorded(Recorded.SERVED);
    }
    return t;
  }

  private static void tensorflow() {
    for (String sparse : List.of("", "[sparse]")) {
      line("tensorflow/GradientDescentOptimizer" + sparse, t -> tf(t).entry("sgd"));
      line("tensorflow/AdamOptimizer" + sparse, t -> tf(t).entry("adam"));
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

  private static double slot(Translation t, int k) {
    return Json.numbers(t.configuration.extras().get("slots"))[k];
  }

  private static Translation tf(Translation t) {
    t.ignore("slots");
    if (t.hasExtra("python_floats")) {
      throw new NotCovered("hyper-parameters are rounded to single precision");
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
                dev.talweg.optimizer.transform.Chain.of(
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
    line("pytorch-optimizer/AdaBelief", t -> decoupled(t).entry("adabelief"));
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
            if (t.has("slice_p")) {
              throw new NotCovered("a part of the entries estimates the distance");
            }
            return t.set("d-coef", t.number("d_coef", 1))
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
    for (String name :
        List.of("schedulefree/AdamWScheduleFree", "schedulefree/AdamWScheduleFreeReference")) {
      line(
          name,
          t -> {
            double[] betas = t.numbers("betas");
            if (betas != null) {
              t.set("beta", betas[0]).set("beta2", betas[1]);
            }
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
          t -> scheduleFree(t).set("beta", t.number("momentum", 0.9)).entry("schedule-free-sgd"));
    }
    line(
        "muon-optimizer/SingleDeviceMuon",
        t -> {
          doublePrecision(t);
          return t.set("divisor", "sum")
              .set("adam-rate", 0.0)
              .set("weight-decay", t.number("weight_decay", 0))
              .entry("muon");
        });
    line("pytorch-optimizer/Lion", t -> decoupled(t).entry("lion"));
    line("pytorch-optimizer/Adan", t -> decoupled(t).entry("adan"));
    line("pytorch-optimizer/SGDW", t -> decoupled(t).entry("sgd"));
    line("pytorch-optimizer/NAdam", t -> decoupled(t).entry("nadam"));
    line("pytorch-optimizer/Lookahead", Dialects::lookahead);
  }

  private static Translation scheduleFree(Translation t) {
    return t.recorded(Recorded.SERVED)
        .set("warmup", (long) t.number("warmup_steps", 0))
        .set("step-power", t.number("r", 0))
        .set("rate-power", t.number("weight_lr_power", 2));
  }

  private static Translation decoupled(Translation t) {
    return t.set("decay", t.flag("weight_decouple", true) ? "decoupled" : "l2");
  }

  private static Replay lookahead(Translation t) {
    long period = (long) t.number("k", 5);
    double rate = t.number("alpha", 0.5);
    if (!t.text("pullback_momentum", "none").equals("none")) {
      throw new NotCovered("pullback of the momentum");
    }
    t.ignore("base_kw");
    Map<String, ?> inner = Json.map(t.configuration.params().get("base_kw"));
    inner.forEach((name, value) -> t.set(name, value));
    return t.wrap(rule -> chain(new Lookahead(period, rate, Lookahead.Memory.KEPT, rule)))
        .entry(t.text("base", "Adam").toLowerCase(java.util.Locale.ROOT));
  }
}
