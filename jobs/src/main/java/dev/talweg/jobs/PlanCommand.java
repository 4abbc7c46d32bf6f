package dev.talweg.jobs;

import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.run.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "plan",
    mixinStandardHelpOptions = true,
    description =
        "Says what a run will need, from footers and a sample of the data: rows, features, memory of"
            + " driver and executors, seconds a pass; and whether it fits. Trains nothing.",
    footer = {
      "",
      "Exits with 1 where it does not fit. scripts/submit submits with these settings.",
      "Example: talweg plan credit.yaml --executors 4 --cores 2"
    })
final class PlanCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "CONFIG", description = "a YAML file")
  private String file = "";

  @Option(names = "--set", paramLabel = "KEY=VALUE", description = "replaces a key, e.g. seed=7")
  private List<String> sets = new ArrayList<>();

  @Option(names = "--executors", paramLabel = "N", description = "else as the data asks for")
  private int executors;

  @Option(
      names = "--cores",
      paramLabel = "N",
      defaultValue = "2",
      description = "of an executor; default: ${DEFAULT-VALUE}")
  private int cores;

  @Option(
      names = "--container",
      paramLabel = "MB",
      description = "the largest to be had; else yarn.scheduler.maximum-allocation-mb")
  private @Nullable Long container;

  @Option(names = "--json", description = "the same as JSON")
  private boolean json;

  @Option(names = "--settings", description = "only what spark-submit is to be told, KEY=VALUE")
  private boolean settings;

  PlanCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    RunConfig config = session.config(file, sets, null);
    Plan plan =
        Plan.of(session.spark(), config, new Plan.Room(executors, Math.max(1, cores), megabytes()));
    if (settings) {
      plan.settings().forEach((key, value) -> session.console().print(key + "=" + value));
      plan.advice().forEach(session.console()::say);
    } else {
      session.console().print(json ? plan.toJson().stripTrailing() : text(plan));
    }
    return plan.fits() ? Main.DONE : Main.FAILED;
  }

  private long megabytes() {
    return container != null
        ? container
        : new YarnConfiguration()
            .getInt(
                YarnConfiguration.RM_SCHEDULER_MAXIMUM_ALLOCATION_MB,
                YarnConfiguration.DEFAULT_RM_SCHEDULER_MAXIMUM_ALLOCATION_MB);
  }

  private String text(Plan plan) {
    String told =
        String.format(
            Locale.ROOT,
            """
            rows        %,d, %,d of them for training
            features    %,d of %,d columns
            sample      %.3g %% of the data
            partitions  %,d
            blocks      %,.1f MB with margins, over all executors
            driver      spark.driver.memory %,d MB, a container of %,d MB
            executors   %d of %d cores, spark.executor.memory %,d MB, containers of %,d MB
            a pass      %.2g s, by the model of docs/scale.md
            %-11s the largest container has %,d MB
            """,
            plan.rows(),
            plan.trainRows(),
            plan.features(),
            plan.columns(),
            100 * plan.sampled(),
            plan.partitions(),
            plan.blockBytes() / (1 << 20),
            plan.driver().heapMegabytes(),
            plan.driver().containerMegabytes(),
            plan.executors(),
            plan.cores(),
            plan.executor().heapMegabytes(),
            plan.executor().containerMegabytes(),
            plan.secondsPerPass(),
            plan.fits() ? "fits" : "too large",
            megabytes());
    StringBuilder text = new StringBuilder(told);
    plan.advice().forEach(each -> text.append("  ").append(each).append('\n'));
    return text.toString().stripTrailing();
  }
}
