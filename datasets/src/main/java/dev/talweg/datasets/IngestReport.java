package dev.talweg.datasets;

import java.util.List;

/**
 * What reading the data found.
 *
 * @param fingerprint 32 hexadecimal digits: a hash of the rows that were used, whatever their order
 *     and partitioning
 * @param warnings what a user should look at
 * @param notes what was decided on the way
 * @param columns in the order of their features; columns that were dropped have no features
 * @param seconds wall time
 */
public record IngestReport(
    long trainRows,
    long validationRows,
    long testRows,
    long quarantinedRows,
    String fingerprint,
    List<String> warnings,
    List<String> notes,
    List<ColumnSummary> columns,
    LabelSummary label,
    double seconds) {}
