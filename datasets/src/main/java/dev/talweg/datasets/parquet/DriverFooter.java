package dev.talweg.datasets.parquet;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.collection.immutable.Map;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Parquet as Spark reads it, but for the footer that says which columns there are: the driver reads
 * it, where Spark starts a job. Which file's that is, is Spark's choice: the first by path. Where
 * schemas are merged, files have summaries, or one cannot be read, Spark does as ever.
 *
 * <p>A job for a footer is 20 ms, and half a second where it is the first one of a JVM.
 */
public final class DriverFooter extends ParquetFileFormat {
  private static final long serialVersionUID = 1L;

  /** For {@code DataFrameReader.format}. */
  public static final String NAME = DriverFooter.class.getName();

  /** Whether a format reads files as Spark's own Parquet does: no other one that builds on it. */
  public static boolean readsAsSpark(Object format) {
    return format.getClass() == ParquetFileFormat.class || format instanceof DriverFooter;
  }

  @Override
  public Option<StructType> inferSchema(
      SparkSession spark, Map<String, String> options, Seq<FileStatus> files) {
    List<FileStatus> all = CollectionConverters.asJava(files);
    SQLConf settings = getSqlConf(spark);
    ParquetOptions parquet = new ParquetOptions(options, settings);
    if (parquet.mergeSchema()
        || parquet.ignoreCorruptFiles()
        || all.isEmpty()
        || all.stream().anyMatch(DriverFooter::isSummary)) {
      return super.inferSchema(spark, options, files);
    }
    FileStatus first =
        all.stream().min(Comparator.comparing(file -> file.getPath().toString())).orElseThrow();
    try {
      Footer footer = new Footer(first.getPath(), footer(first, getHadoopConf(spark, options)));
      return Option.apply(
          ParquetFileFormat.readSchemaFromFooter(
              footer, new ParquetToSparkSchemaConverter(settings)));
    } catch (IOException | RuntimeException e) {
      return super.inferSchema(spark, options, files); // and says what is wrong with it
    }
  }

  private static boolean isSummary(FileStatus file) {
    return file.getPath().getName().equals("_metadata")
        || file.getPath().getName().equals("_common_metadata");
  }

  private static ParquetMetadata footer(FileStatus file, Configuration hadoop) throws IOException {
    ParquetReadOptions columns =
        HadoopReadOptions.builder(hadoop, file.getPath())
            .withMetadataFilter(ParquetMetadataConverter.SKIP_ROW_GROUPS)
            .build();
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromStatus(file, hadoop), columns)) {
      return reader.getFooter();
    }
  }
}
