package dev.talweg.datasets.parquet;

import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * One leaf column of Parquet, flat or in one list, as rows of numbers.
 *
 * <p><b>Layout.</b> The numbers of the k-th row since {@link #clear} are at {@code [starts[k],
 * starts[k + 1])} of {@link #values}; {@code absent[k]} says that the row has no list at all, or no
 * number of a flat column.
 *
 * <p><b>How.</b> A page begins with two levels for each of its numbers: whether it opens a row, and
 * how much of its path is there. Rows that open are a bitmap, in which the next row is a bit to
 * look for; where all numbers of a page are there, as a single run of levels says, the page's
 * numbers follow one another, and all that rows need of it is decoded at one go. Otherwise levels
 * are gone through one by one. (S. Melnik et al., <i>Dremel</i>, 2010, section 4, is where levels
 * are from.) A number takes 1 to 2 ns; Spark's own reader, which takes nested columns level by
 * level, 7 ns (docs/decisions/0037).
 */
final class LeafRows {
  private final ColumnDescriptor column;
  private final LeafValues values;
  private final int full; // the level of a number that is there
  private final int entry; // from this level on there is an entry of the list
  private final int present; // and from this there is a list
  private final HybridRuns runs = new HybridRuns();
  private @Nullable PageReader pages;
  private byte[] bytes = new byte[0];
  private int[] levels = new int[0];
  private boolean complete; // all numbers of the page are there
  private long[] opens = new long[0];
  private int size; // of the page, in levels
  private int at; // in the page

  private int[] starts = new int[1];
  private boolean[] absent = new boolean[0];
  private int rows;

  /**
   * @param column a leaf of the file
   */
  LeafRows(MessageType file, ColumnDescriptor column) {
    this.column = column;
    this.values = new LeafValues(column.getPrimitiveType().getPrimitiveTypeName());
    this.full = column.getMaxDefinitionLevel();
    String[] path = column.getPath();
    int repeated = full;
    boolean listed = column.getMaxRepetitionLevel() > 0;
    for (int depth = path.length; depth >= 1 && listed; depth--) {
      String[] ancestor = Arrays.copyOf(path, depth);
      if (file.getType(ancestor).isRepetition(Type.Repetition.REPEATED)) {
        repeated = file.getMaxDefinitionLevel(ancestor);
      }
    }
    this.entry = repeated;
    this.present = listed ? repeated - 1 : full;
  }

  /** Those of all rows. */
  LeafValues values() {
    return values;
  }

  /** Where the numbers of a row begin. */
  int start(int row) {
    return starts[row];
  }

  int count(int row) {
    return starts[row + 1] - starts[row];
  }

  /** Whether a row has no list, or no number of a flat column. */
  boolean absent(int row) {
    return absent[row];
  }

  /** The whole number of a row in a flat column; 0 where there is none. */
  int number(int row) {
    return count(row) == 0 ? 0 : values.ints()[starts[row]];
  }

  /** Goes on to a row group. */
  void read(PageReader group) {
    pages = group;
    at = 0;
    size = 0;
    DictionaryPage dictionary = group.readDictionaryPage();
    values.dictionary(dictionary == null ? null : dictionary.decode(column));
  }

  /** Forgets the rows so far. */
  void clear() {
    rows = 0;
    values.clear();
  }

  /** Appends the next rows of the row group, which has as many. */
  void append(int count) {
    int until = rows + count;
    reserve(until);
    while (nextLevel() && (rows < until || !opens(at))) {
      if (complete) {
        appendComplete(until);
      } else {
        appendByLevel(until);
      }
    }
    if (rows < until) {
      throw new ParquetDecodingException(column + " has fewer rows than its row group");
    }
    starts[rows] = values.count();
  }

  private void reserve(int all) {
    if (starts.length <= all) {
      starts = Arrays.copyOf(starts, Math.max(all, 2 * starts.length) + 1);
      absent = Arrays.copyOf(absent, starts.length);
    }
  }

  private void begin(int start, boolean none) {
    starts[rows] = start;
    absent[rows] = none;
    rows++;
  }

  private boolean opens(int level) {
    return (opens[level >>> 6] >>> level & 1) != 0;
  }

  /** From here on, the next level that opens a row; the page's size if none does. */
  private int nextOpen(int from) {
    for (int word = from >>> 6; word << 6 < size; word++) {
      long bits = opens[word] & (word == from >>> 6 ? -1L << from : -1L);
      if (bits != 0) {
        return (word << 6) + Long.numberOfTrailingZeros(bits);
      }
    }
    return size;
  }

  private void appendComplete(int until) {
    int level = nextOpen(at);
    for (; level < size && rows < until; level = nextOpen(level + 1)) {
      begin(values.count() + level - at, false);
    }
    values.append(level - at);
    at = level;
  }

  private void appendByLevel(int until) {
    int ready = 0; // numbers that are there, one after the other
    for (; at < size; at++) {
      int level = levels[at];
      if (opens(at)) {
        if (rows == until) {
          break;
        }
        begin(values.count() + ready, level < present);
      }
      if (level == full) {
        ready++;
      } else if (level >= entry) {
        values.append(ready);
        ready = 0;
        values.appendNull();
      }
    }
    values.append(ready);
  }

  /** Whether there is another level, of this page or the next ones. */
  private boolean nextLevel() {
    while (at == size) {
      DataPage page = pages == null ? null : pages.readPage();
      if (page == null) {
        return false;
      }
      try {
        open(page);
      } catch (IOException e) {
        throw new ParquetDecodingException("a page of " + column, e);
      }
    }
    return true;
  }

  private void open(DataPage page) throws IOException {
    size = page.getValueCount();
    at = 0;
    if (size == 0) {
      return;
    }
    opens = new long[(size + 63) >>> 6];
    int repetitions = column.getMaxRepetitionLevel();
    if (page instanceof DataPageV2 v2) {
      int until = copy(v2.getRepetitionLevels());
      opens(repetitions, 0, until);
      until = copy(v2.getDefinitionLevels());
      levels(0, until);
      until = copy(v2.getData());
      values.page(v2.getDataEncoding(), column, size, bytes, 0, until);
    } else {
      DataPageV1 v1 = (DataPageV1) page;
      if ((repetitions > 0 && v1.getRlEncoding() != Encoding.RLE)
          || (full > 0 && v1.getDlEncoding() != Encoding.RLE)) {
        throw new ParquetDecodingException(
            column
                + " has levels as "
                + v1.getRlEncoding()
                + " and "
                + v1.getDlEncoding()
                + ", which writers gave up in 2013; write the file again");
      }
      int until = copy(v1.getBytes());
      int opened = repetitions > 0 ? afterLevels(0) : 0;
      opens(repetitions, Integer.BYTES, opened);
      int levelled = full > 0 ? afterLevels(opened) : opened;
      levels(opened + Integer.BYTES, levelled);
      values.page(v1.getValueEncoding(), column, size, bytes, levelled, until);
    }
  }

  /** Where levels end that begin with their length, as those of version 1 do. */
  private int afterLevels(int from) {
    return from + Integer.BYTES + LeafValues.intAt(bytes, from);
  }

  private void opens(int repetitions, int from, int until) {
    if (repetitions == 0) {
      Arrays.fill(opens, -1L);
      if ((size & 63) != 0) {
        opens[size >>> 6] = (1L << size) - 1;
      }
    } else {
      runs.reset(bytes, from, until, 1);
      runs.markZeros(opens, size);
    }
  }

  private void levels(int from, int until) {
    if (full == 0) {
      complete = true;
      return;
    }
    runs.reset(bytes, from, until, Integer.SIZE - Integer.numberOfLeadingZeros(full));
    complete = runs.repeats(full, size);
    if (!complete) {
      levels = levels.length < size ? new int[size] : levels;
      runs.read(levels, 0, size);
    }
  }

  private int copy(BytesInput input) throws IOException {
    int length = Math.toIntExact(input.size());
    if (bytes.length < length + HybridRuns.ROOM) {
      bytes = new byte[length + HybridRuns.ROOM];
    }
    ByteBufferInputStream stream = input.toInputStream();
    int read = stream.readNBytes(bytes, 0, length);
    if (read < length) {
      throw new IOException(read + " bytes of " + length);
    }
    return length;
  }
}
