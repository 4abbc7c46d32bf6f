package dev.talweg.jobs;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.config.ConfigException;
import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.InterruptedRun;
import dev.talweg.jobs.run.Version;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Exit codes: 0 done, 1 the run failed, 2 the user's input is wrong (every
 * problem is printed, none with a stack trace).
 */
@Command(
    name = "talweg",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "A batch optimizer for Apache Spark.",
    synopsisSubcommandLabel = "VERB",
    footer = {
      "",
      "Exit codes: 0 done, 1 the run failed, 2 the input is wrong.",
      "Example: talweg describe --data credit.csv, then edit, check and train what it suggests."
    })
public final class Main {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG_INPUT = 2;

  private final Console console;

  private Main(Console console) {
    this.console = console;
  }

  @SuppressForbidden // the one place that ends the process
  public static void main(String[] arguments) {
    System.exit(run(Console.system(), arguments));
  }

  /** Runs one command and returns its exit code. */
  public static int run(Console console, String... arguments) {
    Main main = new Main(console);
    Session session = new Session(console);
    CommandLine line = new CommandLine(main);
    line.addSubcommand("train", new TrainCommand(session));
    line.addSubcommand("check", new CheckCommand(session));
    line.addSubcommand("find-rate", new FindRateCommand(session));
    line.addSubcommand("predict", new PredictCommand(session));
    line.addSubcommand("evaluate", new EvaluateCommand(session));
    line.addSubcommand("describe", new DescribeCommand(session));
    line.addSubcommand("report", new ReportCommand(session));
    line.addSubcommand("list", new ListCommand(session));
    line.setOut(console.outWriter());
    line.setErr(console.errWriter());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((thrown, command, parsed) -> main.failed(thrown));
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError e) {
      console.say("talweg failed: out of memory; give more with --memory (or --driver-memory)");
      return FAILED;
    }
  }

  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "show Spark's warnings, and the stack trace of a failure")
  void verbose(boolean asked) {
    console.setVerbose(asked);
  }

  private int failed(Exception thrown) {
    List<String> problems = problems(thrown);
    if (console.isVerbose()) {
      console.trace(thrown);
    }
    if (problems.isEmpty()) {
      console.say(
          thrown instanceof InterruptedRun
              ? String.valueOf(thrown.getMessage())
              : "talweg failed: " + reason(thrown));
      return FAILED;
    }
    console.say(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:");
    problems.forEach(problem -> console.say("  " + problem));
    return WRONG_INPUT;
  }

  private static List<String> problems(Exception thrown) {
    if (thrown instanceof ConfigException config) {
      return config.problems().stream().map(ConfigException.Problem::toString).toList();
    }
    return thrown instanceof DataException data ? data.problems() : List.of();
  }

  /** One line: the innermost cause says what happened, Spark's wrappers say where. */
  private static String reason(Throwable thrown) {
    Throwable cause = thrown;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (message.matches("(?is).*(no space left|file too large|disk quota).*")) {
      return message.strip() + ": make room, then run the same command with --resume";
    }
    boolean named = cause instanceof java.io.IOException || cause instanceof RuntimeException;
    return (named ? "" : cause.getClass().getSimpleName() + ": ")
        + message.lines().findFirst().orElse(message).strip()
        + " (--verbose shows where)";
  }

  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"talweg " + Version.current()};
    }
  }
}
