package dev.talweg.jobs.config;

/** Where a value was written; line and column count from 1, 0 where there is none. */
record Origin(String source, int line, int column) {
  static Origin whole(String source) {
    return new Origin(source, 0, 0);
  }
}
