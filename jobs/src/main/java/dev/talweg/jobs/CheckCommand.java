package dev.talweg.jobs;

import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.run.TrainingRun;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Checks a configuration against the data's schema, and prints it as resolved: every key"
            + " with its value. Trains nothing.",
    footer = {"", "Example: talweg check credit.yaml"})
final class CheckCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "CONFIG", description = "a YAML file")
  private String file = "";

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "replaces a key, e.g. seed=7, or fills ${NAME}")
  private List<String> sets = new ArrayList<>();

  CheckCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RunConfig config = session.config(file, sets, null);
    TrainingRun.check(session.spark(), config).forEach(session.console()::say);
    session.console().print(config.toYaml().stripTrailing());
    return Main.DONE;
  }
}
