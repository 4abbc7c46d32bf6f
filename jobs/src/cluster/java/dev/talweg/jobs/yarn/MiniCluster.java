package dev.talweg.jobs.yarn;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSCluster.DataNodeProperties;
import org.apache.hadoop.hdfs.server.datanode.DataNode;
import org.apache.hadoop.yarn.api.records.ApplicationId;
import org.apache.hadoop.yarn.api.records.ApplicationReport;
import org.apache.hadoop.yarn.api.records.ContainerId;
import org.apache.hadoop.yarn.api.records.ContainerReport;
import org.apache.hadoop.yarn.api.records.ContainerState;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.api.records.SignalContainerCommand;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS of three data nodes and YARN of two node managers in this JVM, and the {@code spark-submit}
 * of a Spark distribution in front of them.
 *
 * <p>Two queues have half of the memory each and may borrow the other's, which is taken back by
 * preemption. Settings that only make waiting shorter are far below what a cluster would have.
 */
final class MiniCluster implements AutoCloseable {
  private static final int NODES = 2;
  private static final int NODE_MEGABYTES = 3072;

  private final Path work;
  private final Path sparkHome;
  private final List<Submission> submissions = new ArrayList<>();
  private final MiniDFSCluster hdfs;
  private final MiniYARNCluster nodes;
  private final YarnClient client;
  private final Configuration conf;

  MiniCluster(Path work, Path sparkHome) throws IOException {
    this.work = Files.createDirectories(work.toAbsolutePath());
    this.sparkHome = sparkHome;
    System.setProperty("test.build.data", work.resolve("nodes").toString());
    Configuration c = new YarnConfiguration();
    c.set("hadoop.tmp.dir", work.resolve("tmp").toString());
    hadoop(c);
    hdfs = new MiniDFSCluster.Builder(c, work.resolve("dfs").toFile()).numDataNodes(3).build();
    hdfs.waitClusterUp();
    yarn(c);
    nodes = new MiniYARNCluster("yarn", NODES, 1, 1);
    nodes.init(c);
    nodes.start();
    conf = nodes.getConfig();
    client = YarnClient.createYarnClient();
    client.init(conf);
    client.start();
    writeConf();
  }

  private static void hadoop(Configuration c) {
    c.setInt("dfs.replication", 2);
    c.setBoolean("dfs.permissions.enabled", false);
    c.setBoolean("dfs.namenode.edits.noeditlogchannelflush", true);
    c.setInt("dfs.heartbeat.interval", 1);
    c.setInt("dfs.namenode.heartbeat.recheck-interval", 500);
  }

  private static void yarn(Configuration c) {
    c.set("yarn.scheduler.capacity.root.queues", "default,urgent");
    for (String queue : List.of("default", "urgent")) {
      String of = "yarn.scheduler.capacity.root." + queue;
      c.setInt(of + ".capacity", 50);
      c.setInt(of + ".maximum-capacity", 100);
      c.setInt(of + ".user-limit-factor", 2);
    }
    c.setFloat("yarn.scheduler.capacity.maximum-am-resource-percent", 1f);
    c.setInt("yarn.scheduler.capacity.node-locality-delay", -1);
    c.setBoolean("yarn.resourcemanager.scheduler.monitor.enable", true);
    String preemption = "yarn.resourcemanager.monitor.capacity.preemption.";
    c.setLong(preemption + "monitoring_interval", 500);
    c.setLong(preemption + "max_wait_before_kill", 500);
    c.setFloat(preemption + "total_preemption_per_round", 1f);
    c.setFloat(preemption + "natural_termination_factor", 1f);
    c.setFloat(preemption + "max_ignored_over_capacity", 0f);
    c.setInt("yarn.minicluster.yarn.nodemanager.resource.memory-mb", NODE_MEGABYTES);
    c.setInt("yarn.nodemanager.resource.cpu-vcores", 8);
    c.setInt("yarn.scheduler.minimum-allocation-mb", 128);
    c.setInt("yarn.scheduler.maximum-allocation-mb", NODE_MEGABYTES);
    c.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    c.setBoolean("yarn.nodemanager.pmem-check-enabled", false);
    c.setBoolean("yarn.nodemanager.disk-health-checker.enable", false);
    c.setInt("yarn.resourcemanager.am.max-attempts", 4); // the ceiling
    // without aggregation each node manager waits 10 s and more for its log deleter when it stops
    c.setBoolean("yarn.log-aggregation-enable", true);
    c.set("yarn.nodemanager.remote-app-log-dir", "/logs");
    c.setInt("yarn.nodemanager.delete.debug-delay-sec", 3600); // the local logs stay
    c.setInt("yarn.nodemanager.sleep-delay-before-sigkill.ms", 5000); // a checkpoint takes its time
    c.setInt("yarn.resourcemanager.nodemanagers.heartbeat-interval-ms", 100);
  }

  /** Only what a client must know: the whole configuration would carry this JVM's folders. */
  private void writeConf() throws IOException {
    Path dir = Files.createDirectories(confDir());
    Map<String, String> core = new TreeMap<>();
    core.put("fs.defaultFS", setting("fs.defaultFS"));
    core.put("hadoop.tmp.dir", work.resolve("client-tmp").toString());
    core.put("dfs.replication", "2");
    Map<String, String> yarn = new TreeMap<>();
    for (String key :
        List.of(
            "yarn.resourcemanager.address",
            "yarn.resourcemanager.scheduler.address",
            "yarn.resourcemanager.resource-tracker.address",
            "yarn.resourcemanager.admin.address",
            "yarn.resourcemanager.webapp.address",
            "yarn.resourcemanager.am.max-attempts",
            "yarn.scheduler.maximum-allocation-mb")) {
      yarn.put(key, setting(key));
    }
    yarn.put("yarn.application.classpath", ""); // the distribution brings its own Hadoop client
    writeXml(dir.resolve("core-site.xml"), core);
    writeXml(dir.resolve("yarn-site.xml"), yarn);
  }

  private String setting(String key) {
    return Objects.requireNonNull(conf.get(key), key);
  }

  private static void writeXml(Path file, Map<String, String> entries) throws IOException {
    Configuration c = new Configuration(false);
    entries.forEach(c::set);
    try (OutputStream out = Files.newOutputStream(file)) {
      c.writeXml(out);
    }
  }

  private Path confDir() {
    return work.resolve("conf");
  }

  FileSystem files() {
    try {
      return hdfs.getFileSystem();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a command, such as spark-submit or scripts/submit, as a user of this cluster. */
  Submission start(List<String> command) {
    try {
      Path log = Files.createTempFile(work, "submit-", ".log");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.directory(work.toFile());
      Map<String, String> env = builder.environment();
      env.keySet().removeIf(k -> k.matches("(SPARK|HADOOP|PYSPARK)_.*"));
      env.put("SPARK_HOME", sparkHome.toString());
      env.put("HADOOP_CONF_DIR", confDir().toString());
      env.put("JAVA_HOME", javaHome());
      env.put("SPARK_LOCAL_IP", "127.0.0.1");
      env.put("SPARK_SUBMIT_OPTS", SHORT_RUNS);
      env.put("TALWEG_BUILD", "never");
      Submission submission = new Submission(this, builder.start(), log);
      submissions.add(submission);
      return submission;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The second compiler would not pay. */
  private static final String SHORT_RUNS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static String javaHome() {
    return Objects.requireNonNull(System.getProperty("java.home"));
  }

  Path sparkSubmit() {
    return sparkHome.resolve("bin/spark-submit");
  }

  /** Starts the master of Spark's own cluster; its address. */
  String sparkMaster() {
    return deployed(
        Pattern.compile("Starting Spark master at (\\S+)"),
        "org.apache.spark.deploy.master.Master",
        List.of("--host", "127.0.0.1", "--port", "0"));
  }

  /** Starts a worker of one core at an address of this machine. */
  void sparkWorker(String host, String master) {
    deployed(
        Pattern.compile("Successfully registered with master (\\S+)"),
        "org.apache.spark.deploy.worker.Worker",
        List.of(
            "--host",
            host,
            "--cores",
            "1",
            "--memory",
            "1g",
            "--work-dir",
            work + "/worker",
            master));
  }

  private String deployed(Pattern ready, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(sparkHome.resolve("bin/spark-class").toString());
    command.add(main);
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(arguments);
    Submission daemon = start(command);
    return Patience.of(60, main)
        .until(
            () -> ready.matcher(daemon.output()).results().findFirst(),
            found -> found.isPresent() || !daemon.isRunning())
        .orElseThrow(() -> new AssertionError("ended: " + daemon.output()))
        .group(1);
  }

  /** What a submission to this cluster needs: jars that are not uploaded, small JVMs. */
  Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("spark.yarn.jars", "local:" + sparkHome.resolve("jars") + "/*");
    settings.put("spark.driver.memory", "512m");
    settings.put("spark.executor.memory", "512m");
    settings.put("spark.yarn.am.memory", "512m");
    settings.put("spark.yarn.appMasterEnv.JAVA_HOME", javaHome());
    settings.put("spark.executorEnv.JAVA_HOME", javaHome());
    settings.put("spark.driver.extraJavaOptions", SHORT_RUNS);
    settings.put("spark.executor.extraJavaOptions", SHORT_RUNS);
    settings.put("spark.yarn.am.extraJavaOptions", SHORT_RUNS);
    settings.put("spark.yarn.report.interval", "300ms");
    settings.put("spark.ui.enabled", "false");
    return settings;
  }

  // --- what YARN says -------------------------------------------------------------------------

  ApplicationReport report(ApplicationId application) {
    try {
      return client.getApplicationReport(application);
    } catch (IOException | YarnException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The final status, which can come a little after the end of spark-submit. */
  FinalApplicationStatus finalStatus(ApplicationId application) {
    return Patience.of(60, "a final status of " + application)
        .until(
            () -> report(application).getFinalApplicationStatus(),
            status -> status != FinalApplicationStatus.UNDEFINED);
  }

  int attempts(ApplicationId application) {
    try {
      return client.getApplicationAttempts(application).size();
    } catch (IOException | YarnException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many executors were taken back for another queue. */
  int preempted(ApplicationId application) {
    return Objects.requireNonNull(
            nodes.getResourceManager().getRMContext().getRMApps().get(application))
        .getRMAppMetrics()
        .getNumNonAMContainersPreempted();
  }

  /** Containers of the current attempt that run; the first is the application master. */
  List<ContainerId> containers(ApplicationId application) {
    try {
      List<ContainerId> running = new ArrayList<>();
      for (ContainerReport c :
          client.getContainers(report(application).getCurrentApplicationAttemptId())) {
        if (c.getContainerState() == ContainerState.RUNNING) {
          running.add(c.getContainerId());
        }
      }
      running.sort(null);
      return running;
    } catch (IOException | YarnException e) {
      throw new IllegalStateException(e);
    }
  }

  void signal(ContainerId container, SignalContainerCommand how) {
    try {
      client.signalToContainer(container, how);
    } catch (IOException | YarnException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The lines of every standard output and standard error of the application. */
  List<String> lines(ApplicationId application) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      for (String dir :
          nodes.getNodeManager(i).getConfig().getTrimmedStrings("yarn.nodemanager.log-dirs")) {
        Path logs = Path.of(dir, application.toString());
        if (Files.isDirectory(logs)) {
          try (Stream<Path> walk = Files.walk(logs, 2)) {
            for (Path file :
                walk.filter(p -> p.endsWith("stdout") || p.endsWith("stderr")).toList()) {
              lines.addAll(
                  new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines().toList());
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      }
    }
    return lines;
  }

  // --- data nodes -----------------------------------------------------------------------------

  /** Stops the data node that has the first block of a file; it returns when this is closed. */
  Stopped stopDataNodeOf(org.apache.hadoop.fs.Path file) {
    try {
      int port =
          Integer.parseInt(
              files().getFileBlockLocations(file, 0, 1)[0].getNames()[0].replaceAll(".*:", ""));
      List<DataNode> all = hdfs.getDataNodes();
      for (int i = 0; i < all.size(); i++) {
        if (all.get(i).getXferPort() == port) {
          DataNodeProperties stopped = hdfs.stopDataNode(i);
          return () -> {
            hdfs.restartDataNode(stopped);
            hdfs.waitActive();
          };
        }
      }
      throw new IllegalStateException("no data node listens on " + port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Something that is down until it is closed. */
  interface Stopped extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** Submissions first: one left behind would ask a dead resource manager for minutes. */
  @Override
  public void close() {
    submissions.forEach(Submission::close);
    client.stop();
    nodes.stop();
    hdfs.shutdown();
  }
}
