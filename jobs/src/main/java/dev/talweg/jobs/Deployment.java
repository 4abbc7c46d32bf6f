package dev.talweg.jobs;

import java.io.IOException;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.apache.hadoop.yarn.client.api.AMRMClient;
import org.apache.hadoop.yarn.client.api.AMRMClient.ContainerRequest;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.InvalidApplicationMasterRequestException;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.SparkSession;

/**
 * How the driver was started, and so how its end must be told: Spark alone tells YARN that a failed
 * driver in client mode succeeded, and has YARN run a wrong configuration a second time.
 *
 * <p>An end that the run came to by itself is final. What ends without one, because the application
 * master was lost or told to stop, is started again by YARN as often as {@code
 * spark.yarn.maxAppAttempts} allows, and goes on from its last checkpoint.
 */
enum Deployment {
  /** A process whose exit code says all: embedded Spark, or a master other than YARN. */
  PROCESS {
    @Override
    void end(Ending ending, Consumer<String> log) {
      stop(0);
    }
  },

  /**
   * The driver is the process of {@code spark-submit}; the application master learns the code from
   * it, and counts one that it never hears of as a failure.
   */
  YARN_CLIENT {
    @Override
    void end(Ending ending, Consumer<String> log) {
      stop(ending.code());
    }

    /** Another master would ask a driver that has ended; one that was killed is no success. */
    @Override
    Map<String, String> settings() {
      return Map.of(
          "spark.yarn.maxAppAttempts", "1",
          "spark.yarn.am.clientModeExitOnError", "true",
          "spark.yarn.am.clientModeTreatDisconnectAsFailed", "true");
    }
  },

  /**
   * The driver is a thread of the application master, whose exit would count as a failure even with
   * code 0; {@code spark-submit} ends with 1 for any failure, so the diagnostics have the code.
   */
  YARN_CLUSTER {
    @Override
    void end(Ending ending, Consumer<String> log) throws SparkUserAppException {
      if (ending.code() == Main.DONE) {
        return;
      }
      if (ending.isFinal()) {
        stop(ending.code());
        unregister(ending.diagnostics(), log);
      }
      throw new SparkUserAppException(ending.code(), null);
    }

    @Override
    boolean endsProcess() {
      return false;
    }
  };

  /** Tells whoever waits for this driver how it ended; the process may be ended after. */
  abstract void end(Ending ending, Consumer<String> log) throws SparkUserAppException;

  /** Whether the process is Talweg's to end. */
  boolean endsProcess() {
    return true;
  }

  /** Settings of Spark that an end needs; the user's own win. */
  Map<String, String> settings() {
    return Map.of();
  }

  /** By what {@code spark-submit} and the application master set. */
  static Deployment current() {
    if (!"yarn".equals(System.getProperty("spark.master"))) {
      return PROCESS;
    }
    return "cluster".equals(System.getProperty("spark.submit.deployMode"))
        ? YARN_CLUSTER
        : YARN_CLIENT;
  }

  private static void stop(int code) {
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkContext spark = SparkSession.getDefaultSession().get().sparkContext();
      spark.stop(code);
    }
  }

  /**
   * Ends the application as failed, whatever attempt this is: Spark would leave that to YARN, which
   * starts another. The token to do so is that of the application master's user.
   */
  private static void unregister(String diagnostics, Consumer<String> log) {
    try (AMRMClient<ContainerRequest> client = AMRMClient.createAMRMClient()) {
      client.init(new YarnConfiguration());
      client.start();
      try {
        client.registerApplicationMaster("", 0, "");
      } catch (InvalidApplicationMasterRequestException registeredBySpark) {
        log.accept("ending the application");
      }
      client.unregisterApplicationMaster(FinalApplicationStatus.FAILED, diagnostics, "");
      removeStaging();
    } catch (YarnException | IOException | RuntimeException e) {
      log.accept("YARN could not be told of the end (" + e.getMessage() + "), it may try again");
    }
  }

  /** What spark-submit uploaded; Spark removes it after a success or the last attempt alone. */
  private static void removeStaging() throws IOException {
    String staging = System.getenv("SPARK_YARN_STAGING_DIR");
    if (staging != null && !Boolean.getBoolean("spark.yarn.preserve.staging.files")) {
      Path path = new Path(staging);
      path.getFileSystem(new YarnConfiguration()).delete(path, true);
    }
  }
}
