package dev.talweg.jobs.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import dev.talweg.jobs.CommandLineRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.SaveMode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model directory from somebody else: it is data, whatever it says. */
class HostileModelTest {
  private static final String SAMPLE = CommandLineRun.sample("german-credit/credit.csv");
  private static final AtomicInteger DESERIALIZED = new AtomicInteger();

  @TempDir static Path dir;
  private static int copies;
  private Path model = Path.of("");

  /** What attacks of Java's serialization begin with: code that runs while an object is read. */
  private static final class Payload implements Serializable {
    private static final long serialVersionUID = 1L;

    private void readObject(ObjectInputStream in) {
      DESERIALIZED.incrementAndGet();
    }
  }

  private static byte[] payload() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(new Payload());
    }
    return bytes.toByteArray();
  }

  @BeforeAll
  static void train() {
    CommandLineRun.train(
        dir,
        """
        data: {train: %s, label: {column: default, positive: "yes"}}
        model: logistic
        stopping: {max-iterations: 2}
        output: {dir}/run
        """
            .formatted(SAMPLE));
  }

  @BeforeEach
  void copy() throws IOException {
    model = dir.resolve("copy" + copies++);
    Path trained = dir.resolve("run");
    try (Stream<Path> files = Files.walk(trained)) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(trained.relativize(file).toString()));
      }
    }
    DESERIALIZED.set(0);
  }

  private void isRefused(String says) {
    CommandLineRun run =
        CommandLineRun.of(
            "predict",
            "--model",
            model.toString(),
            "--data",
            SAMPLE,
            "--output",
            dir.resolve("scores").toString());
    assertEquals(2, run.exitCode(), run.err());
    assertTrue(run.err().contains(model + ": " + says), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
    assertFalse(Files.exists(dir.resolve("scores")));
    assertEquals(0, DESERIALIZED.get(), "an object of Java was read");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "model.json"})
  void aSerializedObjectInPlaceOfAFileIsRefused(String part) throws IOException {
    Path place = model.resolve(part);
    if (Files.isDirectory(place)) {
      try (Stream<Path> files = Files.list(place)) {
        for (Path file : files.toList()) {
          boolean parquet = file.toString().endsWith(".parquet");
          if (parquet) {
            Files.write(file, payload());
          } else if (file.getFileName().toString().endsWith(".crc")) {
            Files.delete(file);
          }
        }
      }
    } else {
      Files.write(place, payload());
      Files.deleteIfExists(place.resolveSibling("." + part + ".crc"));
    }
    isRefused("the model cannot be read: ");
  }

  @Test
  void aTableWithOtherTypesIsRefused() {
    LocalSpark.session()
        .sql("select 'zero' as index, 1 as level, array(1.0D) as value")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(model.resolve("model").toString());
    isRefused("the model cannot be read: ");
  }

  @Test
  void aParameterThatTheModelDoesNotHaveIsRefused() {
    LocalSpark.session()
        .sql("select 5000000000L as index, 'a' as level, 1.0D as value")
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(model.resolve("model").toString());
    isRefused("the model cannot be read: ");
  }

  @Test
  void thePayloadWouldRun() throws Exception {
    List<byte[]> bytes = List.of(payload());
    new org.apache.spark.serializer.JavaSerializer(new org.apache.spark.SparkConf())
        .newInstance()
        .deserialize(ByteBuffer.wrap(bytes.get(0)), scala.reflect.ClassTag$.MODULE$.Any());
    assertEquals(1, DESERIALIZED.get());
  }
}
