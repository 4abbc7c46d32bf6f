package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.loss.PointwiseLoss;
import dev.talweg.optimizer.objective.DualAscent;
import dev.talweg.optimizer.objective.LinearPasses;
import dev.talweg.optimizer.objective.OnlinePass;
import dev.talweg.optimizer.objective.PartitionPasses;
import dev.talweg.optimizer.objective.Slopes;
import dev.talweg.optimizer.objective.SparseArray;
import dev.talweg.optimizer.objective.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The passes of a linear objective over cached blocks on a cluster; {@link CachedMargins} keeps the
 * margins.
 *
 * <p><b>Cost.</b> {@code evaluate} and {@code move} are one job each with d + 2 numbers a partition
 * on the {@link Wire}; {@code project} is one job with six numbers, and d + 1 numbers to every
 * executor; {@code slopes} touches margins only. {@code curve} is one job of d + 1 numbers a
 * partition, in which a ray that was extended is computed too.
 */
public final class ClusterPasses implements LinearPasses, AutoCloseable {
  private static final double[] NONE = {};

  private final JavaSparkContext context;
  private final JavaRDD<PartitionBlocks> blocks;
  private final PointwiseLoss loss;
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
  public ClusterPasses(
      JavaRDD<PartitionBlocks> blocks, PointwiseLoss loss, int features, long entries) {
    this(blocks, loss, features, entries, Wire.DOUBLE);
  }

  /** With gradients on the wire as these numbers. */
  public ClusterPasses(
      JavaRDD<PartitionBlocks> blocks, PointwiseLoss loss, int features, long entries, Wire wire) {
    this(blocks, loss, features, entries, wire, new OrderedReduction());
  }

  ClusterPasses(
      JavaRDD<PartitionBlocks> blocks,
      PointwiseLoss loss,
      int features,
      long entries,
      Wire wire,
      OrderedReduction reduction) {
    this.context = JavaSparkContext.fromSparkContext(blocks.context());
    this.blocks = blocks;
    this.loss = loss;
    this.features = features;
    this.entries = entries;
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
  public Wire wire() {
    return wire;
  }

  @Override
  public double[] evaluate(double[] parameters) {
    place(parameters);
    return sums();
  }

  @Override
  public void place(double[] parameters) {
    margins.place(parameters, (part, w) -> PartitionPasses.margins(part.train(), w));
    passes++;
  }

  @Override
  public double value() {
    PointwiseLoss l = loss;
    return overMargins((part, z) -> PartitionPasses.value(part.train(), z, l), 1, 0)[0];
  }

  @Override
  public Slopes project(double[] direction, double step, double shift) {
    margins.project(direction, (part, p) -> PartitionPasses.rays(part.train(), p));
    passes++;
    return slopes(step, shift);
  }

  @Override
  public Slopes slopes(double step, double shift) {
    PointwiseLoss l = loss;
    double[] s =
        reduction.sum(
            margins.overRay(
                (part, z, u) -> PartitionPasses.slopes(part.train(), z, u, l, step, shift)),
            6,
            0);
    margins.release();
    return new Slopes(s[0], s[1], s[2], s[3], s[4], s[5]);
  }

  @Override
  public double[] move(double step, double shift) {
    margins.move((z, u) -> PartitionPasses.moved(z, u, step, shift));
    return sums();
  }

  private double[] sums() {
    PointwiseLoss l = loss;
    Wire sent = wire;
    passes++;
    return overMargins(
        (part, z) -> sent.sent(PartitionPasses.sums(part.train(), z, l), 2), features + 2, entries);
  }

  @Override
  public double[] gram() {
    PointwiseLoss l = loss;
    int size = (features + 1) * (features + 1);
    passes += 2;
    return overMargins(
        (part, z) -> PartitionPasses.gram(part.train(), z, l),
        size,
        (long) size * blocks.getNumPartitions());
  }

  @Override
  public double[] squares() {
    PointwiseLoss l = loss;
    passes += 2;
    return overMargins(
        (part, z) -> PartitionPasses.squares(part.train(), z, l), 2 * features + 1, 2 * entries);
  }

  @Override
  public List<Block> sample(double share, long seed) {
    List<List<Block>> sample =
        new ArrayList<>(Collections.nCopies(blocks.getNumPartitions(), List.of()));
    OrderedReduction.run(
        blocks.map(
            part ->
                new ArrayList<>(
                    PartitionPasses.sample(part.train(), part.partition(), share, seed))),
        sample::set);
    return sample.stream().flatMap(List::stream).toList();
  }

  @Override
  public void settle() {
    margins.settle();
  }

  @Override
  public double[] curve(double[] direction) {
    PointwiseLoss l = loss;
    passes += 2;
    double[] sums =
        reduction.sum(
            margins.overDirection(
                direction,
                (part, p) -> PartitionPasses.rays(part.train(), p),
                (part, z, v) -> PartitionPasses.curve(part.train(), z, v, l)),
            features + 1,
            entries);
    margins.release();
    return sums;
  }

  @Override
  public void extend(double step) {
    margins.extend(
        v -> PartitionPasses.scaled(v, step), (u, v) -> PartitionPasses.moved(u, v, step, 0));
  }

  @Override
  public double[] multiplierSums() {
    PointwiseLoss l = loss;
    return overMargins((part, z) -> PartitionPasses.multiplierSums(part.train(), z, l), 5, 0);
  }

  @Override
  public double[] conjugates(double[] positiveScales, double[] negativeScales) {
    PointwiseLoss l = loss;
    return overMargins(
        (part, z) -> PartitionPasses.conjugates(part.train(), z, l, positiveScales, negativeScales),
        positiveScales.length,
        0);
  }

  @Override
  public double[] dual(double positiveScale, double negativeScale) {
    PointwiseLoss l = loss;
    passes++;
    return overMargins(
        (part, z) -> PartitionPasses.dual(part.train(), z, l, positiveScale, negativeScale),
        features,
        entries);
  }

  /** One job; the multipliers go to every executor and come back to the driver. */
  @Override
  public Climbed climb(DualAscent ascent, List<double[]> multipliers) {
    PointwiseLoss l = loss;
    int d = features;
    double[] sums = new double[2 * d + DualAscent.TAIL];
    int partitions = blocks.getNumPartitions();
    List<DualAscent.Found> found =
        new ArrayList<>(
            Collections.nCopies(partitions, new DualAscent.Found(NONE, SparseArray.dense(NONE))));
    passes += 2L * ascent.passes() + 2;
    Lent<DualAscent> lentAscent = Lent.to(context, ascent);
    Lent<List<double[]>> lent = Lent.to(context, multipliers);
    try {
      OrderedReduction.run(
          blocks.map(
              part ->
                  lentAscent
                      .value()
                      .climb(
                          part.train(), part.partition(), l, own(lent.value(), part.partition()))),
          found::set);
    } finally {
      lent.takeBack();
      lentAscent.takeBack();
    }
    found.forEach(each -> each.sums().addTo(sums));
    return new Climbed(found.stream().map(DualAscent.Found::multipliers).toList(), sums);
  }

  private static double[] own(List<double[]> multipliers, int partition) {
    return multipliers.isEmpty() ? NONE : multipliers.get(partition);
  }

  /** One job with 2d + 2 numbers a partition on the wire. */
  @Override
  public double[] online(OnlinePass pass) {
    PointwiseLoss l = loss;
    passes += 2;
    Lent<OnlinePass> lent = Lent.to(context, pass);
    try {
      return reduction.sum(
          blocks.map(part -> lent.value().over(part.train(), part.partition(), l)),
          2 * features + 2,
          2 * entries);
    } finally {
      lent.takeBack();
    }
  }

  @Override
  public double conjugate(List<double[]> multipliers, double positiveScale, double negativeScale) {
    PointwiseLoss l = loss;
    Lent<List<double[]>> lent = Lent.to(context, multipliers);
    try {
      return reduction
          .sum(
              blocks.map(
                  part ->
                      DualAscent.conjugate(
                          part.train(),
                          l,
                          own(lent.value(), part.partition()),
                          positiveScale,
                          negativeScale)),
              1,
              0)[0];
    } finally {
      lent.takeBack();
    }
  }

  @Override
  public List<double[]> slopes() {
    PointwiseLoss l = loss;
    List<double[]> slopes = new ArrayList<>(Collections.nCopies(blocks.getNumPartitions(), NONE));
    OrderedReduction.run(
        margins.over((part, z) -> DualAscent.slopes(part.train(), z, l)), slopes::set);
    return slopes;
  }

  @Override
  public double[] values(double[] shifts) {
    PointwiseLoss l = loss;
    return overMargins(
        (part, z) -> DualAscent.values(part.train(), z, l, shifts), shifts.length, 0);
  }

  private double[] overMargins(
      CachedMargins.Pairing<PartitionBlocks, double[][], SparseArray> work,
      int length,
      long given) {
    return reduction.sum(margins.over(work), length, given);
  }

  /** Frees margins and what was lent; the blocks are the caller's. */
  @Override
  public void close() {
    margins.close();
  }
}
