package dev.talweg.datasets;

import dev.talweg.optimizer.block.Block;
import dev.talweg.optimizer.block.Shard;
import dev.talweg.optimizer.objective.Moments;
import dev.talweg.optimizer.random.CounterRandom;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** Data that was read: encoded blocks cached on the cluster, and what is known of them. */
public final class Ingested implements AutoCloseable {
  private final JavaRDD<PartitionBlocks> blocks;
  private final JavaRDD<RawPartition> raw;
  private final Encoding encoding;
  private final Moments moments;
  private final IngestReport report;
  private final List<Scoring.Source> sources;
  private final long entries;
  private final Supplier<Profile> profiled;
  private @Nullable Profile profile;
  private final List<JavaRDD<?>> persisted = new ArrayList<>();
  private final List<Lent<?>> lent = new ArrayList<>();

  Ingested(
      JavaRDD<PartitionBlocks> blocks,
      JavaRDD<RawPartition> raw,
      Lent<Encoding> encoding,
      Moments moments,
      IngestReport report,
      List<Scoring.Source> sources,
      long entries,
      Supplier<Profile> profiled) {
    this.blocks = blocks;
    this.raw = raw;
    this.lent.add(encoding);
    this.encoding = encoding.value();
    this.moments = moments;
    this.report = report;
    this.sources = List.copyOf(sources);
    this.entries = entries;
    this.profiled = profiled;
    persisted.add(blocks);
    persisted.add(raw);
  }

  /** The encoded rows, persisted: exactly one element per partition, element i in partition i. */
  public JavaRDD<PartitionBlocks> blocks() {
    return blocks;
  }

  /**
   * The training rows alone, redistributed and ordered by a hash of (seed, partition, row): what
   * mini-batches draw from. The same bits wherever it runs, in as many partitions as the training
   * rows were read in; kept until {@link #close}.
   */
  public JavaRDD<PartitionBlocks> shuffled(long seed) {
    int targets = sources.get(0).data().partitions();
    return isSmallAndHere() ? handedOver(seed, targets) : sent(seed, targets);
  }

  JavaRDD<PartitionBlocks> sent(long seed, int targets) {
    int dimension = encoding.dimension();
    JavaPairRDD<Integer, Piece> pieces =
        blocks.flatMapToPair(
            part ->
                pieces(part, seed, targets).stream()
                    .map(piece -> new Tuple2<>(piece.target(), piece.packed()))
                    .iterator());
    JavaRDD<PartitionBlocks> shuffled =
        pieces
            .partitionBy(new HashPartitioner(targets)) // of an Integer, its remainder
            .values()
            .mapPartitionsWithIndex(
                (target, found) -> List.of(ordered(target, dimension, found)).iterator(), true)
            .persist(StorageLevel.MEMORY_AND_DISK());
    persisted.add(shuffled);
    return shuffled;
  }

  /** The part of the heap that rows may have which are handed over. */
  private static final int SHARE_OF_HEAP = 16;

  /** Whether all rows are in the memory of this JVM, and little for it. */
  private boolean isSmallAndHere() {
    return blocks.context().isLocal()
        && Arrays.stream(blocks.context().getRDDStorageInfo())
            .anyMatch(
                (RDDInfo info) ->
                    info.id() == blocks.id()
                        && info.numCachedPartitions() == info.numPartitions()
                        && info.diskSize() == 0
                        && info.memSize() <= Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** What a shuffle does, without writing the rows to disk and reading them again. */
  JavaRDD<PartitionBlocks> handedOver(long seed, int targets) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(blocks.context());
    List<PartitionBlocks> parts = new ArrayList<>();
    OrderedReduction.run(blocks, (partition, part) -> parts.add(part));
    Map<Integer, List<Piece>> pieces =
        parts.parallelStream()
            .flatMap(part -> pieces(part, seed, targets).stream())
            .collect(Collectors.groupingBy(Piece::target));
    int dimension = encoding.dimension();
    Lent<List<PartitionBlocks>> shuffled =
        Lent.to(
            context,
            IntStream.range(0, targets)
                .parallel()
                .mapToObj(t -> ordered(t, dimension, pieces.getOrDefault(t, List.of()).iterator()))
                .toList());
    lent.add(shuffled);
    return context
        .parallelize(IntStream.range(0, targets).boxed().toList(), targets)
        .map(target -> shuffled.value().get(target));
  }

  /**
   * Some rows on their way to a partition, with the keys they are ordered by.
   *
   * @param rows of the block
   */
  private record Piece(int target, Block block, int[] rows, long[] keys) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** Without the other rows of the block. */
    Piece packed() {
      return new Piece(target, block.select(rows), IntStream.range(0, rows.length).toArray(), keys);
    }
  }

  private static List<Piece> pieces(PartitionBlocks part, long seed, int targets) {
    List<Piece> pieces = new ArrayList<>();
    long before = 0;
    for (Block numbered : part.train().blocks()) {
      Block block = part.train().expanded(numbered);
      long[] keys = new long[block.rows()];
      int[][] picked = new int[targets][16];
      int[] counts = new int[targets];
      for (int i = 0; i < keys.length; i++) {
        keys[i] = CounterRandom.bits(seed, part.partition(), before + i, 2);
        int target = (int) Long.remainderUnsigned(keys[i], targets);
        if (counts[target] == picked[target].length) {
          picked[target] = Arrays.copyOf(picked[target], 2 * counts[target]);
        }
        picked[target][counts[target]++] = i;
      }
      for (int target = 0; target < targets; target++) {
        int[] rows = Arrays.copyOf(picked[target], counts[target]);
        long[] own = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
          own[i] = keys[rows[i]];
        }
        pieces.add(new Piece(target, block, rows, own));
      }
      before += block.rows();
    }
    return pieces;
  }

  /** Small blocks in the order of the hash of their first rows; rows within one likewise. */
  private static PartitionBlocks ordered(int target, int dimension, Iterator<Piece> found) {
    List<Piece> pieces = new ArrayList<>();
    while (found.hasNext()) {
      Piece piece = found.next();
      if (piece.keys().length > 0) {
        pieces.addAll(runs(piece));
      }
    }
    pieces.sort(Comparator.comparingLong(piece -> piece.keys()[0]));
    Shard none = Shard.of(List.of(), dimension);
    List<Block> blocks = pieces.stream().map(piece -> piece.block().select(piece.rows())).toList();
    return new PartitionBlocks(target, Shard.of(blocks, dimension), none, none);
  }

  /** Rows of one run: few enough that a batch mixes rows from everywhere. */
  private static final int RUN = 64;

  private static List<Piece> runs(Piece piece) {
    int[] order = ascending(piece.keys());
    // neighbours in the hash's order would all have small keys: deal rows out to runs instead
    int runs = (order.length + RUN - 1) / RUN;
    List<Piece> dealt = new ArrayList<>();
    for (int r = 0; r < runs; r++) {
      int size = (order.length - r + runs - 1) / runs;
      int[] rows = new int[size];
      long[] keys = new long[size];
      for (int i = 0; i < size; i++) {
        int at = order[r + i * runs];
        rows[i] = piece.rows()[at];
        keys[i] = RowReader.mix(piece.keys()[at]);
      }
      dealt.add(new Piece(piece.target(), piece.block(), rows, keys));
    }
    return dealt;
  }

  /** Indices by their keys; those whose keys differ in their last bits alone, by themselves. */
  private static int[] ascending(long[] keys) {
    long indices = Long.highestOneBit(Math.max(1, keys.length)) * 2 - 1;
    long[] sorted = new long[keys.length];
    Arrays.setAll(sorted, i -> (keys[i] & ~indices) | i);
    Arrays.sort(sorted);
    return Arrays.stream(sorted).mapToInt(key -> (int) (key & indices)).toArray();
  }

  /** Every row that was set aside; not collected. */
  public JavaRDD<BadRow> quarantine() {
    return raw.flatMap(partition -> partition.bad.iterator());
  }

  /**
   * The scores of the validation and test rows: columns {@code split}, the keys in their own types,
   * {@code label}, {@code scorer.columns()}, {@code problem}. Reads the source once more.
   */
  public Dataset<Row> predictions(Scorer scorer) {
    return sources.stream()
        .filter(source -> source.schema().holdsOut())
        .map(source -> Scoring.heldOut(source, encoding, scorer))
        .reduce((a, b) -> a.unionByName(b, true))
        .orElseThrow();
  }

  /** Number of partitions of {@link #blocks}; fixed by the data and the request, not by cores. */
  public int partitions() {
    return blocks.getNumPartitions();
  }

  public Encoding encoding() {
    return encoding;
  }

  /** About how many features the partitions touch, added up over them. */
  public long entries() {
    return entries;
  }

  /** Sums over the training rows (over the test rows where the encoding was given). */
  public Moments moments() {
    return moments;
  }

  /** How the values of the training rows are distributed; of nothing where encoding was given. */
  public Profile profile() {
    Profile known = profile == null ? profiled.get() : profile;
    profile = known;
    return known;
  }

  public IngestReport report() {
    return report;
  }

  /** Frees everything. */
  @Override
  public void close() {
    lent.forEach(Lent::takeBack);
    lent.clear();
    persisted.forEach(rdd -> rdd.unpersist(false));
    persisted.clear();
  }
}
