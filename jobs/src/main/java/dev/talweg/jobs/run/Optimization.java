package dev.talweg.jobs.run;

import dev.talweg.jobs.cluster.ClusterBatches;
import dev.talweg.jobs.config.ConfigException;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Automatic;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Settings;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.minimizer.CholeskyNewton;
import dev.talweg.optimizer.minimizer.Cocoa;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.LinearMinimizer;
import dev.talweg.optimizer.minimizer.LocalDescent;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.minimizer.PlainLbfgs;
import dev.talweg.optimizer.minimizer.RayMinimizer;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.objective.BatchObjective;
import dev.talweg.optimizer.objective.ClippedExamples;
import dev.talweg.optimizer.objective.FullBatch;
import dev.talweg.optimizer.objective.LinearObjective;
import dev.talweg.optimizer.objective.LocalObjective;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.objective.Standardization;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Freeze;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.LongToDoubleFunction;
import java.util.function.UnaryOperator;

/**
 * An objective over the cluster with the minimizer that the configuration asks for.
 *
 * @param coordinates of the minimizer's parameters, against the model's
 * @param epochs how many epochs so many steps are
 * @param validated whether the validation rows are looked at after so many steps
 * @param mostSteps the steps that the configured epochs are, or {@code Long.MAX_VALUE}
 * @param passes products with the data so far
 * @param bytes reduced so far
 */
record Optimization<F, S extends Minimizer.State>(
    Minimizer<F, S> minimizer,
    F objective,
    Standardization coordinates,
    LongToDoubleFunction epochs,
    LongPredicate validated,
    long mostSteps,
    DoubleSupplier passes,
    LongSupplier bytes) {

  /** What {@code optimizer: auto} makes of the problem; empty where the configuration says. */
  static Optional<Automatic.Choice<?>> choice(
      RunConfig config, Training training, Moments moments) {
    if (!config.optimizer().kind().equals(Catalog.automatic().name())) {
      return Optional.empty();
    }
    double[] penalties = training.penalty().l2();
    int margins = training.model().margins();
    if (margins > 1) {
      return Optional.of(new Automatic().ofClasses(margins, penalties.length));
    }
    PointwiseLoss loss = Catalog.loss(config.model().loss(), config.model().settings());
    if (loss.hasKinks()) {
      return Optional.of(new Automatic().ofKinks(loss.name()));
    }
    double least = Arrays.stream(penalties).min().orElse(0);
    return Optional.of(new Automatic().choose(Automatic.Facts.of(moments, least)));
  }

  /** Of the problem that the training rows pose. */
  static Optimization<?, ?> of(
      RunConfig config, Training training, Optional<Automatic.Choice<?>> choice) {
    Minimizer<?, ?> minimizer =
        choice
            .<Minimizer<?, ?>>map(chosen -> chosen.minimizer())
            .orElseGet(() -> minimizer(config));
    if (minimizer instanceof RayMinimizer<?> along) {
      Standardization none = Standardization.none(training.encoding().dimension());
      return fullBatch(along, ((RayTraining) training).problem(), none, training);
    }
    if (minimizer instanceof LinearMinimizer<?> linear
        && training instanceof RayTraining ray
        && ray.problem() instanceof LinearObjective objective) {
      return linear(linear, objective, training);
    }
    Standardization standardized =
        FrozenSlices.of(config, training.model()).in(training.standardization());
    // what centres columns gives a feature that no row of a batch has a gradient
    Standardization coordinates =
        config.optimizer().isLazy() ? standardized.uncentred() : standardized;
    if (minimizer instanceof PlainLbfgs plain) {
      return ofAllRows(plain, config, training, coordinates);
    }
    Descent descent = (Descent) minimizer;
    if (config.batch() == null && training instanceof RayTraining ray) {
      BatchObjective full = coordinates.of(allRows(ray, training.model()));
      return fullBatch(descent, full, coordinates, training);
    }
    long batch = config.batch() == null ? Integer.MAX_VALUE : config.batch();
    double most = Catalog.clipsExamples(config.optimizer().settings());
    UnaryOperator<Model> as =
        most < Double.POSITIVE_INFINITY
            ? model -> new ClippedExamples(model, coordinates, most)
            : UnaryOperator.identity();
    ClusterBatches batches = training.batches(batch, config.seed(), as);
    long epochs = config.epochs() == null ? 1 : config.epochs();
    return config.local() == null
        ? ofBatches(descent, batches, coordinates, epochs)
        : ofRounds(rounds(config, config.local(), descent), batches, coordinates, epochs);
  }

  private static BatchObjective allRows(RayTraining ray, Model model) {
    return new FullBatch(ray.problem(), model.layout(), model.tensors());
  }

  private static Optimization<?, ?> ofAllRows(
      PlainLbfgs plain, RunConfig config, Training training, Standardization coordinates) {
    if (training instanceof RayTraining ray) {
      BatchObjective full = coordinates.of(allRows(ray, training.model()));
      return fullBatch(plain, full, coordinates, training);
    }
    ClusterBatches rows =
        training.batches(Integer.MAX_VALUE, config.seed(), UnaryOperator.identity());
    return new Optimization<>(
        plain,
        coordinates.of(rows),
        coordinates,
        step -> step,
        step -> true,
        Long.MAX_VALUE,
        rows::passes,
        rows::bytesReduced);
  }

  private static Optimization<?, ?> ofBatches(
      Descent descent, ClusterBatches batches, Standardization coordinates, long epochs) {
    long perEpoch = batches.stepsPerEpoch() * descent.chain().repeats().times();
    return new Optimization<BatchObjective, Descent.State>(
        descent,
        coordinates.of(batches),
        coordinates,
        step -> (double) step / perEpoch,
        step -> step % perEpoch == 0,
        epochs * perEpoch,
        batches::passes,
        batches::bytesReduced);
  }

  private static Optimization<?, ?> ofRounds(
      LocalDescent descent, ClusterBatches batches, Standardization coordinates, long epochs) {
    long perEpoch = batches.stepsPerEpoch();
    LocalDescent.Rounds rounds = descent.rounds();
    return new Optimization<LocalObjective, LocalDescent.State>(
        descent,
        coordinates.of(batches),
        coordinates,
        round -> (double) rounds.first(round, perEpoch) / perEpoch,
        round -> rounds.first(round, perEpoch) % perEpoch == 0,
        rounds.of(epochs, perEpoch),
        batches::passes,
        batches::bytesReduced);
  }

  private static LocalDescent rounds(RunConfig config, RunConfig.Local local, Descent descent) {
    Descent outer =
        (Descent) Catalog.outer(local.outer().kind()).factory().apply(local.outer().settings());
    return new LocalDescent(
        descent.chain(),
        new LocalDescent.Rounds((int) config.localSteps(), local.singleEpochs()),
        local.average(),
        local.memory(),
        frozen(config, outer.chain()),
        descent.plateau());
  }

  /** What the rule of local steps freezes stays for the outer one too. */
  private static Chain frozen(RunConfig config, Chain outer) {
    List<String> names = config.frozen();
    return names.isEmpty() ? outer : Chain.of(List.of(new Freeze(names, outer)));
  }

  private static <S extends Minimizer.State> Optimization<LinearObjective, S> linear(
      LinearMinimizer<S> minimizer, LinearObjective objective, Training training) {
    Standardization none = Standardization.none(training.encoding().dimension());
    if (minimizer instanceof CholeskyNewton newton && none.means().length > newton.most()) {
      throw new ConfigException(
          "optimizer.most-features",
          "found "
              + newton.most()
              + ", but the data has "
              + none.means().length
              + " features and newton-cholesky holds a matrix of all of them; raise it or choose"
              + " optimizer: auto");
    }
    if (minimizer instanceof Cocoa
        && Arrays.stream(objective.penalties()).anyMatch(l2 -> !(l2 > 0))) {
      throw new ConfigException(
          "penalty.l2",
          "found a feature without a ridge, and cocoa climbs the dual that the ridge makes; set"
              + " penalty.l2 above 0, without factors of 0");
    }
    return fullBatch(minimizer, objective, none, training);
  }

  private static <F, S extends Minimizer.State> Optimization<F, S> fullBatch(
      Minimizer<F, S> minimizer, F objective, Standardization coordinates, Training training) {
    return new Optimization<>(
        minimizer,
        objective,
        coordinates,
        step -> step,
        step -> true,
        Long.MAX_VALUE,
        training::passes,
        training::bytesReduced);
  }

  private static Minimizer<?, ?> minimizer(RunConfig config) {
    return Catalog.optimizers().stream()
        .filter(entry -> entry.name().equals(config.optimizer().kind()))
        .findFirst()
        .orElseThrow()
        .factory()
        .apply(settings(config));
  }

  /** The optimizer's, by which a rule leaves an intercept that there is not where it is, too. */
  private static Settings settings(RunConfig config) {
    Map<String, Object> settings = new LinkedHashMap<>(config.optimizer().settings().values());
    settings.computeIfPresent("freeze", (name, own) -> config.frozen());
    return new Settings(settings);
  }
}
