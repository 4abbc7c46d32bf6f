package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.goldens.Tally.Found;
import dev.talweg.optimizer.loss.LogisticLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.loss.SquaredLoss;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Gauge;
import dev.talweg.optimizer.minimizer.Iterations;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.net.Activated;
import dev.talweg.optimizer.net.Activations;
import dev.talweg.optimizer.net.Dense;
import dev.talweg.optimizer.net.Pass;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Form;
import dev.talweg.optimizer.schedule.InverseTime;
import dev.talweg.optimizer.schedule.Piecewise;
import dev.talweg.optimizer.schedule.Plateau;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.stopping.MaxIterations;
import dev.talweg.optimizer.stopping.Patience;
import dev.talweg.optimizer.stopping.Progress;
import dev.talweg.optimizer.stopping.StoppingRule;
import dev.talweg.optimizer.transform.Tensor;
import dev.talweg.optimizer.transform.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/** scikit-learn's SGD row by row, and its nets batch by batch: {@code like_sklearn.json}. */
final class SklearnRuns {
  /**
   * Some hundred steps of rounded operations on numbers near 1; some weights pass through 0, where
   * the difference is of the numbers that they come from.
   */
  private static final double TOLERANCE = 1e-12;

  /** Where a run goes far, an ulp of its rows moves it, and the library may move by that too. */
  private static final double MOST = 1e-9;

  /** Where the library cuts the slope of a row. */
  private static final double STEEPEST = 1e12;

  private final double[][] x;
  private final double[] classes;
  private final double[] reals;
  private final Map<String, @Nullable Object> defaults;

  private SklearnRuns(Map<String, @Nullable Object> file) {
    x = Json.rows(file.get("X"));
    classes = Json.numbers(file.get("y"));
    reals = Json.numbers(file.get("y_real"));
    defaults = Json.map(file.get("defaults"));
  }

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally) {
    SklearnRuns runs = new SklearnRuns(file);
    for (Object each : Json.list(file.get("sgd"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      tally.run(
          "sklearn/" + golden.get("model"),
          String.valueOf(golden.get("id")),
          "",
          () -> runs.descent(golden));
    }
    Map<String, @Nullable Object> nets = Json.map(file.get("mlp"));
    for (Object each : Json.list(nets.get("configurations"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      tally.run(
          "sklearn/" + golden.get("model"),
          String.valueOf(golden.get("id")),
          "",
          () -> runs.net(golden, Json.map(nets.get("initial"))));
    }
    for (Object each : Json.list(file.get("logistic_regression"))) {
      Map<String, @Nullable Object> golden = Json.map(each);
      tally.run(
          "sklearn/LogisticRegression",
          String.valueOf(golden.get("id")),
          "",
          () -> runs.logisticRegression(golden));
    }
  }

  /** An argument of a model, or what the library takes without it. */
  private @Nullable Object argument(Map<String, @Nullable Object> golden, String name) {
    Map<String, @Nullable Object> given = Json.map(golden.get("params"));
    // the file has the defaults of one of the two nets, which share them
    String model = String.valueOf(golden.get("model")).replace("MLPRegressor", "MLPClassifier");
    return given.containsKey(name) ? given.get(name) : Json.map(defaults.get(model)).get(name);
  }

  private double number(Map<String, @Nullable Object> golden, String name) {
    return Json.number(argument(golden, name));
  }

  /** A rule of the catalog, as scikit-learn has it. */
  private static Descent rule(String name, Map<String, Object> settings) {
    Entry<Minimizer<?, ?>> entry =
        Catalog.optimizers().stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow()
            .like(Like.SKLEARN)
            .orElseThrow();
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : entry.parameters()) {
      if (parameter.byDefault() != null) {
        values.put(parameter.name(), parameter.byDefault());
      }
    }
    values.putAll(settings);
    return (Descent) entry.factory().apply(new Settings(values));
  }

  private Found descent(Map<String, @Nullable Object> golden) {
    if (golden.containsKey("failed")) {
      throw new NotCovered("the library failed: " + golden.get("failed"));
    }
    boolean classifies = "SGDClassifier".equals(golden.get("model"));
    PointwiseLoss loss = loss(golden);
    double[] labels = classifies ? classes : reals;
    OneByOne rows = new OneByOne(x, labels, weights(golden), loss);
    Descent rule = rule(golden, loss);
    Descent.State state = rule.start(rows, new double[rows.dimension()]);
    if (golden.containsKey("stopped")) {
      return stopped(golden, rows, rule, state);
    }
    List<OneByOne> nudged = List.of(rows.nudged(Math::nextUp), rows.nudged(Math::nextDown));
    List<Descent.State> beside =
        nudged.stream().map(n -> rule.start(n, new double[rows.dimension()])).toList();
    Found found = Found.NONE;
    for (Object each : Json.list(golden.get("epochs"))) {
      Map<String, @Nullable Object> epoch = Json.map(each);
      long until = x.length * (long) Json.number(epoch.get("epoch"));
      state = until(rule, rows, state, until);
      double moved = 0;
      List<Descent.State> there = new ArrayList<>();
      for (int k = 0; k < nudged.size(); k++) {
        there.add(until(rule, nudged.get(k), beside.get(k), until));
        double difference = Found.of(state.served(), there.get(k).served(), 1, 1).difference();
        moved = Math.max(moved, difference);
      }
      beside = there;
      double allowed = Math.max(TOLERANCE, Math.min(8 * moved, MOST));
      double[] expected =
          joined(Json.numbers(epoch.get("coef")), Json.number(epoch.get("intercept")));
      found = found.and(Found.of(expected, state.served(), allowed, 1));
      if (epoch.containsKey("standard_coef")) { // the last intercept is overwritten by its average
        double[] last = Json.numbers(epoch.get("standard_coef"));
        double[] ours = Arrays.copyOf(state.parameters(), last.length);
        found = found.and(Found.of(last, ours, allowed, 1));
      }
    }
    return found;
  }

  private static Descent.State until(Descent rule, OneByOne rows, Descent.State from, long step) {
    Descent.State state = from;
    while (state.step() < step) {
      state = rule.next(rows, state);
    }
    return state;
  }

  /** Stops by the mean objective of the steps of an epoch, which its rate may follow. */
  private Found stopped(
      Map<String, @Nullable Object> golden, OneByOne rows, Descent rule, Descent.State start) {
    double alpha = argument(golden, "penalty") == null ? 0 : number(golden, "alpha");
    double share = shareOfL1(golden);
    Map<Long, Double> sums = new HashMap<>();
    Gauge<Descent.State> gauge =
        state -> {
          double[] weights = Arrays.copyOf(state.parameters(), x[0].length);
          double squares = Arrays.stream(weights).map(w -> w * w / 2).sum();
          double sizes = Arrays.stream(weights).map(Math::abs).sum();
          double value = state.value() + alpha * ((1 - share) * squares + share * sizes);
          long epoch = state.step() / x.length;
          sums.merge(epoch, value, Double::sum);
          Progress progress = Gauge.plain(state);
          return epoch > 0 && state.step() % x.length == 0
              ? progress.withValidation(sums.getOrDefault(epoch - 1, 0.0) / x.length)
              : progress;
        };
    StoppingRule rounds = new MaxIterations(x.length * (long) number(golden, "max_iter"));
    if (rule.plateau() == null) {
      rounds =
          new Patience(
                  "objective",
                  (long) number(golden, "n_iter_no_change"),
                  Patience.Better.SMALLER,
                  number(golden, "tol"))
              .or(rounds);
    }
    Descent.State last = new Iterations<>(rule, rows, start, rounds, gauge).last().state();
    Map<String, @Nullable Object> stopped = Json.map(golden.get("stopped"));
    double[] expected =
        joined(Json.numbers(stopped.get("coef")), Json.number(stopped.get("intercept")));
    return Found.of(Json.number(stopped.get("t")) - 1, (double) last.step(), TOLERANCE, 1)
        .and(Found.of(expected, last.served(), TOLERANCE, 1));
  }

  private PointwiseLoss loss(Map<String, @Nullable Object> golden) {
    return GoldenLosses.named(String.valueOf(argument(golden, "loss")), number(golden, "epsilon"));
  }

  private double @Nullable [] weights(Map<String, @Nullable Object> golden) {
    if (golden.containsKey("sample_weight")) {
      return Json.numbers(golden.get("sample_weight"));
    }
    if (!"balanced".equals(argument(golden, "class_weight"))) {
      return null;
    }
    double positives = (double) Arrays.stream(classes).filter(y -> y > 0).count();
    double negatives = classes.length - positives;
    return Arrays.stream(classes)
        .map(y -> classes.length / (2 * (y > 0 ? positives : negatives)))
        .toArray();
  }

  private Map<String, Object> settings(Map<String, @Nullable Object> golden, PointwiseLoss loss) {
    Map<String, Object> settings = new LinkedHashMap<>();
    double alpha = number(golden, "alpha");
    double pull = argument(golden, "penalty") == null ? 0 : alpha;
    double l1 = pull * shareOfL1(golden);
    settings.put("weight-decay", pull - l1);
    settings.put("truncated-l1", l1);
    settings.put("decay-of", "weights");
    if (Boolean.FALSE.equals(argument(golden, "fit_intercept"))) {
      settings.put("freeze", List.of("intercept"));
    }
    Object average = argument(golden, "average");
    if (average != null && !average.equals(false)) {
      settings.put("truncated-average", true);
      settings.put("average-from", average.equals(true) ? 0L : (long) Json.number(average) - 1);
    }
    settings.put("learning-rate", rate(golden, loss, alpha));
    return settings;
  }

  private double shareOfL1(Map<String, @Nullable Object> golden) {
    Object penalty = argument(golden, "penalty");
    return "elasticnet".equals(penalty) ? number(golden, "l1_ratio") : "l1".equals(penalty) ? 1 : 0;
  }

  /** The library's rates are rules of their own where the loss of the row makes the step. */
  private Descent rule(Map<String, @Nullable Object> golden, PointwiseLoss loss) {
    double eta = number(golden, "eta0");
    return switch (String.valueOf(argument(golden, "learning_rate"))) {
      case "pa1" -> passiveAggressive(golden, Map.of("learning-rate", eta));
      case "pa2" -> passiveAggressive(golden, Map.of("learning-rate", 1e300, "epsilon", 0.5 / eta));
      default -> rule("sgd", settings(golden, loss));
    };
  }

  private Descent passiveAggressive(
      Map<String, @Nullable Object> golden, Map<String, Object> settings) {
    if (argument(golden, "penalty") != null || weights(golden) != null) {
      throw new NotCovered("its step is of the row's loss alone, without penalty and weight");
    }
    return rule("polyak", settings);
  }

  private Schedule rate(Map<String, @Nullable Object> golden, PointwiseLoss loss, double alpha) {
    double eta = number(golden, "eta0");
    String name = String.valueOf(argument(golden, "learning_rate"));
    return switch (name) {
      case "constant" -> new Constant(eta);
      case "invscaling" -> new InverseTime(eta, 1, 1, number(golden, "power_t"), Form.SMOOTH);
      case "adaptive" -> {
        if (argument(golden, "tol") == null) {
          yield new Constant(eta); // without a tolerance no epoch is a bad one
        }
        yield adaptive(golden, eta, (long) number(golden, "n_iter_no_change"));
      }
      case "optimal" -> {
        double typical = Math.sqrt(1 / Math.sqrt(alpha));
        double[] slope = {-typical};
        loss.differentiate(slope, new double[] {1}, null, 1);
        double first = typical / Math.max(1, slope[0]);
        yield new InverseTime(first, first * alpha, 1, Form.SMOOTH);
      }
      default -> throw new NotCovered("no rate " + name);
    };
  }

  /** A fifth after so many bad epochs, as long as the rate is above 1e-6. */
  private Plateau adaptive(Map<String, @Nullable Object> golden, double first, long patience) {
    double least = first;
    while (least > 1e-6) {
      least *= 0.2; // as the plateau
    }
    return new Plateau(
        first,
        0.2,
        patience,
        number(golden, "tol"),
        Plateau.Improvement.ABSOLUTE,
        0,
        least,
        0,
        Plateau.Waiting.UNTIL_THE_END);
  }

  private static double[] joined(double[] weights, double intercept) {
    double[] all = Arrays.copyOf(weights, weights.length + 1);
    all[weights.length] = intercept;
    return all;
  }

  /** One row a batch, in file order. */
  private record OneByOne(
      double[][] x, double[] labels, double @Nullable [] weights, PointwiseLoss loss)
      implements BatchObjective {
    /** The same with other features, an ulp off. */
    OneByOne nudged(DoubleUnaryOperator ulp) {
      double[][] other =
          Arrays.stream(x)
              .map(row -> Arrays.stream(row).map(ulp).toArray())
              .toArray(double[][]::new);
      return new OneByOne(other, labels, weights, loss);
    }

    @Override
    public int dimension() {
      return x[0].length + 1;
    }

    @Override
    public long stepsPerEpoch() {
      return x.length;
    }

    @Override
    public Tensors tensors() {
      int d = x[0].length;
      return new Tensors(
          List.of(new Tensor("weights", 0, 1, d), new Tensor("intercept", d, 1, 1, false)));
    }

    @Override
    public Evaluation evaluate(double[] parameters, long step) {
      int i = (int) (step % x.length);
      int d = x[i].length;
      double margin = parameters[d];
      for (int j = 0; j < d; j++) {
        margin += x[i][j] * parameters[j];
      }
      double[] slope = {margin};
      double[] label = {GoldenLosses.label(loss, labels[i])};
      double[] weight = weights == null ? null : new double[] {weights[i]};
      double value = loss.differentiate(slope, label, weight, 1);
      slope[0] = Math.min(Math.max(slope[0], -STEEPEST), STEEPEST);
      double[] gradient = new double[d + 1];
      for (int j = 0; j < d; j++) {
        gradient[j] = slope[0] * x[i][j];
      }
      gradient[d] = slope[0];
      return new Evaluation(value, gradient);
    }
  }

  private Found net(Map<String, @Nullable Object> golden, Map<String, @Nullable Object> initial) {
    boolean classifies = "MLPClassifier".equals(golden.get("model"));
    String activation = String.valueOf(argument(golden, "activation"));
    int batch = (int) number(golden, "batch_size");
    OneHidden net =
        new OneHidden(
            x,
            classifies ? Arrays.stream(classes).map(y -> y > 0 ? 1 : 0).toArray() : reals,
            batch,
            (int) Json.number(Json.list(argument(golden, "hidden_layer_sizes")).get(0)),
            activation,
            classifies ? new LogisticLoss() : new SquaredLoss());
    Map<String, Object> settings = new LinkedHashMap<>();
    // the penalty is divided by the rows of the batch, as the loss is
    double decay = number(golden, "alpha") / batch;
    settings.put("weight-decay", decay);
    settings.put("decay-of", "weights");
    boolean adam = "adam".equals(argument(golden, "solver"));
    double first = number(golden, "learning_rate_init");
    settings.put("learning-rate", new Constant(first));
    if (adam) {
      settings.put("beta1", number(golden, "beta_1"));
      settings.put("beta2", number(golden, "beta_2"));
      settings.put("epsilon", number(golden, "epsilon"));
    } else {
      double momentum = number(golden, "momentum");
      settings.put("momentum", momentum);
      settings.put(
          "nesterov", momentum > 0 && Boolean.TRUE.equals(argument(golden, "nesterovs_momentum")));
      settings.put("learning-rate", rateOfNet(golden, first, batch));
    }
    Descent rule = rule(adam ? "adam" : "sgd", settings);
    double[] start = new double[0];
    for (Object each : initial.values()) { // W1, b1, W2, b2
      double[] values = Json.numbers(each);
      start = Arrays.copyOf(start, start.length + values.length);
      System.arraycopy(values, 0, start, start.length - values.length, values.length);
    }
    Descent.State state = rule.start(net, start);
    Found found = Found.NONE;
    for (Object each : Json.list(golden.get("epochs"))) {
      Map<String, @Nullable Object> epoch = Json.map(each);
      long until = net.stepsPerEpoch() * (long) Json.number(epoch.get("epoch"));
      double sum = 0;
      while (state.step() < until) {
        sum += state.value() + decay / 2 * net.squaredWeights(state.parameters());
        state = rule.next(net, state);
      }
      double loss = sum / net.stepsPerEpoch();
      found = found.and(Found.of(Json.number(epoch.get("loss")), loss, TOLERANCE, 1));
      state = rule.judged(state, loss, Patience.Better.SMALLER);
      int at = 0;
      for (String part : List.of("W1", "b1", "W2", "b2")) {
        double[] expected = Json.numbers(epoch.get(part));
        double[] ours = Arrays.copyOfRange(state.parameters(), at, at + expected.length);
        found = found.and(Found.of(expected, ours, TOLERANCE, 1));
        at += expected.length;
      }
    }
    return found;
  }

  /** Of SGD: it changes after each epoch, by its loss or by how many rows there were. */
  private Schedule rateOfNet(Map<String, @Nullable Object> golden, double first, int batch) {
    String name = String.valueOf(argument(golden, "learning_rate"));
    return switch (name) {
      case "constant" -> new Constant(first);
      // its patience is what is exceeded
      case "adaptive" -> adaptive(golden, first, (long) number(golden, "n_iter_no_change") + 1);
      case "invscaling" -> inverseScaling(golden, first, batch);
      default -> throw new NotCovered("no rate " + name);
    };
  }

  private Schedule inverseScaling(Map<String, @Nullable Object> golden, double first, int batch) {
    List<Long> boundaries = new ArrayList<>();
    List<Double> rates = new ArrayList<>(List.of(first));
    for (long epoch = 1; epoch <= Json.list(golden.get("epochs")).size(); epoch++) {
      boundaries.add(epoch * (x.length / batch));
      rates.add(first / StrictMath.pow(epoch * x.length + 1.0, number(golden, "power_t")));
    }
    return new Piecewise(boundaries, rates);
  }

  /** z = act(x W1 + b1) W2 + b2 and the mean loss of a batch, in double features. */
  private record OneHidden(
      double[][] x, double[] labels, int batch, int hidden, String activation, PointwiseLoss loss)
      implements BatchObjective {
    @Override
    public int dimension() {
      return tensors().dimension();
    }

    @Override
    public long stepsPerEpoch() {
      return x.length / batch;
    }

    @Override
    public Tensors tensors() {
      int d = x[0].length;
      return new Tensors(
          List.of(
              new Tensor("W1", 0, d, hidden),
              new Tensor("b1", d * hidden, 1, hidden, false),
              new Tensor("W2", d * hidden + hidden, hidden, 1),
              new Tensor("b2", d * hidden + 2 * hidden, 1, 1, false)));
    }

    /** Without biases. */
    double squaredWeights(double[] parameters) {
      double sum = 0;
      for (Tensor tensor : tensors().tensors()) {
        for (int j = tensor.from(); tensor.penalized() && j < tensor.end(); j++) {
          sum += parameters[j] * parameters[j];
        }
      }
      return sum;
    }

    @Override
    public Evaluation evaluate(double[] parameters, long step) {
      int from = (int) (step * batch % x.length);
      int d = x[0].length;
      double[] in = new double[batch * d];
      for (int i = 0; i < batch; i++) {
        System.arraycopy(x[from + i], 0, in, i * d, d);
      }
      Dense first = new Dense(d, hidden);
      Dense second = new Dense(hidden, 1);
      int at = d * hidden + hidden;
      double[] products = new double[batch * hidden];
      double[] units = new double[products.length];
      double[] z = new double[batch];
      first.forward(new Pass(parameters, 0, in, batch, null, products));
      String name = activation.equals("logistic") ? "sigmoid" : activation;
      Activated between = new Activated(hidden, Activations.named(name));
      between.forward(new Pass(parameters, 0, products, batch, null, units));
      second.forward(new Pass(parameters, at, units, batch, null, z));
      double[] slopes = z.clone();
      double value =
          loss.differentiate(slopes, Arrays.copyOfRange(labels, from, from + batch), null, batch);
      for (int i = 0; i < batch; i++) {
        slopes[i] /= batch;
      }
      double[] gradient = new double[parameters.length];
      double[] ofUnits = new double[units.length];
      second.backward(new Pass(parameters, at, units, batch, null, z), slopes, gradient, ofUnits);
      double[] ofProducts = ofUnits.clone();
      between.backward(
          new Pass(parameters, 0, products, batch, null, units), ofUnits, gradient, ofProducts);
      first.backward(
          new Pass(parameters, 0, in, batch, null, products),
          ofProducts,
          gradient,
          new double[in.length]);
      return new Evaluation(value / batch, gradient);
    }
  }

  /** Every iterate of L-BFGS; of other solvers the last, where it is the optimum up to rounding. */
  private Found logisticRegression(Map<String, @Nullable Object> golden) {
    List<?> iterations = Json.list(golden.get("iterations"));
    if ("lbfgs".equals(Json.map(golden.get("params")).get("solver"))) {
      return path(golden, iterations);
    }
    Map<String, @Nullable Object> last = Json.map(iterations.get(iterations.size() - 1));
    double[] w = Json.numbers(last.get("coef"));
    double intercept = Json.number(last.get("intercept"));
    double c = Json.number(Json.map(golden.get("params")).get("C"));
    double[][] rows =
        Arrays.stream(x).map(row -> Arrays.copyOf(row, w.length)).toArray(double[][]::new);
    double[] labels = Arrays.stream(classes).map(y -> y > 0 ? 1 : 0).toArray();
    LogisticLoss loss = new LogisticLoss();
    double value = 0;
    double[] slopes = w.clone();
    for (int i = 0; i < rows.length; i++) {
      double[] margin = {intercept};
      for (int j = 0; j < w.length; j++) {
        margin[0] += w[j] * rows[i][j];
      }
      value += c * loss.differentiate(margin, new double[] {labels[i]}, null, 1);
      for (int j = 0; j < w.length; j++) {
        slopes[j] += c * margin[0] * rows[i][j];
      }
    }
    double largest = Arrays.stream(slopes).map(Math::abs).max().orElse(0);
    if (largest > 1e-3) {
      throw new NotCovered("on its way to the optimum, by another path");
    }
    int n = rows.length;
    double theirs = value + Arrays.stream(w).map(v -> v * v / 2).sum();
    double ours =
        n * c * new SmallLinear(rows, labels, loss, 0, 1 / (n * c)).minimized(1e-14).value();
    return QuasiNewtonRuns.ended(theirs, ours, largest, w.length);
  }

  /** What it minimizes is the mean loss, with an intercept that is not penalized, from 0. */
  private Found path(Map<String, @Nullable Object> golden, List<?> iterations) {
    double c = Json.number(Json.map(golden.get("params")).get("C"));
    double tolerance = Json.number(Json.map(golden.get("params")).get("tol"));
    int d = Json.numbers(Json.map(iterations.get(0)).get("coef")).length;
    double[][] rows =
        Arrays.stream(x).map(row -> joined(Arrays.copyOf(row, d), 1)).toArray(double[][]::new);
    BatchObjective mean = new Problems.Logistic(rows, classes, 1 / (c * rows.length), d);
    LbfgsPaths.Method method =
        LbfgsPaths.method(Like.SKLEARN, Map.of("gradient-tolerance", tolerance));
    LbfgsPaths.Path path = method.path(mean, new double[d + 1], iterations.size());
    Found found = Found.NONE;
    for (int k = 0; k < iterations.size(); k++) {
      Map<String, @Nullable Object> expected = Json.map(iterations.get(k));
      double[] parameters =
          joined(Json.numbers(expected.get("coef")), Json.number(expected.get("intercept")));
      int at = (int) Json.number(expected.get("n_iter"));
      found = found.and(Found.of(parameters, path.states().get(at).parameters(), TOLERANCE, 1));
    }
    return found;
  }
}
