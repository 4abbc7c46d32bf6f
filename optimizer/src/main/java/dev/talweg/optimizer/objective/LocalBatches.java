package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Batches over partitions in a list: the reference for the cluster's. */
public final class LocalBatches implements LocalObjective {
  private final List<Shard> partitions;
  private final Model model;
  private final double[] penalties;
  private final double[] ridge;
  private final long stepsPerEpoch;
  private final long seed;

  /**
   * @param partitions rows in random order
   * @param penalties λ_j of each parameter, 0 where it is spared
   * @param batch rows of one step over all partitions, at least 1
   */
  public LocalBatches(
      List<Shard> partitions, Model model, double[] penalties, long batch, long seed) {
    long rows = 0;
    for (Shard shard : partitions) {
      rows += shard.rows();
    }
    this.partitions = List.copyOf(partitions);
    this.model = model;
    this.penalties = penalties.clone();
    this.ridge = PartitionBatches.ridge(penalties);
    this.stepsPerEpoch = Math.max(1, (rows + batch - 1) / batch);
    this.seed = seed;
  }

  @Override
  public int dimension() {
    return penalties.length;
  }

  @Override
  public Tensors tensors() {
    return model.tensors();
  }

  @Override
  public List<Slice> buffers() {
    return model.buffers();
  }

  @Override
  public ParameterLayout layout() {
    return model.layout();
  }

  @Override
  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    return evaluate(parameters, batch(step));
  }

  @Override
  public Evaluation evaluateAll(double[] parameters) {
    return evaluate(parameters, PartitionBatches.Batch.ofAll(seed));
  }

  private Evaluation evaluate(double[] parameters, PartitionBatches.Batch batch) {
    List<double[]> known = known(parameters, batch);
    OrderedSum sum = new OrderedSum(penalties.length + 2);
    for (int p = 0; p < partitions.size(); p++) {
      sum.add(p, terms(p, parameters, batch, known));
    }
    Evaluation evaluation = PartitionBatches.evaluation(sum.total(), parameters, ridge);
    model.settle(known, parameters, evaluation.gradient());
    return evaluation;
  }

  private PartitionBatches.Batch batch(long step) {
    return new PartitionBatches.Batch(seed, step, stepsPerEpoch);
  }

  /** What the model's rounds give of the whole batch. */
  private List<double[]> known(double[] parameters, PartitionBatches.Batch batch) {
    List<double[]> known = new ArrayList<>();
    for (int round = 0; round < model.rounds(); round++) {
      List<double[]> parts = new ArrayList<>();
      for (int p = 0; p < partitions.size(); p++) {
        parts.add(PartitionBatches.part(partitions.get(p), p, model, parameters, batch, known));
      }
      known.add(PartitionBatches.merged(model, round, parts));
    }
    return known;
  }

  private SparseArray terms(
      int partition, double[] parameters, PartitionBatches.Batch batch, List<double[]> known) {
    return PartitionBatches.sums(
        partitions.get(partition), partition, model, parameters, batch, known);
  }

  @Override
  public double[] sums(LocalRound round) {
    return OrderedSum.of(partitions.size(), round.length(), p -> terms(p, round));
  }

  private SparseArray terms(int partition, LocalRound round) {
    return PartitionRounds.sums(
        partitions.get(partition), partition, model, penalties, seed, stepsPerEpoch, round);
  }

  @Override
  public List<Integer> notFinite(double[] parameters, long step) {
    PartitionBatches.Batch batch = batch(step);
    List<double[]> known = known(parameters, batch);
    return IntStream.range(0, partitions.size())
        .filter(p -> !terms(p, parameters, batch, known).finite())
        .boxed()
        .toList();
  }

  @Override
  public List<Integer> notFinite(LocalRound round) {
    return IntStream.range(0, partitions.size())
        .filter(p -> !terms(p, round).finite())
        .boxed()
        .toList();
  }
}
