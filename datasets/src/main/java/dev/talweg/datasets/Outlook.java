package dev.talweg.datasets;

/**
 * What is known of training data before it is read, and a part of it that can stand for the rest.
 *
 * @param bytes of the files, 0 for a table
 * @param rows from the footers of Parquet and ORC files or of a table, −1 where nothing counts them
 * @param partitions that reading it would make
 * @param scale how many times the bytes of the sample the data has
 * @param sample whole files spread over all of them, or random rows of these
 * @param half random rows of the sample, as many as half of it
 */
public record Outlook(
    String format,
    int files,
    long bytes,
    long rows,
    int partitions,
    double scale,
    DataSpec sample,
    DataSpec half) {}
