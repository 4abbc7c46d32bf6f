package dev.talweg.optimizer.objective;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Ranks;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.LinearModel;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.Sweep;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.Lazily;
import dev.talweg.optimizer.transform.Repeats;
import dev.talweg.optimizer.transform.Step;
import dev.talweg.optimizer.transform.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The steps that one partition takes on its own: a pure function, so that a list of partitions and
 * a cluster give the same bits.
 *
 * <p>Cost of a local step: the rows of its batch, and a few loops over all parameters for the rule,
 * whatever the rows touch. A lazy rule of a linear model without a ridge takes its step where the
 * rows have features, cut row by row or not: their features are numbered anew, and the gradient,
 * the rule and its memories are of these alone. The bits are the same.
 */
public final class PartitionRounds {
  private PartitionRounds() {}

  /**
   * What the partition has to tell, as {@link LocalRound} lays it out; nothing where none of its
   * rows is in the batches.
   *
   * @param penalties λ_j of each parameter of the mean loss
   * @param runs batches of an epoch
   */
  public static SparseArray sums(
      Shard shard,
      int partition,
      Model model,
      double[] penalties,
      long seed,
      long runs,
      LocalRound round) {
    Walk walk = new Walk(shard, partition, model, penalties, round);
    Repeats repeats = round.rule().repeats();
    for (long step = round.first(); step < round.first() + round.steps(); step++) {
      walk.take(step, new PartitionBatches.Batch(seed, repeats.batch(step), runs));
    }
    return walk.told();
  }

  /** A partition on its way through a round. */
  private static final class Walk {
    private final Shard shard;
    private final int partition;
    private final Model model;
    private final double[] penalties;
    private final LocalRound round;
    private final Tensors tensors;
    private final RuleMemory memory;
    private final double[] sums;
    private final @Nullable Lazily lazy; // null where steps are of all parameters
    private Chain.State state;
    private double[] parameters;
    private double losses;
    private double rows;

    Walk(Shard shard, int partition, Model model, double[] penalties, LocalRound round) {
      this.shard = shard;
      this.partition = partition;
      this.model = model;
      this.penalties = penalties;
      this.round = round;
      this.tensors = model.tensors();
      this.memory = new RuleMemory(round.rule(), tensors);
      this.sums = new double[round.length()];
      this.lazy = lazy(model, penalties, round);
      this.state = memory.restored(round.memory());
      this.parameters = round.parameters().clone();
    }

    private static @Nullable Lazily lazy(Model model, double[] penalties, LocalRound round) {
      boolean untouched =
          isLinear(model)
              && Arrays.stream(penalties).allMatch(l2 -> l2 == 0)
              && !round.coordinates().moves();
      List<?> words = round.rule().transforms();
      return untouched && words.size() == 1 && words.get(0) instanceof Lazily rule ? rule : null;
    }

    private static boolean isLinear(Model model) {
      return model instanceof LinearModel
          || (model instanceof ClippedExamples clipped
              && clipped.model() instanceof LinearModel
              && !clipped.coordinates().moves());
    }

    /** The same model of some of its features, at these places, and the intercept. */
    private static Model ofSome(Model model, int[] places) {
      if (model instanceof ClippedExamples clipped) {
        return new ClippedExamples(
            ofSome(clipped.model(), places), clipped.coordinates().of(places), clipped.most());
      }
      LinearModel linear = (LinearModel) model;
      return new LinearModel(linear.loss(), places.length - 1, linear.intercept());
    }

    void take(long step, PartitionBatches.Batch batch) {
      if (lazy != null) {
        takeTouched(step, batch, lazy);
      } else {
        takeWhole(step, batch);
      }
    }

    private void takeWhole(long step, PartitionBatches.Batch batch) {
      int d = parameters.length;
      double[] at = round.coordinates().parameters(parameters);
      double[] terms = PartitionBatches.terms(shard, partition, model, at, batch, List.of());
      if (!(terms[d + 1] > 0)) {
        return;
      }
      Evaluation evaluation =
          round.coordinates().standardized(PartitionBatches.evaluation(terms, at, penalties));
      double[] updates = evaluation.gradient();
      saw(evaluation.value(), terms[d + 1]);
      if (round.weighting() == LocalRound.Weighting.ADAPTIVE) {
        for (int j = 0; j < d; j++) {
          sums[round.atSquares() + j] += updates[j] * updates[j];
        }
      }
      state = round.rule().update(updates, state, step(step, evaluation));
      double[] moved = parameters.clone(); // a step is of parameters that nobody changes
      for (int j = 0; j < d; j++) {
        moved[j] += round.factor() * updates[j];
      }
      parameters = moved;
    }

    private void takeTouched(long step, PartitionBatches.Batch batch, Lazily rule) {
      PartitionBatches.Rows rowsOf = PartitionBatches.rows(shard, batch);
      int d = parameters.length - 1;
      long[] seen = new long[(d + 63) >>> 6];
      rowsOf.pieces().forEach(piece -> piece.mark(seen));
      Ranks ranks = new Ranks(seen);
      int[] places = Arrays.copyOf(ranks.members(), ranks.members().length + 1);
      int width = places.length - 1;
      places[width] = d; // the intercept
      Standardization coordinates = round.coordinates();
      double[] at =
          Arrays.stream(places)
              .mapToDouble(j -> parameters[j] / coordinates.deviation(j))
              .toArray();
      List<Block> pieces =
          rowsOf.pieces().stream().map(piece -> piece.renumbered(ranks, width)).toList();
      Sweep sweep = ofSome(model, places).sweep();
      PartitionBatches.take(
          sweep, new PartitionBatches.Rows(pieces, rowsOf.firsts()), partition, at, batch);
      sweep.advance(List.of());
      double[] terms = sweep.sums();
      if (!(terms[width + 2] > 0)) {
        return;
      }
      Evaluation evaluation = PartitionBatches.evaluation(terms, at, new double[width + 1]);
      saw(evaluation.value(), terms[width + 2]);
      int[] touched = new int[width + 1];
      double[] own = new double[width + 1];
      int count = 0;
      for (int k = 0; k <= width; k++) {
        double slope = evaluation.gradient()[k] / coordinates.deviation(places[k]);
        if (slope != 0) {
          touched[count] = places[k];
          own[count++] = slope;
        }
      }
      touched = Arrays.copyOf(touched, count);
      own = Arrays.copyOf(own, count);
      if (round.weighting() == LocalRound.Weighting.ADAPTIVE) {
        for (int k = 0; k < count; k++) {
          sums[round.atSquares() + touched[k]] += own[k] * own[k];
        }
      }
      Lazily.State before = (Lazily.State) state.parts().get(0);
      state = new Chain.State(List.of(rule.update(touched, own, before, step(step, evaluation))));
      for (int k = 0; k < count; k++) {
        parameters[touched[k]] += round.factor() * own[k];
      }
    }

    private void saw(double value, double weight) {
      losses += weight * value;
      rows += weight;
    }

    private Step step(long number, Evaluation evaluation) {
      return new Step(number, evaluation.value(), parameters, tensors, round.plateau());
    }

    SparseArray told() {
      if (!(rows > 0)) {
        return new SparseArray(sums.length, new int[0], new double[0]);
      }
      boolean adaptive = round.weighting() == LocalRound.Weighting.ADAPTIVE;
      double weight = round.weighting() == LocalRound.Weighting.PLAIN ? 1 : rows;
      for (int j = 0; j < parameters.length; j++) {
        double own = adaptive ? sums[round.atSquares() + j] : weight;
        sums[j] = own * (parameters[j] - round.parameters()[j]);
      }
      double[] remembered = memory.flat(state);
      for (int k = 0; k < remembered.length; k++) {
        sums[round.atMemory() + k] = weight * remembered[k];
      }
      sums[round.atScalars()] = weight;
      sums[round.atScalars() + 1] = losses;
      sums[round.atScalars() + 2] = rows;
      return SparseArray.dense(sums);
    }
  }
}
