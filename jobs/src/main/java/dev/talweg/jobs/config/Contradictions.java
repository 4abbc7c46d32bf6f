package dev.talweg.jobs.config;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.SplitSpec;
import dev.talweg.jobs.config.RunConfig.Local;
import dev.talweg.jobs.config.RunConfig.ModelChoice;
import dev.talweg.jobs.config.RunConfig.Nested;
import dev.talweg.jobs.config.RunConfig.OptimizerChoice;
import dev.talweg.jobs.config.RunConfig.Range;
import dev.talweg.jobs.config.RunConfig.Stopping;
import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.NearestName;
import dev.talweg.optimizer.loss.DualLoss;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.naming.Glob;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What keys say against each other, or against what a model or an optimizer can do. */
final class Contradictions {
  private static final String RATE = "learning-rate";

  /** The optimizer that climbs the dual. */
  private static final String DUAL = "cocoa";

  private final Written written;
  private final Problems problems;

  Contradictions(Written written, Problems problems) {
    this.written = written;
    this.problems = problems;
  }

  /** What a comparison with an earlier run needs. */
  void comparable(DataSpec data, @Nullable String reference) {
    if (data.validation() instanceof SplitSpec.None && data.test() instanceof SplitSpec.None) {
      written.problem(
          "promote",
          "needs rows that neither model was trained on; write data: {test: {fraction: 0.2}}");
    }
    if (reference == null) {
      written.problem(
          "reference",
          "found nothing, but promote compares with an earlier run; remove reference, or promote");
    }
  }

  /** What two keys say against each other. */
  void between(
      @Nullable DataSpec data,
      @Nullable OptimizerChoice optimizer,
      @Nullable Long batch,
      Stopping stopping,
      boolean net) {
    if (net && optimizer != null && Vocabulary.needsMargins(optimizer.kind())) {
      written.problem(
          "optimizer.kind",
          "found "
              + optimizer.kind()
              + ", which needs margins that are linear in the parameters; choose adam, momentum or"
              + " sgd, or remove optimizer");
    } else if (batch != null && optimizer != null && Vocabulary.needsAllRows(optimizer.kind())) {
      written.problem(
          "batch",
          "found "
              + batch
              + ", but "
              + optimizer.kind()
              + " needs all rows in every step; remove batch or choose optimizer: adam, momentum or sgd");
    }
    if (written.hasValue("epochs") && !net && !written.has("batch")) {
      written.problem(
          "epochs",
          "is allowed only with batch; a run over all rows is bounded by stopping.max-iterations");
    }
    if (stopping.patience() != null
        && stopping.patience().validates()
        && data != null
        && data.validation() instanceof SplitSpec.None) {
      written.problem(
          "stopping.patience", "needs validation rows; write data: {validation: {fraction: 0.2}}");
    }
  }

  /** Where the queries and the items of held-out rows come from. */
  void heldOut(DataSpec data, Key<String> key, @Nullable String column) {
    if (column == null) {
      return;
    }
    if (!data.keys().contains(column)) {
      written.problem(
          key.path(),
          "found " + column + ", which is no key; write data: {keys: [" + column + "]}");
    }
    if (data.validation() instanceof SplitSpec.None && data.test() instanceof SplitSpec.None) {
      written.problem(key.path(), "needs held-out rows; write data: {validation: {fraction: 0.2}}");
    }
  }

  /** Where a rate may follow the validation metric. */
  void plateaus(
      @Nullable DataSpec data,
      OptimizerChoice optimizer,
      @Nullable Local local,
      Stopping stopping) {
    Map<String, Object> others = new LinkedHashMap<>(optimizer.parameters());
    Object rate = others.remove(RATE);
    boolean follows = rate instanceof Nested nested && Vocabulary.followsMetric(nested.kind());
    boolean validates = stopping.patience() == null || stopping.patience().validates();
    if (follows && validates && data != null && data.validation() instanceof SplitSpec.None) {
      problems.add(
          written.origin("optimizer"),
          "optimizer.learning-rate",
          "found plateau, which needs validation rows; write data: {validation: {fraction: 0.2}}");
    }
    boolean elsewhere =
        others.values().stream().anyMatch(Contradictions::hasPlateau)
            || (rate instanceof Nested inner
                && inner.parameters().values().stream().anyMatch(Contradictions::hasPlateau))
            || (local != null
                && local.outer().parameters().values().stream()
                    .anyMatch(Contradictions::hasPlateau));
    if (elsewhere) {
      written.problem(
          "optimizer",
          "found plateau within another schedule or parameter; it is allowed only as"
              + " optimizer.learning-rate itself");
    }
  }

  private static boolean hasPlateau(Object value) {
    if (value instanceof Nested nested) {
      return Vocabulary.followsMetric(nested.kind()) || hasPlateau(nested.parameters().values());
    }
    if (value instanceof RunConfig.Group group) {
      return hasPlateau(group.parameters().values());
    }
    return value instanceof Collection<?> all && all.stream().anyMatch(Contradictions::hasPlateau);
  }

  /** Where rows have gradients of their own that could be cut. */
  void clippedExamples(
      OptimizerChoice optimizer,
      @Nullable ModelChoice model,
      @Nullable Long batch,
      @Nullable Local local) {
    String path = "optimizer.clip-examples";
    double most = Catalog.clipsExamples(optimizer.settings());
    if (local != null
        && Catalog.clipsExamples(local.outer().settings()) < Double.POSITIVE_INFINITY) {
      written.problem(
          "local.outer", "found clip-examples, but its gradients are of rounds; write " + path);
    }
    if (most == Double.POSITIVE_INFINITY) {
      return;
    }
    if (batch == null) {
      problems.add(
          written.origin("optimizer"),
          path,
          "found " + most + ", which is for rows of batches; write batch: 64 beside it");
    }
    if (model != null && Boolean.TRUE.equals(model.parameters().get("batch-norm"))) {
      problems.add(
          written.origin("optimizer"),
          path,
          "found "
              + most
              + ", but with batch-norm rows have no gradients of their own; write layer-norm");
    }
    if (model != null && Vocabulary.isNet(model.kind()) && optimizer.isLazy()) {
      problems.add(
          written.origin("optimizer"),
          path,
          "found "
              + most
              + " beside lazy, but of a net every row's gradient is of all parameters; remove one of"
              + " them, or write clip: {global-norm: 1}");
    }
  }

  /** Which rules take no steps within partitions. */
  void localSteps(OptimizerChoice optimizer, @Nullable Long localSteps) {
    if (localSteps == null || localSteps <= 1) {
      return;
    }
    String kind = optimizer.kind();
    if (Vocabulary.takesFullGradients(kind) || Vocabulary.looksAround(kind)) {
      written.problem(
          "local-steps",
          "found " + localSteps + ", but " + kind + " takes steps of the whole cluster; remove it");
    }
    if (optimizer.number("sharpness") > 0 && optimizer.number("accumulate") > 1) {
      written.problem(
          "local-steps",
          "found "
              + localSteps
              + ", but with accumulate a round would end where sharpness has climbed to; remove one"
              + " of the three");
    }
  }

  /** What a rule with full gradients, beside those of batches or alone, rules out. */
  void fullGradients(OptimizerChoice optimizer, @Nullable ModelChoice model, @Nullable Long batch) {
    String kind = optimizer.kind();
    boolean beside = Vocabulary.takesFullGradients(kind);
    if (!beside && !Vocabulary.needsFunction(kind)) {
      return;
    }
    if (beside && batch == null) {
      problems.add(
          written.origin("optimizer"),
          "optimizer.kind",
          "found " + kind + ", which is of batches; write batch: 64 beside it");
    }
    boolean drops =
        model != null
            && model.parameters().get("dropout") instanceof Number share
            && share.doubleValue() > 0;
    if (drops || (model != null && Boolean.TRUE.equals(model.parameters().get("batch-norm")))) {
      problems.add(
          written.origin("optimizer"),
          "optimizer.kind",
          "found "
              + kind
              + ", but with dropout or batch-norm the loss of a row is no function of the parameters"
              + " alone; remove them, or choose adam");
    }
  }

  /** A lazy rule leaves what has no gradient, and a ridge gives everything one. */
  void untouched(OptimizerChoice optimizer, @Nullable Double l2) {
    if (optimizer.isLazy() && l2 != null && l2 > 0) {
      written.problem(
          "penalty.l2",
          "found "
              + l2
              + ", but optimizer.lazy leaves features that a batch has not, and a ridge pulls at"
              + " all of them; write penalty.l2: 0, and optimizer.weight-decay with decay:"
              + " decoupled, which is paid late");
    }
  }

  /** The names of slices that a rule's groups and what it freezes have. */
  void slices(ModelChoice model, String path, OptimizerChoice rule) {
    if (problems.count() > 0) {
      return; // of what is wrong itself slices may not be known
    }
    List<String> names = Vocabulary.slices(model);
    List<String> frozen = rule.texts("freeze");
    known(names, frozen, path + ".freeze");
    List<String> still = Stream.concat(frozen.stream(), model.absent().stream()).toList();
    if (!frozen.isEmpty() && names.stream().allMatch(name -> isOneOf(name, still))) {
      problems.add(
          written.origin(path), path + ".freeze", "leaves nothing to train; freeze fewer slices");
    }
    if (rule.parameters().get("groups") instanceof List<?> groups) {
      for (Object group : groups) {
        known(names, ((RunConfig.Group) group).slices(), path + ".groups");
      }
    }
  }

  private static boolean isOneOf(String slice, List<String> globs) {
    return globs.stream().anyMatch(glob -> new Glob(glob).matches(slice));
  }

  void known(List<String> slices, List<String> globs, String path) {
    for (String text : globs) {
      Glob glob = new Glob(text);
      if (!Vocabulary.mayBeOfColumn(glob, slices) && slices.stream().noneMatch(glob::matches)) {
        String near = NearestName.hint(text, slices);
        problems.add(
            written.origin(path.substring(0, path.lastIndexOf('.'))),
            path,
            "found " + text + ", slices are " + String.join(", ", slices) + near);
      }
    }
  }

  /** What a net rules out. */
  void nets(
      @Nullable DataSpec data,
      ModelChoice model,
      @Nullable Long batch,
      @Nullable Double l1,
      @Nullable Map<String, Range> bounds) {
    ridgeAlone(model.kind(), l1, bounds);
    if (model.intercept() == Intercept.NONE) {
      written.problem(
          "model.intercept",
          "found false, but the layers of model: "
              + model.kind()
              + " have biases; remove it, or choose model: logistic, multinomial or linear");
    }
    if ("truncate".equals(model.parameters().get("longer"))
        && Long.valueOf(0).equals(model.parameters().get("channels"))) {
      problems.add(
          written.origin("model"),
          "model.longer",
          "found truncate, but without channels the longest row has all steps; write the numbers of"
              + " a step, such as channels: 1");
    }
    if ("chrono".equals(model.parameters().get("gate-biases"))
        && "rnn".equals(model.parameters().get("cell"))) {
      problems.add(
          written.origin("model"),
          "model.gate-biases",
          "found chrono, but no gate of cell: rnn keeps what a unit was; remove it, or choose cell:"
              + " gru or lstm");
    }
    norms(model.parameters(), batch);
    if (Vocabulary.isOfClasses(model.loss())) {
      noOffset("loss " + model.loss(), data);
    }
    boolean smoothed =
        model.parameters().get("label-smoothing") instanceof Number number
            && number.doubleValue() > 0;
    if (smoothed
        && !Vocabulary.isOfClasses(model.loss())
        && !model.loss().equals(ConfigReader.BINARY)) {
      problems.add(
          written.origin("model"),
          "model.label-smoothing",
          "found "
              + model.parameters().get("label-smoothing")
              + ", but loss "
              + model.loss()
              + " has no classes; remove it, or choose loss: softmax or logistic");
    }
  }

  void norms(Map<String, Object> parameters, @Nullable Long batch) {
    if (!Boolean.TRUE.equals(parameters.get("batch-norm"))) {
      return;
    }
    if (Boolean.TRUE.equals(parameters.get("layer-norm"))) {
      problems.add(
          written.origin("model"),
          "model.batch-norm",
          "is there beside layer-norm, and a layer has one norm; remove one of them");
    }
    if (batch != null && batch == 1) {
      written.problem(
          "batch",
          "found 1, but batch-norm needs the variance of a batch; take at least 2, such as 128, or"
              + " layer-norm");
    }
    Long localSteps = written.value(Schema.LOCAL_STEPS);
    if (localSteps != null && localSteps > 1) {
      written.problem(
          "local-steps",
          "found "
              + localSteps
              + ", and batch-norm takes its statistics over the batch of the whole cluster; take"
              + " layer-norm, or local-steps: 1");
    }
  }

  /** What a margin for each class rules out. */
  void classes(@Nullable DataSpec data) {
    String optimizer = written.value(Schema.OPTIMIZER);
    if (optimizer != null && Vocabulary.needsOneMargin(optimizer)) {
      written.problem(
          "optimizer.kind",
          "found "
              + optimizer
              + ", which is for one margin a row, and model: multinomial has one for each class;"
              + " remove optimizer, or choose lbfgs, adam, momentum or sgd");
    }
    noOffset("model: multinomial", data);
  }

  private void ridgeAlone(String net, @Nullable Double l1, @Nullable Map<String, Range> bounds) {
    String ridge = ", but model: " + net + " has the ridge penalty alone; remove ";
    if (l1 != null && l1 > 0) {
      written.problem("penalty.l1", "found " + l1 + ridge + "it, or write penalty.l2");
    }
    if (bounds != null && !bounds.isEmpty()) {
      written.problem("penalty.bounds", "found bounds" + ridge + "them");
    }
  }

  /**
   * @param classifier what has a margin for each class
   */
  void noOffset(String classifier, @Nullable DataSpec data) {
    if (data != null && data.offset() != null) {
      String key =
          data.offset().form() == DataSpec.Offset.Form.EXPOSURE ? "data.exposure" : "data.offset";
      written.problem(
          key,
          "found "
              + data.offset().column()
              + ", but "
              + classifier
              + " has a margin for each class, and what is added to all of them changes nothing;"
              + " remove it");
    }
  }

  /** Which optimizers can pass the kinks of l1, and which bounds. */
  void kinks(String kind, @Nullable Double l1, @Nullable Map<String, Range> bounds) {
    String proximal = "remove optimizer, proximal-quasi-newton is chosen then, or remove ";
    if (l1 != null && l1 > 0 && !ConfigReader.PROXIMAL.contains(kind)) {
      written.problem(
          "penalty.l1",
          "found " + l1 + ", but " + kind + " needs a smooth objective; " + proximal + "l1");
    }
    if (bounds != null && !bounds.isEmpty() && !kind.equals(ConfigReader.PROXIMAL.get(0))) {
      written.problem(
          "penalty.bounds", "found bounds, but " + kind + " has none; " + proximal + "them");
    }
  }

  /** What {@code stopping.gap} needs to be proven of what has no bound of its own. */
  void proof(
      String kind,
      ModelChoice model,
      @Nullable Long batch,
      double l2,
      Map<String, Double> factors) {
    String path = Schema.GAP.path();
    if (!written.hasValue(path) || Vocabulary.needsMargins(kind)) {
      return;
    }
    String instead = "; remove it, or write stopping.patience";
    if (Vocabulary.isNet(model.kind())) {
      written.problem(path, "is for linear models: a net's objective is not convex" + instead);
    } else if (batch != null) {
      written.problem(path, "is for runs over all rows, and batch is " + batch + instead);
    } else if (!Vocabulary.isOfClasses(model.loss())
        && !Catalog.loss(model.loss(), model.settings()).convex()) {
      written.problem(path, "is for convex losses, which " + model.loss() + " is not" + instead);
    } else if (!Vocabulary.needsAllRows(kind) && (l2 == 0 || factors.containsValue(0.0))) {
      written.problem(
          path,
          "beside "
              + kind
              + " needs a penalty on every weight; write penalty.l2 above 0, without factors of 0,"
              + " or stopping.gradient in its place");
    }
  }

  /** Which optimizers can pass the kinks of a loss, and which losses have a dual to climb. */
  void kinksOfLoss(String kind, ModelChoice model) {
    PointwiseLoss loss = Catalog.loss(model.loss(), model.settings());
    if (Catalog.needsRule(loss)) {
      if (Vocabulary.needsAllRows(kind)) {
        written.problem(
            "optimizer",
            "found "
                + kind
                + ", but the loss "
                + loss.name()
                + (loss.convex() ? " is least at weights of 0" : " is not convex")
                + "; write optimizer: adam, or another rule of gradients");
      }
      return;
    }
    if (loss.hasKinks() && !List.of(Catalog.automatic().name(), DUAL).contains(kind)) {
      problems.add(
          written.origin("model"),
          "model.smoothing",
          "found 0, but "
              + kind
              + " cannot pass the kinks of "
              + loss.name()
              + "; write optimizer: cocoa with a ridge alone, or a smoothing above 0");
    }
    if (kind.equals(DUAL) && !(loss instanceof DualLoss)) {
      written.problem(
          "optimizer",
          "found cocoa, but the loss " + loss.name() + " has no dual step; write optimizer: auto");
    }
  }
}
