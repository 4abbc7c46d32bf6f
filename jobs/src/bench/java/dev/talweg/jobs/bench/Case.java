package dev.talweg.jobs.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A row, or a few rows, of the table of record. */
interface Case {

  /** As {@code scripts/bench NAME} and the table name it. */
  String name();

  /** What is compared, in one sentence. */
  String what();

  void run(Workspace workspace, Turns turns) throws IOException;

  /** Of Spark, for this case alone; the directory is there to be written to. */
  default Map<String, String> settings(Path data) {
    return Map.of();
  }

  /** Rounds unless the command line says otherwise: fewer where a round takes minutes. */
  default int rounds() {
    return 5;
  }

  /** A case of sides that train to targets. */
  interface Training extends Case {
    ToTargets comparison(Workspace workspace);

    @Override
    default void run(Workspace workspace, Turns turns) throws IOException {
      comparison(workspace).only(workspace.targets()).run(turns);
    }
  }
}
