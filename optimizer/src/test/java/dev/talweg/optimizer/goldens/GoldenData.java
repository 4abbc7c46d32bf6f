package dev.talweg.optimizer.goldens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rows of data sets that golden files name and do not hold, as {@code data_notes} of
 * optima.json has them: committed samples, and what users have in {@code TALWEG_DATA=DIR}.
 */
final class GoldenData {
  /** What is on every machine, which a committed page is made of. */
  static final GoldenData COMMITTED = new GoldenData("");

  private static final Path SAMPLES = Path.of("../datasets/samples");
  private static final String REGRESSION = ":regression";

  private final String directory;
  private final Map<String, Rows> known = new LinkedHashMap<>();

  private GoldenData(String directory) {
    this.directory = directory;
  }

  /** With what is in {@code TALWEG_DATA}. */
  static GoldenData ofEnvironment() {
    String directory = Objects.requireNonNullElse(System.getenv("TALWEG_DATA"), "");
    return directory.isEmpty() ? COMMITTED : new GoldenData(directory);
  }

  /** Dense rows; classes are −1 and 1. */
  record Rows(double[][] x, double[] y) {
    /** With the classes 0 and 1. */
    SmallRows ofClasses() {
      return new SmallRows(x, Arrays.stream(y).map(label -> label > 0 ? 1 : 0).toArray());
    }

    Rows standardized() {
      int d = x[0].length;
      double[][] moved = Arrays.stream(x).map(double[]::clone).toArray(double[][]::new);
      for (int j = 0; j < d; j++) {
        double mean = 0;
        for (double[] row : x) {
          mean += row[j] / x.length;
        }
        double variance = 0;
        for (double[] row : x) {
          variance += (row[j] - mean) * (row[j] - mean) / x.length;
        }
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        for (double[] row : moved) {
          row[j] = (row[j] - mean) / deviation;
        }
      }
      return new Rows(moved, y);
    }

    /** A column, in this unit, is what the others are to predict. */
    Rows predicting(int column, double unit) {
      double[] target = Arrays.stream(x).mapToDouble(row -> row[column] / unit).toArray();
      double[][] others =
          Arrays.stream(x)
              .map(
                  row -> {
                    double[] rest = Arrays.copyOf(row, row.length - 1);
                    System.arraycopy(row, column + 1, rest, column, rest.length - column);
                    return rest;
                  })
              .toArray(double[][]::new);
      return new Rows(others, target);
    }
  }

  /** The rows of a data set, with another target where the name ends so. */
  Rows rows(String name) {
    Rows rows = known.get(name);
    if (rows == null) {
      rows = read(name);
      known.put(name, rows);
    }
    return rows;
  }

  private Rows read(String name) {
    return switch (name) {
      case "a9a" -> libsvm(elsewhere("a9a/a9a"), 123);
      case "phishing" -> libsvm(elsewhere("phishing/phishing.txt"), 68);
      case "german" -> german().standardized();
      case "german" + REGRESSION -> german().predicting(3, 10).standardized();
      case "uci-default" -> creditCards().standardized();
      case "uci-default" + REGRESSION -> creditCards().predicting(0, 1e5).standardized();
      default -> throw new NotCovered("its data, " + name + ", are not known");
    };
  }

  private static Rows german() {
    return libsvm(SAMPLES.resolve("german-credit/german_number.libsvm"), 24);
  }

  private static Rows creditCards() {
    double[][] table =
        lines(SAMPLES.resolve("uci-default/UCI_Credit_Card.csv")).stream()
            .skip(1)
            .map(
                line ->
                    Arrays.stream(line.split(",", -1)).mapToDouble(Double::parseDouble).toArray())
            .toArray(double[][]::new);
    return new Rows(
        Arrays.stream(table).map(row -> Arrays.copyOfRange(row, 1, 24)).toArray(double[][]::new),
        Arrays.stream(table).mapToDouble(row -> row[24] > 0.5 ? 1 : -1).toArray());
  }

  /** A file that is not committed. */
  private Path elsewhere(String file) {
    Path path = Path.of(directory, file);
    if (directory.isEmpty()) {
      throw new NotCovered("its data are not in the files, and TALWEG_DATA is not set");
    }
    if (!Files.exists(path)) {
      throw new NotCovered("there is no " + file + " in TALWEG_DATA");
    }
    return path;
  }

  private static Rows libsvm(Path path, int features) {
    List<String> lines = lines(path);
    double[][] x = new double[lines.size()][features];
    double[] y = new double[lines.size()];
    for (int i = 0; i < y.length; i++) {
      String[] fields = lines.get(i).trim().split("\\s+", -1);
      y[i] = Double.parseDouble(fields[0]) > 0.5 ? 1 : -1;
      for (int k = 1; k < fields.length; k++) {
        int colon = fields[k].indexOf(':');
        x[i][Integer.parseInt(fields[k].substring(0, colon)) - 1] =
            Double.parseDouble(fields[k].substring(colon + 1));
      }
    }
    return new Rows(x, y);
  }

  private static List<String> lines(Path path) {
    try {
      return Files.readAllLines(path);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
