package dev.talweg.jobs;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What users do wrong, and what they read then: the table {@code docs/errors.md}, one line of code
 * here a case. Every case asserts the exit code, that the message names the thing and the remedy,
 * that no stack trace is shown, and that no output appears unless the run succeeded.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputPageTest {
  private static final String CONFIG =
      """
      data: {train: {dir}/credit.csv, label: default}
      model: logistic
      output: {dir}/{out}
      """;

  @TempDir static Path dir;
  private final Map<Integer, String> page = new TreeMap<>();

  /** A case: what is wrong, what is typed, the exit code, and words that the message must have. */
  private record Case(
      int number, String what, int exitCode, List<String> arguments, List<String> says) {
    @Override
    public String toString() {
      return number + " " + what;
    }
  }

  /** The table, in sections. */
  private static final class Cases {
    final List<Case> all = new ArrayList<>();

    void add(String what, int exitCode, List<String> arguments, String... says) {
      all.add(new Case(all.size() + 1, what, exitCode, arguments, List.of(says)));
    }

    /** A training run of the configuration, written to a file of its own. */
    void train(String what, int exitCode, String yaml, String... says) {
      add(what, exitCode, List.of("train", config(yaml)), says);
    }

    /** The usual configuration over a CSV file with this text. */
    void csv(String what, int exitCode, String text, String... says) {
      String name = "data-" + (all.size() + 1) + ".csv";
      write(name, text);
      train(what, exitCode, CONFIG.replace("credit.csv", name), says);
    }

    String config(String yaml) {
      String name = "config-" + (all.size() + 1) + ".yaml";
      write(
          name, yaml.replace("{out}", "out-" + (all.size() + 1)).replace("{dir}", dir.toString()));
      return dir.resolve(name).toString();
    }
  }

  private static void write(String name, String text) {
    try {
      Files.createDirectories(dir.resolve(name).getParent());
      Files.writeString(dir.resolve(name), text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void writeLatin(String name, String text) {
    try {
      Files.write(dir.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Forty good rows; {@code change} may be a line that takes the place of row 7. */
  private static String rows(String change) {
    StringBuilder text = new StringBuilder("id,amount,age,sex,default\n");
    for (int i = 1; i <= 40; i++) {
      text.append(
          i == 7 && !change.isEmpty()
              ? change
              : i
                  + ","
                  + 100 * i
                  + ","
                  + (20 + i * 7 % 31)
                  + ","
                  + "fm".charAt(i % 2)
                  + ","
                  + (i * 5 % 3 == 0 ? 1 : 0));
      text.append('\n');
    }
    return text.toString();
  }

  /** The same with another fifth column. */
  private static String labels(String... labels) {
    StringBuilder text = new StringBuilder("id,amount,age,sex,default\n");
    for (int i = 1; i <= 40; i++) {
      text.append(
          i + "," + 100 * i + "," + (20 + i % 31) + ",f," + labels[i % labels.length] + "\n");
    }
    return text.toString();
  }

  static List<Case> cases() {
    Cases cases = new Cases();
    write("credit.csv", rows(""));
    configurations(cases);
    proofs(cases);
    sources(cases);
    labelsAndColumns(cases);
    rowsThatCannotBeUsed(cases);
    outputs(cases);
    otherVerbs(cases);
    return cases.all;
  }

  /** What is asked to end by a proof that nobody can give. */
  private static void proofs(Cases c) {
    String proven = CONFIG + "stopping: {gap: 1e-3}\n";
    c.train(
        "a proven gap of batches",
        2,
        proven + "optimizer: adam\nbatch: 8\n",
        "stopping.gap",
        "batch is 8",
        "stopping.patience");
    c.train(
        "a proven gap of a net",
        2,
        proven.replace("model: logistic", "model: {kind: perceptron, hidden: [4]}")
            + "optimizer: plain-lbfgs\n",
        "stopping.gap",
        "not convex",
        "stopping.patience");
    c.train(
        "a proven gap of a loss that is not convex",
        2,
        proven.replace("model: logistic", "model: {kind: logistic, loss: focal}")
            + "optimizer: adam\n",
        "stopping.gap",
        "focal is not",
        "stopping.patience");
    c.train(
        "a proven gap by a rule of gradients, without a penalty",
        2,
        proven + "optimizer: adam\npenalty: {l2: 0}\n",
        "stopping.gap",
        "adam",
        "penalty.l2 above 0",
        "stopping.gradient");
  }

  private static void configurations(Cases c) {
    c.add(
        "no configuration file",
        2,
        List.of("train", dir + "/none.yaml"),
        "none.yaml",
        "no such configuration file",
        "check the path");
    c.train("a configuration that is empty", 2, "", "is empty");
    c.train("a configuration that is no YAML", 2, "data: {train: x\nmodel", ".yaml:");
    c.train("a misspelt key", 2, CONFIG + "penalti: {l2: 1}\n", ":4", "penalti", "penalty");
    c.train(
        "a misspelt key within a block",
        2,
        CONFIG + "stopping: {max-iteration: 5}\n",
        "max-iteration",
        "max-iterations");
    c.train("a key that stands twice", 2, CONFIG + "seed: 1\nseed: 2\n", "seed");
    c.train(
        "a text in the place of a number",
        2,
        CONFIG + "seed: seven\n",
        "seed",
        "seven",
        "whole number");
    c.train("a negative penalty", 2, CONFIG + "penalty: {l2: -1}\n", "penalty.l2", "-1");
    c.train(
        "l1 with an optimizer of smooth objectives",
        2,
        CONFIG + "penalty: {l1: 1e-3}\noptimizer: adam\n",
        "penalty.l1",
        "adam",
        "proximal-quasi-newton");
    c.train(
        "local steps without batches",
        2,
        CONFIG + "optimizer: adam\nlocal-steps: 64\n",
        "local-steps",
        "batch: 8192");
    c.train(
        "local steps of a net with batch norm",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, batch-norm: true}")
            + "batch: 50\nlocal-steps: 4\n",
        "local-steps",
        "layer-norm");
    c.train(
        "rounds that would end between two gradients of a step",
        2,
        CONFIG
            + "optimizer: {kind: sgd, sharpness: 0.05, accumulate: 2}\n"
            + "batch: 50\nlocal-steps: 3\n",
        "local-steps",
        "sharpness");
    c.train(
        "an outer rule where every step is one of the whole cluster",
        2,
        CONFIG + "optimizer: adam\nbatch: 50\nlocal: {outer: momentum}\n",
        "local.outer",
        "local-steps above 1");
    c.train(
        "many classes with l1, and an optimizer of one margin",
        2,
        CONFIG.replace("model: logistic", "model: multinomial")
            + "penalty: {l1: 1e-3}\noptimizer: newton-cg\n",
        "penalty.l1",
        "proximal-quasi-newton",
        "newton-cg",
        "lbfgs");
    c.train(
        "a net with l1, a layer of no units, an unknown activation and an optimizer along rays",
        2,
        CONFIG.replace(
                "model: logistic",
                "model: {kind: perceptron, hidden: [8, 0], activation: rleu, dropout: 1}")
            + "penalty: {l1: 1e-3}\noptimizer: lbfgs\n",
        "model.hidden: found 0, a list of whole numbers of at least 1",
        "model.activation",
        "model.dropout",
        "penalty.l1",
        "lbfgs",
        "adam");
    c.train(
        "a net without intercepts",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, intercept: false}"),
        "model.intercept",
        "biases",
        "logistic, multinomial or linear");
    c.train(
        "weights that are frozen where there is no intercept",
        2,
        CONFIG.replace("model: logistic", "model: {kind: logistic, intercept: false}")
            + "optimizer: {kind: adam, freeze: [weights]}\n",
        "optimizer.freeze",
        "nothing to train");
    c.train(
        "a net with two norms, one of them over batches of one row",
        2,
        CONFIG.replace(
                "model: logistic", "model: {kind: perceptron, layer-norm: true, batch-norm: true}")
            + "batch: 1\n",
        "model.batch-norm",
        "layer-norm",
        "batch");
    c.train(
        "a net whose rows are clipped one by one, with a rule of what a batch touches",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, hidden: [4]}")
            + "penalty: {l2: 0}\nbatch: 50\n"
            + "optimizer: {kind: adam, lazy: true, clip-examples: 1}\n",
        "optimizer.clip-examples",
        "lazy",
        "global-norm");
    c.train(
        "slices that there are not, in groups and among those that are frozen",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, hidden: [4]}")
            + "optimizer: {kind: adam, freeze: [layer-3.*], groups: [{slices: layer-1.weight,"
            + " rate-factor: 0.1}]}\n",
        "layer-3.*",
        "slices are layer-1.weights",
        "did you mean layer-1.weights");
    c.train(
        "a rate that follows the validation metric, without validation rows",
        2,
        CONFIG + "optimizer: {kind: adam, learning-rate: {kind: plateau, start: 0.1}}\nbatch: 8\n",
        "plateau",
        "validation: {fraction");
    c.train(
        "queries that are no key, without rows that are held out",
        2,
        CONFIG + "evaluation: {metrics: [ndcg@3], query: sex}\n",
        "evaluation.query",
        "keys: [sex]",
        "validation: {fraction");
    c.train(
        "items that are no key, of no query",
        2,
        CONFIG + "evaluation: {metrics: [item-gini@3], item: sex}\n",
        "evaluation.item",
        "keys: [sex]",
        "only beside evaluation.query");
    c.train(
        "metrics on demand of other labels, or within queries that there are not",
        2,
        CONFIG + "evaluation: {metrics: [spearman, ndcg@3]}\n",
        "spearman",
        "evaluation.query");
    c.train(
        "steps whose smallest is above their largest",
        2,
        CONFIG + "optimizer: {kind: barzilai-borwein, least-step: 10, largest-step: 1}\n",
        "optimizer",
        "lower it or raise largest-step");
    c.train(
        "full gradients beside those of batches, without batches",
        2,
        CONFIG + "optimizer: {kind: svrg, anchor: 20}\n",
        "svrg",
        "batch: 64");
    c.train(
        "a search that there is not, and nothing to try",
        2,
        CONFIG + "optimizer: {kind: plain-lbfgs, line-search: wolfe, trials: 0}\n",
        "optimizer.line-search: found wolfe, one of more-thuente",
        "optimizer.trials: found 0, a whole number of at least 1");
    c.train(
        "L-BFGS of batches",
        2,
        CONFIG + "optimizer: plain-lbfgs\nbatch: 64\n",
        "plain-lbfgs needs all rows in every step",
        "remove batch");
    c.train(
        "L-BFGS of a loss with chance in it",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, dropout: 0.2}")
            + "optimizer: plain-lbfgs\n",
        "plain-lbfgs, but with dropout or batch-norm",
        "remove them, or choose adam");
    c.train(
        "a recurrent net over columns that are no vector",
        2,
        CONFIG.replace("model: logistic", "model: {kind: recurrent, steps: 4}"),
        "recurrent",
        "features: {vector: NAME}");
    c.train(
        "a recurrent net that cuts rows whose steps are not known, and remembers without gates",
        2,
        CONFIG.replace(
            "model: logistic",
            "model: {kind: recurrent, steps: 4, longer: truncate, cell: rnn, gate-biases: chrono}"),
        "model.longer",
        "channels: 1",
        "model.gate-biases",
        "cell: gru or lstm");
    c.train(
        "embeddings of no width, of a width that is none, and under a key that there is not",
        2,
        CONFIG.replace(
            "model: logistic",
            "model: {kind: perceptron, embedding: {columns: {sex: 0, id: wide}, other: 8}}"),
        "model.embedding.columns.sex: found 0",
        "model.embedding.columns.id: found wide",
        "a whole number of at least 1, auto or none",
        "did you mean others");
    c.train(
        "embeddings of a column of numbers and of one that is not there",
        2,
        CONFIG.replace(
            "model: logistic",
            "model: {kind: perceptron, embedding: {columns: {amount: 4, sax: auto}}}"),
        "column amount has no levels; write features: {categorical: [amount]}",
        "no column sax; did you mean sex?");
    c.train(
        "embeddings where no column has levels",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, embedding: 16}")
            + "features: {numeric: [amount, age]}\n",
        "model.embedding: no column has levels",
        "categorical");
    c.train(
        "another rate for the embedding of a column that is not there",
        2,
        CONFIG.replace("model: logistic", "model: {kind: perceptron, embedding: 16}")
            + "optimizer: {kind: adam, groups: [{slices: embedding.sax, rate-factor: 0.1}]}\n",
        "optimizer.groups: no column sax; did you mean sex?");
    c.train(
        "a loss that is not smoothed, and an optimizer of smooth objectives",
        2,
        CONFIG.replace("model: logistic", "model: {kind: svm, loss: hinge, smoothing: 0}")
            + "optimizer: lbfgs\n",
        "model.smoothing",
        "lbfgs",
        "hinge",
        "cocoa");
    c.train(
        "a loss that is not convex, and an optimizer that builds on curvature",
        2,
        CONFIG.replace("model: logistic", "model: {kind: logistic, loss: focal}"),
        "optimizer",
        "focal is not convex",
        "adam");
    c.train(
        "a lower bound above the upper",
        2,
        CONFIG + "penalty: {bounds: {amount: {lower: 1, upper: 0}}}\n",
        "penalty.bounds",
        "amount",
        "lower ≤ upper");
    c.train(
        "a factor and bounds of features that are not there",
        2,
        CONFIG + "penalty: {factors: {amuont: 0}, bounds: {\"pay_*\": non-negative}}\n",
        "penalty.factors: no column or feature amuont; did you mean amount?",
        "penalty.bounds: no column or feature pay_*; columns with features are");
    c.train(
        "a wrong unit of time",
        2,
        CONFIG + "stopping: {time: 30 parsecs}\n",
        "stopping.time",
        "30 parsecs",
        "30m");
    c.train("an unknown optimizer", 2, CONFIG + "optimizer: lbgfs\n", "lbgfs", "lbfgs");
    c.train(
        "an unknown model", 2, CONFIG.replace("logistic", "logistics"), "logistics", "logistic");
    c.train(
        "a loss that does not fit the model's labels",
        2,
        CONFIG.replace("model: logistic", "model: {kind: linear, loss: logistic}"),
        "model.loss");
    c.train("no label", 2, CONFIG.replace(", label: default", ""), "data.label");
    c.train("no output", 2, CONFIG.replaceAll("output:.*", ""), "output");
    c.train(
        "a fraction above 1",
        2,
        CONFIG.replace("label: default", "label: default, validation: {fraction: 20}"),
        "data.validation.fraction",
        "20");
    c.train("epochs without a batch", 2, CONFIG + "epochs: 5\n", "epochs", "batch");
    c.train(
        "a batch with an optimizer of full batches", 2, CONFIG + "batch: 10\n", "batch", "auto");
    c.train(
        "more features than a matrix of them may have",
        2,
        CONFIG + "optimizer: {kind: newton-cholesky, most-features: 2}\n",
        "optimizer.most-features",
        "found 2",
        "auto");
    c.train(
        "gradients that are cut to nothing, and a mean that keeps all of itself",
        2,
        CONFIG + "optimizer: {kind: adam, clip: {global-norm: 0}, beta1: 1}\n",
        "optimizer.clip.global-norm: found 0, a number above 0",
        "optimizer.beta1: found 1, a number of at least 0 and below 1");
    c.train(
        "a momentum that grows to 1",
        2,
        CONFIG
            + "optimizer: {kind: momentum, momentum: {kind: linear, start: 0.9, end: 1, steps: 100}}\n",
        "optimizer.momentum: found a schedule whose largest value is 1",
        "below 1");
    c.train(
        "a schedule that is longer than the run",
        2,
        CONFIG
            + "optimizer: {kind: adam, learning-rate: {kind: cosine, start: 0.1, steps: 5000}}\n"
            + "stopping: {max-iterations: 200}\n",
        "optimizer.learning-rate",
        "5,000 steps, but the run has 200",
        "write steps: 200, or stopping.max-iterations: 5000");
    c.train(
        "a schedule that is shorter than the run, of so many rows",
        2,
        CONFIG
            + "optimizer: {kind: adam, learning-rate: {kind: one-cycle, peak: 0.1, steps: 50}}\n"
            + "batch: 8\nepochs: 20\n",
        "optimizer.learning-rate",
        "is over after 50 steps, but the run has 100",
        "write steps: 100, or epochs: 10");
    c.train(
        "a batch that is larger than the data",
        2,
        CONFIG + "optimizer: adam\nbatch: 512\n",
        "batch: found 512",
        "40 rows",
        "write batch: 40 or fewer");
    c.train(
        "four problems at once",
        2,
        CONFIG.replace("label: default", "lable: default")
            + "seed: -1\npenalty: {l2: x}\nbatch: 0\n",
        "5 problems",
        "lable",
        "seed",
        "penalty.l2",
        "batch");
    c.add(
        "--set of an unknown key",
        2,
        List.of("train", c.config(CONFIG), "--set", "penalty.l3=1"),
        "penalty.l3");
    c.add(
        "--set without a value",
        2,
        List.of("train", c.config(CONFIG), "--set", "seed"),
        "--set",
        "seed");
    c.add("an unknown verb", 2, List.of("trian"), "trian", "train");
    c.add("an unknown option", 2, List.of("train", c.config(CONFIG), "--overwrit"), "--overwrit");
    c.add("a list of what is not there", 2, List.of("list", "optimisers"), "optimisers");
  }

  private static void sources(Cases c) {
    c.train(
        "data that is not there",
        2,
        CONFIG.replace("credit.csv", "credits.csv"),
        "credits.csv",
        "no such file");
    c.train(
        "a glob that matches nothing",
        2,
        CONFIG.replace("credit.csv", "*.orc"),
        "*.orc",
        "no such file");
    write("empty.csv", "");
    c.train(
        "a file of no bytes", 2, CONFIG.replace("credit.csv", "empty.csv"), "empty.csv", "empty");
    write("dir/_SUCCESS", "");
    c.train(
        "a directory without data", 2, CONFIG.replace("credit.csv", "dir"), "dir", "no data files");
    write("credit.data", rows(""));
    c.train(
        "an extension that tells no format",
        2,
        CONFIG.replace("credit.csv", "credit.data"),
        "credit.data",
        "data.format");
    c.csv("a header and no rows", 2, "id,amount,age,sex,default\n", "no rows");
    write("text.parquet", "not parquet at all, but long enough to have a footer");
    c.train(
        "a Parquet file that is none",
        2,
        CONFIG.replace("credit.csv", "text.parquet"),
        "text.parquet",
        "not a whole parquet file");
    LocalSpark.session()
        .read()
        .option("header", "true")
        .option("inferSchema", "true")
        .csv(dir + "/credit.csv")
        .coalesce(1)
        .write()
        .parquet(dir + "/whole");
    truncate(dir.resolve("whole"), dir.resolve("cut.parquet"));
    c.train(
        "a Parquet file that was cut off",
        2,
        CONFIG.replace("credit.csv", "cut.parquet"),
        "cut.parquet",
        "truncated");
    damage(dir.resolve("whole"), dir.resolve("damaged.parquet"));
    c.train(
        "a Parquet file with a damaged page",
        2,
        CONFIG.replace("credit.csv", "damaged.parquet"),
        "damaged.parquet");
    write("credit.csv.gz", "no gzip");
    c.train(
        "a compressed file that is none",
        2,
        CONFIG.replace("credit.csv", "credit.csv.gz"),
        "credit.csv.gz");
    c.csv(
        "a column name that stands twice",
        2,
        rows("").replaceFirst("age", "amount"),
        "amount",
        "twice",
        "rename");
    writeLatin("latin.csv", rows("").replaceFirst("age", "âge"));
    c.train(
        "a header that is not UTF-8",
        2,
        CONFIG.replace("credit.csv", "latin.csv"),
        "latin.csv",
        "not UTF-8",
        "encoding");
    c.train(
        "an unknown table",
        2,
        CONFIG.replace("train: {dir}/credit.csv", "table: db.none"),
        "db.none");
    c.train(
        "data.where with an unknown column",
        2,
        CONFIG.replace("label: default", "label: default, where: amonut > 0"),
        "data.where",
        "amonut",
        "amount");
    c.train(
        "data.where that is no SQL",
        2,
        CONFIG.replace("label: default", "label: default, where: 'amount >>> '"),
        "data.where");
    c.train(
        "data.where that leaves no row",
        2,
        CONFIG.replace("label: default", "label: default, where: amount < 0"),
        "no rows to train on",
        "data.where");
    c.train(
        "data.where that fails on a row",
        2,
        CONFIG.replace("label: default", "label: default, where: 1 / (amount - 700) > 0"),
        "DIVIDE_BY_ZERO");
  }

  private static void labelsAndColumns(Cases c) {
    c.train(
        "a label column that is not there",
        2,
        CONFIG.replace("label: default", "label: defualt"),
        "data.label",
        "defualt",
        "did you mean default");
    c.csv("a label with three values", 2, labels("0", "1", "2"), "3 values", "model: linear");
    c.csv("one class only", 2, labels("1"), "one class only");
    c.csv(
        "a label of texts without its positive class",
        2,
        labels("no", "yes"),
        "holds texts",
        "positive");
    c.train(
        "a positive class that does not occur",
        2,
        CONFIG.replace("label: default", "label: {column: default, positive: 2}"),
        "data.label.positive",
        "2",
        "0.0 (");
    c.csv("no label in any row", 2, labels(""), "default");
    c.train(
        "a regression on texts",
        2,
        CONFIG.replace("logistic", "linear").replace("label: default", "label: sex"),
        "sex",
        "needs numbers");
    c.train(
        "a feature that is not there",
        2,
        CONFIG + "features: {numeric: [amount, aeg]}\n",
        "features.numeric",
        "aeg",
        "did you mean age");
    c.train(
        "a glob of features that matches nothing",
        2,
        CONFIG + "features: {numeric: ['pay_*']}\n",
        "pay_*",
        "columns are");
    c.train(
        "a column that is numeric and categorical",
        2,
        CONFIG + "features: {numeric: [age], categorical: [age]}\n",
        "age",
        "name it once");
    c.train(
        "a transform that does not exist",
        2,
        CONFIG + "features: {numeric: [{column: amount, transform: log2}]}\n",
        "features.numeric",
        "log2",
        "log1p");
    c.train(
        "a column with two transforms",
        2,
        CONFIG + "features: {numeric: ['a*', {column: amount, transform: sqrt}]}\n",
        "amount",
        "name it once");
    c.train(
        "too many hash bits",
        2,
        CONFIG + "features: {categorical: [{column: sex, hash-bits: 40}]}\n",
        "hash-bits",
        "40");
    c.train(
        "a cross of a column that is not there",
        2,
        CONFIG + "features: {numeric: [age], crosses: [[sex, job]]}\n",
        "features.crosses",
        "job");
    c.train(
        "a vector that is a number",
        2,
        CONFIG + "features: {vector: age}\n",
        "features.vector",
        "age");
    c.csv(
        "columns that tell nothing",
        2,
        rows("")
            .replaceAll("(?m)^([0-9]+),.*,(.)$", "$1,1,1,f,$2")
            .replace("id,", "default2,")
            .replaceAll("(?m)^[0-9]+,", "1,"),
        "no feature is left",
        "dropped");
    c.train(
        "a key that is not there",
        2,
        CONFIG.replace("label: default", "label: default, keys: [ids]"),
        "data.keys",
        "ids");
    c.train(
        "a split by a column that is not there",
        2,
        CONFIG.replace(
            "label: default", "label: default, validation: {fraction: 0.2, by: customer}"),
        "customer");
    c.train(
        "a split by time with a value of another type",
        2,
        CONFIG.replace(
            "label: default", "label: default, validation: {column: amount, from: 2026-10-01}"),
        "amount",
        "2026-10-01");
    c.train(
        "a split that leaves no training row",
        2,
        CONFIG.replace("label: default", "label: default, validation: {column: amount, from: 0}"),
        "no rows to train on",
        "splits");
    c.train(
        "a validation path that is not there",
        2,
        CONFIG.replace("label: default", "label: default, validation: {path: {dir}/never.csv}"),
        "never.csv");
    write("later.csv", "id,amount,sex,default\n1,2,f,0\n");
    c.train(
        "validation data without a column",
        2,
        CONFIG.replace("label: default", "label: default, validation: {path: {dir}/later.csv}"),
        "age");
    c.csv(
        "a column without any value (dropped, said)",
        0,
        rows("").replaceAll("(?m)^([0-9]+),[0-9]+,", "$1,,"),
        "amount",
        "no value",
        "dropped");
    c.csv(
        "a column with one value (dropped, said)",
        0,
        rows("").replaceAll("(?m)^([0-9]+),[0-9]+,", "$1,5,"),
        "amount",
        "dropped");
    c.csv(
        "two columns that are equal (said)",
        0,
        rows("").replaceAll("(?m)^([0-9]+),[0-9]+,", "$1,$1,"),
        "id and amount",
        "equal");
    writeLatin("values.csv", rows("7,700,30,é,0"));
    c.train(
        "values that are not UTF-8 (read, said)",
        0,
        CONFIG.replace("credit.csv", "values.csv"),
        "column sex",
        "not UTF-8",
        "encoding");
  }

  private static void rowsThatCannotBeUsed(Cases c) {
    String few = CONFIG.replace("label: default", "label: default, max-bad-rows: 0.5");
    bad(
        c,
        "a text among numbers, above the limit",
        2,
        CONFIG,
        "7,much,30,f,0",
        "1 of 40 rows",
        "row 7",
        "amount",
        "'much'",
        "features.missing",
        "data.max-bad-rows");
    bad(
        c,
        "a text among numbers, below the limit (quarantined, said)",
        0,
        few,
        "7,much,30,f,0",
        "1 of 40 rows",
        "quarantine");
    bad(
        c,
        "bad rows where none are allowed",
        2,
        few.replace("max-bad-rows: 0.5", "bad-rows: fail"),
        "7,much,30,f,0",
        "data.bad-rows is fail",
        "row 7");
    bad(c, "an infinite number", 2, CONFIG, "7,Infinity,30,f,0", "row 7", "amount", "infinite");
    bad(
        c,
        "a negative infinite number",
        2,
        CONFIG,
        "7,-Infinity,30,f,0",
        "row 7",
        "amount",
        "infinite");
    bad(c, "NaN (read as missing, said)", 0, CONFIG, "7,NaN,30,f,0", "amount");
    bad(
        c,
        "a number above those of a feature",
        2,
        CONFIG,
        "7,1e39,30,f,0",
        "row 7",
        "amount",
        "3.4e38",
        "rescale");
    write("negative.csv", rows("7,-700,30,f,0"));
    c.train(
        "a number that has no logarithm",
        2,
        CONFIG.replace("credit.csv", "negative.csv")
            + "features: {numeric: [{column: amount, transform: log1p}]}\n",
        "row 7",
        "amount",
        "-700.0 has no log1p",
        "a number above −1",
        "asinh");
    bad(c, "a row without a label", 2, CONFIG, "7,700,30,f,", "row 7", "default", "is no label");
    bad(c, "a row with too few fields", 2, CONFIG, "7,700", "row 7", "is not whole");
    bad(c, "a row with too many fields", 2, CONFIG, "7,700,30,f,0,1,2", "row 7", "is not whole");
    bad(
        c,
        "a negative weight",
        2,
        CONFIG.replace("label: default", "label: default, weight: amount"),
        "7,-700,30,f,0",
        "row 7",
        "amount",
        "is no weight");
    write("two.libsvm", "0 1:1 2:1\n1 1:1 3:1\n");
    c.train(
        "a transform of a column of LIBSVM lines",
        2,
        CONFIG.replace("credit.csv", "two.libsvm").replace("label: default", "label: label")
            + "features: {numeric: [{column: amount, transform: log1p}]}\n",
        "features.numeric",
        "amount",
        "Parquet");
    libsvm(c, "a LIBSVM line without a colon", "1 3:1 4", "row 2", "'4'", "index:value");
    libsvm(c, "a LIBSVM index of 0", "1 0:1 4:1", "row 2", "counts from 1");
    libsvm(c, "LIBSVM indices that descend", "1 4:1 3:1", "row 2", "sort the indices");
    libsvm(c, "a LIBSVM label that is no number", "yes 4:1", "row 2", "'yes'");
    write(
        "lines.json",
        "{\"a\": 1, \"default\": 0}\n{\"a\": 2, \"default\": 1\n{\"a\": 3, \"default\": 1}\n");
    c.train(
        "a JSON line that is cut off",
        2,
        CONFIG.replace("credit.csv", "lines.json"),
        "1 of 3 rows",
        "row 2");
    LocalSpark.session()
        .sql(
            "select array(1d, double(id)) as v, id % 2 as default from range(20) union all select null, 1")
        .coalesce(1)
        .write()
        .parquet(dir + "/vectors.parquet");
    c.train(
        "a vector that is null", 2, CONFIG.replace("credit.csv", "vectors.parquet"), "v", "null");
    c.add(
        "an empty partition (trained)",
        0,
        List.of("train", c.config(CONFIG + "partitions: 8\n")),
        "converged");
  }

  private static void bad(
      Cases c, String what, int exitCode, String config, String row, String... says) {
    String name = "bad-" + (c.all.size() + 1) + ".csv";
    write(name, rows(row));
    // named features: otherwise a column with a text would be read as a category
    c.train(
        what,
        exitCode,
        config.replace("credit.csv", name) + "features: {numeric: [amount, age]}\n",
        says);
  }

  private static void libsvm(Cases c, String what, String line, String... says) {
    String name = "bad-" + (c.all.size() + 1) + ".libsvm";
    write(name, "0 1:1 2:1\n" + line + "\n1 1:1 3:1\n");
    c.train(
        what,
        2,
        CONFIG.replace("credit.csv", name).replace("label: default", "label: label"),
        says);
  }

  private static void outputs(Cases c) {
    write("exists/file", "");
    c.train("an output that exists", 2, CONFIG.replace("{out}", "exists"), "exists", "--overwrite");
    write("file", "");
    c.train(
        "an output below a file",
        2,
        CONFIG.replace("{out}", "file/run"),
        "file/run",
        "choose an --output");
    c.train(
        "an output on an unknown file system",
        2,
        CONFIG.replace("{dir}/{out}", "nowhere://x/y"),
        "nowhere://x/y");
    c.train("a warm start from nothing", 2, CONFIG + "warm-start: {dir}/none\n", "none");
    c.add(
        "a run that does not converge where that is required",
        1,
        List.of(
            "train",
            c.config(CONFIG + "stopping: {max-iterations: 1, gap: 1e-9}\n"),
            "--require-convergence"),
        "iterations reached its limit of 1");
  }

  private static void otherVerbs(Cases c) {
    String model = dir + "/model";
    CommandLineRun.train(dir, CONFIG.replace("{out}", "model"));
    String data = dir + "/credit.csv";
    c.add(
        "predict with a model that is not there",
        2,
        List.of("predict", "--model", dir + "/none", "--data", data, "--output", dir + "/p1"),
        "none");
    c.add(
        "predict without an output",
        2,
        List.of("predict", "--model", model, "--data", data),
        "--output");
    write("narrow.csv", "id,amount,sex\n1,2,f\n");
    c.add(
        "predict on data without a column",
        2,
        List.of(
            "predict", "--model", model, "--data", dir + "/narrow.csv", "--output", dir + "/p2"),
        "age",
        "the model needs its columns");
    c.add(
        "predict to an output that exists",
        2,
        List.of("predict", "--model", model, "--data", data, "--output", dir + "/exists"),
        "exists",
        "--overwrite");
    write("unlabelled.csv", rows("").replaceAll("(?m),[^,]*$", ""));
    c.add(
        "evaluate on data without the label",
        2,
        List.of("evaluate", "--model", model, "--data", dir + "/unlabelled.csv"),
        "default");
    c.add(
        "evaluate with metrics that are not there, or miss something",
        2,
        List.of(
            "evaluate",
            "--model",
            model,
            "--data",
            data,
            "--metrics",
            "auc-rok,ece-equal-mass@0,ndcg@10,median-ae"),
        "auc-rok",
        "did you mean auc-roc?",
        "ece-equal-mass@GROUPS",
        "--query",
        "median-ae");
    c.add(
        "evaluate with a query and no metric within queries",
        2,
        List.of("evaluate", "--model", model, "--data", data, "--query", "sex"),
        "--query sex",
        "ndcg@10");
    c.add(
        "evaluate with metrics of items that are not named",
        2,
        List.of(
            "evaluate",
            "--model",
            model,
            "--data",
            data,
            "--query",
            "sex",
            "--metrics",
            "item-coverage@3"),
        "item-coverage@3",
        "--query and --item");
    c.add(
        "evaluate within queries that are not there",
        2,
        List.of(
            "evaluate", "--model", model, "--data", data, "--query", "sexx", "--metrics", "ndcg@3"),
        "sexx");
    c.add(
        "describe a file that is not there",
        2,
        List.of("describe", "--data", dir + "/none.csv"),
        "none.csv",
        "no such file");
    c.add(
        "describe with an unknown label",
        2,
        List.of("describe", "--data", data, "--label", "defualt"),
        "defualt",
        "default");
    c.add(
        "check a feature that is not there",
        2,
        List.of("check", c.config(CONFIG + "features: {numeric: [aeg]}\n")),
        "aeg",
        "age");
  }

  private static Path onlyFile(Path parquet) throws IOException {
    try (Stream<Path> files = Files.list(parquet)) {
      return files.filter(f -> f.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  private static void truncate(Path parquet, Path to) {
    try {
      byte[] bytes = Files.readAllBytes(onlyFile(parquet));
      Files.write(to, Arrays.copyOf(bytes, bytes.length / 2));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void damage(Path parquet, Path to) {
    try {
      byte[] bytes = Files.readAllBytes(onlyFile(parquet));
      Arrays.fill(bytes, 4, bytes.length / 3, (byte) 0x5A);
      Files.write(to, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeAll
  static void start() {
    LocalSpark.session();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theMessageNamesTheThingAndTheRemedy(Case example) throws IOException {
    CommandLineRun run = CommandLineRun.of(example.arguments().toArray(String[]::new));
    String said =
        (run.err() + run.out())
            .replace(dir.toRealPath().toString(), "DIR")
            .replace(dir.toString(), "DIR")
            .replaceAll("part-[0-9a-f-]+-c000", "part-0");
    page.put(example.number(), section(example, said));
    List<org.junit.jupiter.api.function.Executable> checks = new ArrayList<>();
    checks.add(() -> assertEquals(example.exitCode(), run.exitCode(), said));
    example
        .says()
        .forEach(
            word ->
                checks.add(() -> assertTrue(said.contains(word), "no " + word + " in: " + said)));
    checks.add(() -> assertFalse(said.contains("\tat ") || said.contains("Exception"), said));
    if (example.exitCode() != 0 && !example.arguments().contains("--require-convergence")) {
      Path out = dir.resolve("out-" + example.number());
      checks.add(() -> assertFalse(Files.exists(out), "nothing half-written: " + out));
    }
    assertAll(checks);
  }

  private static String section(Case example, String said) {
    StringBuilder text = new StringBuilder();
    text.append("### ").append(example.number()).append(". ").append(example.what()).append("\n\n");
    text.append("exit code ").append(example.exitCode()).append("\n\n```\n");
    said.lines()
        .filter(
            line ->
                example.exitCode() != 0 || line.contains("warning") || line.contains("quarantine"))
        .filter(
            line ->
                !line.matches(
                    "(reading|optimizing|evaluating|writing).*|  step .*|  \\d+ training rows.*|  columns not named.*"))
        .forEach(line -> text.append(line.stripTrailing()).append('\n'));
    return text.append("```\n").toString();
  }

  @AfterAll
  void thePageShowsWhatIsPrinted() throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("# What goes wrong, and what Talweg says\n\n");
    text.append(
        "Written by `BadInputPageTest`, which runs every case. DIR stands for a directory.\n\n");
    page.values().forEach(section -> text.append(section).append('\n'));
    GeneratedPage.assertIs("docs/errors.md", text.toString().stripTrailing() + "\n");
  }
}
