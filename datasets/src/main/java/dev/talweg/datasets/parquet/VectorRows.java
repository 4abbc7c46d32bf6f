package dev.talweg.datasets.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The rows of a vector column in a part of a Parquet file: of the row groups whose middle is in it,
 * as Spark deals them out.
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
   * @param sameCase whether names that differ in case are different names
   * @throws UncheckedIOException where it cannot be read
   * @throws IllegalArgumentException where the column is no such vector there
   */
  public VectorRows(
      Configuration hadoop, Path path, long from, long length, VectorForm form, boolean sameCase) {
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
      BiPredicate<String, String> same = sameCase ? String::equals : String::equalsIgnoreCase;
      for (String field : form.layout().fields()) {
        List<ColumnDescriptor> below = below(schema, field, same);
        if (!below.isEmpty()) {
          check(below, field);
          columns.add(below.get(0));
          leaves.add(new LeafRows(schema, below.get(0)));
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
  private List<ColumnDescriptor> below(
      MessageType schema, String field, BiPredicate<String, String> same) {
    List<ColumnDescriptor> below = new ArrayList<>();
    for (ColumnDescriptor leaf : schema.getColumns()) {
      String[] path = leaf.getPath();
      if (same.test(path[0], form.column())
          && (form.layout() == VectorForm.Layout.LIST
              || (path.length > 1 && path[1].equalsIgnoreCase(field)))) {
        below.add(leaf);
      }
    }
    return below;
  }

  /** A number, or a list of numbers in either of the two ways that lists are written. */
  private void check(List<ColumnDescriptor> below, String field) {
    ColumnDescriptor leaf = below.get(0);
    int depth = form.layout() == VectorForm.Layout.LIST ? 1 : 2;
    int lists = VectorForm.isList(field) ? 1 : 0;
    if (below.size() > 1
        || leaf.getMaxRepetitionLevel() != lists
        || leaf.getPath().length > depth + 2 * lists
        || !reads(leaf.getPrimitiveType(), field)) {
      throw unlike("has " + field + " as " + leaf.getPrimitiveType());
    }
  }

  /** Whether numbers of a file are those of the table's type, or floats among doubles. */
  private boolean reads(PrimitiveType type, String field) {
    return switch (type.getPrimitiveTypeName()) {
      case INT32 ->
          !field.equals("values")
              && !(type.getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation);
      case FLOAT -> field.equals("values");
      case DOUBLE -> field.equals("values") && !form.floats();
      default -> false;
    };
  }

  private IllegalArgumentException unlike(String how) {
    return new IllegalArgumentException(
        String.format(
            Locale.ROOT,
            "%s: column %s %s, which is no vector of the type that the table has; write the file"
                + " again, or leave it out",
            file.getFile(),
            form.column(),
            how));
  }

  /**
   * Goes on to the next rows.
   *
   * @throws ParquetDecodingException where there are not so many, or they cannot be decoded
   */
  public void next(int wanted) {
    try {
      append(wanted);
    } catch (RuntimeException e) {
      throw new ParquetDecodingException(
          String.format(
              Locale.ROOT,
              "%s: column %s cannot be decoded, %s; the file may be damaged: write it again",
              file.getFile(),
              form.column(),
              e.getMessage()),
          e);
    }
  }

  private void append(int wanted) {
    leaves.forEach(LeafRows::clear);
    if (wanted > left) {
      throw new ParquetDecodingException("it has fewer rows than the others");
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
        throw new ParquetDecodingException("there are fewer rows than the footer says");
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
    // a vector of spark.ml has a type if there is one; others have numbers
    return leaves.isEmpty()
        || leaves.get(form.layout() == VectorForm.Layout.SPARK ? 2 : 0).absent(row);
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
    return leaves.isEmpty() ? 0 : leaves.get(0).count(row);
  }

  /** Where the numbers of a row begin; of the row behind the last one, where they end. */
  public int start(int row) {
    return leaves.isEmpty() ? 0 : leaves.get(0).start(row);
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
