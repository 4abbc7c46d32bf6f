package dev.talweg.datasets;

import dev.talweg.optimizer.random.CounterRandom;
import org.apache.spark.sql.types.StringType;

/**
 * Writes the rows of a partition to chunks, and counts them: sums, levels, labels, fingerprint.
 *
 * <p>Readers put a row's label, weight, offset, split, codes, buckets and entries into {@link
 * #chunk} at {@link #next}, its numbers and hashed levels into {@link #numbers} and {@link #levels}
 * at {@link #staged}, and then {@link #add} it; what was put there and not added never was. Rows
 * that were added are counted some hundred at a time, column by column: each sum still adds rows in
 * their order, and each row's fingerprint its columns in theirs, so the bits are those of one row
 * after the other.
 */
final class ChunkWriter {
  /** Rows that are counted together: so few that thirteen columns of doubles stay in a cache. */
  static final int STAGED = 512;

  final RawPartition out;

  /** Of rows that are not counted yet, by column; NaN for missing. */
  final double[][] numbers;

  /** Likewise, the hashes of levels in hashed columns; of no meaning where the bucket is −1. */
  final long[][] levels;

  private final RowSchema schema;
  private final LabelCounts labels = new LabelCounts(RawPartition.Summary.MOST_LABELS);
  private final long[] places = new long[STAGED]; // random bits of each row
  private final long[] hashes = new long[STAGED];
  private final int[] training = new int[STAGED];
  private final int capacity;
  private RawChunk chunk;
  private int staged;

  ChunkWriter(RowSchema schema, int partition) {
    this.schema = schema;
    this.capacity = schema.vector() >= 0 ? RawChunk.SPARSE_ROWS : RawChunk.ROWS;
    this.out =
        new RawPartition(
            partition,
            schema.numeric().length,
            schema.dictionaries().length + schema.crosses().length);
    this.numbers = new double[schema.numeric().length][STAGED];
    this.levels = new long[schema.hashed().length][STAGED];
    this.chunk = newChunk();
  }

  private RawChunk newChunk() {
    return new RawChunk(
        schema.numeric().length,
        schema.dictionaries().length + schema.crosses().length,
        schema.hashed().length,
        schema.vector() >= 0,
        schema.weight() >= 0,
        schema.offset() >= 0);
  }

  /** The chunk that the next row goes to. */
  RawChunk chunk() {
    return chunk;
  }

  /** The place of the next row in the chunk. */
  int next() {
    return chunk.rows + staged;
  }

  /** The place of the next row among those that are not counted yet. */
  int staged() {
    return staged;
  }

  /** How many rows may be added at once: at least one. */
  int room() {
    return Math.min(STAGED, capacity - chunk.rows) - staged;
  }

  /** Makes room in the chunk for rows that are to be written. */
  void reserve(int rows) {
    chunk.reserve(next() + rows);
  }

  /**
   * Adds rows that were written.
   *
   * @param position of the first of them in the partition
   */
  void add(int rows, long position) {
    for (int k = 0; k < rows; k++) {
      places[staged + k] = CounterRandom.bits(0, out.summary.partition, position + k, 0);
    }
    staged += rows;
    if (room() == 0) {
      count();
    }
  }

  RawPartition finish() {
    count();
    summarizeLabels();
    if (chunk.rows > 0) {
      out.chunks.add(chunk);
    }
    out.close();
    return out;
  }

  private void count() {
    int from = chunk.rows;
    int trained = 0;
    for (int k = 0; k < staged; k++) {
      int split = chunk.splits[from + k];
      out.summary.rows[split]++;
      training[trained] = k;
      trained += split == RowReader.TRAIN ? 1 : 0;
    }
    countLabels(from, trained);
    for (int c = 0; c < numbers.length; c++) {
      countNumbers(numbers[c], chunk.numeric[c], from);
      out.summary.numeric[c].add(numbers[c], chunk.weights, from, places, training, trained);
    }
    for (int c = 0; c < out.dictionaries.length; c++) {
      if (c < schema.dictionaries().length) { // the columns of crosses are in the hash already
        out.dictionaries[c].fold(chunk.codes[c], from, staged, hashes);
      }
      out.summary.nulls[c] += out.dictionaries[c].count(chunk.codes[c], from, training, trained);
    }
    for (int c = 0; c < levels.length; c++) {
      for (int k = 0; k < staged; k++) {
        hashes[k] =
            chunk.buckets[c][from + k] < 0 ? hashes[k] : RowReader.mix(hashes[k] + levels[c][k]);
      }
    }
    for (int k = 0; k < staged; k++) {
      long hash = RowReader.mix(hashes[k] + entries(from + k));
      out.summary.fingerprint += RowReader.mix(hash);
      out.summary.fingerprintToo += RowReader.mix(hash ^ 0x5DEECE66DL);
    }
    chunk.rows += staged;
    staged = 0;
    if (chunk.rows == capacity) {
      RawChunk full = chunk;
      out.chunks.add(full);
      chunk = newChunk();
      chunk.reserveLike(full);
      full.trim();
    }
  }

  /** Labels and offsets; a row's hash begins with them. */
  private void countLabels(int from, int trained) {
    for (int k = 0; k < staged; k++) {
      hashes[k] = Double.doubleToLongBits(chunk.labels[from + k]);
    }
    for (int k = 0; k < staged && chunk.offsets.length > 0; k++) {
      hashes[k] = RowReader.mix(hashes[k] + Double.doubleToLongBits(chunk.offsets[from + k]));
    }
    for (int t = 0; t < trained; t++) {
      int i = from + training[t];
      double weight = chunk.weights.length > 0 ? chunk.weights[i] : 1;
      out.summary.labelWeight += weight;
      out.summary.labelSum += weight * chunk.labels[i];
      labels.add(chunk.labels[i]);
    }
  }

  private void countNumbers(double[] values, float[] kept, int from) {
    for (int k = 0; k < staged; k++) {
      kept[from + k] = (float) values[k];
      hashes[k] = RowReader.mix(hashes[k] + Double.doubleToLongBits(values[k]));
    }
  }

  /** The hash of a row's vector: of its entries, in any order. */
  private long entries(int i) {
    long entries = 0;
    for (int p = chunk.starts.length > 0 ? chunk.starts[i] : 0;
        chunk.starts.length > 0 && p < chunk.starts[i + 1];
        p++) {
      // multiplications that do not wait for one another; entries have different indices
      long entry =
          (((long) chunk.indices[p] << 32)
                  | (Float.floatToRawIntBits(chunk.values[p]) & 0xFFFFFFFFL))
              * 0x9E3779B97F4A7C15L;
      entries += (entry ^ (entry >>> 32)) * 0xBF58476D1CE4E5B9L;
    }
    return entries;
  }

  private void summarizeLabels() {
    boolean text = schema.label() >= 0 && schema.types().get(schema.label()) instanceof StringType;
    // of too many, as few as show that: a regression has as many as rows
    boolean many = labels.size() > RawPartition.Summary.MOST_LABELS;
    out.summary.moreLabels = many;
    for (int k = 0; k < (many ? 51 : labels.size()); k++) {
      double label = labels.label(k);
      out.summary.labels.put(
          text ? out.labels.level((int) label) : Double.toString(label), labels.count(k));
    }
  }
}
