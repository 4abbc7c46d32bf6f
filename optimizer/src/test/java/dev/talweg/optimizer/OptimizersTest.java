package dev.talweg.optimizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.talweg.optimizer.catalog.Catalog;
import dev.talweg.optimizer.catalog.Entry;
import dev.talweg.optimizer.conformance.Settled;
import dev.talweg.optimizer.minimizer.Descent;
import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Constant;
import dev.talweg.optimizer.schedule.Product;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.Bound;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.DecayWeights;
import dev.talweg.optimizer.transform.DivideByRms;
import dev.talweg.optimizer.transform.Ema;
import dev.talweg.optimizer.transform.Epsilon;
import dev.talweg.optimizer.transform.Momentum;
import dev.talweg.optimizer.transform.ScaleByAdam;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is called by name is what the catalog makes, whose defaults are written a second time. */
class OptimizersTest {
  private static final double RATE = 0.1;
  private static final Schedule AT = new Constant(RATE);

  /** Rules of the catalog that have no sentence of their own, by reason. */
  private static final Map<String, List<String>> WITHOUT =
      Map.of(
          "few ask for it; its transform and a rate are all of it",
          List.of(
              "pid",
              "acc-sgd",
              "add-sign",
              "power-sign",
              "adai",
              "m-svag",
              "tam",
              "acprop",
              "diffgrad",
              "adamod",
              "padam",
              "adanorm",
              "adapnm",
              "avagrad",
              "grams",
              "adagc",
              "adatam",
              "adasmooth",
              "kate",
              "dadapt-adagrad",
              "dadapt-lion",
              "dadapt-adan"),
          "a variant of a rule that has one, by more choices than a sentence can take",
          List.of("scalable-shampoo", "schedule-free-radam"),
          "no chain alone: its estimate or its search is the Descent's",
          List.of("svrg", "armijo"));

  /**
   * A sentence.
   *
   * @param settings of the catalog's rule, where they are not its defaults
   */
  private record Sentence(String rule, Chain chain, Map<String, Object> settings) {
    Sentence(String rule, Chain chain) {
      this(rule, chain, Map.of());
    }

    @Override
    public String toString() {
      return rule + " " + settings;
    }
  }

  static List<Sentence> sentences() {
    return List.of(
        new Sentence("sgd", Optimizers.sgd(AT)),
        new Sentence("sgd", Optimizers.mechanic(Optimizers.sgd(AT)), Map.of("mechanic", 1e-6)),
        new Sentence(
            "sgd", Optimizers.lookahead(5, 0.5, Optimizers.sgd(AT)), Map.of("lookahead", 5L)),
        new Sentence(
            "sgd", Optimizers.sharpnessAware(0.05, Optimizers.sgd(AT)), Map.of("sharpness", 0.05)),
        new Sentence("momentum", Optimizers.momentum(AT, 0.9, Momentum.Form.HEAVY_BALL)),
        new Sentence("aggmo", Optimizers.aggMo(AT)),
        new Sentence("qhm", Optimizers.qhm(AT)),
        new Sentence("normalized-gd", Optimizers.normalizedGd(AT)),
        new Sentence("optimistic-sgd", Optimizers.optimisticSgd(AT)),
        new Sentence("sgdp", Optimizers.sgdp(AT, 0.2, 0.9), Map.of("weight-decay", 0.2)),
        new Sentence("lion", Optimizers.lion(AT, 0.2), decoupled(0.2)),
        new Sentence("sign-sgd", Optimizers.signSgd(AT)),
        new Sentence("adam", Optimizers.adam(AT)),
        new Sentence("adamw", Optimizers.adamW(AT, 1e-2)),
        new Sentence("amsgrad", Optimizers.amsgrad(AT)),
        new Sentence("nadam", Optimizers.nadam(AT)),
        new Sentence("radam", Optimizers.radam(AT)),
        new Sentence("adamax", Optimizers.adamax(AT)),
        new Sentence("adabelief", Optimizers.adabelief(AT)),
        new Sentence("yogi", Optimizers.yogi(AT)),
        new Sentence("adan", Optimizers.adan(AT)),
        new Sentence("adopt", Optimizers.adopt(AT)),
        new Sentence("ademamix", Optimizers.ademamix(AT)),
        new Sentence("simplified-ademamix", Optimizers.simplifiedAdemamix(AT)),
        new Sentence("optimistic-adam", Optimizers.optimisticAdam(AT)),
        new Sentence("laprop", Optimizers.laprop(AT)),
        new Sentence("adabound", Optimizers.adabound(AT)),
        new Sentence("qhadam", Optimizers.qhAdam(AT, 0.7, 0.9), Map.of("nu1", 0.7, "nu2", 0.9)),
        new Sentence("swats", Optimizers.swats(AT)),
        new Sentence("ranger", Optimizers.ranger(AT)),
        new Sentence("stable-adamw", Optimizers.stableAdamW(AT, 1e-2)),
        new Sentence("adagrad", Optimizers.adagrad(AT)),
        new Sentence("rmsprop", Optimizers.rmsprop(AT)),
        new Sentence("adadelta", Optimizers.adadelta(AT)),
        new Sentence("madgrad", Optimizers.madgrad(AT)),
        new Sentence("sm3", Optimizers.sm3(AT)),
        new Sentence("ftrl", Optimizers.ftrl(AT, 0.2, 0.3), Map.of("l1", 0.2, "l2", 0.3)),
        new Sentence(
            "proximal-sgd", Optimizers.proximalSgd(AT, 0.2, 0.3), Map.of("l1", 0.2, "l2", 0.3)),
        new Sentence(
            "proximal-adagrad",
            Optimizers.proximalAdagrad(AT, 0.2, 0.3),
            Map.of("l1", 0.2, "l2", 0.3)),
        new Sentence(
            "adagrad-da",
            Optimizers.adagradDualAveraging(AT, 0.2, 0.3),
            Map.of("l1", 0.2, "l2", 0.3)),
        new Sentence("asgd", Optimizers.asgd(AT)),
        new Sentence("schedule-free-sgd", Optimizers.scheduleFreeSgd(AT)),
        new Sentence(
            "schedule-free-adamw",
            Optimizers.scheduleFreeAdamW(AT, 0.2),
            Map.of("weight-decay", 0.2)),
        new Sentence("prodigy", Optimizers.prodigy(AT)),
        new Sentence("dadapt-adam", Optimizers.dAdaptAdam(AT)),
        new Sentence("dadapt-sgd", Optimizers.dAdaptSgd(AT)),
        new Sentence("dog", Optimizers.dog(AT)),
        new Sentence("dowg", Optimizers.dowg(AT)),
        new Sentence("cocob", Optimizers.cocob(AT)),
        new Sentence("momo", Optimizers.momo(AT, 0.2), Map.of("minimum", 0.2)),
        new Sentence("momo-adam", Optimizers.momoAdam(AT, 0.2), Map.of("minimum", 0.2)),
        new Sentence("polyak", Optimizers.polyak(RATE, 0.2), Map.of("minimum", 0.2)),
        new Sentence("hypergradient", Optimizers.hypergradient(RATE)),
        new Sentence("barzilai-borwein", Optimizers.barzilaiBorwein(RATE)),
        new Sentence("adgd", Optimizers.adgd(RATE)),
        new Sentence("rprop", Optimizers.rprop(RATE)),
        new Sentence(
            "lamb",
            Optimizers.lamb(AT, 0.2),
            Map.of("weight-decay", 0.2, "most-norm", Double.POSITIVE_INFINITY)),
        new Sentence("lars", Optimizers.lars(AT, 0.2, 0.9), Map.of("weight-decay", 0.2)),
        new Sentence("novograd", Optimizers.novograd(AT, 0.2), Map.of("weight-decay", 0.2)),
        new Sentence("fromage", Optimizers.fromage(AT)),
        new Sentence("amos", Optimizers.amos(AT)),
        new Sentence("adamp", Optimizers.adamP(AT, 0.2), Map.of("weight-decay", 0.2)),
        new Sentence("adafactor", Optimizers.adafactor(AT)),
        new Sentence("came", Optimizers.came(AT)),
        new Sentence(
            "muon",
            Optimizers.muon(AT, 0.1, adamOfMuon()),
            Map.of("divisor", "sum", "adam-weight-decay", 0.2)),
        new Sentence("shampoo", Optimizers.shampoo(AT)),
        new Sentence("soap", Optimizers.soap(AT, 1e-2)),
        new Sentence("galore", Optimizers.galore(AT)),
        new Sentence(
            "mars",
            Optimizers.mars(AT, 0.2, adamOfMars()),
            Map.of("weight-decay", 0.2, "adam-weight-decay", 0.3)),
        new Sentence("sophia", Optimizers.sophia(AT)));
  }

  @ParameterizedTest
  @MethodSource("sentences")
  void aSentenceIsTheRuleOfTheCatalog(Sentence sentence) {
    Entry<Minimizer<?, ?>> entry =
        Catalog.optimizers().stream()
            .filter(e -> e.name().equals(sentence.rule))
            .findFirst()
            .orElseThrow();
    Map<String, Object> settings = new LinkedHashMap<>(sentence.settings);
    settings.put("learning-rate", RATE);
    assertEquals(entry.factory().apply(Settled.with(entry, settings)), new Descent(sentence.chain));
  }

  @Test
  void everyRuleHasASentenceOrAReasonToHaveNone() {
    List<String> rules =
        Catalog.optimizers().stream()
            .map(Entry::name)
            .filter(name -> !Catalog.needsAllRows(name))
            .sorted()
            .toList();
    Stream<String> named = sentences().stream().map(Sentence::rule).distinct();
    Stream<String> unnamed = WITHOUT.values().stream().flatMap(List::stream);
    assertEquals(rules, Stream.concat(named, unnamed).sorted().toList());
  }

  private static Map<String, Object> decoupled(double decay) {
    return Map.of("weight-decay", decay, "decay", "decoupled");
  }

  private static Chain adamOfMuon() {
    return new ScaleByAdam(0.9, 0.999, 1e-8)
        .then(new ScaleByLearningRate(new Product(1, AT)))
        .then(new DecayWeights(new Product(0.2, AT)));
  }

  private static Chain adamOfMars() {
    Ema mean = new Ema(0.9, Ema.Correction.BIAS, Momentum.Form.HEAVY_BALL);
    return new DivideByRms(Chain.of(List.of(mean)), 0.95, 1e-8, 1e-15, Epsilon.HAT, Bound.CURRENT)
        .then(new AddDecayedWeights(0.3))
        .then(new ScaleByLearningRate(new Product(1, AT)));
  }
}
