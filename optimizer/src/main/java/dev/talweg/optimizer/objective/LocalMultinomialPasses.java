package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.loss.SoftmaxLoss;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** The passes of a softmax objective over partitions in a list: the reference for the cluster's. */
public final class LocalMultinomialPasses implements MultinomialPasses {
  private final List<Shard> partitions;
  private final SoftmaxLoss loss;
  private final int features;
  private final Wire wire;
  private List<double[][]> margins = List.of();
  private List<double[][]> moved = List.of();
  private List<double[][]> rays = List.of();

  public LocalMultinomialPasses(List<Shard> partitions, SoftmaxLoss loss, int features) {
    this(partitions, loss, features, Wire.DOUBLE);
  }

  /** With gradients rounded as the wire would. */
  public LocalMultinomialPasses(List<Shard> partitions, SoftmaxLoss loss, int features, Wire wire) {
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
  public int classes() {
    return loss.classes();
  }

  @Override
  public double[] classWeights() {
    return sum(
        loss.classes(), p -> PartitionClasses.classWeights(partitions.get(p), loss.classes()));
  }

  @Override
  public double[] evaluate(double[] parameters) {
    place(parameters);
    return sum(
        (features + 1) * loss.classes() + 1,
        p ->
            wire.sent(
                PartitionClasses.sums(partitions.get(p), margins.get(p), loss),
                loss.classes() + 1));
  }

  @Override
  public void place(double[] parameters) {
    margins = each(p -> PartitionClasses.margins(partitions.get(p), parameters, loss.classes()));
    moved = List.of();
    rays = List.of();
  }

  @Override
  public ClassSlopes project(double[] direction, double step, double[] shifts) {
    if (!moved.isEmpty()) {
      margins = moved;
      moved = List.of();
    }
    rays = each(p -> PartitionClasses.margins(partitions.get(p), direction, loss.classes()));
    return slopes(step, shifts);
  }

  @Override
  public ClassSlopes slopes(double step, double[] shifts) {
    double[] sums =
        sum(
            ClassSlopes.length(loss.classes()),
            p ->
                PartitionClasses.slopes(
                    partitions.get(p), margins.get(p), rays.get(p), loss, step, shifts));
    return ClassSlopes.of(sums, loss.classes());
  }

  @Override
  public ClassSlopes interceptSlopes(double[] shifts) {
    double[] sums =
        sum(
            ClassSlopes.length(loss.classes()),
            p -> PartitionClasses.slopes(partitions.get(p), current(p), null, loss, 0, shifts));
    return ClassSlopes.of(sums, loss.classes());
  }

  @Override
  public double[] move(double step, double[] shifts) {
    moved = each(p -> PartitionClasses.moved(margins.get(p), rays.get(p), step, shifts));
    return sum(
        (features + 1) * loss.classes() + 1,
        p ->
            wire.sent(
                PartitionClasses.sums(partitions.get(p), moved.get(p), loss), loss.classes() + 1));
  }

  @Override
  public double[] gram(int every, RowWeight h) {
    return sum(
        (features + 1) * (features + 1) + loss.classes(),
        p -> PartitionClasses.gram(partitions.get(p), current(p), loss, every, h));
  }

  @Override
  public double[] squares() {
    return sum(
        (2 * features + 1) * loss.classes(),
        p -> PartitionClasses.squares(partitions.get(p), current(p), loss));
  }

  @Override
  public double[] dual(double[] shifts, double[] kept, double[] shares) {
    return sum(
        (features + 1) * loss.classes() + 1,
        p -> PartitionClasses.dual(partitions.get(p), current(p), loss, shifts, kept, shares));
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
