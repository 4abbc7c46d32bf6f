package dev.talweg.jobs.run;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/**
 * A table whose rows the driver has, written by the driver: a directory of Parquet files, as Spark
 * would write it, with Spark's own types and schema inside.
 *
 * <p>Spark makes a query, generated code and a job of each table; a run writes half a dozen of some
 * rows each and a checkpoint every few steps. docs/decisions/0024 has the figures.
 */
final class ParquetTable {
  /** How the bytes are kept. */
  enum Packing {
    /** Snappy and dictionaries: a third of the bytes of a table of names and numbers. */
    PACKED,
    /** As they are: bits of floating-point numbers do not get smaller. */
    PLAIN
  }

  /** What Spark's writer wants to be told. */
  private static final List<String> SETTINGS =
      List.of(
          SQLConf.PARQUET_WRITE_LEGACY_FORMAT().key(),
          SQLConf.PARQUET_OUTPUT_TIMESTAMP_TYPE().key(),
          SQLConf.PARQUET_FIELD_ID_WRITE_ENABLED().key(),
          SQLConf.PARQUET_ANNOTATE_VARIANT_LOGICAL_TYPE().key());

  private final FileSystem files;
  private final Path directory;
  private final StructType schema;
  private final Packing packing;

  ParquetTable(FileSystem files, Path directory, StructType schema, Packing packing) {
    this.files = files;
    this.directory = directory;
    this.schema = schema;
    this.packing = packing;
  }

  /** The whole table: one file, and the empty one that says that no more will come. */
  void write(List<Row> rows) {
    write(0, rows.iterator());
    finish();
  }

  /** One file of it, whose name has this number; several may be written at once. */
  void write(int part, Iterator<Row> rows) {
    Path file = new Path(directory, String.format(Locale.ROOT, "part-%05d.parquet", part));
    Function1<Object, Object> internal = CatalystTypeConverters.createToCatalystConverter(schema);
    try (ParquetWriter<InternalRow> writer = writer(file)) {
      while (rows.hasNext()) {
        writer.write((InternalRow) internal.apply(rows.next()));
      }
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write", file, e);
    }
  }

  /** Marks the table as whole, as Spark does. */
  void finish() {
    Path mark = new Path(directory, "_SUCCESS");
    try {
      files.create(mark, true).close();
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write", mark, e);
    }
  }

  private ParquetWriter<InternalRow> writer(Path file) throws IOException {
    Configuration settings = new Configuration(files.getConf());
    ParquetWriteSupport.setSchema(schema, settings);
    for (String key : SETTINGS) {
      settings.set(key, SQLConf.get().getConfString(key));
    }
    return new Builder(HadoopOutputFile.fromPath(file, settings))
        .withConf(settings)
        .withCompressionCodec(
            packing == Packing.PACKED
                ? CompressionCodecName.SNAPPY
                : CompressionCodecName.UNCOMPRESSED)
        .withDictionaryEncoding(packing == Packing.PACKED)
        .build();
  }

  private static final class Builder extends ParquetWriter.Builder<InternalRow, Builder> {
    Builder(HadoopOutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // the abstract one is, and so must be here
    protected WriteSupport<InternalRow> getWriteSupport(Configuration settings) {
      return new ParquetWriteSupport();
    }
  }
}
