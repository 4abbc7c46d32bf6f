package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;
import static dev.talweg.optimizer.catalog.WholeRules.only;

import dev.talweg.optimizer.minimizer.Minimizer;
import dev.talweg.optimizer.schedule.Schedule;
import dev.talweg.optimizer.transform.AdagradDualAveraging;
import dev.talweg.optimizer.transform.FollowTheRegularizedLeader;
import dev.talweg.optimizer.transform.ProximalAdagrad;
import dev.talweg.optimizer.transform.ScaleByLearningRate;
import dev.talweg.optimizer.transform.StepProximally;
import java.util.List;
import java.util.Map;

/** Rules whose penalties are no part of the gradient, so that they make exact zeros. */
final class ProximalRules {
  private static final Parameter L1 =
      Parameters.notNegative("l1", 0.0, "λ₁ of λ₁‖x‖₁: small parameters are 0.");
  private static final Parameter L2 = Parameters.notNegative("l2", 0.0, "λ₂ of λ₂/2 ‖x‖².");
  private static final Parameter INITIAL =
      Parameters.aboveZero("initial-accumulator", 0.1, "The sum of squares before the first step.");

  static final Entry<Minimizer<?, ?>> SGD =
      Rules.whole(
              "proximal-sgd",
              "gradient descent with proximal steps of penalties or onto x ≥ 0",
              "Duchi and Singer, JMLR 10 (2009)",
              List.of(
                  L1,
                  L2,
                  Parameters.choice(
                      "region",
                      "all",
                      List.of("all", "non-negative"),
                      "Where parameters may be, the intercept included."),
                  Sentence.LAZY),
              s -> {
                Schedule rate = s.schedule("learning-rate");
                return new ScaleByLearningRate(rate)
                    .then(
                        new StepProximally(
                            rate,
                            s.number("l1"),
                            s.number("l2"),
                            s.choice("region", StepProximally.Region.class)));
              })
          .in(TENSORFLOW, Map.of())
          .in(OPTAX, Map.of());

  static final Entry<Minimizer<?, ?>> ADAGRAD =
      Rules.whole(
              "proximal-adagrad",
              "Adagrad with proximal steps in its own metric",
              "Duchi, Hazan and Singer, JMLR 12 (2011)",
              List.of(L1, L2, INITIAL, Sentence.LAZY),
              s ->
                  only(
                      new ProximalAdagrad(
                          s.schedule("learning-rate"),
                          s.number("initial-accumulator"),
                          s.number("l1"),
                          s.number("l2"))))
          .in(TENSORFLOW, Map.of());

  static final Entry<Minimizer<?, ?>> DUAL_AVERAGING =
      Rules.whole(
              "adagrad-da",
              "Adagrad by dual averaging: penalties of all steps against the sum of gradients",
              "Xiao, JMLR 11 (2010); Duchi, Hazan and Singer, JMLR 12 (2011)",
              List.of(
                  L1,
                  L2,
                  INITIAL,
                  Parameters.integer("first-step", 1, 0, "What the first step counts as."),
                  Parameters.choice(
                      "start",
                      "keep",
                      List.of("keep", "forget"),
                      "Whether the first step starts from the parameters, or from 0.")),
              s ->
                  only(
                      new AdagradDualAveraging(
                          s.schedule("learning-rate"),
                          s.number("initial-accumulator"),
                          s.number("l1"),
                          s.number("l2"),
                          s.integer("first-step"),
                          s.choice("start", FollowTheRegularizedLeader.Start.class))))
          .in(TENSORFLOW, Map.of("start", "forget"));

  private ProximalRules() {}
}
