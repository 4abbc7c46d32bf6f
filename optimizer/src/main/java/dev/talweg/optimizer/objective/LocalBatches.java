package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.transform.Tensors;
import java.util.ArrayList;
import java.util.List;

/** Batches over partitions in a list: the reference for the cluster's. */
public final class LocalBatches implements BatchObjective {
  private final List<Shard> partitions;
  private final Model model;
  private final double[] penalties;
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
  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    PartitionBatches.Batch batch = new PartitionBatches.Batch(seed, step, stepsPerEpoch);
    List<double[]> known = new ArrayList<>();
    for (int round = 0; round < model.rounds(); round++) {
      List<double[]> parts = new ArrayList<>();
      for (int p = 0; p < partitions.size(); p++) {
        parts.add(PartitionBatches.part(partitions.get(p), p, model, parameters, batch, known));
      }
      known.add(PartitionBatches.merged(model, round, parts));
    }
    OrderedSum sum = new OrderedSum(penalties.length + 2);
    for (int p = 0; p < partitions.size(); p++) {
      sum.add(p, PartitionBatches.sums(partitions.get(p), p, model, parameters, batch, known));
    }
    Evaluation evaluation = PartitionBatches.evaluation(sum.total(), parameters, penalties);
    model.settle(known, parameters, evaluation.gradient());
    return evaluation;
  }
}
