package dev.talweg.jobs.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.talweg.datasets.DataSpec;
import dev.talweg.datasets.FeatureSpec.Categorical;
import dev.talweg.datasets.FeatureSpec.Numeric;
import dev.talweg.datasets.NumericTransform;
import dev.talweg.datasets.SplitSpec;
import dev.talweg.optimizer.objective.Wire;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ConfigReaderTest {
  private static final String LEAST =
      """
      data:
        train: data/credit.parquet
        label: default
      model: logistic
      output: runs/credit
      """;

  /** The fuller example of the interface page, without the optimizer block. */
  private static final String FULL =
      """
      name: credit-default
      seed: 7
      data:
        train: hdfs:///risk/applications/2026-*        # path, glob, list of paths
        format: parquet
        options: {header: true, delimiter: ";"}
        label: {column: class, positive: bad}
        weight: exposure
        keys: [ID]
        ignore: [comment]
        where: "amount > 0"
        validation: {fraction: 0.2}
        test: {path: data/credit-test.parquet}
        bad-rows: quarantine
      features:
        numeric: [age, "pay_*", {column: amount, transform: log1p}]
        categorical: [sex, {column: merchant, hash-bits: 20, min-count: 5}]
        crosses: [[sex, education]]
        vector: features
      model: logistic
      penalty: {l2: 1e-4, l1: 0, standardize: numeric}
      optimizer: lbfgs
      stopping: {gap: 1e-4, max-iterations: 100, patience: {metric: log-loss, rounds: 3}, time: 30m}
      warm-start: runs/credit/2026-11-22
      checkpoint: {every: 5, share: 1, keep: 2}
      partitions: 64
      output: runs/credit/2026-11-23
      """;

  private static RunConfig read(String yaml, String... sets) {
    return ConfigReader.read("credit.yaml", yaml, List.of(sets));
  }

  private static List<String> problems(String yaml, String... sets) {
    ConfigException e = assertThrows(ConfigException.class, () -> read(yaml, sets));
    return e.problems().stream().map(Object::toString).toList();
  }

  @Test
  void theLeastConfigurationIsEnough() {
    RunConfig config = read(LEAST);
    assertEquals(List.of("data/credit.parquet"), config.data().train());
    assertEquals("logistic", config.model().loss());
    assertEquals("auto", config.optimizer().kind());
    assertTrue(config.features().isInferred());
    assertNull(config.batch());
  }

  @Test
  void theFullConfigurationIsReadWhole() {
    RunConfig config = read(FULL);
    assertEquals(
        new DataSpec(
            List.of("hdfs:///risk/applications/2026-*"),
            null,
            "parquet",
            Map.of("header", "true", "delimiter", ";"),
            new DataSpec.Label("class", "bad"),
            "exposure",
            List.of("ID"),
            List.of("comment"),
            "amount > 0",
            new SplitSpec.Fraction(0.2, List.of()),
            new SplitSpec.Path(List.of("data/credit-test.parquet")),
            DataSpec.BadRows.QUARANTINE,
            0.01),
        config.data());
    assertEquals(
        List.of(
            new Numeric("age"),
            new Numeric("pay_*"),
            new Numeric("amount", NumericTransform.LOG1P)),
        config.features().numeric());
    assertEquals(
        List.of(new Categorical("sex", 0, 1), new Categorical("merchant", 20, 5)),
        config.features().categorical());
    assertEquals(Duration.ofMinutes(30), config.stopping().time());
    assertEquals(new RunConfig.Patience("log-loss", 3, 0), config.stopping().patience());
    assertEquals(64L, config.partitions());
  }

  @Test
  void allProblemsAreToldAtOnceInTheOrderOfTheFileWithTheirLines() {
    List<String> problems =
        problems(
            """
            data:
              trian: a.parquet
              label: default
              validation: {fraction: 20%}
            modle: logistic
            penalty:
              l2: -1
            stopping: {time: 30min}
            """);
    assertEquals(
        List.of(
            "credit.yaml:2: data.trian: unknown key; did you mean train?",
            "credit.yaml:4: data.validation.fraction: found 20%, a number > 0 and < 1 is allowed",
            "credit.yaml:5: modle: unknown key; did you mean model?",
            "credit.yaml:7: penalty.l2: found -1, a number ≥ 0 is allowed",
            "credit.yaml:8: stopping.time: found 30min, a duration such as 90s, 30m or 2h is allowed",
            "credit.yaml: output: missing; write a path, or give --output",
            "credit.yaml: model.kind: missing; write one of "
                + String.join(", ", Vocabulary.models())
                + ", such as model.kind: logistic",
            "credit.yaml: data.train: missing; write the path of the training rows, such as data:"
                + " {train: data/credit.parquet}"),
        problems.stream()
            .sorted(Comparator.comparing(p -> !p.matches(".*yaml:\\d.*")))
            .sorted(Comparator.comparingInt(ConfigReaderTest::rank))
            .toList());
  }

  /** Problems without a line may come in any order. */
  private static int rank(String problem) {
    if (problem.contains(": output: ")) {
      return 1;
    }
    if (problem.contains(": model.kind: ")) {
      return 2;
    }
    return problem.contains(": data.train: ") ? 3 : 0;
  }

  @Test
  void aKeyAtTheWrongPlaceIsToldWhereItBelongs() {
    assertEquals(
        List.of("credit.yaml:6: l2: unknown key; did you mean penalty.l2?"),
        problems(LEAST + "l2: 1\n"));
  }

  @Test
  void aKeyWrittenTwiceIsToldWithBothLines() {
    assertEquals(
        List.of("credit.yaml:6: model: written twice, the first time in line 4"),
        problems(LEAST + "model: linear\n"));
  }

  @Test
  void aSyntaxErrorHasItsLine() {
    List<String> problems = problems("data: {train: a\nmodel: [\n");
    assertEquals(1, problems.size());
    assertTrue(
        problems.get(0).startsWith("credit.yaml:2: no valid YAML: column "), problems.get(0));
    assertTrue(problems("a: b\n\tc: d").get(0).contains("credit.yaml:"), "tabs");
  }

  @Test
  void anEmptyFileIsToldWhatItNeeds() {
    for (String empty : List.of("", "# only a comment\n", "---\n", "null")) {
      assertTrue(
          problems(empty).get(0).startsWith("credit.yaml: the file is empty; the least is"), empty);
    }
  }

  @Test
  void aFileThatIsNoBlockIsTold() {
    assertTrue(
        problems("- a\n- b\n").get(0).startsWith("credit.yaml:1: found a list, keys such as"));
    assertTrue(problems("just words").get(0).startsWith("credit.yaml:1: found just words"));
  }

  @Test
  void anAnchorWithinItselfIsAProblemAndNoEndlessLoop() {
    assertTrue(problems("data: &a {train: *a}").get(0).contains("contains itself"));
  }

  @Test
  void anOptionOfTheCommandLineReplacesAValue() {
    RunConfig config =
        read(
            LEAST,
            "data.train=[a.csv, b.csv]",
            "penalty.l2=0.5",
            "model.loss=squared-hinge",
            "data.label.positive=yes");
    assertEquals(List.of("a.csv", "b.csv"), config.data().train());
    assertEquals(0.5, config.penalty().l2());
    assertEquals("squared-hinge", config.model().loss());
    assertEquals(new DataSpec.Label("default", "yes"), config.data().label());
  }

  @Test
  void aProblemOfAnOptionNamesTheOption() {
    assertEquals(
        List.of("--set penalty.l2: found abc, a number ≥ 0 is allowed"),
        problems(LEAST, "penalty.l2=abc"));
    assertEquals(
        List.of("--set data.trian: unknown key; did you mean train?"),
        problems(LEAST, "data.trian=x"));
    assertTrue(
        problems(LEAST, "data.train")
            .get(0)
            .startsWith("--set data.train: no value; write --set path=value"));
    assertTrue(
        problems(LEAST, "data.train=[a").get(0).startsWith("--set data.train: no valid YAML"));
  }

  @Test
  void contradictionsAreTold() {
    assertTrue(
        problems(LEAST + "batch: 64\n")
            .get(0)
            .startsWith("credit.yaml:6: batch: found 64, but auto needs all rows"));
    assertTrue(problems(LEAST + "epochs: 3\n").get(0).contains("allowed only with batch"));
    assertTrue(
        problems(LEAST + "stopping: {patience: {metric: auc-roc, rounds: 2}}")
            .get(0)
            .contains("needs validation rows"));
    assertTrue(
        problems(LEAST + "stopping: {patience: {rounds: 2}}")
            .get(0)
            .contains("needs both metric and rounds"));
    assertTrue(
        problems(LEAST, "data.validation={fraction: 0.1, path: x}").get(0).contains("only one of"));
    assertTrue(
        problems(LEAST, "data.validation={by: customer}")
            .get(0)
            .contains("only beside data.validation.fraction"));
    assertTrue(problems(LEAST, "data.validation={column: date}").get(0).contains("needs from"));
    assertTrue(problems(LEAST, "data.table=db.x").get(0).contains("only one of them"));
    assertTrue(
        problems(LEAST, "model.loss=huber")
            .get(0)
            .contains("a logistic model allows logistic, squared-hinge"));
    assertTrue(
        problems(LEAST, "penalty.l1=0.1", "optimizer=lbfgs")
            .get(0)
            .contains("lbfgs needs a smooth objective"));
    assertTrue(
        problems(LEAST, "penalty.l1=0.1", "optimizer=adam").get(0).contains("remove optimizer"));
    assertTrue(
        problems(LEAST, "penalty.bounds={age: non-negative}", "optimizer=owl-qn")
            .get(0)
            .contains("found bounds, but owl-qn has none"));
    assertTrue(problems(LEAST, "local-steps=4").get(0).contains("write batch: 8192"));
  }

  @Test
  void aRoundOfLocalStepsHasARuleOfItsOwn() {
    RunConfig config =
        read(
            LEAST, "optimizer=adam", "batch=64", "local-steps=8", "local={outer: {momentum: 0.9}}");
    RunConfig.Local local = Objects.requireNonNull(config.local());
    assertEquals("sgd", local.outer().kind());
    assertEquals(1.0, local.outer().settings().number("learning-rate"));
    assertEquals(0.9, local.outer().settings().number("momentum"));
    assertEquals(config, read(config.toYaml()));
    assertEquals(
        1e-3,
        Objects.requireNonNull(
                read(LEAST, "optimizer=adam", "batch=64", "local-steps=8", "local={outer: adam}")
                    .local())
            .outer()
            .settings()
            .number("learning-rate"));
    String[] rounds = {"optimizer=adam", "batch=64", "local-steps=8", ""};
    rounds[3] = "local={outer: {kind: adam, beta9: 1}}";
    assertTrue(problems(LEAST, rounds).get(0).contains("adam has parameters"));
    rounds[3] = "local={outer: lbfgs}";
    assertTrue(problems(LEAST, rounds).get(0).contains("found lbfgs"));
    rounds[2] = "local-steps=1";
    rounds[3] = "local={average: plain}";
    assertTrue(problems(LEAST, rounds).get(0).contains("only beside local-steps above 1"));
    rounds[3] = "local={outer: {momentum: 0.9}}";
    assertTrue(problems(LEAST, rounds).get(0).contains("only beside local-steps above 1"));
  }

  @Test
  void whatAMarginForEachClassRulesOutIsSaidByKey() {
    for (String written :
        List.of("optimizer.kind=newton-cg", "data.offset=base", "data.exposure=days")) {
      List<String> problems = problems(LEAST, "model=multinomial", written);
      assertEquals(1, problems.size(), problems::toString);
      String key = written.substring(0, written.indexOf('='));
      assertTrue(problems.get(0).contains(key), problems::toString);
      assertTrue(problems.get(0).contains("model: multinomial has"), problems::toString);
      assertTrue(problems.get(0).contains("remove"), problems::toString);
    }
    for (String optimizer : List.of("auto", "lbfgs", "owl-qn", "adam")) {
      assertEquals(
          optimizer, read(LEAST, "model=multinomial", "optimizer=" + optimizer).optimizer().kind());
    }
    for (String kinks : List.of("penalty.l1=0.1", "penalty.bounds={age: non-negative}")) {
      assertEquals(
          "proximal-quasi-newton", read(LEAST, "model=multinomial", kinks).optimizer().kind());
      String found = problems(LEAST, "model=multinomial", "optimizer=lbfgs", kinks).toString();
      assertTrue(found.contains("but lbfgs"), found);
    }
  }

  @Test
  void parametersOfLossAndOptimizerAreCheckedAsTheCatalogDeclaresThem() {
    RunConfig config =
        read(
            LEAST,
            "model={kind: linear, loss: huber, delta: 2}",
            "optimizer={kind: lbfgs, memory: 5}");
    assertEquals(2.0, config.model().parameters().get("delta"));
    assertEquals(5L, config.optimizer().parameters().get("memory"));
    assertTrue(
        problems(LEAST, "model={kind: linear, loss: huber, delta: -2}")
            .get(0)
            .startsWith("--set model: model.delta: found -2"));
    assertTrue(
        problems(LEAST, "optimizer={kind: lbfgs, memroy: 5}")
            .get(0)
            .contains("did you mean memory?"));
    assertTrue(problems(LEAST, "optimizer=lbgfs").get(0).contains("did you mean lbfgs?"));
  }

  @Test
  void secretsAreNeverWritten() {
    RunConfig config = read(LEAST, "data.options={user: me, password: hunter2, apiKey: k123}");
    assertEquals("hunter2", config.data().options().get("password"));
    for (String shown : List.of(config.toYaml(), config.toMap().toString())) {
      assertFalse(shown.contains("hunter2") || shown.contains("k123"), shown);
      assertTrue(shown.contains("****") && shown.contains("me"), shown);
    }
    String problem = String.join("\n", problems(LEAST, "data.options.password=[hunter2]"));
    assertFalse(problem.contains("hunter2"), problem);
  }

  @Test
  void theFingerprintForgetsNameOutputAndCheckpointOnly() {
    RunConfig config = read(LEAST);
    assertEquals(
        config.fingerprint(),
        read(LEAST, "name=other", "output=else", "checkpoint.every=9").fingerprint());
    for (String set :
        List.of("seed=2", "penalty.l2=1", "data.label=x", "partitions=3", "stopping.gap=1e-5")) {
      assertNotEquals(config.fingerprint(), read(LEAST, set).fingerprint(), set);
    }
    assertEquals(64, config.fingerprint().length());
  }

  /** Anything a person may write as a text, quotes, colons and emoji included. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.oneOf(
            Arbitraries.of(
                "null", "true", "no", "1", "1e-4", "~", "- a", "a: b", "#x", "*", "&a", "%", "@",
                "'", "\"", "\\", "é", "\u0085", "\u2028", "😀", " a ", "a\nb", "\t"),
            Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(12)
                .filter(
                    s -> !s.isBlank() && s.codePoints().noneMatch(c -> c >= 0xd800 && c <= 0xdfff)))
        .filter(s -> !s.isBlank());
  }

  @Provide
  Arbitrary<RunConfig> configurations() {
    Arbitrary<SplitSpec> splits =
        Arbitraries.oneOf(
            Arbitraries.just(new SplitSpec.None()),
            Combinators.combine(
                    Arbitraries.doubles().between(0.001, 0.999).ofScale(12),
                    texts().list().ofMaxSize(2))
                .as(SplitSpec.Fraction::new),
            texts().list().ofMinSize(1).ofMaxSize(2).map(SplitSpec.Path::new),
            texts().map(SplitSpec.Table::new),
            Combinators.combine(texts(), texts(), texts().injectNull(0.5))
                .as(SplitSpec.Range::new));
    Arbitrary<DataSpec> data =
        Combinators.combine(
                texts().list().ofMinSize(1).ofMaxSize(3),
                Arbitraries.maps(
                        texts().map(k -> "o" + k).filter(k -> !Secrets.isSecret(k)),
                        Arbitraries.oneOf(texts(), Arbitraries.just("")))
                    .ofMaxSize(3),
                texts(),
                texts().injectNull(0.5),
                texts().list().ofMaxSize(2),
                splits,
                splits,
                Arbitraries.doubles().between(0, 1).ofScale(15))
            .as(
                (train, options, label, maybe, columns, validation, test, bad) ->
                    new DataSpec(
                        train,
                        null,
                        maybe == null ? null : "csv",
                        options,
                        new DataSpec.Label(label, maybe),
                        maybe,
                        columns,
                        columns,
                        maybe,
                        validation,
                        test,
                        DataSpec.BadRows.FAIL,
                        bad));
    return Combinators.combine(
            data,
            texts(),
            Arbitraries.longs()
                .between(0, Double.doubleToLongBits(1e300))
                .map(Double::longBitsToDouble),
            Arbitraries.longs().between(0, 999_999_999_999_999_999L),
            Arbitraries.longs().between(1, 1_000_000).map(Duration::ofSeconds).injectNull(0.3))
        .as(
            (d, text, l2, seed, time) -> {
              RunConfig least = read(LEAST);
              return new RunConfig(
                  text,
                  seed,
                  d,
                  least.features(),
                  least.model(),
                  new RunConfig.Penalty(l2, 0, RunConfig.Standardize.ALL),
                  least.optimizer(),
                  null,
                  null,
                  1,
                  null,
                  new RunConfig.Stopping(l2 == 0 ? null : l2, null, null, null, time),
                  text,
                  List.of(),
                  new RunConfig.Checkpoints(7, 0.5, 3),
                  null,
                  l2 < 1 ? Wire.FLOAT : Wire.DOUBLE,
                  time == null ? null : text,
                  null,
                  new RunConfig.Evaluation(time == null ? List.of() : List.of(text), null, null),
                  text);
            });
  }

  private static final String NET =
      LEAST.replace("model: logistic", "model: {kind: perceptron, hidden: [4]}");

  @Test
  void groupsOfSlicesAreReadAndWrittenAgain() {
    RunConfig config =
        read(
            NET
                + """
                optimizer:
                  kind: adamw
                  decay-of: weights
                  freeze: layer-1.biases
                  groups:
                    - {slices: ["layer-1.*"], rate-factor: 0.1}
                    - {slices: layer-2.weights, weight-decay: 0, learning-rate: {kind: linear, start: 1, steps: 3}}
                """);
    assertEquals(List.of("layer-1.biases"), config.optimizer().texts("freeze"));
    List<?> groups =
        (List<?>) Objects.requireNonNull(config.optimizer().parameters().get("groups"));
    assertEquals(new RunConfig.Group(List.of("layer-1.*"), 0.1, Map.of()), groups.get(0));
    assertEquals(0.0, ((RunConfig.Group) groups.get(1)).parameters().get("weight-decay"));
    assertEquals(config, read(config.toYaml()), config.toYaml());
    String made = config.optimizer().settings().values().toString();
    assertTrue(made.contains("rateFactor=0.1"), made);
  }

  @Test
  void widthsOfEmbeddingsAreReadAndWrittenAgain() {
    for (String widths :
        List.of("16", "auto", "{columns: {user: 32, \"it*\": auto, \"a: b\": none}, others: 8}")) {
      String net = NET.replace("hidden: [4]", "hidden: [4], embedding: " + widths);
      RunConfig config =
          read(net + "optimizer: {kind: adam, freeze: [embedding.user, \"*.i*\"]}\n");
      assertEquals(config, read(config.toYaml()), config.toYaml());
      assertTrue(
          problems(net + "optimizer: {kind: adam, freeze: embeding.user}\n")
              .get(0)
              .contains("embedding.COLUMN"));
    }
    assertTrue(
        problems(NET + "optimizer: {kind: adam, freeze: embedding.user}\n")
            .get(0)
            .contains("slices are layer-1.weights, layer-1.biases, layer-2.weights"));
    assertTrue(
        problems(NET.replace("hidden: [4]", "embedding: 0"))
            .get(0)
            .contains("model.embedding: found 0, a whole number of at least 1, auto or none, or"));
  }

  @Test
  void aNameThatIsNoSliceIsToldWithThoseThereAre() {
    String slices = "slices are layer-1.weights, layer-1.biases, layer-2.weights, layer-2.biases";
    List<String> problems =
        problems(
            NET
                + "optimizer: {kind: adam, freeze: [layer-3.*], groups: [{slices: layer-1.weight,"
                + " rate-factor: 2}]}\n");
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(0).contains("optimizer.freeze: found layer-3.*, " + slices));
    assertTrue(problems.get(1).contains("did you mean layer-1.weights?"), problems.get(1));
    assertTrue(
        problems(NET + "warm-start: {run: runs/x, fresh: head.*}\n").get(0).contains(slices));
    assertTrue(
        problems(NET + "optimizer: {kind: adam, freeze: \"*\"}\n")
            .get(0)
            .contains("leaves nothing to train"));
    assertTrue(
        problems(LEAST + "optimizer: {kind: adam, freeze: bias}\n")
            .get(0)
            .contains("slices are weights, intercept"));
  }

  @Test
  void aGroupHasParametersOfTheRuleAloneAndNamesItsSlices() {
    assertTrue(
        problems(NET + "optimizer: {kind: adam, groups: [{slices: \"*\", clip: 1}]}\n")
            .get(0)
            .contains("unknown key clip; a group of adam has slices, rate-factor, learning-rate"));
    assertTrue(
        problems(NET + "optimizer: {kind: adam, groups: [{rate-factor: 0}]}\n")
            .toString()
            .contains("a group needs slices"));
    assertTrue(
        problems(NET + "optimizer: {kind: adam, groups: {slices: x}}\n").get(0).contains("a list"));
    assertTrue(
        problems(NET + "optimizer: {kind: adam, groups: [{slices: \"*\", beta1: 1}]}\n")
            .get(0)
            .contains("optimizer.groups.beta1: found 1"));
  }

  @Test
  void aPlateauNeedsValidationRowsAndStandsAlone() {
    String plateau = "optimizer: {kind: adam, learning-rate: {kind: plateau, start: 0.1}%s}\n";
    assertTrue(problems(NET + plateau.formatted("")).get(0).contains("needs validation rows"));
    String validated =
        NET.replace("label: default", "label: default\n  validation: {fraction: 0.2}");
    RunConfig config = read(validated + plateau.formatted(""));
    assertEquals(config, read(config.toYaml()), config.toYaml());
    assertTrue(
        problems(
                validated
                    + "optimizer: {kind: adam, learning-rate: {kind: warm-up, steps: 3, then: {kind:"
                    + " plateau, start: 0.1}}}\n")
            .get(0)
            .contains("within another schedule"));
    assertTrue(
        problems(validated + "optimizer: {kind: adam, weight-decay: {kind: plateau, start: 0.1}}\n")
            .get(0)
            .contains("within another schedule or parameter"));
    String watched = "stopping: {patience: {metric: objective, rounds: 3, tolerance: 0.5}}\n";
    RunConfig unvalidated = read(NET + plateau.formatted("") + watched);
    assertEquals(new RunConfig.Patience("objective", 3, 0.5), unvalidated.stopping().patience());
    assertEquals(unvalidated, read(unvalidated.toYaml()), unvalidated.toYaml());
    assertTrue(
        problems(NET + "stopping: {patience: {tolerance: 0.5}}\n")
            .get(0)
            .contains("needs both metric and rounds"));
  }

  @Test
  void fullGradientsAreBesideThoseOfBatchesOfALossWithoutChance() {
    String svrg = "optimizer: {kind: svrg, anchor: 20}\n";
    assertTrue(problems(LEAST + svrg).get(0).contains("write batch: 64"));
    assertEquals("svrg", read(LEAST + svrg + "batch: 8\n").optimizer().kind());
    assertTrue(problems(LEAST + svrg + "batch: 8\nlocal-steps: 2\n").get(0).contains("svrg"));
    assertTrue(
        problems(NET.replace("hidden: [4]", "dropout: 0.5") + svrg).get(0).contains("dropout"));
  }

  @Test
  void stepsThatAreTriedAreOfTheWholeCluster() {
    String armijo = "optimizer: armijo\nbatch: 8\n";
    assertEquals("armijo", read(LEAST + armijo).optimizer().kind());
    assertTrue(problems(LEAST + armijo + "local-steps: 2\n").get(0).contains("whole cluster"));
    String outer = "optimizer: sgd\nbatch: 8\nlocal-steps: 2\nlocal: {outer: armijo}\n";
    assertTrue(problems(LEAST + outer).get(0).contains("armijo"));
    String sophia = "optimizer: sophia\nbatch: 8\nlocal-steps: 2\n"; // so are two gradients beside
    assertTrue(problems(LEAST + sophia).get(0).contains("whole cluster"));
  }

  @Test
  void rowsThatAreClippedAreThoseOfBatchesThatDoNotSeeEachOther() {
    String clipped = "optimizer: {kind: adam, clip-examples: 1}\n";
    assertTrue(problems(LEAST + clipped).get(0).contains("write batch: 64"));
    assertEquals("adam", read(LEAST + clipped + "batch: 8\n").optimizer().kind());
    String normed = NET.replace("hidden: [4]", "batch-norm: true") + clipped;
    assertTrue(problems(normed).get(0).contains("layer-norm"));
    String lazy = NET + clipped.replace("1}", "1, lazy: true}") + "penalty: {l2: 0}\n";
    assertTrue(problems(lazy).get(0).contains("every row's gradient"));
    String outer =
        "optimizer: sgd\nbatch: 8\nlocal-steps: 2\n"
            + "local: {outer: {kind: sgd, clip-examples: 1}}\n";
    assertTrue(problems(LEAST + outer).get(0).contains("optimizer.clip-examples"));
  }

  @Test
  void aLazyRuleHasNoRidge() {
    String lazy = "batch: 8\noptimizer: {kind: adam, lazy: true}\n";
    String problem = problems(LEAST + lazy).get(0);
    assertTrue(problem.contains("optimizer.weight-decay"), problem);
    assertTrue(read(LEAST + lazy + "penalty: {l2: 0}\n").optimizer().isLazy());
  }

  @Property(tries = 500)
  void aResolvedConfigurationIsReadAgainAsItself(@ForAll("configurations") RunConfig config) {
    String yaml = config.toYaml();
    RunConfig again = read(yaml);
    assertEquals(config, again, yaml);
    assertEquals(yaml, again.toYaml());
    assertEquals(config.fingerprint(), again.fingerprint());
  }

  /** Any text is a configuration or an orderly refusal. */
  @Test
  void l1AndBoundsChooseTheirOptimizerUnlessOneIsWritten() {
    assertEquals("auto", read(LEAST).optimizer().kind());
    assertEquals("proximal-quasi-newton", read(LEAST, "penalty.l1=1e-3").optimizer().kind());
    assertEquals(
        "proximal-quasi-newton",
        read(LEAST, "penalty.bounds={age: non-negative}").optimizer().kind());
    assertEquals("owl-qn", read(LEAST, "penalty.l1=1e-3", "optimizer=owl-qn").optimizer().kind());
    assertEquals(
        3L,
        read(LEAST, "penalty.l1=1", "optimizer.memory=3").optimizer().settings().integer("memory"));
  }

  @Property(tries = 500)
  void noTextMakesTheReaderFail(@ForAll("fragments") List<String> lines) {
    try {
      read(String.join("\n", lines));
    } catch (ConfigException e) {
      assertFalse(e.problems().isEmpty());
    }
  }

  @Provide
  Arbitrary<List<String>> fragments() {
    return Arbitraries.oneOf(
            texts(),
            Arbitraries.of(LEAST.split("\n")),
            Arbitraries.of(FULL.split("\n")),
            Arbitraries.of(
                "optimizer: {kind: adam, learning-rate: {kind: [}}",
                "batch: {",
                "? [a]: b",
                "&x [*x]",
                "!!int a",
                "- - -",
                "<<: *a",
                "data: []"))
        .list()
        .ofMaxSize(12);
  }
}
