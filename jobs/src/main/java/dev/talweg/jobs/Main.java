package dev.talweg.jobs;

import dev.talweg.jobs.config.Secrets;
import dev.talweg.jobs.console.Console;
import dev.talweg.jobs.run.Failure;
import dev.talweg.jobs.run.Version;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkUserAppException;
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
  private Ending ending = Ending.of(FAILED);

  private Main(Console console) {
    this.console = console;
  }

  @SuppressForbidden // the one place that ends the process
  public static void main(String[] arguments) throws SparkUserAppException {
    Console console = Console.system();
    Deployment deployment = Deployment.current();
    Ending ending = ended(console, arguments);
    deployment.end(ending, console::say);
    if (deployment.endsProcess()) {
      System.exit(ending.code());
    }
  }

  /** Runs one command and returns its exit code. */
  public static int run(Console console, String... arguments) {
    return ended(console, arguments).code();
  }

  private static Ending ended(Console console, String... arguments) {
    Main main = new Main(console);
    Session session = new Session(console);
    CommandLine line = new CommandLine(main);
    line.addSubcommand("train", new TrainCommand(session));
    line.addSubcommand("check", new CheckCommand(session));
    line.addSubcommand("plan", new PlanCommand(session));
    line.addSubcommand("find-rate", new FindRateCommand(session));
    line.addSubcommand("predict", new PredictCommand(session));
    line.addSubcommand("evaluate", new EvaluateCommand(session));
    line.addSubcommand("describe", new DescribeCommand(session));
    line.addSubcommand("report", new ReportCommand(session));
    line.addSubcommand("list", new ListCommand(session));
    line.setOut(console.outWriter());
    StringWriter errors = new StringWriter(); // of picocli, said by the console, which masks
    line.setErr(new PrintWriter(errors, true));
    Arrays.asList(arguments).forEach(argument -> conceal(console, argument));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler((thrown, command, parsed) -> main.failed(thrown));
    try {
      int code = line.execute(arguments);
      if (!errors.toString().isBlank()) {
        console.say(errors.toString().stripTrailing());
      }
      return main.ending.says().isEmpty() ? Ending.of(code) : main.ending;
    } catch (OutOfMemoryError e) {
      String says = "out of memory; give more with --memory (or --driver-memory)";
      console.say("talweg failed: " + says);
      return new Ending(FAILED, List.of(says), true);
    }
  }

  /** What follows the name of a secret, as in {@code --set data.options.password=…}. */
  private static void conceal(Console console, String argument) {
    for (int at = argument.indexOf('='); at >= 0; at = argument.indexOf('=', at + 1)) {
      if (Secrets.isSecret(argument.substring(0, at))) {
        String value = argument.substring(at + 1).strip();
        console.concealed().add(value);
        console.concealed().add(value.replaceAll("^([\"'])(.*)\\1$", "$2"));
        return;
      }
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
    Failure failure = Failure.of(thrown);
    List<String> problems = failure.problems();
    if (console.isVerbose()) {
      console.trace(thrown);
    }
    if (problems.isEmpty()) {
      boolean interrupted = failure.kind() == Failure.Kind.INTERRUPTED;
      boolean elsewhere = failure.kind() == Failure.Kind.OTHER;
      String says = failure.says() + (elsewhere ? " (--verbose shows where)" : "");
      console.say(interrupted ? says : "talweg failed: " + says);
      ending = new Ending(FAILED, List.of(console.masked(says)), !interrupted);
      return FAILED;
    }
    ending = new Ending(WRONG_INPUT, problems.stream().map(console::masked).toList(), true);
    console.say(problems.size() == 1 ? "1 problem:" : problems.size() + " problems:");
    problems.forEach(problem -> console.say("  " + problem));
    return WRONG_INPUT;
  }

  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"talweg " + Version.current()};
    }
  }
}
