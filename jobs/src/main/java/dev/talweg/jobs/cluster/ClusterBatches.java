package dev.talweg.jobs.cluster;

import dev.talweg.datasets.Lent;
import dev.talweg.datasets.OrderedReduction;
import dev.talweg.datasets.PartitionBlocks;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.model.Model;
import dev.talweg.optimizer.model.ParameterLayout;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.model.Sweep;
import dev.talweg.optimizer.objective.Evaluation;
import dev.talweg.optimizer.objective.LocalObjective;
import dev.talweg.optimizer.objective.LocalRound;
import dev.talweg.optimizer.objective.PartitionBatches;
import dev.talweg.optimizer.objective.PartitionRounds;
import dev.talweg.optimizer.objective.SparseArray;
import dev.talweg.optimizer.transform.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Batches over blocks on a cluster. The batch is a function of (seed, step), and the sums of its
 * rows are taken partition by partition: see {@link PartitionBatches}.
 *
 * <p><b>Cost.</b> A large batch is one job a step, with as many numbers a partition on the wire as
 * the model has parameters. Of a small one the job itself is what takes time, some 10 ms: then the
 * rows of many steps come to the driver in one job, at most {@value #WINDOW_BYTES} bytes of them,
 * and it takes the same sums in the same order; where those of a whole epoch are little for its
 * heap, it keeps them, since every epoch has the same batches in another order. In local mode these
 * are in its memory already, and it looks at them where they are. So a run has the same bits either
 * way, and which way is a matter of what a batch weighs: see {@link #windowSteps}.
 * docs/decisions/0017.
 *
 * <p>A round of local steps is one job, whatever the batch. docs/decisions/0021.
 */
public final class ClusterBatches implements LocalObjective {
  /** Rows of this many steps, and bytes, are on the driver at a time. */
  private static final int MOST_STEPS = 512;

  private static final long WINDOW_BYTES = 16L << 20;

  /** The part of the driver's heap that the rows of an epoch may have. */
  private static final int SHARE_OF_HEAP = 16;

  /** Of a batch that the driver sums: rows, multiplications, numbers of all partitions. */
  private static final long MOST_ROWS = 1 << 16;

  private static final double MOST_WORK = 5e7;

  private static final long MOST_NUMBERS = 1L << 22;

  private static final int UNKNOWN = -1;

  /**
   * What rows may have of the driver's memory, in bytes; the bits do not depend on it.
   *
   * @param window of some steps; 0 has every step be a job
   * @param epoch of an epoch, to be kept
   * @param here of an epoch that is in its memory anyway
   */
  public record Room(long window, long epoch, long here) {
    /** Every step is a job, whatever its batch weighs: what such a step costs can be measured. */
    public static final Room NONE = new Room(0, 0, 0);

    static Room ofHeap(JavaSparkContext context) {
      long share = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
      return new Room(WINDOW_BYTES, share, context.isLocal() ? share : 0);
    }
  }

  private final JavaSparkContext context;
  private final JavaRDD<PartitionBlocks> blocks;
  private final Model model;
  private final double[] penalties;
  private final double[] ridge;
  private final long stepsPerEpoch;
  private final long seed;
  private final long batchRows;
  private final OrderedReduction reduction = new OrderedReduction();
  private final Map<Long, PartitionBatches.Rows[]> held = new HashMap<>(); // by run
  private final Room room;
  private List<Shard> here = List.of(); // the partitions, where they need not be fetched
  private boolean holdsEpoch;
  private int windowSteps; // 0 where each step is a job
  private final List<Sweep> sweeps = new ArrayList<>(); // of the partitions, from step to step
  private long bytesFetched;
  private long bytesOfRounds;
  private long steps;

  /**
   * @param blocks the training rows in random order, persisted by the caller
   * @param penalties λ_j of each parameter, 0 where it is spared
   * @param rows how many training rows there are
   * @param batch rows of one step over the whole cluster, at least 1
   */
  public ClusterBatches(
      JavaRDD<PartitionBlocks> blocks,
      Model model,
      double[] penalties,
      long rows,
      long batch,
      long seed) {
    this(
        blocks,
        model,
        penalties,
        rows,
        batch,
        seed,
        Room.ofHeap(JavaSparkContext.fromSparkContext(blocks.context())));
  }

  /** The same with other room on the driver. */
  public ClusterBatches(
      JavaRDD<PartitionBlocks> blocks,
      Model model,
      double[] penalties,
      long rows,
      long batch,
      long seed,
      Room room) {
    this.context = JavaSparkContext.fromSparkContext(blocks.context());
    this.blocks = blocks;
    this.model = model;
    this.penalties = penalties.clone();
    this.ridge = PartitionBatches.ridge(penalties);
    this.stepsPerEpoch = Math.max(1, (rows + batch - 1) / batch);
    this.seed = seed;
    this.batchRows = Math.min(rows, batch);
    this.room = room;
    this.windowSteps = room.window > 0 ? UNKNOWN : 0;
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
  public ParameterLayout layout() {
    return model.layout();
  }

  @Override
  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** Passes over all rows so far. */
  public double passes() {
    return (double) steps / stepsPerEpoch;
  }

  /** Bytes that tasks have sent: sums, or the rows that are to be summed. */
  public long bytesReduced() {
    return reduction.bytes() + bytesFetched + bytesOfRounds;
  }

  @Override
  public Evaluation evaluate(double[] parameters, long step) {
    PartitionBatches.Batch batch = batch(step);
    steps++;
    return isSmall() ? summed(parameters, batch) : reduced(parameters, batch);
  }

  /** One job, whatever a batch weighs. */
  @Override
  public Evaluation evaluateAll(double[] parameters) {
    steps += stepsPerEpoch;
    return reduced(parameters, PartitionBatches.Batch.ofAll(seed));
  }

  @Override
  public List<Slice> buffers() {
    return model.buffers();
  }

  @Override
  public List<Integer> notFinite(double[] parameters, long step) {
    PartitionBatches.Batch batch = batch(step);
    Lent<double[]> lent = Lent.to(context, parameters);
    try {
      return partitions(partials(lent, batch, known(lent, batch)));
    } finally {
      lent.takeBack();
    }
  }

  @Override
  public double[] sums(LocalRound round) {
    Lent<LocalRound> lent = Lent.to(context, round);
    try {
      double[] sums =
          reduction.sum(
              partials(lent), round.length(), (long) round.length() * blocks.getNumPartitions());
      steps += round.steps();
      return sums;
    } finally {
      lent.takeBack();
    }
  }

  @Override
  public List<Integer> notFinite(LocalRound round) {
    Lent<LocalRound> lent = Lent.to(context, round);
    try {
      return partitions(partials(lent));
    } finally {
      lent.takeBack();
    }
  }

  private static List<Integer> partitions(JavaRDD<SparseArray> partials) {
    List<Integer> found = new ArrayList<>();
    OrderedReduction.run(
        partials.map(SparseArray::finite),
        (partition, finite) -> {
          if (!finite) {
            found.add(partition);
          }
        });
    return found.stream().sorted().toList();
  }

  private JavaRDD<SparseArray> partials(Lent<LocalRound> lent) {
    Model m = model;
    double[] ridge = penalties;
    long order = seed;
    long runs = stepsPerEpoch;
    return blocks.map(
        part ->
            PartitionRounds.sums(
                part.train(), part.partition(), m, ridge, order, runs, lent.value()));
  }

  private JavaRDD<SparseArray> partials(
      Lent<double[]> lent, PartitionBatches.Batch batch, List<double[]> known) {
    Model m = model;
    return blocks.map(
        part ->
            PartitionBatches.sums(part.train(), part.partition(), m, lent.value(), batch, known));
  }

  /** What the model's rounds give of the whole batch: a job each. */
  private List<double[]> known(Lent<double[]> lent, PartitionBatches.Batch batch) {
    List<double[]> known = new ArrayList<>();
    for (int round = 0; round < model.rounds(); round++) {
      known.add(PartitionBatches.merged(model, round, parts(lent, batch, List.copyOf(known))));
    }
    return known;
  }

  private PartitionBatches.Batch batch(long step) {
    return new PartitionBatches.Batch(seed, step, stepsPerEpoch);
  }

  private Evaluation reduced(double[] parameters, PartitionBatches.Batch batch) {
    Lent<double[]> lent = Lent.to(context, parameters);
    try {
      List<double[]> known = known(lent, batch);
      double[] sums =
          reduction.sum(
              partials(lent, batch, known),
              parameters.length + 2,
              (long) parameters.length * blocks.getNumPartitions());
      Evaluation evaluation = PartitionBatches.evaluation(sums, parameters, ridge);
      model.settle(known, parameters, evaluation.gradient());
      return evaluation;
    } finally {
      lent.takeBack();
    }
  }

  private List<double[]> parts(
      Lent<double[]> lent, PartitionBatches.Batch batch, List<double[]> known) {
    Model m = model;
    double[][] parts = new double[blocks.getNumPartitions()][];
    OrderedReduction.run(
        blocks.map(
            part ->
                PartitionBatches.part(
                    part.train(), part.partition(), m, lent.value(), batch, known)),
        (partition, found) -> {
          parts[partition] = found;
          bytesOfRounds += 8L * found.length;
        });
    return List.of(parts);
  }

  /** Partition by partition, side by side, then added in their order. */
  private Evaluation summed(double[] parameters, PartitionBatches.Batch batch) {
    while (sweeps.size() < blocks.getNumPartitions()) {
      sweeps.add(model.sweep());
    }
    for (int p = 0; p < sweeps.size(); p++) {
      if (here.isEmpty()) {
        PartitionBatches.take(sweeps.get(p), rows(batch)[p], p, parameters, batch);
      } else {
        PartitionBatches.take(sweeps.get(p), here.get(p), p, parameters, batch);
      }
    }
    List<double[]> known = PartitionBatches.advance(model, sweeps);
    Evaluation evaluation =
        PartitionBatches.evaluation(sweeps.stream().map(Sweep::sums).toList(), parameters, ridge);
    model.settle(known, parameters, evaluation.gradient());
    return evaluation;
  }

  /** Whether rows are worth fetching. */
  private boolean isSmall() {
    if (windowSteps == UNKNOWN) {
      windowSteps = windowSteps();
    }
    return windowSteps > 0;
  }

  /** The rows of a batch, fetched with those of the steps after it where they are not here. */
  private PartitionBatches.Rows[] rows(PartitionBatches.Batch batch) {
    if (!held.containsKey(batch.run())) {
      fetch(batch.step());
    }
    return Objects.requireNonNull(held.get(batch.run()));
  }

  /**
   * What a batch and all rows weigh, one job tells; of what is large anyway it is not asked. A
   * batch may have no row in it: fewer rows than partitions.
   */
  private int windowSteps() {
    long numbers = (long) penalties.length * blocks.getNumPartitions();
    if (batchRows > MOST_ROWS || numbers > MOST_NUMBERS) {
      return 0;
    }
    PartitionBatches.Batch first = batch(0);
    Weight weight =
        blocks
            .map(
                part ->
                    new Weight(
                        PartitionBatches.rows(part.train(), first).bytes(), part.train().bytes()))
            .reduce(Weight::plus);
    long bytes = Math.max(1, weight.batch);
    long epoch = Math.max(bytes * stepsPerEpoch, weight.all);
    if (bytes > room.window || model.work(batchRows, bytes) > MOST_WORK) {
      return 0;
    }
    if (epoch <= room.here) {
      here = partitions();
    }
    holdsEpoch = epoch <= room.epoch;
    return (int) Math.min(Math.min(MOST_STEPS, stepsPerEpoch), room.window / bytes);
  }

  /** Bytes of a batch and of all rows. */
  private record Weight(long batch, long all) implements Serializable {
    private static final long serialVersionUID = 1L;

    Weight plus(Weight other) {
      return new Weight(batch + other.batch, all + other.all);
    }
  }

  private List<Shard> partitions() {
    Shard[] found = new Shard[blocks.getNumPartitions()];
    OrderedReduction.run(
        blocks,
        (partition, part) -> {
          found[partition] = part.train();
          bytesFetched += part.train().bytes();
        });
    return List.of(found);
  }

  private void fetch(long first) {
    if (!holdsEpoch) {
      held.clear();
    }
    List<PartitionBatches.Batch> batches =
        LongStream.range(first, first + windowSteps)
            .mapToObj(this::batch)
            .filter(batch -> !held.containsKey(batch.run()))
            .toList();
    PartitionBatches.Rows[][] found =
        new PartitionBatches.Rows[batches.size()][blocks.getNumPartitions()];
    OrderedReduction.run(
        blocks.map(part -> rows(part, batches)),
        (partition, rows) -> {
          for (int k = 0; k < found.length; k++) {
            found[k][partition] = rows.get(k);
            bytesFetched += rows.get(k).bytes();
          }
        });
    for (int k = 0; k < found.length; k++) {
      held.put(batches.get(k).run(), found[k]);
    }
  }

  private static List<PartitionBatches.Rows> rows(
      PartitionBlocks part, List<PartitionBatches.Batch> batches) {
    return batches.stream().map(batch -> PartitionBatches.rows(part.train(), batch)).toList();
  }
}
