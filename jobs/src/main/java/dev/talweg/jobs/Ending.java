package dev.talweg.jobs;

import java.util.List;

/**
 * How a command ended.
 *
 * @param code the exit code
 * @param says what was wrong, empty where nothing was
 * @param isFinal whether another attempt would only come to the same end
 */
record Ending(int code, List<String> says, boolean isFinal) {
  private static final int DIAGNOSTICS = 20;

  Ending {
    says = List.copyOf(says);
  }

  /** Of a command that said what was wrong itself. */
  static Ending of(int code) {
    return new Ending(code, List.of(), true);
  }

  /** What YARN keeps of it; scripts/submit reads the code from it. */
  String diagnostics() {
    String kind = code == Main.WRONG_INPUT ? "the input is wrong" : "the run failed";
    StringBuilder text = new StringBuilder("talweg exit code " + code + ": " + kind);
    says.stream().limit(DIAGNOSTICS).forEach(line -> text.append("; ").append(line));
    return text.toString();
  }
}
