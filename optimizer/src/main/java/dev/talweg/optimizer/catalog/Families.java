package dev.talweg.optimizer.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The first-order rules by family, in the order they are listed: a new one has its line here. */
final class Families {
  static final List<Family> OF_RULES =
      List.of(
          new Family(
              "Gradient descent and momentum",
              "Nets, where a rate and its schedule are tuned; the least memory.",
              List.of(
                  MomentumRules.SGD,
                  MomentumRules.MOMENTUM,
                  MomentumRules.AGGMO,
                  MomentumRules.QHM,
                  MomentumRules.PID,
                  MomentumRules.ACC_SGD,
                  MomentumRules.NORMALIZED,
                  MomentRules.OPTIMISTIC_SGD,
                  AdaptiveRules.ADAI,
                  AdaptiveRules.MSVAG,
                  AdaptiveRules.TAM,
                  MomentumRules.SVRG)),
          new Family(
              "Signs",
              "Nets, where gradients have outliers: every entry moves by the rate, or nearly.",
              List.of(
                  MomentumRules.LION,
                  MomentumRules.SIGN_SGD,
                  MomentumRules.ADD_SIGN,
                  MomentumRules.POWER_SIGN)),
          new Family(
              "Adam and its kin",
              "Nets and embeddings, with features of different scales: the usual choice.",
              List.of(
                  AdamRules.ADAM,
                  AdamRules.ADAMW,
                  AdamRules.AMSGRAD,
                  AdamRules.NADAM,
                  AdamRules.RADAM,
                  AdamRules.ADAMAX,
                  AdamRules.ADABELIEF,
                  AdamRules.YOGI,
                  AdamRules.ADAN,
                  MomentRules.ADOPT,
                  MomentRules.ADEMAMIX,
                  MomentRules.SIMPLIFIED_ADEMAMIX,
                  MomentRules.ACPROP,
                  MomentRules.OPTIMISTIC_ADAM,
                  MomentRules.LAPROP,
                  MomentRules.DIFFGRAD,
                  MomentRules.ADABOUND,
                  MomentRules.ADAMOD,
                  MomentRules.PADAM,
                  MomentRules.QHADAM,
                  MomentumRules.SWATS,
                  MomentumRules.RANGER,
                  AdaptiveRules.ADANORM,
                  AdaptiveRules.ADAPNM,
                  AdaptiveRules.AVAGRAD,
                  AdaptiveRules.STABLE_ADAMW,
                  AdaptiveRules.GRAMS,
                  AdaptiveRules.ADAGC,
                  AdaptiveRules.ADATAM)),
          new Family(
              "Adagrad and its kin",
              "Sparse features: those that are rare keep long steps.",
              List.of(
                  AdagradRules.ADAGRAD,
                  AdagradRules.RMSPROP,
                  AdagradRules.ADADELTA,
                  MomentRules.MADGRAD,
                  AdagradRules.SM3,
                  AdaptiveRules.ADASMOOTH,
                  AdaptiveRules.KATE)),
          new Family(
              "Proximal rules",
              "Sparse models in batches: l1 leaves weights that are exactly 0.",
              List.of(
                  ProximalRules.FTRL,
                  ProximalRules.SGD,
                  ProximalRules.ADAGRAD,
                  ProximalRules.DUAL_AVERAGING)),
          new Family(
              "Averages",
              "No end of the training is set, so that no schedule can come down to it.",
              List.of(
                  AveragingRules.ASGD,
                  AveragingRules.SCHEDULE_FREE_SGD,
                  AveragingRules.SCHEDULE_FREE_ADAMW,
                  AveragingRules.SCHEDULE_FREE_RADAM)),
          new Family(
              "Rules that find their own rate",
              "No rate is known, and none shall be searched for.",
              List.of(
                  DistanceRules.PRODIGY,
                  DistanceRules.ADAM,
                  DistanceRules.SGD,
                  DistanceRules.ADAGRAD,
                  DistanceRules.LION,
                  DistanceRules.ADAN,
                  DistanceRules.DOG,
                  DistanceRules.DOWG,
                  DistanceRules.COCOB,
                  DistanceRules.MOMO,
                  DistanceRules.MOMO_ADAM,
                  RateRules.POLYAK,
                  RateRules.HYPERGRADIENT,
                  RateRules.ARMIJO,
                  RateRules.BARZILAI_BORWEIN,
                  RateRules.ADGD,
                  RateRules.RPROP)),
          new Family(
              "Layers",
              "Nets in large batches: a layer's step is in proportion to its own parameters.",
              List.of(
                  LayerRules.LAMB,
                  LayerRules.LARS,
                  LayerRules.NOVOGRAD,
                  LayerRules.FROMAGE,
                  AdaptiveRules.AMOS,
                  MomentumRules.SGDP,
                  MomentumRules.ADAMP)),
          new Family(
              "Matrices and curvature",
              "Nets with wide layers, where a step may cost more if fewer are needed.",
              List.of(
                  LayerRules.MUON,
                  MatrixRules.SHAMPOO,
                  MatrixRules.SCALABLE_SHAMPOO,
                  MatrixRules.SOAP,
                  LayerRules.ADAFACTOR,
                  MatrixRules.CAME,
                  MatrixRules.GALORE,
                  AdaptiveRules.MARS,
                  CurvatureRules.SOPHIA)));

  static final Map<String, String> FIRST_CHOICES = firstChoices();

  private Families() {}

  private static Map<String, String> firstChoices() {
    Map<String, String> choices = new LinkedHashMap<>();
    choices.put("auto", "linear models: the optimum, with a certificate");
    choices.put("adamw", "nets, with a schedule that falls to 0 at the end");
    choices.put(
        "schedule-free-adamw",
        "nets whose end is not set; it won AlgoPerf's track without tuning (Kasimbeg et al.,"
            + " ICLR 2025)");
    choices.put("ftrl", "clicks in batches, with l1 for weights that are 0 (McMahan et al. 2013)");
    choices.put(
        "prodigy",
        "nets whose rate nobody knows: it finds one, and a schedule of factors may stand around it");
    return Collections.unmodifiableMap(choices);
  }
}
