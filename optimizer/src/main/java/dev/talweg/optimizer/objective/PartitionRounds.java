package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Step;
import dev.talweg.optimizer.transform.Tensors;
import java.util.List;

/**
 * The steps that one partition takes on its own: a pure function, so that a list of partitions and
 * a cluster give the same bits.
 *
 * <p>Cost of a local step: the rows of its batch, and a few loops over all parameters for the rule,
 * whatever the rows touch.
 */
public final class PartitionRounds {
  private PartitionRounds() {}

  /**
   * What the partition has to tell, as {@link LocalRound} lays it out; nothing where none of its
   * rows is in the batches.
   *
   * @param penalties λ_j of each parameter of the mean loss
   * @param runs local steps of an epoch
   */
  public static SparseArray sums(
      Shard shard,
      int partition,
      Model model,
      double[] penalties,
      long seed,
      long runs,
      LocalRound round) {
    Tensors tensors = model.tensors();
    RuleMemory memory = new RuleMemory(round.rule(), tensors);
    Chain.State state = memory.restored(round.memory());
    double[] parameters = round.parameters().clone();
    int d = parameters.length;
    double[] sums = new double[round.length()];
    double losses = 0;
    double rows = 0;
    for (long step = round.first(); step < round.first() + round.steps(); step++) {
      PartitionBatches.Batch batch = new PartitionBatches.Batch(seed, step, runs);
      double[] at = round.coordinates().parameters(parameters);
      double[] terms = PartitionBatches.terms(shard, partition, model, at, batch, List.of());
      double weight = terms[d + 1];
      if (!(weight > 0)) {
        continue;
      }
      Evaluation evaluation =
          round.coordinates().standardized(PartitionBatches.evaluation(terms, at, penalties));
      losses += weight * evaluation.value();
      rows += weight;
      double[] updates = evaluation.gradient();
      if (round.weighting() == LocalRound.Weighting.ADAPTIVE) {
        addSquares(updates, sums, round.atSquares());
      }
      double rate = round.plateau();
      Step now = new Step(step, evaluation.value(), parameters, tensors, rate);
      state = round.rule().update(updates, state, now);
      double[] moved = parameters.clone(); // a step is of parameters that nobody changes
      for (int j = 0; j < d; j++) {
        moved[j] += round.factor() * updates[j];
      }
      parameters = moved;
    }
    if (!(rows > 0)) {
      return new SparseArray(sums.length, new int[0], new double[0]);
    }
    tell(sums, parameters, memory.flat(state), losses, rows, round);
    return SparseArray.dense(sums);
  }

  private static void addSquares(double[] gradient, double[] sums, int at) {
    for (int j = 0; j < gradient.length; j++) {
      sums[at + j] += gradient[j] * gradient[j];
    }
  }

  private static void tell(
      double[] sums,
      double[] parameters,
      double[] memory,
      double losses,
      double rows,
      LocalRound round) {
    boolean adaptive = round.weighting() == LocalRound.Weighting.ADAPTIVE;
    double weight = round.weighting() == LocalRound.Weighting.PLAIN ? 1 : rows;
    for (int j = 0; j < parameters.length; j++) {
      double own = adaptive ? sums[round.atSquares() + j] : weight;
      sums[j] = own * (parameters[j] - round.parameters()[j]);
    }
    for (int k = 0; k < memory.length; k++) {
      sums[round.atMemory() + k] = weight * memory[k];
    }
    sums[round.atScalars()] = weight;
    sums[round.atScalars() + 1] = losses;
    sums[round.atScalars() + 2] = rows;
  }
}
