package dev.talweg.jobs;

import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.run.RateSearch;
import dev.talweg.optimizer.minimizer.RateRange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "find-rate",
    mixinStandardHelpOptions = true,
    description =
        "Takes mini-batch steps with a learning rate that grows from step to step, and suggests one"
            + " (Smith 2017). Writes find-rate.html, with the picture, and find-rate.json.",
    footer = {
      "",
      "The configuration's own learning rate is not used; its optimizer, batch and model are.",
      "Example: talweg find-rate credit.yaml --set optimizer=adam --set batch=256"
    })
final class FindRateCommand implements Callable<Integer> {
  private final Session session;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "CONFIG", description = "a YAML file")
  private String file = "";

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a key, e.g. batch=256")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--from", paramLabel = "RATE", description = "first rate (${DEFAULT-VALUE})")
  private double from = 1e-7;

  @Option(names = "--to", paramLabel = "RATE", description = "last rate (${DEFAULT-VALUE})")
  private double to = 10;

  @Option(names = "--steps", paramLabel = "N", description = "mini-batches (${DEFAULT-VALUE})")
  private int steps = 200;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "where both files go; by default the key output with .find-rate added")
  private @Nullable String output;

  FindRateCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RateRange range;
    try {
      range = new RateRange(from, to, steps);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    RunConfig config = session.config(file, sets, null);
    String directory = output == null ? config.output() + ".find-rate" : output;
    RateSearch.Found found =
        RateSearch.of(session.spark(), config, range, directory, session.console());
    session.console().print(RateSearch.describe(config, found));
    return Main.DONE;
  }
}
