package dev.talweg.optimizer.catalog;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.transform.AddDecayedWeights;
import dev.talweg.optimizer.transform.Chain;
import dev.talweg.optimizer.transform.DAdaptAdagrad;
import dev.talweg.optimizer.transform.DAdaptAdan;
import dev.talweg.optimizer.transform.DAdaptLion;
import dev.talweg.optimizer.transform.DAdaptSgd;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Rules that find their rate as a distance to the solution: D-Adaptation of those but Adam. */
final class DistanceRules {
  private static final String PAPER = "Defazio and Mishchenko, ICML (2023)";

  private static final Parameter WEIGHT_DECAY =
      Parameters.notNegative("weight-decay", 0.0, "Pull λ of all parameters to 0.");
  static final Parameter FIRST =
      Parameters.aboveZero("d0", 1e-6, "First estimate of the distance.");
  static final Parameter GROWTH =
      Parameters.number("growth-rate", 1e300, "a number above 1", v -> v > 1, "Largest growth.");
  private static final Parameter MOMENTUM =
      Parameters.share("momentum", 0.0, "Share of the parameters that is kept.");

  static final Entry<Minimizer<?, ?>> SGD =
      rule(
          "dadapt-sgd",
          "gradient descent that finds its own rate, by D-Adaptation",
          List.of(MOMENTUM, FIRST, GROWTH, WEIGHT_DECAY),
          s ->
              Chain.of(
                  List.of(
                      new DAdaptSgd(
                          s.schedule("learning-rate"),
                          s.number("momentum"),
                          s.number("d0"),
                          s.number("growth-rate"),
                          s.number("weight-decay")))));

  static final Entry<Minimizer<?, ?>> ADAGRAD =
      rule(
          "dadapt-adagrad",
          "Adagrad that finds its own rate, by D-Adaptation",
          List.of(
              MOMENTUM,
              Parameters.notNegative("epsilon", 1e-6, "Added to the root."),
              FIRST,
              GROWTH,
              WEIGHT_DECAY),
          s -> {
            DAdaptAdagrad rule =
                new DAdaptAdagrad(
                    s.schedule("learning-rate"),
                    s.number("momentum"),
                    s.number("epsilon"),
                    s.number("d0"),
                    s.number("growth-rate"));
            double decay = s.number("weight-decay");
            return decay > 0 ? new AddDecayedWeights(decay).then(rule) : Chain.of(List.of(rule));
          });

  static final Entry<Minimizer<?, ?>> LION =
      rule(
          "dadapt-lion",
          "Lion that finds its own rate, by D-Adaptation",
          List.of(
              Parameters.share("beta1", 0.9, "Share of the momentum in the sign."),
              Parameters.share("beta2", 0.99, "Share of the momentum that is kept."),
              FIRST,
              WEIGHT_DECAY),
          s ->
              Chain.of(
                  List.of(
                      new DAdaptLion(
                          s.schedule("learning-rate"),
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("d0"),
                          s.number("weight-decay")))));

  static final Entry<Minimizer<?, ?>> ADAN =
      rule(
          "dadapt-adan",
          "Adan that finds its own rate, by D-Adaptation",
          List.of(
              Parameters.share("beta1", 0.98, "Share of the mean that is kept."),
              Parameters.share("beta2", 0.92, "Share of the mean difference."),
              Parameters.share("beta3", 0.99, "Share of the mean square."),
              Parameters.aboveZero("epsilon", 1e-8, "Added to the root mean square."),
              FIRST,
              GROWTH,
              Parameters.notNegative("weight-decay", 0.02, "Pull λ of all parameters to 0."),
              Parameters.choice(
                  "decay",
                  "proximal",
                  List.of("proximal", "decoupled"),
                  "Whether decay divides parameters after the step, or shrinks them before.")),
          s ->
              Chain.of(
                  List.of(
                      new DAdaptAdan(
                          s.schedule("learning-rate"),
                          s.number("beta1"),
                          s.number("beta2"),
                          s.number("beta3"),
                          s.number("epsilon"),
                          s.number("d0"),
                          s.number("growth-rate"),
                          s.number("weight-decay"),
                          s.choice("decay", DAdaptAdan.Decay.class)))));

  private DistanceRules() {}

  private static Entry<Minimizer<?, ?>> rule(
      String name, String summary, List<Parameter> parameters, Function<Settings, Chain> chain) {
    return Rules.own(
        Rules.whole(name, summary, PAPER, parameters, chain), Map.of("learning-rate", 1.0));
  }
}
