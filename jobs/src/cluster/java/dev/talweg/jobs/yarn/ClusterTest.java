package dev.talweg.jobs.yarn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.jobs.CommandLineRun;
import dev.talweg.jobs.run.RunSummary;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Talweg on HDFS and YARN by the real spark-submit: how each kind of end is told, and that what is
 * taken away from a run changes neither its bits nor its rows.
 */
@Tag("cluster")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterTest {
  private static final int COPIES = 2;
  private static final long ROWS = 30_000L * COPIES;
  private static final String ONE_ATTEMPT = "spark.yarn.maxAppAttempts=1";
  private static final String TWO_ATTEMPTS = "spark.yarn.maxAppAttempts=2";

  private static MiniCluster cluster;
  private static RunSummary undisturbed;
  private static Submission first;
  private static FaultLog faults;

  @BeforeAll
  static void anUndisturbedRun() throws IOException {
    java.nio.file.Path target = CommandLineRun.root().resolve("jobs/target");
    String home = Objects.requireNonNullElse(System.getenv("TALWEG_SPARK_HOME"), "");
    assertFalse(home.isEmpty(), "TALWEG_SPARK_HOME names no Spark distribution");
    faults = new FaultLog(target.resolve("faults.jsonl"));
    java.nio.file.Path work = Files.createTempDirectory(target, "cluster-");
    cluster = new MiniCluster(work, java.nio.file.Path.of(home));
    Path csv = new Path(CommandLineRun.sample("uci-default/UCI_Credit_Card.csv"));
    for (int copy = 0; copy < COPIES; copy++) {
      cluster.files().copyFromLocalFile(csv, new Path("/data/credit/part-" + copy + ".csv"));
    }
    first = train("undisturbed").done();
    undisturbed = summary("undisturbed");
  }

  @AfterAll
  static void stop() {
    faults.publish();
    cluster.close();
  }

  // --- submissions ----------------------------------------------------------------------------

  private static java.nio.file.Path config(String name) {
    try {
      java.nio.file.Path file = Files.createTempDirectory("talweg-cluster").resolve(name + ".yaml");
      Files.writeString(
          file,
          """
          seed: 7
          data:
            train: hdfs:///data/credit/*.csv
            label: default.payment.next.month
            keys: [ID]
            validation: {fraction: 0.2}
          features: {categorical: [SEX, EDUCATION, MARRIAGE, PAY_0, PAY_2, PAY_3]}
          model: logistic
          penalty: {l2: 1e-7}
          optimizer: {kind: lbfgs, block: 0}
          stopping: {gap: 1e-14, max-iterations: 25}
          partitions: 6
          output: hdfs:///runs/%s
          """
              .formatted(name));
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Submission submit(
      String mode, List<String> settings, List<String> options, String... arguments) {
    return submitTo("yarn", mode, settings, options, arguments);
  }

  private static Submission submitTo(
      String master,
      String mode,
      List<String> settings,
      List<String> options,
      String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(cluster.sparkSubmit().toString(), "--master", master, "--deploy-mode", mode));
    List<String> all = new ArrayList<>();
    cluster.settings().forEach((key, value) -> all.add(key + "=" + value));
    all.add("spark.executor.instances=2");
    all.addAll(settings);
    all.forEach(setting -> command.addAll(List.of("--conf", setting)));
    command.addAll(options);
    command.addAll(List.of("--class", "dev.talweg.jobs.Main"));
    command.add(CommandLineRun.root().resolve("jobs/target/talweg.jar").toString());
    command.addAll(Arrays.asList(arguments));
    return cluster.start(command);
  }

  /** In cluster mode the configuration travels beside the jar. */
  private static Submission train(String name, List<String> settings, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", name + ".yaml"));
    arguments.addAll(Arrays.asList(more));
    return submit(
        "cluster",
        settings,
        List.of("--files", config(name).toString()),
        arguments.toArray(String[]::new));
  }

  private static Submission train(String name, String... settings) {
    return train(name, List.of(settings));
  }

  private static Submission trainByClient(String name, String... more) {
    List<String> arguments = new ArrayList<>(List.of("train", config(name).toString()));
    arguments.addAll(Arrays.asList(more));
    return submit("client", List.of(), List.of(), arguments.toArray(String[]::new));
  }

  // --- outputs --------------------------------------------------------------------------------

  private static RunSummary summary(String name) {
    Path file = new Path("/runs/" + name + "/run.json");
    try (InputStream in = cluster.files().open(file)) {
      return RunSummary.fromJson(
          file.toString(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean exists(String path) {
    try {
      return cluster.files().exists(new Path(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> names(String directory) {
    try {
      return Arrays.stream(cluster.files().listStatus(new Path(directory)))
          .map(FileStatus::getPath)
          .map(Path::getName)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Without the mark that a master of YARN leaves in cluster mode. */
  private static List<String> published(String name) {
    return names("/runs/" + name).stream().filter(file -> !file.equals("_APPLICATION")).toList();
  }

  private static long rows(RunSummary run) {
    return run.rows().train() + run.rows().validation() + run.rows().quarantined();
  }

  /** What an undisturbed run published, to the bit, and nothing beside it. */
  private static void assertUndisturbed(String name) {
    RunSummary run = summary(name);
    assertEquals(undisturbed.fingerprint().model(), run.fingerprint().model());
    assertEquals(undisturbed.objective(), run.objective());
    assertEquals(undisturbed.iterations(), run.iterations());
    assertEquals(undisturbed.metrics(), run.metrics());
    assertEquals(undisturbed.rows(), run.rows());
    assertEquals(published("undisturbed"), published(name));
    assertFalse(exists("/runs/." + name + ".talweg"), "the work directory stayed");
  }

  // --- faults ---------------------------------------------------------------------------------

  /**
   * Waits for a line, does harm, and waits for the run to recover and to end; the run must be what
   * it would have been.
   */
  private static void disturbed(
      String fault,
      String phase,
      Submission run,
      String name,
      String line,
      Consumer<Submission> harm) {
    run.until(line);
    int seen = run.step();
    assertFalse(exists("/runs/" + name), "published before the fault");
    long begun = System.nanoTime();
    harm.accept(run);
    Patience.of(200, "recovery of " + name)
        .until(
            () -> {
              boolean published = exists("/runs/" + name);
              if (published) {
                assertTrue(exists("/runs/" + name + "/run.json"), "half an output is visible");
              }
              return published || run.step() > seen || !run.isRunning();
            });
    double seconds = (System.nanoTime() - begun) * 1e-9;
    run.done();
    recovered(fault, phase, run, name, seconds);
  }

  private static void recovered(
      String fault, String phase, Submission run, String name, double seconds) {
    assertEquals(FinalApplicationStatus.SUCCEEDED, run.finalStatus());
    assertUndisturbed(name);
    faults.add(
        fault, phase, "equal", rows(undisturbed) - rows(summary(name)), run.attempts(), seconds);
  }

  // --- how ends are told ----------------------------------------------------------------------

  @Test
  @Order(1)
  void aDoneRunSucceededOnce() {
    assertEquals(FinalApplicationStatus.SUCCEEDED, first.finalStatus());
    assertEquals(1, first.attempts());
    assertEquals(ROWS, rows(undisturbed));
    assertTrue(undisturbed.iterations() >= 20, "too short to be disturbed: " + undisturbed);
    assertEquals(List.of(), names("/runs").stream().filter(n -> n.startsWith(".")).toList());
  }

  @Test
  @Order(2)
  void clientModeTrainsTheSameBits() {
    Submission run = trainByClient("client").done();
    assertEquals(FinalApplicationStatus.SUCCEEDED, run.finalStatus());
    RunSummary summary = summary("client");
    assertEquals(undisturbed.fingerprint(), summary.fingerprint());
    assertEquals(undisturbed.metrics(), summary.metrics());
  }

  @Test
  @Order(3)
  void aWrongConfigurationFailsOnceAndSaysWhy() {
    Submission run = train("wrong", List.of(TWO_ATTEMPTS), "--set", "data.label=defualt");
    assertEquals(1, run.exitCode(), run.output());
    assertEquals(FinalApplicationStatus.FAILED, run.finalStatus());
    assertEquals(1, run.attempts());
    assertTrue(run.diagnostics().startsWith("talweg exit code 2: "), run.diagnostics());
    assertTrue(run.diagnostics().contains("no column defualt"), run.diagnostics());
    assertNothingStaged(run);
  }

  /** Before Spark has begun the application master is not registered yet. */
  @Test
  @Order(4)
  void aWrongKeyFailsOnceAndSaysWhy() {
    Submission run = train("wrongkey", List.of(TWO_ATTEMPTS), "--set", "penalty.l2=much");
    assertEquals(1, run.exitCode(), run.output());
    assertEquals(FinalApplicationStatus.FAILED, run.finalStatus());
    assertEquals(1, run.attempts());
    assertTrue(run.diagnostics().startsWith("talweg exit code 2: "), run.diagnostics());
    assertNothingStaged(run);
  }

  @Test
  @Order(5)
  void aFailedRunFailsOnceAndIsNoWrongInput() {
    Submission run =
        train(
            "failed",
            List.of(TWO_ATTEMPTS),
            "--require-convergence",
            "--set",
            "stopping.max-iterations=1");
    assertEquals(1, run.exitCode(), run.output());
    assertEquals(FinalApplicationStatus.FAILED, run.finalStatus());
    assertEquals(1, run.attempts());
    assertTrue(run.diagnostics().startsWith("talweg exit code 1: "), run.diagnostics());
    assertNothingStaged(run);
  }

  private static void assertNothingStaged(Submission run) {
    String user = System.getProperty("user.name", "");
    assertFalse(
        exists("/user/" + user + "/.sparkStaging/" + run.application()), "the upload stayed");
  }

  @Test
  @Order(6)
  void wrongInputInClientModeIsNoSuccess() {
    Submission run = trainByClient("wrongclient", "--set", "data.label=defualt");
    assertEquals(2, run.exitCode(), run.output());
    assertEquals(FinalApplicationStatus.FAILED, run.finalStatus());
    assertEquals(1, run.attempts());
  }

  @Test
  @Order(7)
  void aFailedRunInClientModeIsNoSuccess() {
    Submission run =
        trainByClient(
            "failedclient", "--require-convergence", "--set", "stopping.max-iterations=1");
    assertEquals(1, run.exitCode(), run.output());
    assertEquals(FinalApplicationStatus.FAILED, run.finalStatus());
    assertEquals(1, run.attempts());
  }

  @Test
  @Order(8)
  void aWrongKeyInClientModeAsksNothingOfYarn() {
    Submission run = trainByClient("wrongkeyclient", "--set", "penalty.l2=much");
    assertEquals(2, run.exitCode(), run.output());
    assertFalse(run.hasApplication(), run.output());
  }

  @ParameterizedTest
  @ValueSource(strings = {"cluster", "client"})
  @Order(9)
  void predictionsOfAllRowsAreOnHdfs(String mode) {
    Submission run =
        submit(
                mode,
                List.of(),
                List.of(),
                "predict",
                "--model",
                "hdfs:///runs/undisturbed",
                "--data",
                "hdfs:///data/credit/part-0.csv",
                "--output",
                "hdfs:///scores/" + mode)
            .done();
    assertEquals(FinalApplicationStatus.SUCCEEDED, run.finalStatus());
    String says = String.format(Locale.ROOT, "%,d rows, 0 of them", ROWS / COPIES);
    assertTrue(run.lines().stream().anyMatch(line -> line.contains(says)), run.output());
    assertTrue(exists("/scores/" + mode + "/_SUCCESS"));
    assertFalse(exists("/scores/." + mode + ".talweg"), "the work directory stayed");
  }

  private static Submission script(String name, String... more) {
    List<String> command = new ArrayList<>();
    command.add(CommandLineRun.root().resolve("scripts/submit").toString());
    command.addAll(List.of(config(name).toString(), "--executors", "1"));
    cluster
        .settings()
        .forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(Arrays.asList(more));
    return cluster.start(command);
  }

  @Test
  @Order(10)
  void theScriptPlansAndSubmits() {
    Submission run = script("script", "--conf", "spark.talweg.token=abc").done();
    assertEquals(FinalApplicationStatus.SUCCEEDED, run.finalStatus());
    assertUndisturbed("script");
    assertTrue(run.output().contains("--conf spark.executor.instances=1 "), run.output());
    assertTrue(run.output().contains("--conf spark.talweg.token=*********"), run.output());
  }

  @Test
  @Order(11)
  void theScriptTellsWrongInputBeforeYarnIsAsked() {
    Submission run = script("wrongscript", "--set", "data.label=defualt");
    assertEquals(2, run.exitCode(), run.output());
    assertFalse(run.hasApplication(), run.output());
  }

  /** Options of train are not the plan's: only the driver in YARN meets this one. */
  @Test
  @Order(12)
  void theScriptTellsWrongInputThatOnlyTheDriverFinds() {
    Submission run = script("wrongdriver", "--", "--set", "data.label=defualt");
    assertEquals(2, run.exitCode(), run.output());
    assertEquals(FinalApplicationStatus.FAILED, run.finalStatus());
    assertTrue(run.diagnostics().contains("no column defualt"), run.diagnostics());
  }

  /** In client mode the driver is the process here. */
  @Test
  @Order(13)
  void theUserResumesADriverThatWasKilledHere() {
    Submission killed = trainByClient("resumedclient");
    killed.until("  checkpoint of step 10");
    killed.close();
    assertEquals(137, killed.exitCode(), killed.output());
    assertEquals(FinalApplicationStatus.FAILED, killed.finalStatus());
    assertFalse(exists("/runs/resumedclient"), "half an output is visible");
    trainByClient("resumedclient", "--resume").done();
    assertUndisturbed("resumedclient");
    assertEquals(1, summary("resumedclient").interruptedAndResumed());
  }

  // --- faults ---------------------------------------------------------------------------------

  @Test
  @Order(20)
  void anExecutorKilledWhileItReadsChangesNothing() {
    Submission run = train("readkilled");
    run.until("reading the data");
    Patience.of(60, "executors").until(() -> run.containers() > 1);
    disturbed(
        "executor killed",
        "reading",
        run,
        "readkilled",
        "reading the data",
        Submission::killExecutor);
  }

  @Test
  @Order(21)
  void anExecutorKilledInAPassChangesNothing() {
    disturbed(
        "executor killed",
        "passes",
        train("passkilled"),
        "passkilled",
        "  step    6",
        Submission::killExecutor);
  }

  @Test
  @Order(22)
  void aSecondAttemptGoesOnWhereTheMasterWasKilled() {
    Submission run = train("masterkilled", TWO_ATTEMPTS);
    disturbed(
        "application master killed",
        "passes",
        run,
        "masterkilled",
        "  checkpoint of step 10",
        Submission::killMaster);
    assertEquals(2, run.attempts());
    assertEquals(1, summary("masterkilled").interruptedAndResumed());
  }

  @Test
  @Order(23)
  void aSecondAttemptGoesOnWhereTheMasterWasToldToStop() {
    Submission run = train("masterstopped", TWO_ATTEMPTS);
    disturbed(
        "application master told to stop",
        "passes",
        run,
        "masterstopped",
        "  step    7",
        Submission::terminateMaster);
    assertEquals(2, run.attempts());
  }

  @Test
  @Order(24)
  void aMasterKilledWhileItWritesPublishesAllOrNothing() {
    Submission run = train("writekilled", TWO_ATTEMPTS);
    disturbed(
        "application master killed",
        "writing",
        run,
        "writekilled",
        "writing",
        Submission::killMaster);
    assertEquals(2, run.attempts());
  }

  @Test
  @Order(25)
  void theUserResumesWhatNobodyStartedAgain() {
    Submission killed = train("resumed", ONE_ATTEMPT);
    killed.until("  checkpoint of step 10");
    killed.killMaster();
    assertEquals(1, killed.exitCode(), killed.output());
    assertEquals(FinalApplicationStatus.FAILED, killed.finalStatus());
    assertFalse(exists("/runs/resumed"), "half an output is visible");
    long begun = System.nanoTime();
    Submission again = train("resumed", List.of(ONE_ATTEMPT), "--resume").done();
    recovered(
        "application master killed, then `--resume`",
        "passes",
        again,
        "resumed",
        (System.nanoTime() - begun) * 1e-9);
  }

  @Test
  @Order(26)
  void aDataNodeThatStopsChangesNothing() throws IOException {
    List<MiniCluster.Stopped> stopped = new ArrayList<>();
    disturbed(
        "data node stopped",
        "reading",
        train("nodestopped"),
        "nodestopped",
        "reading the data",
        run -> stopped.add(cluster.stopDataNodeOf(new Path("/data/credit/part-0.csv"))));
    for (MiniCluster.Stopped node : stopped) {
      node.close();
    }
  }

  private static final List<String> DYNAMIC =
      List.of(
          "spark.dynamicAllocation.enabled=true",
          "spark.dynamicAllocation.initialExecutors=2",
          "spark.dynamicAllocation.minExecutors=1",
          "spark.dynamicAllocation.maxExecutors=3",
          "spark.dynamicAllocation.schedulerBacklogTimeout=1s",
          "spark.dynamicAllocation.executorIdleTimeout=2s",
          "spark.dynamicAllocation.cachedExecutorIdleTimeout=2s");

  @Test
  @Order(27)
  void dynamicAllocationWithShuffleTrackingChangesNothing() {
    List<String> settings = new ArrayList<>(DYNAMIC);
    settings.add("spark.dynamicAllocation.shuffleTracking.enabled=true");
    disturbed(
        "executor killed, dynamic allocation, shuffle tracking on",
        "passes",
        train("tracking", settings),
        "tracking",
        "  step    6",
        Submission::killExecutor);
  }

  /** Without tracking Spark wants shuffles to be moved when an executor leaves. */
  @Test
  @Order(28)
  void dynamicAllocationWithoutShuffleTrackingChangesNothing() {
    List<String> settings = new ArrayList<>(DYNAMIC);
    settings.add("spark.dynamicAllocation.shuffleTracking.enabled=false");
    settings.add("spark.decommission.enabled=true");
    settings.add("spark.storage.decommission.enabled=true");
    settings.add("spark.storage.decommission.shuffleBlocks.enabled=true");
    disturbed(
        "executor killed, dynamic allocation, shuffle tracking off",
        "passes",
        train("moving", settings),
        "moving",
        "  step    6",
        Submission::killExecutor);
  }

  /**
   * Spark copies no task to the host that runs it, and the nodes of the mini cluster are one host:
   * these are two workers of Spark's own cluster at two addresses.
   */
  @Test
  @Order(29)
  void speculationChangesNothing() throws IOException {
    cluster.files().mkdirs(new Path("/events"));
    String master = cluster.sparkMaster();
    cluster.sparkWorker("127.0.0.1", master);
    cluster.sparkWorker("127.0.0.2", master);
    List<String> settings =
        List.of(
            "spark.speculation=true",
            "spark.speculation.interval=10ms",
            "spark.speculation.quantile=0.1",
            "spark.speculation.multiplier=1.01",
            "spark.speculation.minTaskRuntime=0ms",
            "spark.speculation.efficiency.enabled=false",
            "spark.eventLog.enabled=true",
            "spark.eventLog.compress=false",
            "spark.eventLog.rolling.enabled=false",
            "spark.eventLog.dir=hdfs:///events");
    submitTo(master, "client", settings, List.of(), "train", config("speculated").toString())
        .done();
    long twice = speculative(new Path("/events/" + names("/events").get(0)));
    assertTrue(twice > 0, "nothing was run twice");
    assertUndisturbed("speculated");
    faults.add(
        "speculation, two workers of Spark's own cluster: " + twice + " tasks run twice",
        "all",
        "equal",
        rows(undisturbed) - rows(summary("speculated")),
        1,
        0);
  }

  private static long speculative(Path events) throws IOException {
    try (InputStream in = cluster.files().open(events)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.startsWith("{\"Event\":\"SparkListenerTaskStart\""))
          .filter(line -> line.contains("\"Speculative\":true"))
          .count();
    }
  }

  @Test
  @Order(30)
  void executorsThatAnotherQueueTakesBackChangeNothing() {
    Submission run =
        train(
            "preempted",
            "spark.executor.instances=5",
            "spark.scheduler.minRegisteredResourcesRatio=0");
    run.until("reading the data");
    Patience.of(60, "all of the cluster").until(() -> run.containers() >= 6);
    Submission urgent = train("urgent", "spark.yarn.queue=urgent");
    Patience.of(120, "a preemption").until(() -> run.containers() < 6 || !run.isRunning());
    assertTrue(run.isRunning(), "it ended before anything was taken");
    int seen = run.step();
    long begun = System.nanoTime();
    Patience.of(200, "recovery")
        .until(() -> run.step() > seen || exists("/runs/preempted") || !run.isRunning());
    double seconds = (System.nanoTime() - begun) * 1e-9;
    urgent.done();
    run.done();
    assertTrue(cluster.preempted(run.application()) > 0, "executors went, but not by preemption");
    recovered(
        "preemption of " + cluster.preempted(run.application()) + " executors",
        seen < 0 ? "reading" : "passes",
        run,
        "preempted",
        seconds);
  }
}
