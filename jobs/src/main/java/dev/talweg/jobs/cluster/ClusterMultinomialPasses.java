package dev.talweg.jobs.cluster;

import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import dev.talweg.optimizer.objective.ClassSlopes;
import dev.talweg.optimizer.objective.MultinomialPasses;
import dev.talweg.optimizer.objective.PartitionClasses;
import dev.talweg.optimizer.objective.Wire;
import org.apache.spark.api.java.JavaRDD;

/**
 * The passes of a softmax objective over cached blocks on a cluster: those of {@link ClusterPasses}
 * with K margins a row.
 *
 * <p><b>Cost.</b> {@code evaluate} and {@code move} are one job each with (d + 1) K + 1 numbers a
 * partition on the wire; {@code project} is one job with some K² of them, and (d + 1) K numbers to
 * every executor; slopes touch margins only. The margins of a row are 8K bytes, thrice.
 */
public final class ClusterMultinomialPasses implements MultinomialPasses, AutoCloseable {
  private final JavaRDD<PartitionBlocks> blocks;
  private final SoftmaxLoss loss;
  private final int features;
  private final long entries;
  private final Wire wire;
  private final OrderedReduction reduction;
  private final CachedMargins margins;
  private long passes;

  /**
   * Over the training rows of {@code blocks}, one element per partition, persisted by the caller.
   *
   * @param entries about how many features the partitions touch, added up over them
   */
  public ClusterMultinomialPasses(
      JavaRDD<PartitionBlocks> blocks, SoftmaxLoss loss, int features, long entries) {
    this(blocks, loss, features, entries, Wire.DOUBLE);
  }

  /** With gradients on the wire as these numbers. */
  public ClusterMultinomialPasses(
      JavaRDD<PartitionBlocks> blocks, SoftmaxLoss loss, int features, long entries, Wire wire) {
    this(blocks, loss, features, entries, wire, new OrderedReduction());
  }

  ClusterMultinomialPasses(
      JavaRDD<PartitionBlocks> blocks,
      SoftmaxLoss loss,
      int features,
      long entries,
      Wire wire,
      OrderedReduction reduction) {
    this.blocks = blocks;
    this.loss = loss;
    this.features = features;
    this.entries = entries * loss.classes();
    this.wire = wire;
    this.reduction = reduction;
    this.margins = new CachedMargins(blocks);
  }

  /** Products with the features so far, counted in halves: a forward or a transposed one each. */
  public double passes() {
    return 0.5 * passes;
  }

  /** Bytes that tasks have sent to be summed. */
  public long bytesReduced() {
    return reduction.bytes();
  }

  @Override
  public int features() {
    return features;
  }

  @Override
  public int classes() {
    return loss.classes();
  }

  @Override
  public double[] classWeights() {
    int classes = loss.classes();
    return reduction.sum(
        blocks.map(part -> PartitionClasses.classWeights(part.train(), classes)), classes, 0);
  }

  @Override
  public double[] evaluate(double[] parameters) {
    place(parameters);
    return sums();
  }

  @Override
  public void place(double[] parameters) {
    int classes = loss.classes();
    margins.place(parameters, (part, w) -> PartitionClasses.margins(part.train(), w, classes));
    passes++;
  }

  @Override
  public ClassSlopes project(double[] direction, double step, double[] shifts) {
    int classes = loss.classes();
    margins.project(direction, (part, p) -> PartitionClasses.margins(part.train(), p, classes));
    passes++;
    return slopes(step, shifts);
  }

  @Override
  public ClassSlopes slopes(double step, double[] shifts) {
    SoftmaxLoss l = loss;
    double[] sums =
        reduction.sum(
            margins.overRay(
                (part, z, u) -> PartitionClasses.slopes(part.train(), z, u, l, step, shifts)),
            ClassSlopes.length(l.classes()),
            0);
    return ClassSlopes.of(sums, l.classes());
  }

  @Override
  public ClassSlopes interceptSlopes(double[] shifts) {
    SoftmaxLoss l = loss;
    double[] sums =
        reduction.sum(
            margins.over((part, z) -> PartitionClasses.slopes(part.train(), z, null, l, 0, shifts)),
            ClassSlopes.length(l.classes()),
            0);
    return ClassSlopes.of(sums, l.classes());
  }

  @Override
  public double[] move(double step, double[] shifts) {
    margins.move((z, u) -> PartitionClasses.moved(z, u, step, shifts));
    return sums();
  }

  private double[] sums() {
    SoftmaxLoss l = loss;
    Wire sent = wire;
    passes++;
    return reduction.sum(
        margins.over(
            (part, z) -> sent.sent(PartitionClasses.sums(part.train(), z, l), l.classes() + 1)),
        (features + 1) * l.classes() + 1,
        entries);
  }

  @Override
  public double[] gram(int every, RowWeight h) {
    SoftmaxLoss l = loss;
    int size = (features + 1) * (features + 1) + l.classes();
    passes += 2;
    return reduction.sum(
        margins.over((part, z) -> PartitionClasses.gram(part.train(), z, l, every, h)),
        size,
        (long) size * blocks.getNumPartitions());
  }

  @Override
  public double[] squares() {
    SoftmaxLoss l = loss;
    passes += 2;
    return reduction.sum(
        margins.over((part, z) -> PartitionClasses.squares(part.train(), z, l)),
        (2 * features + 1) * l.classes(),
        2 * entries);
  }

  @Override
  public double[] dual(double[] shifts, double[] kept, double[] shares) {
    SoftmaxLoss l = loss;
    passes++;
    return reduction.sum(
        margins.over((part, z) -> PartitionClasses.dual(part.train(), z, l, shifts, kept, shares)),
        (features + 1) * l.classes() + 1,
        entries);
  }

  /** Frees margins and broadcasts; the blocks are the caller's. */
  @Override
  public void close() {
    margins.close();
  }
}
