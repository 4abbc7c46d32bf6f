package dev.talweg.datasets.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.MessageType;

/**
 * The rows of a vector column in a part of a Parquet file: of the row groups that begin in it, as
 * Spark deals them out.
 *
 * <p>After {@link #next}, the k-th of its rows has {@link #count} numbers, in {@link #numbers} from
 * {@link #start} on. Their places are in {@link #places} from {@link #firstPlace} on, unless the
 * row {@link #isDense}.
 */
public final class VectorRows implements AutoCloseable {
  private static final int DENSE = 1; // of a vector of spark.ml

  private final VectorForm form;
  private final ParquetFileReader file;
  private final List<ColumnDescriptor> columns = new ArrayList<>();
  private final List<LeafRows> leaves = new ArrayList<>(); // none where the file has no such column
  private long left; // rows of the part
  private long leftInGroup;
  private int rows;

  /**
   * Opens a part of a file.
   *
   * @throws UncheckedIOException where it cannot be read
   * @throws ParquetDecodingException where the column is no vector there
   */
  public VectorRows(Configuration hadoop, Path path, long from, long length, VectorForm form) {
    this.form = form;
    try {
      file =
          ParquetFileReader.open(
              HadoopInputFile.fromPath(path, hadoop),
              HadoopReadOptions.builder(hadoop, path).withRange(from, from + length).build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      MessageType schema = file.getFileMetaData().getSchema();
      for (String field : form.layout().fields()) {
        List<ColumnDescriptor> below = below(schema, field);
        if (!below.isEmpty()) {
          boolean whole = !field.equals("values");
          check(below, field, whole);
          columns.add(below.get(0));
          leaves.add(new LeafRows(schema, below.get(0), whole));
        }
      }
      if (!leaves.isEmpty() && leaves.size() < form.layout().fields().size()) {
        throw unlike("has not all of " + form.layout().fields());
      }
      left = file.getRecordCount();
      file.setRequestedSchema(columns);
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /** The leaves below a field of the column; below a list, those of the list. */
  private List<ColumnDescriptor> below(MessageType schema, String field) {
    List<ColumnDescriptor> below = new ArrayList<>();
    for (ColumnDescriptor leaf : schema.getColumns()) {
      String[] path = leaf.getPath();
      if (path[0].equalsIgnoreCase(form.column())
          && (form.layout() == VectorForm.Layout.LIST
              || (path.length > 1 && path[1].equalsIgnoreCase(field)))) {
        below.add(leaf);
      }
    }
    return below;
  }

  private void check(List<ColumnDescriptor> below, String field, boolean whole) {
    ColumnDescriptor leaf = below.get(0);
    if (below.size() > 1
        || leaf.getMaxRepetitionLevel() > 1
        || !LeafValues.reads(leaf.getPrimitiveType().getPrimitiveTypeName(), whole)) {
      throw unlike("has " + field + " as " + below);
    }
  }

  private ParquetDecodingException unlike(String how) {
    return new ParquetDecodingException(
        String.format(
            Locale.ROOT,
            "%s: column %s %s, unlike the other files",
            file.getFile(),
            form.column(),
            how));
  }

  /**
   * Goes on to the next rows.
   *
   * @throws ParquetDecodingException where there are not so many
   */
  public void next(int wanted) {
    leaves.forEach(LeafRows::clear);
    if (wanted > left) {
      throw new ParquetDecodingException(
          file.getFile() + ": column " + form.column() + " has fewer rows than the others");
    }
    for (rows = 0; rows < wanted && !leaves.isEmpty(); ) {
      if (leftInGroup == 0) {
        nextRowGroup();
      }
      int some = (int) Math.min(wanted - rows, leftInGroup);
      leaves.forEach(leaf -> leaf.append(some));
      rows += some;
      leftInGroup -= some;
    }
    rows = wanted;
    left -= wanted;
  }

  private void nextRowGroup() {
    try {
      PageReadStore group = file.readNextRowGroup();
      if (group == null) {
        throw new ParquetDecodingException(file.getFile() + " has fewer rows than it says");
      }
      leftInGroup = group.getRowCount();
      for (int k = 0; k < leaves.size(); k++) {
        leaves.get(k).read(group.getPageReader(columns.get(k)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many rows there are now. */
  public int rows() {
    return rows;
  }

  /** How many rows are to come in the part. */
  public long left() {
    return left;
  }

  public VectorForm.Layout layout() {
    return form.layout();
  }

  /** Whether a row has no vector. */
  public boolean isNull(int row) {
    return leaves.isEmpty() || leaves.get(last()).absent(row);
  }

  /** The leaf that says whether there is a vector: a type if there are types. */
  private int last() {
    return form.layout() == VectorForm.Layout.SPARK ? 2 : 0;
  }

  /** Whether a row's numbers follow one another. */
  public boolean isDense(int row) {
    return switch (form.layout()) {
      case SPARK -> leaves.get(2).number(row) == DENSE;
      case SPARSE -> false;
      case LIST -> true;
    };
  }

  /** What a sparse vector of {@code spark.ml} says of its length; of others 0. */
  public int size(int row) {
    return form.layout() == VectorForm.Layout.SPARK && !isDense(row)
        ? leaves.get(3).number(row)
        : 0;
  }

  /** How long a row's vector is at least. */
  public int length(int row) {
    if (isDense(row)) {
      return count(row);
    }
    int places = placeCount(row);
    return Math.max(size(row), places == 0 ? 0 : places()[firstPlace(row) + places - 1] + 1);
  }

  /** How many numbers a row has. */
  public int count(int row) {
    return leaves.get(0).count(row);
  }

  /** Where the numbers of a row begin. */
  public int start(int row) {
    return leaves.get(0).start(row);
  }

  /** The numbers of all rows; of a list's null, NaN. */
  public double[] numbers() {
    return leaves.get(0).values().reals();
  }

  /** How many places a row has. */
  public int placeCount(int row) {
    return leaves.get(1).count(row);
  }

  /** Where the places of a row begin. */
  public int firstPlace(int row) {
    return leaves.get(1).start(row);
  }

  /** The places of all rows' numbers; of a list's null, −1. */
  public int[] places() {
    return leaves.get(1).values().ints();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
