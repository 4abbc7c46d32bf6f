package dev.talweg.jobs.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The interpreter that {@code scripts/bench} made for a case, with the case's other side in it. */
record Python(String interpreter) {
  private static final String SCRIPTS = "jobs/src/bench/python/";

  /** Nothing where the case was not asked for by its name. */
  static Optional<Python> of(String name) {
    return Optional.ofNullable(System.getProperty("talweg." + name + ".python")).map(Python::new);
  }

  /**
   * @throws Workspace.NotHere where the case was not asked for by its name
   */
  static Python needed(String name) {
    return of(name)
        .orElseThrow(() -> new Workspace.NotHere("it needs its Python: run scripts/bench " + name));
  }

  /** A process whose complaints are those of this one. */
  Process start(String script, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(interpreter, SCRIPTS + script));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  /** What a script says: one value of JSON. */
  JsonNode answer(String script, String... arguments) throws IOException {
    Process process = start(script, arguments);
    String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new ObjectMapper().readTree(answer);
  }
}
