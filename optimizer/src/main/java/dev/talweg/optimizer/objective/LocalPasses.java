package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.PointwiseLoss;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The passes of a linear objective over partitions in a list: the reference for the cluster's. */
public final class LocalPasses implements LinearPasses {
  private final List<Shard> partitions;
  private final PointwiseLoss loss;
  private final int features;
  private final Wire wire;
  private List<double[][]> margins = List.of();
  private List<double[][]> moved = List.of();
  private List<double[][]> rays = List.of();
  private List<double[][]> last = List.of();

  public LocalPasses(List<Shard> partitions, PointwiseLoss loss, int features) {
    this(partitions, loss, features, Wire.DOUBLE);
  }

  /** With gradients rounded as the wire would. */
  public LocalPasses(List<Shard> partitions, PointwiseLoss loss, int features, Wire wire) {
    this.partitions = List.copyOf(partitions);
    this.loss = loss;
    this.features = features;
    this.wire = wire;
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
    return sums(margins);
  }

  @Override
  public void place(double[] parameters) {
    margins = each(p -> PartitionPasses.margins(partitions.get(p), parameters));
    moved = List.of();
    rays = List.of();
  }

  @Override
  public double value() {
    return sum(1, p -> PartitionPasses.value(partitions.get(p), current(p), loss))[0];
  }

  @Override
  public Slopes project(double[] direction, double step, double shift) {
    settle();
    rays = each(p -> PartitionPasses.rays(partitions.get(p), direction));
    return slopes(step, shift);
  }

  @Override
  public Slopes slopes(double step, double shift) {
    double[] s =
        sum(
            6,
            p ->
                PartitionPasses.slopes(
                    partitions.get(p), margins.get(p), rays.get(p), loss, step, shift));
    return new Slopes(s[0], s[1], s[2], s[3], s[4], s[5]);
  }

  @Override
  public double[] move(double step, double shift) {
    moved = each(p -> PartitionPasses.moved(margins.get(p), rays.get(p), step, shift));
    return sums(moved);
  }

  private double[] sums(List<double[][]> at) {
    return sum(
        features + 2, p -> wire.sent(PartitionPasses.sums(partitions.get(p), at.get(p), loss), 2));
  }

  @Override
  public double[] gram() {
    return sum(
        (features + 1) * (features + 1),
        p -> PartitionPasses.gram(partitions.get(p), current(p), loss));
  }

  @Override
  public double[] squares() {
    return sum(2 * features + 1, p -> PartitionPasses.squares(partitions.get(p), current(p), loss));
  }

  @Override
  public List<Block> sample(double share, long seed) {
    List<Block> sample = new ArrayList<>();
    for (int p = 0; p < partitions.size(); p++) {
      sample.addAll(PartitionPasses.sample(partitions.get(p), p, share, seed));
    }
    return sample;
  }

  @Override
  public void settle() {
    if (!moved.isEmpty()) {
      margins = moved;
      moved = List.of();
    }
    rays = List.of();
  }

  @Override
  public double[] curve(double[] direction) {
    last = each(p -> PartitionPasses.rays(partitions.get(p), direction));
    return sum(
        features + 1,
        p -> PartitionPasses.curve(partitions.get(p), margins.get(p), last.get(p), loss));
  }

  @Override
  public void extend(double step) {
    List<double[][]> before = rays;
    rays =
        each(
            p ->
                before.isEmpty()
                    ? PartitionPasses.scaled(last.get(p), step)
                    : PartitionPasses.moved(before.get(p), last.get(p), step, 0));
  }

  @Override
  public double[] multiplierSums() {
    return sum(5, p -> PartitionPasses.multiplierSums(partitions.get(p), current(p), loss));
  }

  @Override
  public double[] conjugates(double[] positiveScales, double[] negativeScales) {
    return sum(
        positiveScales.length,
        p ->
            PartitionPasses.conjugates(
                partitions.get(p), current(p), loss, positiveScales, negativeScales));
  }

  @Override
  public double[] dual(double positiveScale, double negativeScale) {
    return sum(
        features,
        p ->
            PartitionPasses.dual(
                partitions.get(p), current(p), loss, positiveScale, negativeScale));
  }

  @Override
  public Climbed climb(DualAscent ascent, List<double[]> multipliers) {
    List<DualAscent.Found> found =
        IntStream.range(0, partitions.size())
            .mapToObj(
                p ->
                    ascent.climb(
                        partitions.get(p),
                        p,
                        loss,
                        multipliers.isEmpty() ? new double[0] : multipliers.get(p)))
            .toList();
    return new Climbed(
        found.stream().map(DualAscent.Found::multipliers).toList(),
        sum(2 * features + DualAscent.TAIL, p -> found.get(p).sums()));
  }

  @Override
  public double[] online(OnlinePass pass) {
    return sum(2 * features + 2, p -> pass.over(partitions.get(p), p, loss));
  }

  @Override
  public double conjugate(List<double[]> multipliers, double positiveScale, double negativeScale) {
    return sum(
        1,
        p ->
            DualAscent.conjugate(
                partitions.get(p), loss, multipliers.get(p), positiveScale, negativeScale))[0];
  }

  @Override
  public List<double[]> slopes() {
    return IntStream.range(0, partitions.size())
        .mapToObj(p -> DualAscent.slopes(partitions.get(p), current(p), loss))
        .toList();
  }

  @Override
  public double[] values(double[] shifts) {
    return sum(shifts.length, p -> DualAscent.values(partitions.get(p), current(p), loss, shifts));
  }

  private double[][] current(int partition) {
    return moved.isEmpty() ? margins.get(partition) : moved.get(partition);
  }

  private List<double[][]> each(IntFunction<double[][]> work) {
    return IntStream.range(0, partitions.size()).mapToObj(work).toList();
  }

  private double[] sum(int length, IntFunction<SparseArray> work) {
    return OrderedSum.of(partitions.size(), length, work);
  }
}
