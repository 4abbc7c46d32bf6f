package dev.talweg.jobs.run;

import dev.talweg.datasets.Encoding;
import dev.talweg.jobs.config.ConfigException;
import dev.talweg.jobs.config.RunConfig;
import dev.talweg.optimizer.catalog.Nets;
import dev.talweg.optimizer.model.Intercept;
import dev.talweg.optimizer.model.ParameterLayout.Slice;
import dev.talweg.optimizer.naming.Glob;
import dev.talweg.optimizer.net.Embedding;
import dev.talweg.optimizer.net.Net;
import dev.talweg.optimizer.objective.Standardization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * The model of an earlier run, where optimizing begins: weights go by the names of their features
 * and classes, layers by the names of their slices.
 *
 * <p>Of a net a feature that the earlier run did not have, a new category among them, gets fresh
 * weights, and the first biases make up for its mean, so that at the mean of the new columns the
 * layer is what it was. A head of another loss, label or other classes is drawn anew.
 */
final class WarmStart {
  private static final String KEY = "warm-start.run";

  private final String run;
  private final SavedModel earlier;
  private final RunConfig config;

  private WarmStart(String run, SavedModel earlier, RunConfig config) {
    this.run = run;
    this.earlier = earlier;
    this.config = config;
  }

  /**
   * Loads the model.
   *
   * @param run the earlier run's directory
   * @throws ConfigException where the configured one cannot begin there, whatever the data
   */
  static WarmStart at(SparkSession spark, RunConfig config, String run) {
    WarmStart start = new WarmStart(run, SavedModel.load(spark, run), config);
    start.check();
    return start;
  }

  private void check() {
    String here = config.model().kind();
    boolean net = Nets.isNet(here);
    if (net != earlier.isNet() || (net && !here.equals(earlier.kind()))) {
      String there = earlier.kind().isEmpty() ? "another" : earlier.kind();
      throw refused("a " + there + " model, and model: " + here + " cannot begin there");
    }
    if (net) {
      Map<String, Object> now = config.model().settings().values();
      Nets.shaping(here).forEach(name -> same(name, now.get(name)));
    }
  }

  private void same(String setting, @Nullable Object here) {
    Object there = earlier.lossParameters().get(setting);
    if (!shown(here).equals(shown(there))) {
      throw refused(
          String.format(
              Locale.ROOT,
              "model.%s is %s there and %s here, and layers begin where they were only with the"
                  + " same; write model: {%s: %s}",
              setting,
              shown(there),
              shown(here),
              setting,
              shown(there)));
    }
  }

  /** Numbers are written one way, whatever they were read as. */
  private static String shown(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(WarmStart::shown).toList().toString();
    }
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.0f", number.doubleValue())
        : String.valueOf(value);
  }

  private ConfigException refused(String why) {
    return new ConfigException(KEY, "found " + run + ": " + why + ", or remove warm-start");
  }

  /** The parameters to begin with. */
  double[] start(Training training, Consumer<String> notes, Consumer<String> warnings) {
    double[] fresh = training.start(config);
    double[] begun =
        training.model() instanceof Net net
            ? new OfNet(net, training, fresh, notes, warnings).start()
            : ofFeatures(training, fresh.clone(), notes);
    for (Slice slice : training.model().layout().slices()) {
      if (FrozenSlices.isOneOf(slice, config.fresh())) {
        System.arraycopy(fresh, slice.from(), begun, slice.from(), slice.length());
      }
    }
    return begun;
  }

  /** Weights by the names of their features; features that were not there are 0. */
  private double[] ofFeatures(Training training, double[] start, Consumer<String> notes) {
    Map<String, Double> before = earlier.byFeature();
    Encoding encoding = training.encoding();
    int known = 0;
    List<String> suffixes = SavedModel.suffixes(encoding);
    for (int j = 0; j < encoding.dimension(); j++) {
      boolean found = false;
      for (int k = 0; k < suffixes.size(); k++) {
        Double weight = before.get(encoding.feature(j).name() + suffixes.get(k));
        if (weight != null) {
          start[j * suffixes.size() + k] = weight;
          found = true;
        }
      }
      known += found ? 1 : 0;
    }
    for (int k = 0; config.model().intercept() == Intercept.FREE && k < suffixes.size(); k++) {
      int at = encoding.dimension() * suffixes.size() + k;
      // a class that the earlier model did not have keeps what its share suggests
      double otherwise = suffixes.size() == 1 ? 0 : start[at];
      start[at] = before.getOrDefault(SavedModel.INTERCEPT + suffixes.get(k), otherwise);
    }
    notes.accept(
        "warm start from "
            + run
            + ": "
            + known
            + " of "
            + encoding.dimension()
            + " features have a weight there");
    return start;
  }

  /** Layer by layer. */
  private final class OfNet {
    private final Net net;
    private final Training training;
    private final double[] fresh;
    private final Consumer<String> notes;
    private final Consumer<String> warnings;
    private final Net before;
    private final List<String> told = new ArrayList<>();

    OfNet(
        Net net,
        Training training,
        double[] fresh,
        Consumer<String> notes,
        Consumer<String> warnings) {
      this.net = net;
      this.training = training;
      this.fresh = fresh;
      this.notes = notes;
      this.warnings = warnings;
      this.before = (Net) earlier.model();
    }

    double[] start() {
      double[] start = fresh.clone();
      String otherHead = otherHead();
      List<String> head = otherHead.isEmpty() ? List.of() : net.headSlices();
      List<Slice> slices = net.layout().slices();
      boolean byFeature = net.products() > 0;
      for (int s = byFeature ? 2 : 0; s < slices.size(); s++) {
        if (!head.contains(slices.get(s).name()) && !isTable(slices.get(s))) {
          copy(slices.get(s), start);
        }
      }
      boolean ofHead = byFeature && head.contains(slices.get(0).name());
      if (byFeature && !ofHead) {
        copy(slices.get(1), start);
        tableUnits(start);
      }
      if (byFeature && (!ofHead || !net.embedding().tables().isEmpty())) {
        byFeature(slices, start, ofHead);
      }
      if (!otherHead.isEmpty()) {
        told.add("the head (" + String.join(", ", head) + ") is drawn anew: " + otherHead);
      }
      if (!config.fresh().isEmpty()) {
        told.add("drawn anew as configured: " + String.join(", ", config.fresh()));
      }
      notes.accept("warm start from " + run + ": " + String.join("; ", told));
      return start;
    }

    private void copy(Slice slice, double[] start) {
      Slice there =
          before.layout().slices().stream()
              .filter(each -> each.name().equals(slice.name()))
              .findFirst()
              .orElseThrow(() -> refused("there is no slice " + slice.name() + " there"));
      if (there.length() != slice.length()) {
        throw refused(
            slice.name()
                + " has "
                + there.length()
                + " parameters there and "
                + slice.length()
                + " here: the same columns, steps and layers are needed");
      }
      System.arraycopy(earlier.parameters(), there.from(), start, slice.from(), slice.length());
    }

    /** A table has the rows of features. */
    private boolean isTable(Slice slice) {
      return slice.length() > 0
          && net.feature(slice.from()) >= 0
          && net.embedding().table(net.feature(slice.from())) >= 0;
    }

    /** The weights of the units of tables in the first layer, column by column. */
    private void tableUnits(double[] start) {
      int units = net.products();
      int to = net.embedding().rest() * units;
      for (Embedding.Table here : net.embedding().tables()) {
        int from = before.embedding().rest() * units;
        for (Embedding.Table there : before.embedding().tables()) {
          int count = there.width() * units;
          if (there.column().equals(here.column()) && there.width() == here.width()) {
            System.arraycopy(earlier.parameters(), from, start, to, count);
          }
          from += count;
        }
        to += here.width() * units;
      }
    }

    /**
     * What features have of their own: rows of tables, and weights of the first layer where it is
     * not the head.
     */
    private void byFeature(List<Slice> slices, double[] start, boolean ofHead) {
      Encoding encoding = training.encoding();
      Encoding there = earlier.encoding();
      Map<String, Integer> numbers = new HashMap<>();
      for (int j = 0; j < there.dimension(); j++) {
        numbers.put(there.feature(j).name(), j);
      }
      boolean[] drawn = drawn(slices);
      Standardization coordinates = training.standardization();
      int known = 0;
      int all = 0;
      Set<String> frozen = new LinkedHashSet<>();
      for (int j = 0; j < encoding.dimension(); j++) {
        int table = net.embedding().table(j);
        Integer number = drawn[table + 1] ? null : numbers.remove(encoding.feature(j).name());
        if (table < 0 && ofHead) {
          continue;
        }
        Net.Weights here = net.weights(j);
        all++;
        if (number != null) {
          checkWidths(encoding.feature(j).column(), j, number);
          int from = before.weights(number).from();
          System.arraycopy(earlier.parameters(), from, start, here.from(), here.count());
          known++;
        } else {
          frozen.add(slice(slices, table));
          double mean = table < 0 ? coordinates.means()[net.embedding().number(j)] : 0;
          for (int k = 0; mean != 0 && k < here.count(); k++) {
            start[slices.get(1).from() + k] -= mean * start[here.from() + k];
          }
        }
      }
      tell(known, all, numbers.size());
      int added = all - known;
      frozen.retainAll(FrozenSlices.of(config, net).names());
      if (!frozen.isEmpty()) {
        warnings.accept(
            added
                + " features are new and "
                + String.join(", ", frozen)
                + (frozen.size() > 1 ? " are" : " is")
                + " frozen: their weights stay as they were drawn");
      }
    }

    /** Whether what features have is to be drawn anew: in the first layer, then of each table. */
    private boolean[] drawn(List<Slice> slices) {
      boolean[] drawn = new boolean[net.embedding().tables().size() + 1];
      for (int table = -1; table < drawn.length - 1; table++) {
        String name = slice(slices, table);
        drawn[table + 1] = config.fresh().stream().anyMatch(glob -> new Glob(glob).matches(name));
      }
      return drawn;
    }

    private String slice(List<Slice> slices, int table) {
      return table < 0
          ? slices.get(0).name()
          : Embedding.NAME + "." + net.embedding().tables().get(table).column();
    }

    /** A level has as many numbers there, in a table or for each unit. */
    private void checkWidths(String column, int feature, int there) {
      String here = width(net, feature);
      String then = width(before, there);
      if (!here.equals(then)) {
        throw refused(
            String.format(
                Locale.ROOT,
                "the embedding of %s is %s there and %s here; write model: {embedding: {columns:"
                    + " {%s: %s}}}",
                column,
                then,
                here,
                column,
                then));
      }
    }

    private static String width(Net net, int feature) {
      int table = net.embedding().table(feature);
      return table < 0 ? "none" : Integer.toString(net.embedding().tables().get(table).width());
    }

    private void tell(int known, int all, int gone) {
      told.add(
          known
              + " of "
              + all
              + " features have weights there"
              + (known < all ? ", " + (all - known) + " are new and get fresh ones" : "")
              + (gone > 0 ? ", " + gone + " of there are gone" : ""));
    }

    /** What makes the head another one; empty where it is the same. */
    private String otherHead() {
      String loss = config.model().loss();
      if (!loss.equals(earlier.lossName())) {
        return "loss " + loss + " here, " + earlier.lossName() + " there";
      }
      List<String> here = training.encoding().classes();
      List<String> there = earlier.encoding().classes();
      if (!here.equals(there)) {
        return String.format(
            Locale.ROOT, "%d classes here, %d other ones there", here.size(), there.size());
      }
      String label = config.data().label().column();
      if (!label.equals(earlier.label())) {
        return "label " + label + " here, " + earlier.label() + " there";
      }
      return Objects.equals(config.data().label().positive(), earlier.positive())
          ? ""
          : "another positive class";
    }
  }
}
