package dev.talweg.jobs.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.talweg.datasets.DataException;
import dev.talweg.optimizer.stopping.Termination;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code run.json} holds: enough to repeat a run, compare it and audit it.
 *
 * <p>Numbers that are not finite become null, since JSON has none. Keys are written in the order of
 * the components, in kebab case; unknown keys are ignored on reading, so that later versions can
 * add some.
 *
 * @param status converged, exhausted or failed
 * @param started ISO-8601 instant
 * @param iterations steps taken
 * @param passes passes over the data that optimizing took
 * @param metrics by split, then by metric
 * @param bytesReduced bytes of gradients that executors sent to the driver
 * @param configuration as resolved, nested as the YAML
 * @param warnings what should be looked at
 * @param notes what is worth knowing: inferred columns, choices made from the data's size
 * @param promotion how the model compared with an earlier one before it was published; null where
 *     nothing was asked, or there was none
 * @param drift how far the data has moved since an earlier run; null without one
 * @param interruptedAndResumed how often the run was resumed from a checkpoint
 */
@JsonPropertyOrder({"name", "version", "status"})
public record RunSummary(
    String name,
    String version,
    String status,
    String started,
    End termination,
    Optimum objective,
    Certificate certificate,
    long iterations,
    long passes,
    Rows rows,
    Label label,
    Features features,
    Map<String, Map<String, Double>> metrics,
    Seconds seconds,
    long bytesReduced,
    int partitions,
    int interruptedAndResumed,
    List<String> warnings,
    List<String> notes,
    @Nullable Promotion promotion,
    @Nullable Drift drift,
    Fingerprint fingerprint,
    Map<String, Object> configuration,
    Environment environment) {

  /** How it ended: kind is converged, exhausted or failed. */
  public record End(
      String kind,
      @Nullable String criterion,
      @Nullable Double measured,
      @Nullable Double tolerance,
      String describe) {
    public End {
      measured = finite(measured);
      tolerance = finite(tolerance);
    }

    public static End of(Termination termination) {
      if (termination instanceof Termination.Converged converged) {
        return new End(
            converged.status(),
            converged.criterion(),
            converged.measured(),
            converged.tolerance(),
            converged.describe());
      }
      if (termination instanceof Termination.Exhausted exhausted) {
        double limit = exhausted.limit();
        return new End(exhausted.status(), exhausted.budget(), limit, limit, exhausted.describe());
      }
      return new End(termination.status(), null, null, null, termination.describe());
    }
  }

  /**
   * The objective at the model.
   *
   * @param gap an upper bound of (value − optimum)/|value|, null where there is none
   * @param gapEstimate an estimate of the same
   * @param kktResidual the Euclidean norm of the least subgradient over all training rows, which is
   *     0 where the conditions of Karush, Kuhn and Tucker hold: with l1 or bounds, and of linear
   *     models wherever nothing is certified. It is the gradient's norm where the objective is
   *     smooth. Null elsewhere
   */
  public record Optimum(
      @Nullable Double value,
      @Nullable Double gradientNorm,
      @Nullable Double gap,
      @Nullable Double gapEstimate,
      @Nullable Double kktResidual) {
    public Optimum {
      value = finite(value);
      gradientNorm = finite(gradientNorm);
      gap = finite(gap);
      gapEstimate = finite(gapEstimate);
      kktResidual = finite(kktResidual);
    }
  }

  /**
   * A dual feasible point proves how far the optimum can be; numbers are null where there is none.
   */
  public record Certificate(
      @Nullable Double primal,
      @Nullable Double dual,
      @Nullable Double relativeGap,
      String explanation) {
    public Certificate {
      primal = finite(primal);
      dual = finite(dual);
      relativeGap = finite(relativeGap);
    }

    public static Certificate none(String why) {
      return new Certificate(null, null, null, why);
    }
  }

  public record Rows(long train, long validation, long test, long quarantined) {}

  /**
   * The label of the training rows.
   *
   * @param kind binary or real
   * @param positive the class that is 1, null for real labels
   * @param rateOrMean the weighted rate of the positive class, or the mean
   */
  public record Label(
      String column, String kind, @Nullable String positive, @Nullable Double rateOrMean) {
    public Label {
      rateOrMean = finite(rateOrMean);
    }
  }

  /**
   * @param dimension features after encoding, the intercept not counted
   * @param columns source columns
   * @param selected features with a weight that is not zero
   */
  public record Features(long dimension, int columns, long selected) {}

  public record Seconds(
      double total, double ingest, double optimize, double evaluate, double write) {}

  /**
   * Whether the model took the place of an earlier one.
   *
   * @param rows that both were measured on, of {@code split}
   * @param reference the directory of the earlier run
   * @param published false where it was worse by more than the tolerance
   */
  public record Promotion(
      String metric,
      String split,
      long rows,
      double tolerance,
      String reference,
      @Nullable Double referenceValue,
      @Nullable Double value,
      boolean published,
      String describe) {
    public Promotion {
      referenceValue = finite(referenceValue);
      value = finite(value);
    }
  }

  /**
   * The table {@code drift/} in short: the population stability index of each column since an
   * earlier run.
   *
   * @param columns that were compared, are new or are gone
   * @param largestColumn the one that moved most
   * @param shifted those from 0.1 to 0.25
   * @param drifted those from 0.25 on
   */
  public record Drift(
      String reference,
      int columns,
      @Nullable String largestColumn,
      @Nullable Double largestPsi,
      List<String> shifted,
      List<String> drifted,
      @JsonProperty("new") List<String> appeared,
      List<String> gone) {}

  /** Hashes; {@code model} is one of the parameters' bits. */
  public record Fingerprint(String data, String configuration, String model) {}

  public record Environment(String spark, String java, String master, int cores, String kernels) {}

  public RunSummary {
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
  }

  /** Indented JSON with a newline at its end. */
  public String toJson() {
    return json(this);
  }

  /** A record of plain values in the form of {@code run.json}. */
  static String json(Record values) {
    try {
      return WRITER.writeValueAsString(values) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a summary of plain values is always written", e);
    }
  }

  /** The same as a tree. */
  JsonNode toTree() {
    return MAPPER.valueToTree(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @param source what the text was read from, for the error
   * @throws DataException when it is not a {@code run.json}
   */
  public static RunSummary fromJson(String source, String json) {
    try {
      return MAPPER.readValue(json, RunSummary.class);
    } catch (JsonProcessingException e) {
      throw new DataException(
          source
              + ": not a run.json of Talweg ("
              + e.getOriginalMessage()
              + "); give the output directory of a finished run");
    }
  }

  /** Its name in a run's directory. */
  static final String FILE = "run.json";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final ObjectWriter WRITER =
      MAPPER.writer(
          new DefaultPrettyPrinter()
              .withObjectIndenter(new DefaultIndenter("  ", "\n"))
              .withArrayIndenter(new DefaultIndenter("  ", "\n")));

  /** Writes it into a run's directory. */
  void write(FileSystem files, Path directory) {
    Path path = new Path(directory, FILE);
    try (OutputStream out = files.create(path, true)) {
      out.write(toJson().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw RunDirectory.failed("cannot write", path, e);
    }
  }

  /** Of a run's directory. */
  static RunSummary read(FileSystem files, Path directory) {
    Path path = new Path(directory, FILE);
    try (InputStream in = files.open(path)) {
      return fromJson(path.toString(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw RunDirectory.failed("cannot read", path, e);
    }
  }

  private static @Nullable Double finite(@Nullable Double value) {
    return value == null || value.isNaN() || value.isInfinite() ? null : value;
  }
}
