package dev.talweg.jobs;

import dev.talweg.datasets.DataException;
import dev.talweg.jobs.config.ConfigReader;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.jobs.config.Secrets;
import dev.talweg.jobs.console.Console;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** What all verbs use: the console, Spark when it is needed, and the configuration's file. */
record Session(Console console) {

  /** Spark: the session of {@code spark-submit}, or an embedded one on all cores. */
  SparkSession spark() {
    SparkSession.Builder builder =
        SparkSession.builder().appName("talweg").config("spark.ui.showConsoleProgress", "false");
    if (System.getProperty("spark.master") == null && System.getenv("SPARK_ENV_LOADED") == null) {
      builder = builder.master("local[*]");
    }
    Map<String, String> settings = new HashMap<>(Deployment.current().settings());
    settings.put("spark.redaction.regex", Secrets.REDACTION);
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      if (System.getProperty(setting.getKey()) == null) {
        builder = builder.config(setting.getKey(), setting.getValue());
      }
    }
    Configurator.setRootLevel(Level.ERROR);
    SparkSession spark = builder.getOrCreate();
    // errors reach the user as problems, once; Spark's own log of failed tasks says them again
    spark.sparkContext().setLogLevel(console.isVerbose() ? "WARN" : "OFF");
    return spark;
  }

  /** Reads a configuration from a local file or any file system that Hadoop knows. */
  RunConfig config(String file, List<String> sets, @Nullable String output) {
    RunConfig config = ConfigReader.read(file, text(file), sets);
    console.concealed().addSecretsOf(config.data().options());
    return output == null ? config : config.withOutput(output);
  }

  private static String text(String file) {
    try {
      if (!file.contains("://")) {
        return Files.readString(java.nio.file.Path.of(file), StandardCharsets.UTF_8);
      }
      Path path = new Path(file);
      try (InputStream stream = path.getFileSystem(new Configuration()).open(path)) {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": the configuration is not UTF-8; save it as UTF-8");
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw new DataException(file + ": no such configuration file; check the path");
    } catch (IOException | IllegalArgumentException e) {
      throw new DataException(
          file + ": the configuration cannot be read: " + e.getMessage() + "; check the path");
    }
  }
}
