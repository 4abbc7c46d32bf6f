package dev.talweg.optimizer.catalog;

import static dev.talweg.optimizer.catalog.Like.KERAS;
import static dev.talweg.optimizer.catalog.Like.OPTAX;
import static dev.talweg.optimizer.catalog.Like.TENSORFLOW;
import static dev.talweg.optimizer.catalog.Rules.only;
import static dev.talweg.optimizer.catalog.Rules.whole;

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
      whole(
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
      whole(
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
      whole(
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

  static final Entry<Minimizer<?, ?>> FTRL =
      whole(
              "ftrl",
              "follow the proximally regularized leader: exact zeros for sparse click models",
              "McMahan et al., KDD (2013)",
              List.of(
                  Parameters.notNegative("l1", 0.0, "λ₁: parameters below it are 0."),
                  Parameters.notNegative("l2", 0.0, "λ₂, half the paper's."),
                  Parameters.notNegative("l2-shrinkage", 0.0, "Decay in the gradient."),
                  Parameters.notNegative("beta", 0.0, "β of the paper's rate."),
                  Parameters.notNegative(
                      "initial-accumulator", 0.1, "The sum of squares before the first step."),
                  Parameters.number(
                      "rate-power", -0.5, "a number of at most 0", v -> v <= 0, "Power p."),
                  Parameters.choice(
                      "start",
                      "keep",
                      List.of("keep", "forget"),
                      "Whether the first step starts from the parameters, or from 0 (Keras)."),
                  Sentence.LAZY),
              s ->
                  only(
                      new FollowTheRegularizedLeader(
                          s.schedule("learning-rate"),
                          s.number("l1"),
                          s.number("l2"),
                          s.number("l2-shrinkage"),
                          s.number("beta"),
                          s.number("initial-accumulator"),
                          s.number("rate-power"),
                          s.choice("start", FollowTheRegularizedLeader.Start.class))))
          .in(KERAS, Map.of("start", "forget"))
          .in(TENSORFLOW, Map.of("start", "forget"));

  private ProximalRules() {}
}
