package dev.talweg.optimizer.goldens;

import dev.talweg.optimizer.goldens.Configuration.Run;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Trajectories of update rules: {@code updates_*.json}, {@code like_matlab.json}. */
final class UpdateRuns {
  private UpdateRuns() {}

  static void compare(Map<String, @Nullable Object> file, Path directory, Tally tally)
      throws IOException {
    Problems problems = Problems.of(file, directory);
    for (Configuration configuration : Configuration.read(file)) {
      String rule = configuration.library() + "/" + configuration.kind();
      for (Run run : configuration.runs()) {
        tally.run(
            rule,
            configuration.id(),
            run.problem(),
            () ->
                Dialects.of(configuration, run)
                    .compare(run, configuration.precision(), problems.named(run.problem())));
      }
    }
  }
}
