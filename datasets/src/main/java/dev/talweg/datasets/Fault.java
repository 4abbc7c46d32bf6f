package dev.talweg.datasets;

/** What is wrong with the row that is being read: the first thing that was found. */
final class Fault {
  private String column = "";
  private String value = "";
  private String reason = "";

  void clear() {
    reason = "";
  }

  void note(String inColumn, String ofValue, String why) {
    if (!found()) {
      column = inColumn;
      value = ofValue;
      reason = why;
    }
  }

  boolean found() {
    return !reason.isEmpty();
  }

  String describe() {
    return column + ": " + value + " " + reason;
  }

  BadRow row(String file, long rowInFile, String raw) {
    return new BadRow(file, rowInFile, column, value, reason, raw);
  }
}
