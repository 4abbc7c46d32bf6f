package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Configuration.Run;
import dev.talweg.optimizer.goldens.Replay.Recorded;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Trajectories whose library, rule and hyper-parameters stand in their names alone, such as {@code
 * torch_momentum0.9_damp0.9}: {@code optimizers_golden_fixed_gradients.json}. A name is that of a
 * rule, then words with a number each, or that are switches; what stands in parentheses is a
 * remark.
 */
final class NamedRules {
  /** The rules of papers, which no library has so. */
  static final Map<String, Function<Translation, Replay>> LINES =
      Map.of(
          "paper/AdamW", t -> t.set("decay", "independent").entry("adamw"),
          "paper/LARS", t -> t.set("ratio", "paper").entry("lars"));

  /**
   * What a name begins with.
   *
   * @param id of {@link Dialects}
   * @param number the parameter whose value stands right behind it; empty for none
   * @param fixed parameters that the name has no word for
   */
  private record Rule(String id, String number, Map<String, Object> fixed) {}

  /** The ε of TensorFlow's kernels, which have no default: Keras' own. */
  private static final double KERNEL = 1e-7;

  private static final Map<String, Rule> RULES = new LinkedHashMap<>();

  /** Words before a number. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("damp", "dampening"),
          Map.entry("m", "momentum"),
          Map.entry("eps", "eps"),
          Map.entry("wd", "weight_decay"),
          Map.entry("acc", "initial_accumulator_value"),
          Map.entry("b", "beta"),
          Map.entry("l1", "l1"),
          Map.entry("l2", "l2"),
          Map.entry("a", "lr"),
          Map.entry("lr", "lr"));

  /** Words that are switches; the empty ones say what the library does anyway. */
  private static final Map<String, String> SWITCHES =
      Map.of("centered", "centered", "hat", "", "default", "", "clipped", "", "kernel", "");

  /** What is no parameter of a library's rule, but of how a run was made. */
  private static final Set<String> EXTRAS = Set.of("slots", "step_count");

  private static final Pattern WORD =
      Pattern.compile("(l1|l2|[a-z]+?)((?:\\d+\\.?\\d*|\\.\\d+)(?:e-?\\d+)?)?");
  private static final Pattern HALVED = Pattern.compile("_?lrhalved_after(\\d+)");

  static {
    for (String library : List.of("torch", "keras")) {
      rule(library + "_momentum", library + "/SGD", "momentum");
      rule(library + "_nesterov", library + "/SGD", "momentum", "nesterov", true);
      rule(library + "_adam", library + "/Adam", "");
    }
    rule("sgd", "torch/SGD", "");
    rule("torch_amsgrad", "torch/Adam", "", "amsgrad", true);
    rule("torch_adam_l2_", "torch/Adam", "weight_decay");
    rule("torch_adamw_", "torch/AdamW", "weight_decay");
    rule("torch_nadam", "torch/NAdam", "");
    rule("torch_radam", "torch/RAdam", "");
    rule("torch_adamax", "torch/Adamax", "");
    rule("torch_rmsprop", "torch/RMSprop", "");
    rule("torch_adagrad", "torch/Adagrad", "");
    rule("torch_adadelta", "torch/Adadelta", "", "lr", 1.0);
    rule("torch_asgd", "torch/ASGD", "");
    rule("torch_rprop", "torch/Rprop", "");
    rule("keras_nadam", "keras/Nadam", "");
    rule("keras_adamax", "keras/Adamax", "");
    rule("keras_rmsprop", "keras/RMSprop", "");
    rule("keras_adagrad", "keras/Adagrad", "");
    rule("keras_adadelta", "keras/Adadelta", "");
    rule("keras_ftrl", "keras/Ftrl", "");
    rule("keras_lamb", "keras/Lamb", "");
    rule("optax_adam", "optax/adam", "");
    // 0 in the file, which is out of range here: what adds nothing to a root of 1e-2 does the same
    rule("optax_adam_epsroot", "optax/adam", "eps_root", "eps", Double.MIN_NORMAL);
    rule("optax_amsgrad", "optax/amsgrad", "");
    rule("optax_nadam", "optax/nadam", "");
    rule("optax_adamw_", "optax/adamw", "weight_decay");
    for (String name : List.of("rmsprop", "yogi", "adan", "lamb", "lars", "novograd", "ademamix")) {
      rule("optax_" + name, "optax/" + name, "");
    }
    rule("optax_madgrad", "optax/madgrad", "", "step_count", "int64"); // counted in doubles
    rule("optax_prodigy", "optax/prodigy", "", "lr", 1.0);
    rule("optax_dog", "optax/dog", "", "lr", 1.0);
    rule("adabelief", "optax/adabelief", "");
    rule("adopt", "optax/adopt", "");
    RULES.put(
        "tf_raw_adam_use_nesterov",
        new Rule(
            "tensorflow/ResourceApplyAdam", "", Map.of("use_nesterov", true, "epsilon", KERNEL)));
    rule("tf1_rmsprop_init1", "tensorflow/RMSPropOptimizer", "");
    rule("tf1_adagrad", "tensorflow/AdagradOptimizer", "");
    RULES.put(
        "tf_AdagradV2",
        new Rule(
            "tensorflow/ResourceApplyAdagradV2",
            "",
            Map.of("slots", List.of(0.1), "epsilon", KERNEL)));
    rule("lion", "lion-pytorch/Lion", "");
    rule("ftrl_mcmahan", "pytorch-optimizer/FTRL", "");
    rule("adamw_independent_wd_", "paper/AdamW", "weight_decay");
    rule("paper_lars", "paper/LARS", "");
    rule("schedule_free_sgd", "schedulefree/SGDScheduleFree", "");
    rule("schedule_free_adamw", "schedulefree/AdamWScheduleFree", "");
  }

  private NamedRules() {}

  private static void rule(String name, String id, String number) {
    RULES.put(name, new Rule(id, number, Map.of()));
  }

  private static void rule(String name, String id, String number, String fixed, Object value) {
    RULES.put(name, new Rule(id, number, Map.of(fixed, value)));
  }

  static void compare(Map<String, @Nullable Object> file, Tally tally) {
    double[][] gradients = Json.rows(file.get("grads"));
    Map<String, @Nullable Object> given = new LinkedHashMap<>(file);
    given.put("values", Arrays.stream(new double[gradients.length]).boxed().toList());
    Problems problems = new Problems(Map.of("fixed", given));
    Json.map(file.get("optimizers"))
        .forEach(
            (name, run) ->
                tally.run(
                    rule(name).map(Map.Entry::getValue).map(Rule::id).orElse(""),
                    name,
                    "",
                    () -> compare(name, Json.map(run), file, problems)));
  }

  private static Tally.Found compare(
      String name,
      Map<String, @Nullable Object> json,
      Map<String, @Nullable Object> file,
      Problems problems) {
    Map<String, @Nullable Object> params = new LinkedHashMap<>();
    Map<String, @Nullable Object> extras = new LinkedHashMap<>();
    Rule rule = read(name, params, extras);
    Object rate = params.containsKey("lr") ? params.remove("lr") : file.get("lr");
    double[][] points = Json.rows(json.get("traj"));
    Run run =
        new Run(
            "fixed",
            Json.number(rate),
            points,
            IntStream.rangeClosed(1, points.length).toArray(),
            sensitivity(json),
            points.length);
    int slash = rule.id.indexOf('/');
    Configuration configuration =
        new Configuration(
            rule.id,
            rule.id.substring(0, slash),
            rule.id.substring(slash + 1),
            params,
            extras,
            Configuration.Precision.DOUBLE,
            List.of(run));
    Replay replay = Dialects.of(configuration, run);
    if (name.endsWith("(y)")) {
      replay = new Replay(replay.descent(), Recorded.TRAINED, replay.evaluations());
    }
    return replay.compare(run, Configuration.Precision.DOUBLE, problems.named("fixed"));
  }

  /** The file's formulas are off the libraries by so much, which a thousandth is multiplied to. */
  private static double sensitivity(Map<String, @Nullable Object> json) {
    Object off = json.get("crosscheck_maxabsdiff");
    return off == null ? 0 : Json.number(off) / 1000;
  }

  /** The longest name of a rule that a run's name begins with. */
  private static Optional<Map.Entry<String, Rule>> rule(String name) {
    return RULES.entrySet().stream()
        .filter(rule -> name.startsWith(rule.getKey()))
        .max(Comparator.comparingInt(rule -> rule.getKey().length()));
  }

  private static Rule read(
      String name, Map<String, @Nullable Object> params, Map<String, @Nullable Object> extras) {
    String text = name.replaceAll("\\(.*\\)", "");
    Matcher halved = HALVED.matcher(text);
    if (halved.find()) {
      extras.put("halve_after", Double.parseDouble(halved.group(1)));
      text = halved.replaceFirst("");
    }
    Map.Entry<String, Rule> begins =
        rule(text).orElseThrow(() -> new NotCovered("no rule of that name"));
    Rule rule = begins.getValue();
    rule.fixed.forEach((key, value) -> (EXTRAS.contains(key) ? extras : params).put(key, value));
    String rest = text.substring(begins.getKey().length());
    if (!rule.number.isEmpty()) {
      int end = rest.indexOf('_') < 0 ? rest.length() : rest.indexOf('_');
      params.put(rule.number, Double.parseDouble(rest.substring(0, end)));
      rest = rest.substring(end);
    }
    for (String word : rest.split("_", -1)) {
      if (!word.isEmpty()) {
        read(word, rule, params);
      }
    }
    return rule;
  }

  private static void read(String word, Rule rule, Map<String, @Nullable Object> params) {
    Matcher matcher = WORD.matcher(word);
    if (!matcher.matches()) {
      throw new NotCovered("no meaning of " + word);
    }
    String key = matcher.group(1);
    String number = matcher.group(2);
    String means = number == null ? SWITCHES.get(key) : WORDS.get(key);
    if (means == null) {
      throw new NotCovered("no meaning of " + word);
    }
    if (rule.id.equals("pytorch-optimizer/FTRL") && means.matches("l[12]")) {
      means = "lambda_" + means.charAt(1);
    }
    if (!means.isEmpty()) {
      params.put(means, number == null ? (Object) true : (Object) Double.parseDouble(number));
    }
  }
}
