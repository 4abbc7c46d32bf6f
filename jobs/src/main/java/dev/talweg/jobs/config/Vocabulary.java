package dev.talweg.jobs.config;

import dev.talweg.datasets.Sequence;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.catalog.Like;
import dev.talweg.optimizer.catalog.ModelEntry;
import dev.talweg.optimizer.catalog.Nets;
import dev.talweg.optimizer.catalog.Parameter;
import dev.talweg.optimizer.metric.Metric;
import dev.talweg.optimizer.metric.Metrics;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.naming.Glob;
import dev.talweg.optimizer.schedule.Schedule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The names that a configuration can ask for: those of the {@link Catalog}. */
final class Vocabulary {
  private Vocabulary() {}

  static List<String> optimizers() {
    List<String> names = new ArrayList<>(List.of(Catalog.automatic().name()));
    names.addAll(names(Catalog.optimizers()));
    return List.copyOf(names);
  }

  /** The first-order rules that need nothing but a gradient. */
  static List<String> rules() {
    return names(Catalog.optimizers()).stream()
        .filter(name -> !needsAllRows(name) && !takesFullGradients(name) && !looksAround(name))
        .toList();
  }

  /** Whether every step of it sees all rows: what has no learning rate searches along rays. */
  static boolean needsAllRows(String optimizer) {
    return Catalog.needsAllRows(optimizer);
  }

  /** Advice for an optimizer that no library has, where they have one that it is called after. */
  static String plain(String optimizer, Like library) {
    return Catalog.optimizers().stream()
        .filter(e -> e.name().endsWith("-" + optimizer) && e.like(library).isPresent())
        .map(e -> "write kind: " + e.name() + ", or ")
        .findFirst()
        .orElse("");
  }

  /** Whether it is for margins that are linear in the parameters. */
  static boolean needsMargins(String optimizer) {
    return Catalog.needsMargins(optimizer);
  }

  /** Whether the loss of all rows has to be a function of the parameters alone. */
  static boolean needsFunction(String optimizer) {
    return Catalog.needsFunction(optimizer);
  }

  /** A rule that takes what a round of local steps changed as its gradient. */
  static Entry<?> outer(String name) {
    return Catalog.outer(name);
  }

  /** Whether a schedule follows the validation metric. */
  static boolean followsMetric(String schedule) {
    return Catalog.followsMetric(schedule);
  }

  /** Whether a schedule is of all steps of a run, by what it is. */
  static boolean spansTheRun(String schedule) {
    return Catalog.spansTheRun(schedule);
  }

  /** Whether a rule takes full gradients beside those of batches. */
  static boolean takesFullGradients(String optimizer) {
    return Catalog.takesFullGradients(optimizer);
  }

  /** Whether a rule evaluates the batch of the whole cluster beside where it is. */
  static boolean looksAround(String optimizer) {
    return Catalog.looksAround(optimizer);
  }

  static List<String> losses() {
    return Stream.concat(names(Catalog.losses()).stream(), names(Catalog.classLosses()).stream())
        .toList();
  }

  /** Whether a loss has a margin for each class. */
  static boolean isOfClasses(String loss) {
    return names(Catalog.classLosses()).contains(loss);
  }

  /** Whether an optimizer is for one margin a row only. */
  static boolean needsOneMargin(String optimizer) {
    return Catalog.needsOneMargin(optimizer);
  }

  static List<String> schedules() {
    return names(Catalog.schedules());
  }

  static List<String> models() {
    return Catalog.models().stream().map(ModelEntry::name).toList();
  }

  /** What a run can watch: a metric of the validation rows, or its objective. */
  static List<String> watched() {
    return Stream.concat(metrics().stream(), Stream.of(RunConfig.Patience.OBJECTIVE)).toList();
  }

  static List<String> metrics() {
    return Metrics.all().stream().map(Metric::name).distinct().toList();
  }

  static Entry<?> optimizer(String name) {
    return name.equals(Catalog.automatic().name())
        ? Catalog.automatic()
        : find(Catalog.optimizers(), name).orElseThrow();
  }

  static Entry<?> loss(String name) {
    Optional<? extends Entry<?>> ofOne = find(Catalog.losses(), name);
    return ofOne.isPresent() ? ofOne.get() : find(Catalog.classLosses(), name).orElseThrow();
  }

  /** A loss with the parameters of the model that is trained with it. */
  static Entry<?> loss(String name, List<Parameter> ofModel) {
    Entry<?> loss = loss(name);
    List<Parameter> all = Stream.concat(ofModel.stream(), loss.parameters().stream()).toList();
    return new Entry<>(name, loss.summary(), loss.reference(), all, settings -> settings);
  }

  /** Whether a kind of model is trained by its layers. */
  static boolean isNet(String model) {
    return Nets.isNet(model);
  }

  /** The slices of a model's parameters, whatever the data. */
  static List<String> slices(RunConfig.ModelChoice model) {
    return Catalog.slices(model.kind(), model.loss(), model.settings()).stream()
        .map(Slice::name)
        .toList();
  }

  /** Whether a glob may stand for the slice of a column, which the data names. */
  static boolean mayBeOfColumn(Glob glob, List<String> slices) {
    return glob.mayBegin(Nets.OF_COLUMNS) && slices.stream().anyMatch(Nets::isOfColumns);
  }

  /** How a model reads arrays whose rows have lengths of their own. */
  static Optional<Sequence> sequence(RunConfig.ModelChoice model) {
    return Nets.sequences(model.kind(), model.settings())
        .map(
            of ->
                new Sequence(
                    of.channels(),
                    (int) Math.min(Integer.MAX_VALUE, (long) of.steps() * of.channels()),
                    of.truncates() ? Sequence.Longer.TRUNCATE : Sequence.Longer.FAIL));
  }

  static Entry<Schedule> schedule(String name) {
    return find(Catalog.schedules(), name).orElseThrow();
  }

  static ModelEntry model(String name) {
    return Catalog.models().stream().filter(m -> m.name().equals(name)).findFirst().orElseThrow();
  }

  private static <T> List<String> names(List<Entry<T>> entries) {
    return entries.stream().map(Entry::name).toList();
  }

  private static <T> Optional<Entry<T>> find(List<Entry<T>> entries, String name) {
    return entries.stream().filter(entry -> entry.name().equals(name)).findFirst();
  }
}
